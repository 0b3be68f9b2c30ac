"""Where a benchmark happens: the outside, the load's process, and a Slipway ready to be started."""

from __future__ import annotations

import asyncio
import http.client
import json
import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from benchmarks.cores import Cores, starting_on, stay_on
from benchmarks.outside import BOT_TOKEN, CHANNEL, SIGNING_SECRET, TEAM, stand
from benchmarks.servers import Server
from tests.sandbox.ironclad.demo_designs import OPS_ADMIN
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from tests.sandbox.product import ROOT, Product
from tests.sandbox.serving import free_port

T = TypeVar("T")
P = ParamSpec("P")
_PORTS = range(20_000, 30_000)  # below those that the system gives to clients, which are many here


@dataclass(frozen=True)
class Place:
    """A folder with a migrated database that is connected to the outside. Nothing of Slipway runs yet."""

    folder: Path
    environment: Mapping[str, str]
    cores: Cores
    ports: Mapping[str, int]
    _load: ProcessPoolExecutor

    def slipway(self) -> Server:
        """The real thing: `slipway serve`, ready."""
        return self._server(("bot", "serve"), "slipway")

    def bare_bolt(self) -> Server:
        """The measure for it."""
        return self._server(
            ("benchmarks.bare", str(self.ports["bare"]), self.environment["SLIPWAY_SLACK_API_URL"]), "bare"
        )

    def apart(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function in the load's own process."""
        return self._load.submit(act, *args, **kwargs).result()

    def seen(self) -> dict[str, Any]:
        """What the outside has seen so far; see `outside.Yes.seen`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["slack"], timeout=10)
        connection.request("GET", "/seen")
        answered: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return answered

    def wait_until(self, reached: Callable[[dict[str, Any]], bool], seconds: float) -> float:
        """Wait until the outside has seen enough; gives the seconds it took. Raises TimeoutError."""
        began = time.perf_counter()
        while not reached(seen := self.seen()):
            if time.perf_counter() - began > seconds:
                raise TimeoutError(f"the outside has seen no more than {seen}")
            time.sleep(0.05)
        return time.perf_counter() - began

    def _server(self, arguments: tuple[str, ...], name: str) -> Server:
        return Server(
            arguments, self.ports[name], folder=self.folder, environment=self.environment, cores=self.cores
        )


@contextmanager
def opened() -> Iterator[Place]:
    """The place, furnished; everything in it ends and goes with the block."""
    cores, ports = Cores.of_this_machine(), _ports("slack", "ironclad", "slipway", "bare")
    processes = multiprocessing.get_context("spawn")
    outside = processes.Process(
        target=stand, args=(ports["slack"], ports["ironclad"], cores.rest), daemon=True
    )
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder, starting_on(cores.rest):
        outside.start()
        load = ProcessPoolExecutor(1, mp_context=processes, initializer=stay_on, initargs=(cores.rest,))
        try:
            environment = asyncio.run(_furnished(Path(folder), ports))
            yield Place(Path(folder), environment, cores, ports, load)
        finally:
            load.shutdown()
            outside.terminate()
            outside.join()


def _ports(*names: str) -> dict[str, int]:
    ports, first = {}, random.choice(_PORTS)
    for name in names:
        ports[name] = free_port(first)
        first = ports[name] + 1
    return ports


async def _furnished(folder: Path, ports: Mapping[str, int]) -> dict[str, str]:
    """Migrate and connect, as an operator would; gives the environment that serves it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SLIPWAY_")}
    blank = Product(folder, inherited)
    settings = {
        "database_url": f"sqlite:///{folder / 'slipway.sqlite'}",
        "encryption_keys": await blank.run("keys", "new"),
        "slack_signing_secret": SIGNING_SECRET,
        "slack_bot_token": BOT_TOKEN,
        "slack_api_url": f"http://127.0.0.1:{ports['slack']}/api/",
        "ironclad_url": f"http://127.0.0.1:{ports['ironclad']}",
        "port": str(ports["slipway"]),
    }
    product = blank.with_settings(**settings)
    await product.run("migrate")
    await product.run(
        *("connect", "--team", TEAM, "--region", "demo"),
        *("--client-id", DEMO_CLIENT_ID, "--as-user", OPS_ADMIN),
        stdin=DEMO_CLIENT_SECRET + "\n",
    )
    await product.run("channel", "--team", TEAM, "--channel", CHANNEL)
    named = {f"SLIPWAY_{name.upper()}": value for name, value in settings.items()}
    return {**inherited, **named, "PYTHONPATH": str(ROOT)}
