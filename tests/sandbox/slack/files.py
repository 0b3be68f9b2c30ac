"""`/files-pri/{id}/…`: private downloads, with their trap for tokens that may not (facts page A.8)."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tests.sandbox.slack.world import SlackWorld

_LOGIN = "<!DOCTYPE html><html><title>Sign in | Slack</title><body>Sign in to your workspace</body></html>"


class Files:
    """Serves uploads to apps."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world

    async def endpoint(self, request: Request) -> Response:
        """The bytes for a token of that team with `files:read`; for others the login page with status 200."""
        stored = self._world.workspaces.files.get(request.path_params["id"])
        _, _, token = request.headers.get("authorization", "").partition(" ")
        caller = self._world.workspaces.by_token(token, stored.team_id if stored is not None else None)
        allowed = caller is not None and caller.is_active and "files:read" in caller.scopes
        if stored is None or caller is None or not allowed or caller.team_id != stored.team_id:
            return HTMLResponse(_LOGIN)
        disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}"}
        return Response(stored.content, media_type=stored.mimetype, headers=disposition)
