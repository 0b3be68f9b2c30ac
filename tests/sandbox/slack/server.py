"""The Slack in a box as one web application: the Web API, private files, and the API of its people."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from tests.sandbox.slack import oauth
from tests.sandbox.slack.client import acting, controls, modals, reading
from tests.sandbox.slack.client.session import Session
from tests.sandbox.slack.delivery import Delivery
from tests.sandbox.slack.errors import Json, NotPossible
from tests.sandbox.slack.files import Files
from tests.sandbox.slack.oauth import Consent
from tests.sandbox.slack.responses import Responses
from tests.sandbox.slack.sockets import Sockets
from tests.sandbox.slack.webapi.door import WebApi
from tests.sandbox.slack.webapi.uploads import Uploads
from tests.sandbox.slack.world import SlackWorld

LONGEST_WAIT = 30.0

Deed = Callable[[Session, Delivery, Json], Awaitable[Json]]


def build(
    world: SlackWorld, page: Path | None = None, *, client: httpx.AsyncClient | None = None
) -> Starlette:
    """The application over a world.

    Args:
        page: a folder with the web page, served at `/`.
        client: how the apps' request URLs are reached; tests give one over `httpx.ASGITransport`.
    """
    world.mark_beginning()
    sockets = world.sockets = Sockets(world)
    delivery = Delivery(world, client, sockets)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await world.stop()
        await delivery.close()

    people = _People(world, delivery)
    routes: list[BaseRoute] = [
        Route("/api/{method}", WebApi(world, sockets).endpoint, methods=["GET", "POST"]),
        WebSocketRoute("/link/", sockets.endpoint),
        Route("/oauth/v2/authorize", Consent(world).endpoint, methods=["GET", "POST"]),
        Route("/response/{id}", Responses(world).endpoint, methods=["POST"]),
        Route("/upload/{id}", Uploads(world).endpoint, methods=["POST"]),
        Route("/files-pri/{id}/{path:path}", Files(world).endpoint),
        *people.routes(),
    ]
    if page is not None:
        routes.append(Mount("/", StaticFiles(directory=page, html=True)))
    handlers = {NotPossible: _not_possible}
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)


async def _not_possible(request: Request, error: Exception) -> Response:
    code = error.code if isinstance(error, NotPossible) else "internal_error"
    return JSONResponse({"ok": False, "ack_ms": 0, "status": 0, "error": code})


class _People:
    """`/client/*`."""

    def __init__(self, world: SlackWorld, delivery: Delivery) -> None:
        self._world = world
        self._delivery = delivery

    def routes(self) -> list[BaseRoute]:
        deeds: dict[str, Deed] = {
            "command": acting.command,
            "message": acting.message,
            "shortcut": acting.shortcut,
            "home": acting.home,
            "action": acting.act,
            "submit": modals.submit,
            "close": modals.close,
            "options": modals.options,
        }
        return [
            Route("/client/bootstrap", self.bootstrap),
            Route("/client/state", self.state),
            *(Route(f"/client/{name}", self._doing(deed), methods=["POST"]) for name, deed in deeds.items()),
            Route("/client/upload", self.upload, methods=["POST"]),
            Route("/client/channel/{id}/{change}", self.channel, methods=["POST"]),
            Route("/client/uninstall", self.uninstall, methods=["POST"]),
            Route("/client/fault", self.fault, methods=["POST", "DELETE"]),
            Route("/client/reset", self.reset, methods=["POST"]),
        ]

    async def bootstrap(self, request: Request) -> Response:
        return JSONResponse(reading.bootstrap(self._session(request, request.query_params.get("as"))))

    async def state(self, request: Request) -> Response:
        session = self._session(request, request.query_params.get("as"))
        since, wait = int(request.query_params.get("since", 0)), float(request.query_params.get("wait", 0))
        await self._world.changes.after(since, min(wait, LONGEST_WAIT))
        return JSONResponse(reading.state(session))

    async def upload(self, request: Request) -> Response:
        session = self._session(request, request.query_params.get("as"))
        async with request.form() as form:
            sent = form.get("file")
            if not isinstance(sent, UploadFile):
                raise NotPossible("no_file")
            return JSONResponse(await controls.store_upload(session, sent))

    async def channel(self, request: Request) -> Response:
        # A lever of the sandbox, not a person's own: without `as` it is pulled by whoever comes first.
        asked = await _object(request)
        members = self._world.workspaces.members.values()
        someone = asked.get("as") or next(one.id for one in members if not one.is_bot)
        channel = self._world.workspaces.channels.get(request.path_params["id"])
        if channel is None:
            raise NotPossible("unknown_channel")
        session, change = self._session(request, someone), request.path_params["change"]
        return JSONResponse(controls.change_channel(session, self._delivery, channel, change))

    async def uninstall(self, request: Request) -> Response:
        """Remove the app from `team`, which may be an organisation."""
        asked = await _object(request)
        apps = {one.id: one for one in self._world.apps.values()}
        app = apps.get(str(asked.get("app"))) or next(iter(apps.values()))
        oauth.uninstall(self._world, self._delivery, str(asked.get("team")), app)
        return JSONResponse({"ok": True})

    async def fault(self, request: Request) -> Response:
        if request.method == "DELETE":
            return JSONResponse(controls.clear_faults(self._world))
        return JSONResponse(controls.add_fault(self._world, await _object(request)))

    async def reset(self, request: Request) -> Response:
        self._world.reset()
        return JSONResponse({"ok": True})

    def _doing(self, deed: Deed) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            asked = await _object(request)
            return JSONResponse(await deed(self._session(request, asked.get("as")), self._delivery, asked))

        return endpoint

    def _session(self, request: Request, user_id: object) -> Session:
        # Payloads carry addresses of this server, so they name it the way its people reach it.
        self._world.base_url = str(request.base_url)
        return Session.of(self._world, user_id)


async def _object(request: Request) -> Json:
    raw = await request.body()
    if not raw:
        return {}
    body = await request.json()
    if not isinstance(body, dict):
        raise NotPossible("not_an_object")
    return body
