"""What stands before several replicas: each request goes to the next one that can be reached."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_PASSED_ON = ("content-type", "x-slack-request-timestamp", "x-slack-signature")


class Balancer:
    """Passes `POST /slack/events` on in turn. `taken` says how many requests each replica took."""

    def __init__(self, replicas: Iterable[httpx.AsyncClient]) -> None:
        self._replicas = deque(replicas)
        self.taken: dict[str, int] = {str(one.base_url): 0 for one in self._replicas}

    async def pass_on(self, request: Request) -> Response:
        """The answer of a replica; 502 when it died within the request, or none is there."""
        body = await request.body()
        headers = {name: request.headers[name] for name in _PASSED_ON}
        for _ in range(len(self._replicas)):
            replica = self._replicas[0]
            self._replicas.rotate()
            try:
                answer = await replica.post("/slack/events", content=body, headers=headers)
            except httpx.ConnectError:
                continue
            except httpx.TransportError:
                break
            self.taken[str(replica.base_url)] += 1
            kind = answer.headers.get("content-type")
            return Response(answer.content, answer.status_code, {"content-type": kind} if kind else None)
        return PlainTextResponse("No replica answered.", 502)


@asynccontextmanager
async def balancing(urls: Iterable[str]) -> AsyncIterator[tuple[Balancer, Starlette]]:
    """A balancer before the replicas at these addresses, and the app to serve."""
    async with AsyncExitStack() as stack:
        clients = [httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) for url in urls]
        for client in clients:
            await stack.enter_async_context(client)
        balancer = Balancer(clients)
        yield balancer, Starlette(routes=[Route("/slack/events", balancer.pass_on, methods=["POST"])])
