"""The commands beside `serve`: what they print, what they refuse, and that they never print a secret."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storage import Owner, Sealing
from tests.cli.terminal import PYTHON, Said, Terminal
from tests.cli.town import SECRETS, Town
from tests.place import KEY
from tests.sandbox.ironclad.world import DEMO_CLIENT_SECRET


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """No settings at all."""
    return Terminal(tmp_path, {})


def refused(said: Said, *words: str) -> None:
    """It said so in sentences on standard error, and ended with 1."""
    assert said.code == 1, said.everything
    assert said.out == ""
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err
    assert not any(secret in said.everything for secret in SECRETS)


def stored(database: Path, query: str) -> list[tuple[str | None, ...]]:
    """What the database has."""
    with sqlite3.connect(database) as connection:
        return connection.execute(query).fetchall()


async def test_a_fresh_key_stands_alone_on_a_line_and_works(terminal: Terminal) -> None:
    first, second = await terminal.run("keys", "new"), await terminal.run("keys", "new")

    assert (first.code, first.err) == (0, "")
    assert first.out.splitlines() == [first.out.strip()]
    assert first.out != second.out
    owner = Owner("T1", "table", "column", "row")
    sealing = Sealing([first.out.strip()])
    assert sealing.open(owner, sealing.seal(owner, "text")) == "text"


async def test_the_installed_command_is_the_same_program(terminal: Terminal, tmp_path: Path) -> None:
    installed = Terminal(tmp_path, {}, program=(str(PYTHON.parent / "slipway"),))

    said = await installed.run("--help")

    assert said.code == 0
    for command in ("serve", "migrate", "keys", "connect", "channel", "doctor"):
        assert command in said.out
    module = await terminal.run("--help")
    assert said.out.splitlines()[3:] == module.out.splitlines()[3:]  # but for the name of the program


async def test_settings_are_read_from_a_file_too(terminal: Terminal) -> None:
    (terminal.folder / ".env").write_text(f"SLIPWAY_ENCRYPTION_KEYS={KEY}\n")

    said = await terminal.run("migrate")

    assert (said.code, said.err) == (0, "")
    assert (terminal.folder / "slipway.sqlite").exists()


async def test_migrating_again_changes_nothing(terminal: Terminal) -> None:
    keyed = terminal.but(encryption_keys=KEY)
    first, second = await keyed.run("migrate"), await keyed.run("migrate")

    assert (first.code, first.out) == (second.code, second.out) == (0, "The database is up to date.\n")


@pytest.mark.parametrize("command", ["serve", "migrate"])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"encryption_keys": None}, ("SLIPWAY_ENCRYPTION_KEYS is not set", "slipway keys new")),
        ({"encryption_keys": "not-a-key"}, ("key number 1", "slipway keys new")),
        ({"encryption_keys": f"{KEY},{KEY[:-4]}"}, ("key number 2",)),
        ({"database_url": "mysql://host/name"}, ("SLIPWAY_DATABASE_URL is not usable", "postgresql://")),
        ({"database_url": "sqlite:///nowhere/slipway.sqlite"}, ("cannot be opened", "slipway doctor")),
        ({"database_url": "postgresql://me:pass-word@127.0.0.1:9/x"}, ("cannot be opened", "slipway doctor")),
        ({"public_url": "http://example.com"}, ("SLIPWAY_PUBLIC_URL is not usable", "https://")),
        ({"port": "ninety"}, ("SLIPWAY_PORT is not usable",)),
    ],
)
async def test_what_is_wrong_with_the_settings_is_said(
    ready: Town, command: str, changes: dict[str, str | None], words: tuple[str, ...]
) -> None:
    said = await ready.terminal.but(**changes).run(command)

    refused(said, *words)
    assert not any(value in said.err for value in ("not-a-key", "pass-word", "ninety"))


async def test_ironclad_is_connected_with_a_secret_from_standard_input(ready: Town) -> None:
    said = await ready.terminal.run(*ready.connecting(), stdin=f"{DEMO_CLIENT_SECRET}\n")

    assert (said.code, said.err) == (0, "")
    assert said.out == "Harbor Oak: 11 of 11 templates can be launched\n"
    database = ready.terminal.folder / "slipway.sqlite"
    assert stored(database, "SELECT state, company_name FROM connections") == [("ready", "Harbor Oak")]
    assert "public.records.readRecords" in str(stored(database, "SELECT scopes FROM connections"))
    written = b"".join(file.read_bytes() for file in ready.terminal.folder.iterdir())
    assert DEMO_CLIENT_SECRET.encode() not in written


@pytest.mark.parametrize(
    ("changes", "secret", "words"),
    [
        ({}, "hunter2-hunter2", ("did not accept the client ID and secret", "Company Settings")),
        ({}, "", ("client secret is missing", "standard input")),
        ({"region": "mars"}, DEMO_CLIENT_SECRET, ("no region mars", "na, eu or demo")),
        (
            {"as_user": "noor.haddad@example.com"},
            DEMO_CLIENT_SECRET,
            ("noor.haddad@", "Choose somebody"),
        ),
    ],
)
async def test_what_is_wrong_with_a_connection_is_said(
    ready: Town, changes: dict[str, str], secret: str, words: tuple[str, ...]
) -> None:
    said = await ready.terminal.run(*ready.connecting(**changes), stdin=f"{secret}\n")

    refused(said, *words)
    assert "hunter2" not in said.everything
    found = stored(ready.terminal.folder / "slipway.sqlite", "SELECT state FROM connections")
    assert ("ready",) not in found


async def test_permissions_that_do_not_exist_are_refused_with_those_that_do(bare: Town) -> None:
    said = await bare.terminal.run(*bare.connecting(permissions="records,telepathy"), stdin="secret\n")

    refused(said, "no permissions called telepathy", "records, actions, groups")


async def test_the_secret_is_no_argument(ready: Town) -> None:
    said = await ready.terminal.run(*ready.connecting(client_secret="hunter2-hunter2"))

    assert said.code == 2
    assert "No such option" in said.err


async def test_connecting_needs_a_database_that_is_up_to_date(bare: Town) -> None:
    refused(await bare.terminal.run(*bare.connecting(), stdin="secret-secret\n"), "slipway migrate")


@pytest.mark.parametrize(
    ("name", "told"),
    [("procurement", "Cards go to that channel now."), ("legal", "Invite it there with /invite @Slipway.")],
)
async def test_the_channel_is_set_and_said_when_cards_cannot_go_there(
    ready: Town, name: str, told: str
) -> None:
    said = await ready.terminal.run(*ready.choosing(name))

    assert (said.code, said.err) == (0, "")
    assert told in said.out
    database = ready.terminal.folder / "slipway.sqlite"
    assert stored(database, "SELECT channel FROM workspaces") == [(ready.channel(name),)]


async def test_a_slack_that_does_not_answer_is_said(ready: Town) -> None:
    away = ready.terminal.but(slack_api_url="http://127.0.0.1:9/api/")

    refused(await away.run(*ready.choosing("procurement")), "Slack does not answer", "slipway doctor")
