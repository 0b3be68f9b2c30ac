"""`slipway serve`: when it starts, when it refuses to, how it ends, and how its roles are split."""

from __future__ import annotations

import asyncio
import signal
import socket
import sqlite3

import pytest

from tests.cli.terminal import Terminal
from tests.cli.town import SECRETS, Town
from tests.journeys.steps import fill_and_submit, until
from tests.place import Blank
from tests.sandbox.slack.person import Person

LAUNCH = {"path_prefix": "/public/api/v1/workflows", "method": "POST"}


async def refuses(terminal: Terminal, *words: str) -> None:
    """It ends by itself with 1, and says why in sentences."""
    async with terminal.serving() as server:
        assert await server.ended() == 1
        assert "Traceback" not in server.log
        for word in words:
            assert word in server.log
        assert not any(secret in server.log for secret in SECRETS)


async def launch(person: Person) -> None:
    """From `/contract` to a submitted purchase."""
    await person.command("/contract")
    await person.wait_for(lambda p: "Template" in p.screen() and "Loading" not in p.screen(), timeout=60)
    await person.fill({"Template": "Simple Purchase"})
    await person.submit()
    await fill_and_submit(person)
    assert "Launching" in person.screen()


def told(town: Town) -> list[str]:
    """What stands in #procurement and its threads."""
    return [one.text for one in town.slack.messages.of(town.channel("procurement"))]


async def test_it_starts_once_the_database_is_migrated(bare: Town) -> None:
    await refuses(bare.terminal, "The database is not up to date", "slipway migrate")

    assert (await bare.terminal.run("migrate")).code == 0

    async with bare.terminal.serving() as server:
        await server.ready(bare.url)


async def test_it_refuses_a_database_of_a_newer_version(bare: Town, blank: Blank) -> None:
    with sqlite3.connect(bare.database(blank)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    await refuses(bare.terminal, "brought up to date by a newer Slipway")


async def test_it_refuses_a_database_without_the_tables_of_durable_work(bare: Town, blank: Blank) -> None:
    with sqlite3.connect(bare.database(blank)) as connection:
        connection.execute("DROP TABLE workflow_status")

    await refuses(bare.terminal, "slipway migrate")


async def test_a_second_one_on_the_same_file_says_who_is_there_and_stops(ready: Town) -> None:
    async with ready.terminal.serving() as first:
        await first.ready(ready.url)

        await refuses(
            ready.terminal.but(port="0"), f"Process {first.pid} is already running", "Stop it first"
        )

        await first.ready(ready.url)  # and the first one does not mind


async def test_a_taken_port_is_named(ready: Town) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        where = f"Nothing can listen on 127.0.0.1:{port}."
        await refuses(ready.terminal.but(port=str(port)), where, "SLIPWAY_PORT")


async def test_it_waits_for_nobody_but_its_database(ready: Town) -> None:
    away = "http://127.0.0.1:9"
    async with ready.terminal.but(slack_api_url=f"{away}/api/", ironclad_url=away).serving() as server:
        await server.ready(ready.url)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_in_order_when_told(ready: Town, how: signal.Signals) -> None:
    async with ready.terminal.serving() as server:
        await server.ready(ready.url)

        assert await server.stop(how) == 0
        assert "Traceback" not in server.log


async def test_running_work_is_finished_before_it_ends(ready: Town) -> None:
    await ready.connect()
    ready.ironclad.fault(**LAUNCH, kind="slow", seconds=2)
    async with ready.terminal.serving() as server:
        await server.ready(ready.url)
        await launch(ready.person("dana"))
        await until(lambda: ready.ironclad.requests.of("POST", LAUNCH["path_prefix"]), timeout=30)
        assert ready.ironclad.workflows == []

        assert await server.stop() == 0

        assert len(ready.ironclad.workflows) == 1
        assert [text.count("aunched") for text in told(ready)] == [1, 1]
        assert not any(secret in server.log for secret in SECRETS)


async def test_work_that_takes_too_long_to_end_is_done_by_the_next_start(ready: Town) -> None:
    await ready.connect()
    ready.ironclad.fault(**LAUNCH, kind="act_then_hang")
    async with ready.terminal.serving() as server:
        await server.ready(ready.url)
        await launch(ready.person("dana"))
        await until(lambda: ready.ironclad.workflows, timeout=30)

        assert await server.stop() == 0

    assert not any("Launched" in text for text in told(ready))
    async with ready.terminal.serving() as server:
        await until(lambda: any("Launched" in text for text in told(ready)), timeout=60)
    assert len(ready.ironclad.workflows) == 1
    assert len(told(ready)) == 2


async def test_the_roles_can_be_split_over_two_processes(ready: Town) -> None:
    await ready.connect()
    async with ready.terminal.serving("--no-work") as edge:
        await edge.ready(ready.url)
        dana = ready.person("dana")
        await dana.command("/contract")
        assert "Loading your Ironclad templates" in dana.screen()
        await asyncio.sleep(1)
        await dana.look()
        assert "Loading your Ironclad templates" in dana.screen()  # for nobody does the work

        async with ready.terminal.serving("--no-http"):
            await dana.wait_for(lambda p: "Loading" not in p.screen(), timeout=60)
            await dana.close()
            await launch(dana)
            await until(lambda: any("Launched" in text for text in told(ready)), timeout=60)

    assert len(ready.ironclad.workflows) == 1


async def test_the_worker_listens_nowhere(ready: Town) -> None:
    with socket.create_server(("127.0.0.1", int(ready.terminal.settings["port"]))):
        async with ready.terminal.serving("--no-http") as worker:
            lock = ready.terminal.folder / "slipway.sqlite.lock"
            await until(lambda: lock.exists() and lock.read_text().strip() == str(worker.pid), timeout=30)

            assert await worker.stop() == 0
