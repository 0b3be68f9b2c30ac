"""The product as a child process, exactly as an operator would run it."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
_STOP_SECONDS = 15
_READY_SECONDS = 60


class ProductFailedError(Exception):
    """A command of the product did not do its work; the message ends in its own last words."""


class Product:
    """`python -m bot …` in a folder of its own.

    Args:
        folder: working folder; the log of the server is `slipway.log` in it. A `.env` file of the
            developer's is elsewhere and so stays out of the game.
        environment: the whole environment of the process.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.log = folder / "slipway.log"
        self._environment = {**environment, "PYTHONPATH": str(ROOT)}
        self._server: asyncio.subprocess.Process | None = None

    def with_settings(self, **settings: str) -> "Product":
        """The same, with these settings besides; names without their `SLIPWAY_`."""
        more = {f"SLIPWAY_{name.upper()}": value for name, value in settings.items()}
        return Product(self.folder, {**self._environment, **more})

    async def run(self, *arguments: str, stdin: str = "") -> str:
        """Run one command to its end; gives what it printed.

        Raises:
            ProductFailedError: with what it said, when its exit code is not 0.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *arguments),
            cwd=self.folder,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(stdin.encode())
        if process.returncode:
            said = (err or out).decode(errors="replace").strip()
            raise ProductFailedError(f"`slipway {arguments[0]}` ended with {process.returncode}:\n{said}")
        return out.decode().strip()

    async def serve(self, url: str) -> None:
        """Start the server and return once `/readyz` says so.

        Raises:
            ProductFailedError: when it ends before, or is not ready within a minute.
        """
        with self.log.open("ab") as log:
            self._server = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "serve"),
                cwd=self.folder,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C goes to a whole terminal group; this child is stopped by us, in order.
                start_new_session=True,
            )
        try:
            await asyncio.wait_for(self._ready(url), _READY_SECONDS)
        except TimeoutError:
            raise ProductFailedError(f"Slipway was not ready within a minute.\n{self.last_words()}") from None

    async def _ready(self, url: str) -> None:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            while not await _answers(http):
                if self.ended:
                    raise ProductFailedError(f"Slipway ended while starting.\n{self.last_words()}")
                await asyncio.sleep(0.05)

    @property
    def ended(self) -> bool:
        """Whether the server was started and is no longer running."""
        return self._server is not None and self._server.returncode is not None

    async def end(self) -> int:
        """Wait for the server to end; gives its exit code."""
        if self._server is None:
            raise ProductFailedError("Slipway was never started.")
        return await self._server.wait()

    async def stop(self) -> None:
        """Stop the server in order; one that does not listen is killed."""
        if self._server is None or self.ended:
            return
        self._server.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._server.wait(), _STOP_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._server.kill()
            await self._server.wait()

    def last_words(self, lines: int = 20) -> str:
        """The end of the server's log."""
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).is_success
    except httpx.TransportError:
        return False
