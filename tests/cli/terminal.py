"""Slipway as an operator meets it: a command that ends, or a server that is stopped or killed."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import httpx

ROOT = Path(__file__).parents[2]
PYTHON = Path(sys.executable)
_PATIENCE = 60.0  # seconds; the machine may be busy with other things


@dataclass(frozen=True)
class Said:
    """What a command said, and the exit code it ended with."""

    code: int
    out: str
    err: str

    @property
    def everything(self) -> str:
        """Both streams."""
        return self.out + self.err


@dataclass(frozen=True)
class Terminal:
    """A shell in a folder, with these settings (names without ``SLIPWAY_``) and no others."""

    folder: Path
    settings: Mapping[str, str]
    program: tuple[str, ...] = (str(PYTHON), "-m", "bot")

    def but(self, **changes: str | None) -> Terminal:
        """The same with other settings; None takes one away."""
        changed = {**self.settings, **changes}
        return replace(self, settings={name: value for name, value in changed.items() if value is not None})

    async def run(self, *arguments: str, stdin: str = "") -> Said:
        """Run one command to its end."""
        process = await self._begin(*arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE)
        try:
            out, err = await asyncio.wait_for(process.communicate(stdin.encode()), _PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return Said(process.returncode or 0, out.decode(), err.decode())

    async def start(self, *arguments: str) -> Server:
        """Start `slipway serve` with these arguments; its log goes to a file in the folder."""
        log = self.folder / "slipway.log"
        with log.open("ab") as file:
            process = await self._begin("serve", *arguments, stdin=DEVNULL, stdout=file, stderr=file)
        return Server(process, log)

    @asynccontextmanager
    async def serving(self, *arguments: str) -> AsyncIterator[Server]:
        """A server that is killed at the end of the block, if it still runs."""
        server = await self.start(*arguments)
        try:
            yield server
        finally:
            await server.kill()

    async def _begin(
        self, *arguments: str, stdin: int, stdout: int | BinaryIO, stderr: int | BinaryIO
    ) -> Process:
        set_here = {f"SLIPWAY_{name.upper()}": value for name, value in self.settings.items()}
        return await asyncio.create_subprocess_exec(
            *self.program,
            *arguments,
            cwd=self.folder,
            env=set_here | {"PYTHONPATH": str(ROOT)},
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )


class Server:
    """A running `slipway serve`."""

    def __init__(self, process: Process, log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    @property
    def log(self) -> str:
        """What it and its predecessors in the folder have written."""
        return self._log.read_text(errors="replace")

    async def ready(self, url: str) -> None:
        """Return when `/readyz` says so. Raises AssertionError, with the log, when it ends before."""
        async with asyncio.timeout(_PATIENCE), httpx.AsyncClient(base_url=url, trust_env=False) as http:
            while not await _is_ready(http):
                assert self._process.returncode is None, f"Slipway ended while starting.\n{self.log}"
                await asyncio.sleep(0.05)

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; gives its exit code."""
        self._process.send_signal(how)
        return await asyncio.wait_for(self._process.wait(), _PATIENCE)

    async def ended(self) -> int:
        """Wait until it ends by itself; gives its exit code."""
        return await asyncio.wait_for(self._process.wait(), _PATIENCE)

    async def kill(self) -> None:
        """End it as a power cut would; nothing happens when it has ended."""
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def _is_ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).is_success
    except httpx.TransportError:
        return False
