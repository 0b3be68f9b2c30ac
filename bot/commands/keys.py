"""`slipway keys`: a new key, which keys are needed, and getting rid of an old one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.running import need, problems_told, put, run
from bot.settings import Problem, Settings, read_settings

if TYPE_CHECKING:
    from bot.usecases.rotating import Rotating, Standing

app = typer.Typer(help="Encryption keys.", no_args_is_help=True)

LOOK_SECONDS = 0.5


@app.command()
def new() -> None:
    """Print one fresh key, alone on a line."""
    from storage import new_key

    put(new_key())


@app.command()
def status() -> None:
    """Say which keys stored values need. Exit code 1 when one of them is not set."""
    with problems_told():
        settings = read_settings()
        need(settings.missing_for_commands())
        run(settings, _status(settings))


async def _status(settings: Settings) -> None:
    async with _rotating(settings) as rotating:
        standing = await rotating.standing()
    for place, key_id in enumerate(standing.given, start=1):
        mine = [use for use in standing.uses if use.key_id == key_id]
        put(f"Key {place} ({key_id}): {sum(use.count for use in mine)} values")
        if place > 1:
            for use in mine:
                put(f"    {use.place}: {use.count}")
    for use in standing.lost:
        put(f"Key {use.key_id} is not set: {use.place} has {use.count} values that need it.", wrong=True)
    put(_advice(standing))
    if standing.lost:
        raise typer.Exit(1)


def _advice(standing: Standing) -> str:
    if standing.lost:
        return "Put the missing key back into SLIPWAY_ENCRYPTION_KEYS, after the others."
    if standing.waiting:
        return "`slipway keys rotate` seals them with key 1."
    if len(standing.given) > 1:
        return "Only key 1 is needed. The others can go from SLIPWAY_ENCRYPTION_KEYS."
    return "Nothing needs another key."


@app.command()
def rotate(
    here: Annotated[
        bool, typer.Option("--here", help="Do it in this process: for when no `slipway serve` runs")
    ] = False,
) -> None:
    """Seal every value with the first key, while Slipway goes on. Can be stopped and repeated."""
    with problems_told():
        settings = read_settings()
        need(settings.missing_for_commands())
        run(settings, _rotate(settings, here))


async def _rotate(settings: Settings, here: bool) -> None:
    async with _rotating(settings) as rotating:
        standing = await rotating.standing()
        if standing.lost:
            what = f"Key {standing.lost[0].key_id} is needed, and not set."
            need([Problem(what, "Put it back into SLIPWAY_ENCRYPTION_KEYS, after the others.")])
        if here:
            await rotating.run()
        elif standing.waiting:
            await rotating.promise()
        await _until_done(rotating)
        put("Only key 1 is needed. The others can go from SLIPWAY_ENCRYPTION_KEYS.")


async def _until_done(rotating: Rotating) -> None:
    told = None
    while waiting := (await rotating.standing()).waiting:
        if waiting != told:
            put(f"{waiting} values to go; `slipway serve` is at it. Ctrl-C ends the waiting, not the work.")
            told = waiting
        await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def _rotating(settings: Settings) -> AsyncIterator[Rotating]:
    from bot.opening import looking_at
    from bot.usecases.rotating import Rotating
    from storage import Sealing
    from storage.work import Work

    async with looking_at(settings) as database:
        work = Work(database, Sealing(settings.keys))
        await work.open(run=False)
        try:
            yield Rotating(database.giving_way(), work)
        finally:
            await work.close()
