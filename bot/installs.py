"""Where browsers install the app: nothing of these addresses is ever logged, they hold states and codes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.slack.scopes import BOT_SCOPES
from bot.usecases.errors import Refusal
from bot.usecases.installing import STATE_SECONDS, Installing
from bot.usecases.ports import TryLater
from bot.views import install_pages
from bot.views.frame import HEADERS

COOKIE = "slipway_install"
BUSY = Refusal("Slack does not answer at the moment.", "Start again in a minute.")


class InstallPages:
    """`GET /slack/install` and `GET /slack/oauth_redirect`."""

    def __init__(self, installing: Installing, *, secure: bool) -> None:
        self._installing = installing
        self._secure = secure

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/slack/install", self.start, methods=["GET"]),
            Route("/slack/oauth_redirect", self.come_back, methods=["GET"]),
        ]

    async def start(self, request: Request) -> Response:
        """*Add to Slack*, with a cookie by which the same browser is known when it comes back."""
        setting = await self._installing.begin()
        response = _page(install_pages.start(setting.url))
        response.set_cookie(
            COOKIE,
            setting.cookie,
            max_age=STATE_SECONDS,
            path="/slack",
            secure=self._secure,
            httponly=True,
            samesite="lax",  # it has to come along when Slack sends the browser back
        )
        return response

    async def come_back(self, request: Request) -> Response:
        """Slack's answer to the consent page."""
        asked = request.query_params
        try:
            install = await self._installing.come_back(
                state=asked.get("state", ""),
                cookie=request.cookies.get(COOKIE, ""),
                code=asked.get("code", ""),
                error=asked.get("error", ""),
            )
        except Refusal as refusal:
            return _page(install_pages.refused(refusal), 400)
        except TryLater:
            return _page(install_pages.refused(BUSY), 503)
        response = _page(install_pages.done(install, BOT_SCOPES - set(install.scopes)))
        response.delete_cookie(COOKIE, path="/slack")
        return response


def _page(html: str, status: int = 200) -> Response:
    return HTMLResponse(html, status, HEADERS)
