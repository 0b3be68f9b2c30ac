"""One call of the Web API: its arguments, and who is calling."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from tests.sandbox.slack.errors import Json, SlackError, missing
from tests.sandbox.slack.messages import Message
from tests.sandbox.slack.workspace import Channel, Installation, Member
from tests.sandbox.slack.world import SlackWorld

STRUCTURED = frozenset({"blocks", "view", "attachments", "metadata", "message"})


@dataclass(frozen=True)
class Call:
    """A call by an app, already authenticated."""

    world: SlackWorld
    args: Json
    installation: Installation

    def text(self, name: str) -> str:
        """A required argument.

        Raises:
            SlackError: `invalid_arguments` when it is missing or empty.
        """
        value = self.optional(name)
        if not value:
            raise missing(name)
        return value

    def optional(self, name: str) -> str | None:
        """An optional argument as text."""
        value = self.args.get(name)
        return None if value is None else str(value)

    def flag(self, name: str) -> bool:
        """An optional yes or no, as JSON or as a form writes it."""
        return self.args.get(name) in (True, 1, "1", "true", "True")

    def number(self, name: str, default: int) -> int:
        """An optional whole number.

        Raises:
            SlackError: `invalid_arguments` for anything else.
        """
        try:
            return int(self.args.get(name) or default)
        except ValueError:
            raise SlackError(
                "invalid_arguments", [f"[ERROR] must be an integer [json-pointer:/{name}]"]
            ) from None

    def require(self, *scopes: str) -> None:
        """Refuse with `missing_scope` a token that has none of these."""
        if not self.installation.scopes.intersection(scopes):
            provided = ",".join(sorted(self.installation.scopes))
            raise SlackError("missing_scope", needed=",".join(scopes), provided=provided)

    def member(self, user_id: str) -> Member:
        """A person the app can see.

        Raises:
            SlackError: `user_not_found`.
        """
        member = self.world.workspaces.members.get(user_id)
        if member is None or member.team_id != self.installation.team_id:
            raise SlackError("user_not_found")
        return member

    def is_member_of(self, channel: Channel) -> bool:
        """Whether the app's bot user is in the conversation."""
        return self.installation.bot_user_id in channel.members

    def channel(self, name: str = "channel") -> Channel:
        """The conversation an argument names by id.

        Raises:
            SlackError: `channel_not_found`, also for private ones the bot is not in.
        """
        channel = self.world.workspaces.channels.get(self.text(name))
        if channel is None or channel.team_id != self.installation.team_id:
            raise SlackError("channel_not_found")
        if channel.kind != "public" and not self.is_member_of(channel):
            raise SlackError("channel_not_found")
        return channel

    def own_message(self, channel: Channel, code: str) -> Message:
        """The message named by `ts`, if the app wrote it and everybody sees it.

        Raises:
            SlackError: `message_not_found`, or `code` when somebody else wrote it.
        """
        message = self.world.messages.get(channel.id, self.text("ts"))
        if message is None or message.ephemeral_to is not None:
            raise SlackError("message_not_found")
        if message.author != self.installation.bot_user_id:
            raise SlackError(code)
        return message

    def page(self, entries: list[Any], *, default: int) -> tuple[list[Any], Json]:
        """One page of a list, and the `response_metadata` that leads to the next.

        Raises:
            SlackError: `invalid_cursor`, `invalid_limit`.
        """
        limit = self.number("limit", default)
        if not 0 < limit <= 1000:
            raise SlackError("invalid_limit")
        cursor = self.optional("cursor") or "from:0"
        start = cursor.removeprefix("from:")
        if not cursor.startswith("from:") or not start.isdigit():
            raise SlackError("invalid_cursor")
        end = int(start) + limit
        return entries[int(start) : end], {"next_cursor": f"from:{end}" if end < len(entries) else ""}


@dataclass(frozen=True)
class Method:
    """A method: what it does, and the scopes of which the token needs one."""

    act: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()


async def arguments(request: Request, raw: bytes) -> Json:
    """The arguments of a call from its query and its body, form or JSON; structured ones are decoded.

    Raises:
        SlackError: `invalid_json`, `json_not_object`.
    """
    args: Json = dict(request.query_params)
    if "json" in request.headers.get("content-type", ""):
        args |= _json_object(raw)
    elif raw:
        async with request.form() as form:
            args |= {name: value for name, value in form.items() if isinstance(value, str)}
    for name in STRUCTURED.intersection(args):
        args[name] = _decoded(args[name])
    return args


def _json_object(raw: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return {name: value for name, value in body.items() if value is not None}


def _decoded(value: Any) -> Any:
    """JSON that travels as a string; what is not JSON stays for the method to refuse."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def token_of(request: Request, args: Json) -> str | None:
    """The bot token, from the header or the argument; taken out of the arguments so that no log holds it."""
    argument = args.pop("token", None)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else argument
