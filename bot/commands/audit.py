"""`slipway audit`: whether the log is whole, and the log as a file."""

from __future__ import annotations

import enum
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.running import need, problems_told, put, run
from bot.settings import Problem, Settings, read_settings

if TYPE_CHECKING:
    from storage import AuditFault, Store

app = typer.Typer(help="The audit log.", no_args_is_help=True)


class Format(enum.StrEnum):
    """How a log is written out."""

    csv = "csv"
    jsonl = "jsonl"


@app.command()
def verify(
    team: Annotated[str, typer.Option(help="One workspace, T…; all if not given")] = "",
    end: Annotated[
        str, typer.Option(help="N:DIGEST that an earlier run printed: the log must still contain it")
    ] = "",
) -> None:
    """Check that no entry was altered, removed or added by hand. Exit code 1 names what was."""
    with problems_told():
        settings = read_settings()
        need(settings.missing_for_commands())
        run(settings, _verify(settings, team, end))


async def _verify(settings: Settings, team: str, end: str) -> None:
    from bot.opening import looking_at

    if end and not team:
        need([Problem("--end is about one workspace.", "Give --team as well.")])
    sound = True
    async with looking_at(settings) as database, database.reading() as store:
        for one in [team] if team else await store.audit.teams():
            faults = await store.audit.verify(one) + await _earlier(store, one, end)
            sound = sound and not faults
            for fault in faults:
                put(f"{one}: {fault.what}", wrong=True)
            if not faults:
                last = await store.audit.end(one)
                put(f"{one}: {_sound(*last)}" if last else f"{one}: nothing was written yet.")
    if not sound:
        raise typer.Exit(1)


def _sound(n: int, digest: str) -> str:
    return f"{n} {'entry' if n == 1 else 'entries'}, as written. The end is {n}:{digest}"


async def _earlier(store: Store, team: str, end: str) -> list[AuditFault]:
    """What is wrong with an end that somebody wrote down: the log then was another one."""
    from storage import AuditFault

    if not end:
        return []
    number, _, digest = end.partition(":")
    if not (number.isascii() and number.isdigit() and digest):
        need(
            [Problem(f"{end} is not the end of a log.", "Copy N:DIGEST as `slipway audit verify` prints it.")]
        )
    found = await store.audit.onward(team, int(number) - 1, limit=1)
    if found and (found[0].n, found[0].digest) == (int(number), digest):
        return []
    return [AuditFault(team, int(number), f"Entry {number} is not the one that was noted: it was replaced.")]


@app.command()
def export(
    team: Annotated[str, typer.Option(help="The workspace, T…")],
    format: Annotated[Format, typer.Option(help="A table, or one JSON object a line")] = Format.jsonl,
) -> None:
    """Write the log to standard output, the oldest entry first."""
    with problems_told():
        settings = read_settings()
        need(settings.missing_for_commands())
        run(settings, _export(settings, team, format))


async def _export(settings: Settings, team: str, format: Format) -> None:
    from bot.opening import looking_at
    from bot.usecases.auditing import all_entries, written

    async with looking_at(settings) as database:
        entries = await all_entries(database, team)
    sys.stdout.write(written(entries, format.value))
