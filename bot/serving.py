"""`slipway serve`: everything in one process, until it is told to stop."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from uvicorn.loops.auto import auto_loop_factory

from bot.app import Application, running
from bot.settings import BadSettingsError, Problem, Settings

__all__ = ["auto_loop_factory", "share_memory", "until_stopped"]

_M_ARENA_MAX = -8  # <malloc.h>


def share_memory() -> None:
    """Let all threads take memory from one place, where the C library can do so (glibc).

    By default each keeps a stock of its own, up to eight for each core of the machine. Python's threads take
    turns anyway, so that buys no speed and costs some 10 MB.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


async def until_stopped(settings: Settings, *, http: bool, work: bool) -> None:
    """Serve until a signal says to stop. Raises `BadSettingsError`."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running(settings, perform=work, listen=http) as application:
        _leave_to_stay()
        if http:
            await _listen(settings, application, stop)
        else:
            await stop.wait()


def _leave_to_stay() -> None:
    """Tell the garbage collector that what is there by now stays: walking it would stop us for 100 ms."""
    gc.collect()
    gc.freeze()


async def _listen(settings: Settings, application: Application, stop: asyncio.Event) -> None:
    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            # uvicorn would raise the signal again when it is done, before our own work is put down.
            yield

    server = Server(
        uvicorn.Config(
            application.web,
            host=settings.host,
            port=settings.port,
            lifespan="off",
            ws="none",  # we serve no websockets, and its library is large
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    )

    async def stop_when_told() -> None:
        await stop.wait()
        server.should_exit = True

    watcher = asyncio.create_task(stop_when_told())
    try:
        await server.serve()
    except SystemExit:
        where = f"{settings.host}:{settings.port}"
        raise BadSettingsError(
            [Problem(f"Nothing can listen on {where}.", "Stop what uses it, or set SLIPWAY_PORT.")]
        ) from None
    finally:
        watcher.cancel()
