"""Put an ASGI app on a port of this machine, and of no other."""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn

LOOPBACK = "127.0.0.1"
_PORTS_TRIED = 100


class NotLoopbackError(ValueError):
    """Somebody asked for an address that other machines could reach."""


def loopback(address: str) -> str:
    """The address, if only this machine can reach it.

    Raises:
        NotLoopbackError: for any other; the stand-ins hand out tokens to anyone who asks.
    """
    try:
        reaches_only_us = ipaddress.ip_address(address).is_loopback
    except ValueError:
        reaches_only_us = False
    if not reaches_only_us:
        raise NotLoopbackError(
            f"{address} is not a loopback address; the sandbox trusts everyone, so it binds to no other."
        )
    return address


def free_port(first: int, *, host: str = LOOPBACK) -> int:
    """The first port from `first` on that nobody listens on; any free one for 0."""
    for port in range(first, first + _PORTS_TRIED):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    raise OSError(f"No free port between {first} and {first + _PORTS_TRIED}.")


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Ctrl-C belongs to whoever started us: several of these run in one process.
        yield


@contextlib.asynccontextmanager
async def serving(app: Any, port: int, *, host: str = LOOPBACK) -> AsyncIterator[str]:
    """Serve an app while the block runs; gives its base URL without a slash at the end.

    Raises:
        NotLoopbackError: when the address is not one of this machine's own.
        OSError: when the port is taken.
    """
    config = uvicorn.Config(
        app, host=loopback(host), port=port, log_level="critical", lifespan="on", timeout_graceful_shutdown=1
    )
    server = _Server(config)
    listening = socket.create_server((host, port))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            await asyncio.sleep(0.005)
            if task.done():
                await task
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await task
        listening.close()
