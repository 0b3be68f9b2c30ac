"""Calls of Slack's Web API, with Slack's error codes turned into what they mean for us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blockkit import Screen
from bot.slack.tokens import BotTokens
from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.ports import Profile, Standing, TryLater
from bot.views.message import Message

CLOSED = frozenset({"not_found", "view_not_found", "expired_trigger_id", "exchanged_trigger_id"})
MEMBER_PAGES = 2  # of 1000: somebody is waiting
LATE_TRIGGER = frozenset(
    {
        "expired_trigger_id",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "trigger_expired",
        "trigger_exchanged",
    }
)
_CHANNEL_PROBLEMS: Mapping[str, str] = {
    "not_in_channel": phrase(
        "Slipway is not in the procurement channel. Invite it there with /invite @Slipway."
    ),
    "channel_not_found": phrase(
        "Slipway cannot see the procurement channel: it is private or was deleted. "
        "Invite Slipway there, or choose another channel."
    ),
    "is_archived": phrase("The procurement channel is archived. Choose another channel."),
    "restricted_action": phrase(
        "Only some people may post in the procurement channel. Allow Slipway, or choose another channel."
    ),
    "slack_connect_canvas_sharing_blocked": phrase(
        "The procurement channel does not take Slipway's messages."
    ),
}
_TRANSIENT = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "fatal_error",
        "internal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
    }
)

_REFUSED_TOKEN = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})


class ChannelClosedError(Exception):
    """The app cannot post in a channel; the text says why and what an admin can do."""


class MessageGoneError(Exception):
    """The message to edit was deleted."""


class TooLateError(Exception):
    """The trigger of a click has expired, so that no modal can be opened for it."""


class SlackApi:
    """Slack's Web API, over one shared session: each call with the token of its workspace, `team`."""

    def __init__(self, client: AsyncWebClient, tokens: BotTokens) -> None:
        self._client = client
        self._tokens = tokens

    async def call(self, team: str, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Call `method` and return its answer.

        Raises `TryLater` when Slack is busy or away, `ChannelClosedError`, `MessageGoneError`, and
        SlackApiError for what is a mistake of ours.
        """
        return await self._answer(team, method, "json", arguments)

    async def read(self, team: str, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Like `call`, for the methods that take their arguments in the address only."""
        return await self._answer(team, method, "params", arguments)

    async def _answer(
        self, team: str, method: str, how: str, arguments: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        try:
            try:
                return await self._once(team, method, how, arguments)
            except SlackApiError as error:
                if code_of(error) not in _REFUSED_TOKEN:
                    raise
                self._tokens.forget(team)
                if code_of(error) != "token_expired":
                    raise
                return await self._once(team, method, how, arguments)  # it did nothing: safe to repeat
        except SlackApiError as error:
            raise meaning_of(error) from error
        except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
            raise TryLater(5) from error

    async def _once(
        self, team: str, method: str, how: str, arguments: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        # Slack's library moves the token from the arguments into the Authorization header.
        request: dict[str, Any] = {how: {**arguments, "token": await self._tokens.of(team)}}
        verb = "POST" if how == "json" else "GET"
        answer = await self._client.api_call(method, http_verb=verb, **request)
        return answer.data if isinstance(answer.data, dict) else {}

    # Views ----------------------------------------------------------------------------------------

    async def open_view(self, team: str, trigger: str, view: Screen) -> str:
        """Open a modal and return its id. Raises `TooLateError` when the trigger has expired."""
        try:
            answer = await self.call(team, "views.open", trigger_id=trigger, view=view)
        except SlackApiError as error:
            if code_of(error) in LATE_TRIGGER:
                raise TooLateError from error
            raise
        return str(answer["view"]["id"])

    async def push_view(self, team: str, trigger: str, view: Screen) -> str:
        """Open a modal on top of the open one and return its id. Raises as `open_view`."""
        try:
            answer = await self.call(team, "views.push", trigger_id=trigger, view=view)
        except SlackApiError as error:
            if code_of(error) in LATE_TRIGGER:
                raise TooLateError from error
            raise
        return str(answer["view"]["id"])

    async def update_view(self, team: str, view_id: str, view: Screen, *, version: str = "") -> bool:
        """Replace an open modal; False when the person has closed it.

        With `version` also when it has changed since: then something newer is on the screen.
        """
        known = {"hash": version} if version else {}
        try:
            await self.call(team, "views.update", view_id=view_id, view=view, **known)
        except SlackApiError as error:
            if code_of(error) in CLOSED or code_of(error) == "hash_conflict":
                return False
            raise
        return True

    async def publish_home(self, team: str, user: str, view: Screen) -> None:
        """Publish somebody's Home tab."""
        await self.call(team, "views.publish", user_id=user, view=view)

    # People and places ----------------------------------------------------------------------------

    async def profile(self, team: str, user: str) -> Profile:
        """Somebody's profile. Raises `Refusal` when Slack does not show it."""
        try:
            answer = await self.read(team, "users.info", user=user, include_locale="true")
        except SlackApiError as error:
            raise Refusal(
                phrase("Slack does not tell Slipway who you are."),
                phrase(
                    "Members of other organisations cannot use Slipway; "
                    "otherwise ask an admin to reinstall the app."
                ),
            ) from error
        found = answer.get("user") or {}
        shown = found.get("profile") or {}
        return Profile(
            name=str(shown.get("real_name") or found.get("real_name") or found.get("name") or user),
            email=str(shown.get("email") or ""),
            is_admin=bool(found.get("is_admin") or found.get("is_owner") or found.get("is_primary_owner")),
            tz=str(found.get("tz") or ""),
            locale=str(found.get("locale") or "en-US"),
        )

    async def user_by_email(self, team: str, email: str) -> str | None:
        """The id of the person with this e-mail address; None when there is none (or no longer)."""
        try:
            answer = await self.read(team, "users.lookupByEmail", email=email)
        except SlackApiError as error:
            if code_of(error) in {"users_not_found", "user_not_found", "invalid_arguments", "invalid_email"}:
                return None
            raise
        found = answer.get("user") or {}
        return None if found.get("deleted") or found.get("is_bot") else str(found.get("id") or "") or None

    async def admins(self, team: str) -> list[str]:
        """The owners and admins among the first two thousand members; none when Slack does not list them."""
        found: list[str] = []
        cursor = ""
        for _ in range(MEMBER_PAGES):
            try:
                answer = await self.read(team, "users.list", limit=1000, cursor=cursor)
            except SlackApiError:
                return found
            members = [one for one in answer.get("members") or [] if not one.get("deleted")]
            found += [str(one["id"]) for one in members if one.get("is_admin") or one.get("is_owner")]
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return found

    async def standing(self, team: str, channel: str) -> Standing:
        """Whether cards can be posted in `channel`, and if not why."""
        try:
            answer = await self.read(team, "conversations.info", channel=channel)
        except ChannelClosedError as closed:
            return Standing(channel, str(closed), closed=True)
        except SlackApiError:
            return Standing(channel, _CHANNEL_PROBLEMS["channel_not_found"], closed=True)
        found = answer.get("channel") or {}
        code = (
            "is_archived" if found.get("is_archived") else "" if found.get("is_member") else "not_in_channel"
        )
        shared = found.get("is_ext_shared") or found.get("is_shared")
        problem = _CHANNEL_PROBLEMS.get(code)
        if problem is None and shared:
            problem = phrase(
                "The procurement channel is shared with another organisation, whose people see every card."
            )
        return Standing(str(found.get("name") or channel), problem, closed=code != "")

    async def direct_channel(self, team: str, user: str) -> str:
        """The channel of direct messages with `user`."""
        answer = await self.call(team, "conversations.open", users=user)
        return str(answer["channel"]["id"])

    # Messages -------------------------------------------------------------------------------------

    async def whisper(
        self, team: str, channel: str, user: str, message: Message, *, thread: str | None = None
    ) -> None:
        """Say something only `user` sees; as a direct message where that is not possible."""
        extra = {"thread_ts": thread} if thread else {}
        try:
            await self.call(
                team,
                "chat.postEphemeral",
                channel=channel,
                user=user,
                text=message.text,
                blocks=list(message.blocks),
                **extra,
            )
        except (ChannelClosedError, SlackApiError):
            there = await self.direct_channel(team, user)
            await self.call(
                team, "chat.postMessage", channel=there, text=message.text, blocks=list(message.blocks)
            )

    async def permalink(self, team: str, channel: str, ts: str) -> str | None:
        """The address of a message, if Slack gives one."""
        try:
            answer = await self.read(team, "chat.getPermalink", channel=channel, message_ts=ts)
        except (SlackApiError, ChannelClosedError, TryLater):
            return None  # a message without its link is better than none
        return str(answer.get("permalink") or "") or None


def code_of(error: SlackApiError) -> str:
    """Slack's error code, empty when the answer was not Slack's JSON."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def meaning_of(error: SlackApiError) -> Exception:
    """What an error of Slack is for us: `TryLater`, one of the errors above, or itself."""
    code, status = code_of(error), getattr(error.response, "status_code", 0)
    if status == 429 or status >= 500 or code in _TRANSIENT:
        wait = (getattr(error.response, "headers", None) or {}).get("Retry-After", "")
        return TryLater(float(wait) if str(wait).isdigit() else 5)
    if code in _CHANNEL_PROBLEMS:
        return ChannelClosedError(_CHANNEL_PROBLEMS[code])
    if code in {"message_not_found", "cant_update_message", "edit_window_closed"}:
        return MessageGoneError(code)
    return error
