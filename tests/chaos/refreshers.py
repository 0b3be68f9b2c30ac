"""Many coroutines in several processes share one connection whose tokens live three seconds.

`python -m tests.chaos.refreshers` measures it for a minute: on SQLite with one process, on PostgreSQL with
three. Ironclad's refresh tokens rotate; the stand-in ends a grant whose spent token is used again, so that
one mistake in the single flight would fail every call after it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.usecases.access import IroncladAccess
from bot.usecases.credentials import CORE_SCOPES
from bot.usecases.dialling import Dialling
from bot.usecases.links import Links
from ironclad import IroncladError, open_http
from storage import Database, Sealing
from tests.sandbox.ironclad.demo_designs import OPS_ADMIN
from tests.sandbox.ironclad.server import build as ironclad_app
from tests.sandbox.ironclad.world import (
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    DEMO_REDIRECT_URIS,
    IroncladWorld,
    demo_world,
)
from tests.sandbox.serving import free_port, serving

ROOT = Path(__file__).parents[2]
TEAM, TOKEN_SECONDS, COROUTINES = "T1", 3, 20
KEY = "A" * 43 + "="  # the same in every process
_PAUSE = 0.05


@dataclass(frozen=True)
class Outcome:
    """What became of a storm."""

    calls: int
    failed: int
    renewals: int
    reuses: int

    def __str__(self) -> str:
        return (
            f"{self.calls} calls, {self.failed} failed; {self.renewals} renewals, {self.reuses} reuses "
            "of a spent refresh token"
        )


async def storm(database_url: str, *, processes: int, seconds: float) -> Outcome:
    """Call Ironclad from `processes` × `COROUTINES` for some seconds, on a migrated, empty database."""
    async with _ironclad() as (world, url):
        await _connect(database_url, world)
        before = world.oauth.exchanges.get("refresh_token", 0)
        told = await asyncio.gather(*(_process(database_url, url, seconds) for _ in range(processes)))
        renewals = world.oauth.exchanges.get("refresh_token", 0) - before
        calls, failed = (sum(one[name] for one in told) for name in ("calls", "failed"))
        return Outcome(calls, failed, renewals, world.oauth.reuses)


@asynccontextmanager
async def _ironclad() -> AsyncIterator[tuple[IroncladWorld, str]]:
    world = demo_world()
    world.limits.enabled = False
    world.rules.token_seconds = TOKEN_SECONDS
    async with serving(ironclad_app(world), free_port(21000)) as url:
        yield world, url


async def _connect(database_url: str, world: IroncladWorld) -> None:
    """A verified connection, with the first tokens of a person's consent."""
    client = world.oauth.clients[DEMO_CLIENT_ID]
    asked = world.oauth.authorization(
        {
            "client_id": client.id,
            "response_type": "code",
            "redirect_uri": DEMO_REDIRECT_URIS[0],
            "scope": " ".join(CORE_SCOPES),
        }
    )
    user = client.company.user(OPS_ADMIN)
    assert user is not None
    fields = {
        "grant_type": "authorization_code",
        "code": world.oauth.grant_code(asked, user),
        "redirect_uri": DEMO_REDIRECT_URIS[0],
        "client_id": client.id,
        "client_secret": client.secret,
    }
    answer = world.oauth.token(fields)
    database = Database(database_url, Sealing([KEY]))
    async with database.transaction() as store:
        made = await store.connections.add(
            TEAM,
            region="demo",
            grant="authorization_code",
            client_id=DEMO_CLIENT_ID,
            client_secret=DEMO_CLIENT_SECRET,
            acting_user=OPS_ADMIN,
            by="U1",
            wanted=CORE_SCOPES,
        )
        await store.connections.put_tokens(
            TEAM,
            made.id,
            access_token=answer["access_token"],
            refresh_token=answer["refresh_token"],
            expires_at=datetime.now(UTC) + timedelta(seconds=TOKEN_SECONDS),
            scope=answer["scope"],
            account=OPS_ADMIN,
        )
        await store.connections.promote(
            TEAM, made.id, company_id="c", company_name="Harbor Oak", scopes=CORE_SCOPES
        )
    await database.close()


async def _process(database_url: str, ironclad_url: str, seconds: float) -> dict[str, int]:
    """One process of its own, as a replica is."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.chaos.refreshers", "--one", database_url, ironclad_url, str(seconds)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    told: dict[str, int] = json.loads(out)
    return told


async def _one_process(database_url: str, ironclad_url: str, seconds: float) -> dict[str, int]:
    database = Database(database_url, Sealing([KEY]))
    counts = {"calls": 0, "failed": 0}
    async with open_http() as http:
        access = IroncladAccess(database, Dialling(http, Links(ironclad_url), callback=DEMO_REDIRECT_URIS[0]))
        deadline = asyncio.get_running_loop().time() + seconds

        async def call_again_and_again() -> None:
            while asyncio.get_running_loop().time() < deadline:
                client = await access.client(await access.current(TEAM))
                counts["calls"] += 1
                try:
                    await client.whoami()
                except IroncladError:
                    counts["failed"] += 1
                await asyncio.sleep(_PAUSE)

        await asyncio.gather(*(call_again_and_again() for _ in range(COROUTINES)))
    await database.close()
    return counts


async def _measure(seconds: float) -> None:
    from tests.postgres import running_server

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/slipway.sqlite"
        say(f"SQLite, one process: {await migrated_storm(url, processes=1, seconds=seconds)}")
    url = running_server().create()
    say(f"PostgreSQL, three processes: {await migrated_storm(url, processes=3, seconds=seconds)}")


async def migrated_storm(database_url: str, *, processes: int, seconds: float) -> Outcome:
    """A storm on an empty database."""
    database = Database(database_url, Sealing([KEY]))
    await database.migrate()
    await database.close()
    return await storm(database_url, processes=processes, seconds=seconds)


def say(text: str) -> None:
    """A line on standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure for a minute, or be one of the processes."""
    if sys.argv[1:2] == ["--one"]:
        told = asyncio.run(_one_process(sys.argv[2], sys.argv[3], float(sys.argv[4])))
        say(json.dumps(told))
    else:
        asyncio.run(_measure(float(sys.argv[1]) if len(sys.argv) > 1 else 60))


if __name__ == "__main__":
    main()
