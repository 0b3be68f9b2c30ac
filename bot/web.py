"""The HTTP edge: who is asking is verified before anything of the request is read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import structlog
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.dispatch import Dispatch
from bot.shapes import payload_of
from storage import Database, SchemaState
from storage.work import Work

log = structlog.stdlib.get_logger("slipway.web")

Nowhere = Callable[[Request, Exception], Awaitable[Response]]
MAX_BODY = 1_000_000  # bytes; Slack's largest payload is a 250 kB view with its state


def build(
    dispatch: Dispatch,
    *,
    signing_secret: str,
    database: Database,
    work: Work,
    pages: Sequence[Route] = (),
    nowhere: Mapping[str, Nowhere] | None = None,
) -> Starlette:
    """The web application: Slack's one address, what operations look at, and the `pages` for people.

    Without a signing secret nothing could be verified, so there is no address for Slack then. `nowhere` says
    how pages are refused that do not exist, by how their path begins.
    """
    operations = Operations(database, work)
    slack: list[Route] = []
    if signing_secret:
        events = SlackEvents(dispatch, SignatureVerifier(signing_secret))
        slack = [Route("/slack/events", events.receive, methods=["POST"])]
    application = Starlette(
        routes=[
            *slack,
            *pages,
            Route("/healthz", operations.alive, methods=["GET"]),
            Route("/readyz", operations.ready, methods=["GET"]),
            Route("/metrics", operations.metrics, methods=["GET"]),
        ],
        exception_handlers={Exception: _broken, HTTPException: partial(_refused, dict(nowhere or {}))},
    )
    # A page that does not exist is not another one.
    application.router.redirect_slashes = False
    return application


async def _refused(nowhere: Mapping[str, Nowhere], request: Request, error: Exception) -> Response:
    """A refusal of the router's: in the words of those whose page it would be, else in plain ones."""
    for start, answer in nowhere.items():
        if request.url.path.startswith(start):
            return await answer(request, error)
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = error.headers if isinstance(error, HTTPException) else None
    return PlainTextResponse(error.detail if isinstance(error, HTTPException) else "", status, headers)


async def _broken(request: Request, error: Exception) -> Response:
    # Not the path itself: an approval link holds a token.
    place = "/".join(request.url.path.split("/")[:3])
    log.error("request failed", place=place, exc_info=error)
    return PlainTextResponse("Something went wrong in Slipway.", 500)


class SlackEvents:
    """`POST /slack/events`: everything Slack sends."""

    def __init__(self, dispatch: Dispatch, verifier: SignatureVerifier) -> None:
        self._dispatch = dispatch
        self._verifier = verifier

    async def receive(self, request: Request) -> Response:
        """Size, signature, shape, and only then the listeners."""
        body = await _limited(request)
        if body is None:
            return PlainTextResponse("Too large.", 413)
        if not self._genuine(body, request):
            return PlainTextResponse("Not signed by Slack.", 401)
        text = _text(body)
        payload = None if text is None else payload_of(text, request.headers.get("content-type", ""))
        if payload is None:
            return _not_slacks()
        answer = await self._dispatch(payload, request.headers)
        if answer is None:
            return _not_slacks()
        headers = {name: values[0] for name, values in answer.headers.items() if values}
        return Response(answer.body, answer.status, headers)

    def _genuine(self, body: bytes, request: Request) -> bool:
        stamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        # The verifier compares text, so a stamp it cannot turn into a number must not reach it.
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and signature.isascii()):
            return False
        return self._verifier.is_valid(body, stamp, signature)


def _not_slacks() -> Response:
    return PlainTextResponse("Not a payload that Slack sends.", 400)


async def _limited(request: Request) -> bytes | None:
    """The request's body; None when it is larger than anything Slack sends."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


def _text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


class Operations:
    """What a load balancer, an on-call engineer and a metrics collector ask."""

    def __init__(self, database: Database, work: Work) -> None:
        self._database = database
        self._work = work

    async def alive(self, request: Request) -> Response:
        """`GET /healthz`: the process answers."""
        return PlainTextResponse("ok")

    async def ready(self, request: Request) -> Response:
        """`GET /readyz`: the database answers and is up to date. Says nothing of Slack or Ironclad."""
        try:
            state = await self._database.schema_state()
        except Exception as error:  # whatever the database's driver raises: not ready
            log.warning("database does not answer", exc_info=error)
            return PlainTextResponse("The database does not answer.", 503)
        if state is not SchemaState.CURRENT:
            return PlainTextResponse("The database is not up to date: run slipway migrate.", 503)
        return PlainTextResponse("ready")

    async def metrics(self, request: Request) -> Response:
        """`GET /metrics` for Prometheus: durable work by state."""
        registry = CollectorRegistry()
        work = Gauge("slipway_work", "Durable work items by state", ["state"], registry=registry)
        for state, count in (await self._work.counts()).items():
            work.labels(state).set(count)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
