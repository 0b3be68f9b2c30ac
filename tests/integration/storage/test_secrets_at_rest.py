"""What is sealed is nowhere in clear: not in the file, not in its log, not in any column."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from storage.database import Database
from storage.models import Row
from storage.repositories.base import table_of
from tests.integration.storage.seeding import connection, launch, ready_connection, revise

SECRETS = (
    "s3cr3t-of-the-client",
    "t0ken-for-access",
    "t0ken-for-refresh",
    "pr1ce-in-a-draft",
    "pr1ce-launched",
)
ORDINARY = "an-ordinary-title"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def fill(database: Database) -> None:
    async with database.transaction() as store:
        made = await ready_connection(store, client_secret=SECRETS[0])
        await connection(store, client_secret=SECRETS[0])
        await store.connections.save_tokens(
            "T1", made.id, 0, access_token=SECRETS[1], refresh_token=SECRETS[2], expires_at=None, scope=None
        )
        draft = await store.drafts.start("T1", "U1", "nda", ORDINARY)
        await store.drafts.save("T1", draft.id, {"price": SECRETS[3]}, state={"typed": SECRETS[3]})
        launched = await launch(store, attributes={"price": SECRETS[4]}, template_name=ORDINARY)
        await store.launches.move("T1", launched.id, expected=["launching"], to="refused")
        await store.lessons.learn(
            "T1",
            launched.id,
            revision=1,
            template_id="nda",
            template_name=ORDINARY,
            attributes={"price": SECRETS[4]},
            codes={"price": "INVALID_PARAM"},
        )
        await revise(store, launched.id, attributes={"price": SECRETS[4]})


async def test_no_column_shows_a_secret(database: Database) -> None:
    await fill(database)
    async with database.transaction() as store:
        everything = json.dumps(
            [
                [str(value) for value in row]
                for mapper in Row.registry.mappers
                for row in await store.connection.execute(select(table_of(mapper.class_)))
            ]
        )
    assert ORDINARY in everything
    assert [secret for secret in SECRETS if secret in everything] == []


async def test_no_byte_of_the_files_shows_a_secret(database: Database, tmp_path: Path) -> None:
    await fill(database)
    if not database.is_sqlite:
        return  # its files are the server's; the columns are looked at above
    files = contents(tmp_path)
    assert {"slipway.sqlite", "slipway.sqlite-wal"} <= files.keys()
    content = b"".join(files.values())
    assert ORDINARY.encode() in content
    assert [secret for secret in SECRETS if secret.encode() in content] == []
