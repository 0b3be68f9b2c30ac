"""`/response/{id}`: an app's answer to an interaction, where it need not be a member (facts page A.5)."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tests.sandbox.slack.errors import Json, SlackError
from tests.sandbox.slack.messages import Message
from tests.sandbox.slack.triggers import ResponseUrl
from tests.sandbox.slack.world import SlackWorld


class Responses:
    """Takes posts to response URLs: five within thirty minutes each."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world

    async def endpoint(self, request: Request) -> Response:
        """Answer `ok`, or the error code with 404 for a URL that is used up and 400 for a bad body."""
        body = _json(await request.body())
        self._world.traffic.receive("response_url", body)
        try:
            url = self._world.response_urls.use(request.path_params["id"])
        except SlackError as error:
            self._world.refuse("response_url", error, body)
            return PlainTextResponse(error.code, 404)
        try:
            self._act(url, body)
        except SlackError as error:
            self._world.refuse("response_url", error, body)
            return PlainTextResponse(error.code, 400)
        return PlainTextResponse("ok")

    def _act(self, url: ResponseUrl, body: Any) -> None:
        if not isinstance(body, dict):
            raise SlackError("invalid_payload")
        original = self._world.messages.get(url.channel_id, url.message_ts or "")
        if body.get("delete_original"):
            self._delete(original)
            return
        if body.get("blocks"):
            self._world.check_blocks(body["blocks"])
        if not body.get("text") and not body.get("blocks"):
            raise SlackError("no_text")
        if body.get("replace_original") and original is not None:
            self._world.edit(original, str(body.get("text") or ""), body.get("blocks") or [])
        else:
            self._post(url, original, body)

    def _delete(self, original: Message | None) -> None:
        if original is None:
            raise SlackError("message_not_found")  # commands have no message to delete
        self._world.messages.remove(original)
        self._world.changes.touch()

    def _post(self, url: ResponseUrl, original: Message | None, body: Json) -> None:
        in_channel = body.get("response_type") == "in_channel"
        self._world.post(
            self._world.workspaces.channels[url.channel_id],
            url.bot_user_id,
            str(body.get("text") or ""),
            blocks=body.get("blocks"),
            thread_ts=body.get("thread_ts") if in_channel else None,
            ephemeral_to=None if in_channel else url.user_id,
        )


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None
