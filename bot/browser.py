"""The addresses that people open in a browser. Nothing of an address is ever logged: it may hold a token."""

from __future__ import annotations

from urllib.parse import parse_qs

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.usecases.errors import Refusal
from bot.usecases.ports import Apps, TryLater
from bot.usecases.verifying import Done, Leaving, Verifying
from bot.views import pages
from bot.views.frame import HEADERS

log = structlog.stdlib.get_logger("slipway.browser")

COOKIE = "slipway_ironclad"
MAX_FORM = 2_000  # bytes; ours has one field
BUSY = Refusal("Slack does not answer at the moment.", "Try again in a minute.", again=True)
BROKEN = Refusal("Something went wrong in Slipway.", "Try again; if it happens again, tell a Slipway admin.")


def page(html: str, status: int = 200) -> Response:
    """A page with everything switched off that it does not need."""
    return HTMLResponse(html, status, HEADERS)


class IroncladPages:
    """The approval link, and Ironclad's way back."""

    def __init__(self, verifying: Verifying, apps: Apps, *, public_url: str | None) -> None:
        self._verifying = verifying
        self._apps = apps
        self._public_url = public_url or ""

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/ironclad/connect/{token}", self.show, methods=["GET"]),
            Route("/ironclad/connect/{token}", self.decide, methods=["POST"]),
            Route("/ironclad/callback", self.come_back, methods=["GET"]),
            Route("/ironclad/guide", self.guide, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """`GET /ironclad/connect/{token}`: what is asked. Changes nothing."""
        try:
            return page(pages.approve(await self._verifying.look(request.path_params["token"])))
        except (Refusal, TryLater) as refused:
            return _refused(refused)

    async def decide(self, request: Request) -> Response:
        """`POST /ironclad/connect/{token}`: *Approve* or *Not me*."""
        token = request.path_params["token"]
        verdict = await _field(request, "verdict")
        try:
            if verdict == "approve":
                return await self._went(await self._verifying.approve(token))
            if verdict == "decline":
                return await self._went(await self._verifying.decline(token))
        except (Refusal, TryLater) as refused:
            return _refused(refused, again=True)
        return _refused(Refusal("This page was sent without an answer.", "Go back and press a button."))

    async def come_back(self, request: Request) -> Response:
        """`GET /ironclad/callback`: Ironclad's answer to the consent page."""
        asked = request.query_params
        try:
            went = await self._verifying.come_back(
                state=asked.get("state", ""),
                session=request.cookies.get(COOKIE, ""),
                code=asked.get("code", ""),
                error=asked.get("error", ""),
            )
        except (Refusal, TryLater) as refused:
            return _refused(refused)
        return await self._went(went)

    async def guide(self, request: Request) -> Response:
        """`GET /ironclad/guide`: what to do in Ironclad, with the addresses of this deployment."""
        return page(pages.guide(f"{self._public_url}/ironclad/callback"))

    async def _went(self, went: Done | Leaving) -> Response:
        if isinstance(went, Done):
            response = page(pages.done(went, await self._apps.id_in(went.team)))
            response.delete_cookie(COOKIE, path="/ironclad")
            return response
        response = page(pages.leaving(went.url))
        response.set_cookie(
            COOKIE,
            went.session,
            max_age=int(went.seconds),
            path="/ironclad",
            secure=self._public_url.startswith("https://"),
            httponly=True,
            samesite="lax",  # it has to come along when Ironclad sends the browser back
        )
        return response


def _refused(refused: Refusal | TryLater, *, again: bool = False) -> Response:
    refusal = BUSY if isinstance(refused, TryLater) else refused
    return page(pages.problem(refusal, again=again and refusal.again), 400)


async def _field(request: Request, name: str) -> str:
    """One field of a small form; empty when it is not there or too much was sent."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_FORM:
                return ""
    except ClientDisconnect:
        return ""
    fields = parse_qs(body.decode("ascii", "replace"), max_num_fields=10)
    return fields.get(name, [""])[-1]
