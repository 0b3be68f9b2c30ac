"""Files that the app sends: an address for the bytes, and the message they come in (facts page A.7)."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tests.sandbox.slack.errors import Json, SlackError, missing
from tests.sandbox.slack.webapi.call import Call, Method
from tests.sandbox.slack.world import SlackWorld

LARGEST = 1_000_000_000


def upload_address(call: Call) -> Json:
    """files.getUploadURLExternal"""
    length = call.number("length", 0)
    if length <= 0:
        raise missing("length")
    if length > LARGEST:
        raise SlackError("file_upload_size_restricted")
    author = call.world.workspaces.members[call.installation.bot_user_id]
    stored = call.world.add_file(author, call.text("filename"), "application/octet-stream", b"")
    call.world.uploads[stored.id] = length
    return {"upload_url": f"{call.world.base_url}upload/{stored.id}", "file_id": stored.id}


def complete(call: Call) -> Json:
    """files.completeUploadExternal: what was sent becomes a message."""
    files: Any = call.args.get("files")
    files = json.loads(files) if isinstance(files, str) else files
    known = call.world.workspaces.files
    if not files or any(one.get("id") not in known for one in files):
        raise SlackError("file_not_found")
    ids = [str(one["id"]) for one in files]
    if any(one in call.world.uploads for one in ids):
        raise SlackError("file_not_found")  # its bytes never came
    if call.optional("channel_id"):
        channel = call.channel("channel_id")
        if not call.is_member_of(channel):
            raise SlackError("not_in_channel")
        text = call.optional("initial_comment") or ""
        call.world.post(channel, call.installation.bot_user_id, text, files=ids)
    return {"files": [call.world.file_object(one) for one in ids]}


class Uploads:
    """`/upload/{id}`: the bytes of a file."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world

    async def endpoint(self, request: Request) -> Response:
        """Take them once, and only as many as were announced."""
        file_id, content = request.path_params["id"], await request.body()
        if self._world.uploads.get(file_id) != len(content):
            return PlainTextResponse("length does not match", 400)
        del self._world.uploads[file_id]
        self._world.fill_file(file_id, content)
        return PlainTextResponse(f"OK - {len(content)}")


METHODS = {
    "files.getUploadURLExternal": Method(upload_address, ("files:write",)),
    "files.completeUploadExternal": Method(complete, ("files:write",)),
}
