"""Opening the database that the settings name, and refusing one that this version cannot work with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import BadSettingsError, Problem, Settings
from storage import Database, SchemaState, Sealing


@asynccontextmanager
async def looking_at(settings: Settings) -> AsyncIterator[Database]:
    """Only the database, for commands that need nothing else. Raises `BadSettingsError`."""
    database = Database(settings.database_url.get_secret_value(), Sealing(settings.keys))
    try:
        await refuse_old(database)
        yield database
    finally:
        await database.close()


async def schema_of(database: Database) -> SchemaState:
    """How the database stands. Raises `BadSettingsError` when it cannot be opened."""
    try:
        return await database.schema_state()
    except Exception as error:  # whatever the driver raises: the person needs the sentence, not the type
        what = Problem(
            f"The database cannot be opened ({type(error).__name__}).", "`slipway doctor` says what to check."
        )
        raise BadSettingsError([what]) from error


async def refuse_old(database: Database) -> None:
    """Raise `BadSettingsError` unless the database is what this version works with."""
    state = await schema_of(database)
    if state is SchemaState.NEWER:
        what = Problem("The database was brought up to date by a newer Slipway.", "Run that version.")
        raise BadSettingsError([what])
    if state is not SchemaState.CURRENT:
        raise BadSettingsError([Problem("The database is not up to date.", "Run `slipway migrate` first.")])
