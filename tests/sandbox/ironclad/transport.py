"""Reach a world without sockets: `httpx.AsyncClient(transport=InProcess(build(world)), base_url=…)`."""

import httpx

from tests.sandbox.ironclad.front import ConnectionDropped


class InProcess(httpx.ASGITransport):
    """`httpx.ASGITransport` on which a dropped connection is what it is on a real one: `httpx.ReadError`."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.ReadError: the connection was dropped.
        """
        try:
            return await super().handle_async_request(request)
        except ConnectionDropped as dropped:
            raise httpx.ReadError("", request=request) from dropped
