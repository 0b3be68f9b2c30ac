"""The command line, `slipway`. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from bot.commands import audit, keys
from bot.commands.running import need, problems_told, put, run
from bot.commands.sparing import NOT_TO_SERVE, without
from bot.settings import Problem, Settings, read_settings

app = typer.Typer(
    help="Slipway launches Ironclad contracts from Slack.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a rich traceback prints local variables, and those hold secrets
    add_completion=False,
)
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run the command line."""
    app()


@app.command()
def serve(
    http: Annotated[bool, typer.Option("--http/--no-http", help="Listen for Slack.")] = True,
    work: Annotated[bool, typer.Option("--work/--no-work", help="Perform durable work.")] = True,
) -> None:
    """Start everything in one process; waits on nothing but its database."""
    with without(NOT_TO_SERVE):
        from bot.serving import auto_loop_factory, share_memory, until_stopped

    share_memory()
    with problems_told():
        settings = read_settings()
        need(settings.missing_to_serve())
        run(settings, until_stopped(settings, http=http, work=work), loop=auto_loop_factory())


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    with problems_told():
        settings = read_settings()
        need(settings.missing_for_commands())
        run(settings, _migrate(settings))
        put("The database is up to date.")


async def _migrate(settings: Settings) -> None:
    from bot.opening import schema_of
    from storage import Database, Sealing
    from storage.work import Work

    database = Database(settings.database_url.get_secret_value(), Sealing(settings.keys))
    try:
        await schema_of(database)
        await database.migrate()
        await Work.migrate(database)
    finally:
        await database.close()


@app.command()
def doctor() -> None:
    """Check the set-up, and say what to do about each thing that is wrong."""
    from bot.doctor import examine

    findings = asyncio.run(examine())
    for finding in findings:
        put(f"{'ok  ' if finding.good else 'FIX '} {finding.name}: {finding.told}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


@app.command()
def connect(
    team: Annotated[str, typer.Option(help="The Slack workspace, T…")],
    region: Annotated[str, typer.Option(help="na, eu or demo")],
    client_id: Annotated[str, typer.Option(help="Of the Ironclad app")],
    as_user: Annotated[str, typer.Option(help="E-mail of the acting user in Ironclad")],
    permissions: Annotated[str, typer.Option(help="What else than launching, or none")] = "usual",
) -> None:
    """Connect Ironclad with client credentials; the secret is read from standard input."""
    with problems_told():
        wanted = _wanted(permissions)
        secret = sys.stdin.readline().strip()
        if not secret:
            need([Problem("The client secret is missing.", "Give it on standard input.")])
        settings = read_settings()
        need(settings.missing_to_serve())
        run(settings, _connect(settings, team, region, client_id, as_user, secret, wanted))


def _wanted(permissions: str) -> tuple[str, ...]:
    """The scopes to ask for: `usual` are those that Home offers ticked."""
    from bot.usecases.permissions import BY_DEFAULT, FURTHER, USUAL, scopes_of

    if permissions in ("usual", "none"):
        return scopes_of(BY_DEFAULT if permissions == "usual" else ())
    known = [group.key for group in (*USUAL, *FURTHER)]
    chosen = [key.strip() for key in permissions.split(",")]
    if wrong := [key for key in chosen if key not in known]:
        told = f"Use usual, none, or some of {', '.join(known)}."
        need([Problem(f"There are no permissions called {', '.join(wrong)}.", told)])
    return scopes_of(chosen)


async def _connect(
    settings: Settings,
    team: str,
    region: str,
    client_id: str,
    as_user: str,
    secret: str,
    wanted: tuple[str, ...],
) -> None:
    from bot.app import assembled
    from bot.usecases.credentials import Credentials
    from ironclad import Region

    if region not in [known.value for known in Region]:
        need([Problem(f"There is no region {region}.", "Use na, eu or demo.")])
    async with assembled(settings) as application:
        typed = Credentials(client_id, region, as_user, secret, wanted=wanted)
        connection = await application.connecting.keep(team, "command line", typed)
        put(await application.connecting.adopt(connection))


@app.command()
def channel(
    team: Annotated[str, typer.Option(help="The Slack workspace, T…")],
    channel: Annotated[str, typer.Option(help="The procurement channel, C…")],
) -> None:
    """Set the procurement channel."""
    with problems_told():
        settings = read_settings()
        need(settings.missing_to_serve())
        run(settings, _channel(settings, team, channel))


async def _channel(settings: Settings, team: str, channel: str) -> None:
    from bot.app import assembled

    async with assembled(settings) as application:
        problem = await application.connecting.set_channel(team, "command line", channel)
        put(problem or "Cards go to that channel now.")
