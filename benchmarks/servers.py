"""Servers as child processes: started, waited for, looked at, stopped."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import psutil

from benchmarks.cores import Cores, starting_on

_PATIENCE = 30.0
_LOOK_EVERY = 0.01
_MEGABYTE = 1_000_000


class Server:
    """A server that is ready: `python -m …` on the core meant for it. Leaving the block stops it.

    Raises RuntimeError, with its last words, when it ends instead of becoming ready, or takes too long.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        port: int,
        *,
        folder: Path,
        environment: Mapping[str, str],
        cores: Cores,
    ) -> None:
        self.port = port
        self._name = arguments[0]
        self._log = folder / f"{port}.log"
        began = time.perf_counter()
        with self._log.open("ab") as log, starting_on(cores.server):
            self._child = subprocess.Popen(
                [sys.executable, "-m", *arguments], cwd=folder, env=environment, stdout=log, stderr=log
            )
        self._process = psutil.Process(self._child.pid)
        self._await_ready(began + _PATIENCE)
        #: Seconds from starting the process to its first 200 at /readyz.
        self.seconds_to_ready = time.perf_counter() - began

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.terminate()
        try:
            self._child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def __str__(self) -> str:
        return self._name

    @property
    def megabytes(self) -> float:
        """Resident memory now, in units of 1,000,000 bytes."""
        return float(self._process.memory_info().rss) / _MEGABYTE

    @property
    def processor_seconds(self) -> float:
        """Processor time used so far, by all threads, in the process and for it."""
        used = self._process.cpu_times()
        return float(used.user + used.system)

    def _await_ready(self, deadline: float) -> None:
        while not _is_ready(self.port):
            if self._child.poll() is not None or time.perf_counter() > deadline:
                self._child.kill()
                self._child.wait()
                raise RuntimeError(f"a server did not become ready:\n{self._log.read_text()[-2000:]}")
            time.sleep(_LOOK_EVERY)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
