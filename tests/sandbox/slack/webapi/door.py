"""`/api/{method}`: from an HTTP request to Slack's answer, through tokens, scopes, faults and the log."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.sandbox.slack import oauth
from tests.sandbox.slack.blockkit import problems_in_home, problems_in_message, problems_in_view
from tests.sandbox.slack.errors import Json, SlackError
from tests.sandbox.slack.sockets import Sockets
from tests.sandbox.slack.traffic import ApiCall, Fault
from tests.sandbox.slack.webapi import chat, conversations, people, uploads, views
from tests.sandbox.slack.webapi.call import Call, Method, arguments, token_of
from tests.sandbox.slack.workspace import Installation
from tests.sandbox.slack.world import SlackWorld

METHODS: Mapping[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **people.METHODS,
    **uploads.METHODS,
    **views.METHODS,
}
LONGEST_VALIDATED = 100_000


ORDINARY = frozenset(
    {
        "bot_not_found",
        "channel_not_found",
        "file_not_found",
        "hash_conflict",
        "is_archived",
        "message_not_found",
        "no_such_subteam",
        "not_found",
        "not_in_channel",
        "thread_not_found",
        "user_not_found",
        "user_not_in_channel",
        "users_not_found",
    }
)
"""Answers about the state of the world, not mistakes of the app: they are in the log of calls only."""


@dataclass(frozen=True)
class Asked:
    """A call as it came in."""

    method: str
    args: Json
    token: str | None


class WebApi:
    """Slack's Web API over one world. HTTP is 200 whatever happened, except for 429 (facts page A.7)."""

    def __init__(self, world: SlackWorld, sockets: Sockets) -> None:
        self._world = world
        self._sockets = sockets

    async def endpoint(self, request: Request) -> Response:
        """Answer `/api/{method}`."""
        raw = await request.body()
        try:
            args = await arguments(request, raw)
        except SlackError as error:
            return JSONResponse(error.body())
        asked = Asked(request.path_params["method"], args, token_of(request, args))
        if asked.method == "apps.connections.open":
            self._world.base_url = str(request.base_url)  # its answer leads back here
        if asked.method == "oauth.v2.access":
            # Secrets belong in this one call; the logs are searched for those that went astray.
            args |= oauth.with_credentials(args, request.headers.get("authorization", ""))
        self._world.traffic.receive(asked.method, _without_secrets(args))
        fault = self._world.faults.take(asked.method)
        return self._answered(asked) if fault is None else await self._faulty(asked, fault)

    async def _faulty(self, asked: Asked, fault: Fault) -> Response:
        if fault.kind == "ratelimited":
            self._log(asked, 429, "ratelimited")
            headers = {"Retry-After": str(max(1, round(fault.retry_after)))}
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)
        if fault.kind == "error":
            self._log(asked, 200, fault.error)
            return JSONResponse({"ok": False, "error": fault.error})
        if fault.kind == "drop":
            self._log(asked, 0, "dropped")
            return _BrokenOff()
        if fault.kind == "slow":
            await asyncio.sleep(fault.retry_after)
        answer = self._answered(asked)
        return _BrokenOff() if fault.kind == "act_then_drop" else answer

    def _answered(self, asked: Asked) -> Response:
        installation = self._caller(asked)
        scopes = installation.scopes if installation is not None else ()
        headers = {"x-oauth-scopes": ",".join(sorted(scopes))}
        try:
            body = {"ok": True, **self._act(asked, installation)}
        except SlackError as error:
            self._log(asked, 200, error.code)
            if error.code not in ORDINARY:
                self._world.refuse(asked.method, error, asked.args)
            return JSONResponse(error.body(), headers=headers)
        self._log(asked, 200, None)
        return JSONResponse(body, headers=headers)

    def _act(self, asked: Asked, installation: Installation | None) -> Json:
        if asked.method == "blocks.validate":
            return _validated(asked.args)
        if asked.method == "oauth.v2.access":
            return oauth.access(self._world, asked.args)
        if asked.method == "apps.connections.open":
            return self._sockets.open(asked.token)
        method = METHODS.get(asked.method)
        if method is None:
            raise SlackError("unknown_method", req_method=asked.method)
        if installation is None:
            raise SlackError("invalid_auth" if asked.token else "not_authed")
        if not installation.is_active:
            raise SlackError("token_revoked")
        if installation.has_expired(asked.token or "", self._world.clock()):
            raise SlackError("token_expired")
        call = Call(self._world, asked.args, installation)
        if method.scopes:
            call.require(*method.scopes)
        return method.act(call)

    def _caller(self, asked: Asked) -> Installation | None:
        """Whose token it is; an organisation's speaks in the workspace of what the call is about."""
        workspaces, args = self._world.workspaces, asked.args
        team_id = args.get("team_id")
        for known, name in ((workspaces.channels, "channel"), (workspaces.members, "user")):
            about = known.get(str(args.get(name))) or known.get(str(args.get(f"{name}_id")))
            team_id = about.team_id if about is not None else team_id
        users = str(args.get("users") or "").split(",")
        if users[0] in workspaces.members:
            team_id = workspaces.members[users[0]].team_id
        team_id = team_id or self._team_of_screen(args)
        return workspaces.by_token(asked.token or "", team_id)

    def _team_of_screen(self, args: Json) -> str | None:
        trigger = self._world.triggers.user_of(str(args.get("trigger_id") or ""))
        member = self._world.workspaces.members.get(trigger or "")
        if member is not None:
            return member.team_id
        return self._world.views.team_of(str(args.get("view_id") or ""))

    def _log(self, asked: Asked, status: int, error: str | None) -> None:
        call = ApiCall(asked.method, _without_secrets(asked.args), status, error, self._world.clock())
        self._world.traffic.calls.append(call)


def _without_secrets(args: Json) -> Json:
    return {name: value for name, value in args.items() if name not in oauth.SECRETS}


class _BrokenOff(Response):
    """An answer whose connection breaks before it is whole: the caller cannot know what happened."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Left incomplete on purpose: the server then closes the connection.
        headers = [(b"content-type", b"application/json"), (b"content-length", b"64")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})


def _validated(args: Json) -> Json:
    """blocks.validate: no token, exactly one of blocks, view and message (facts page A.1)."""
    given: dict[str, Any] = {
        name: args[name] for name in ("blocks", "view", "message") if args.get(name) is not None
    }
    if len(given) != 1:
        raise SlackError(
            "invalid_arguments", ["[ERROR] must provide exactly one of blocks, view and message"]
        )
    (name, value), *_ = given.items()
    if len(json.dumps(value)) > LONGEST_VALIDATED:
        raise SlackError(
            "invalid_arguments", [f"[ERROR] must be less than 100001 characters [json-pointer:/{name}]"]
        )
    problems = _problems(name, value)
    if problems:
        raise SlackError(f"invalid_{name}", problems)
    return {}


def _problems(name: str, value: Any) -> list[str]:
    if name == "blocks":
        return problems_in_message(value)
    if not isinstance(value, dict):
        return [f"[ERROR] must provide an object [json-pointer:/{name}]"]
    if name == "message":
        return problems_in_message(value.get("blocks", []), "/message/blocks")
    return problems_in_home(value) if value.get("type") == "home" else problems_in_view(value)
