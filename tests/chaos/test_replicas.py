"""Two replicas on one PostgreSQL: when one dies, the other finishes what it had begun."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.aftermath import aftermath
from tests.chaos.balancer import balancing
from tests.chaos.storm import calm, lost_answers, mortal, slow_answers, storm
from tests.cli.terminal import Terminal
from tests.cli.town import Town
from tests.postgres import postgres, postgres_url
from tests.sandbox.serving import LOOPBACK, free_port, serving

__all__ = ["postgres", "postgres_url"]
pytestmark = [pytest.mark.chaos, pytest.mark.postgres]


@pytest.fixture
async def shared(furnished: Town, postgres_url: str) -> Town:
    """Slipway on PostgreSQL, migrated and connected."""
    town = replace(furnished, terminal=furnished.terminal.but(database_url=postgres_url))
    migrated = await town.terminal.run("migrate")
    assert migrated.code == 0, migrated.err
    await town.connect()
    return town


def replicas(town: Town, folder: Path) -> list[tuple[Terminal, str]]:
    """Two terminals, each in a folder and on a port of its own, and where their servers answer."""
    made: list[tuple[Terminal, str]] = []
    port = int(town.terminal.settings["port"])
    for name in ("first", "second"):
        port = free_port(port + 10)
        (folder / name).mkdir()
        terminal = replace(town.terminal.but(port=str(port)), folder=folder / name)
        made.append((terminal, f"http://{LOOPBACK}:{port}"))
    return made


@pytest.mark.timeout(600)  # only against hanging: a busy machine may take its time
async def test_a_replica_dies_and_nothing_is_lost_or_doubled(shared: Town, tmp_path: Path) -> None:
    lost_answers(shared.ironclad)
    slow_answers(shared.ironclad)
    async with AsyncExitStack() as stack:
        pairs = replicas(shared, tmp_path)
        first, _ = [await stack.enter_async_context(mortal(terminal, url)) for terminal, url in pairs]
        balancer, app = await stack.enter_async_context(balancing([url for _, url in pairs]))
        await stack.enter_async_context(serving(app, int(shared.terminal.settings["port"])))

        book = await storm(shared, first.leave, launches=30, deaths=1, seed=3)
        await calm(shared.terminal.settings["database_url"])

    found = aftermath(shared, book, shared.terminal.settings["database_url"])
    print(f"\none of two replicas killed, {found}")  # noqa: T201 - the figures of the run
    assert len(book.acknowledged) == 30
    assert min(balancer.taken.values()) > 0, "one replica took no part"
    found.each_once()
