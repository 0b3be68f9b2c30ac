"""The page and what it has to know, added to the Slack stand-in."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.sandbox.slack.server import build
from tests.sandbox.slack.world import SlackWorld

PAGE = Path(__file__).parent / "page"


def slack_with_page(world: SlackWorld, *, opened_by: str, ironclad_url: str | None = None) -> Starlette:
    """The Slack stand-in with the page at `/`.

    Args:
        opened_by: user id of the person one is until *act as* says otherwise.
        ironclad_url: base URL of the other side; without it the page shows Slack alone.
    """

    async def settings(_: Request) -> Response:
        return JSONResponse({"as": opened_by, "ironclad_url": ironclad_url})

    app = build(world, PAGE)
    # Before the page's own mount, which takes every path that is left.
    app.router.routes.insert(0, Route("/client/sandbox.json", settings))
    return app
