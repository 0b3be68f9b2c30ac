"""The ASGI app in front of a world."""

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from tests.sandbox.ironclad.front import Front
from tests.sandbox.ironclad.routes import (
    launches,
    oauth,
    pages,
    records,
    sandbox,
    schemas,
    scim,
    webhooks,
    workflows,
)
from tests.sandbox.ironclad.routes.guard import Guard
from tests.sandbox.ironclad.world import IroncladWorld


class IroncladApp(Starlette):
    """Starlette behind `Front`, which has to be outermost: see there. Serve it directly, do not mount it."""

    def __init__(self, world: IroncladWorld) -> None:
        guard = Guard(world)
        super().__init__(
            routes=[
                *oauth.routes(world, guard),
                *schemas.routes(guard),
                *launches.routes(guard),
                *workflows.routes(guard),
                *records.routes(guard),
                *webhooks.routes(guard),
                *scim.routes(guard),
                guard.nowhere("/public/{rest:path}"),
                sandbox.mount(world),
                *pages.routes(world),
            ]
        )
        self._front = Front(super().__call__, world)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._front(scope, receive, send)


def build(world: IroncladWorld) -> Starlette:
    """The app: the API, `/sandbox/*` and the pages."""
    return IroncladApp(world)
