"""`slipway doctor` names what is broken, says what to do about it, and tells no secret."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from bot.slack.scopes import BOT_SCOPES
from storage import Database, Sealing, new_key
from tests.cli.terminal import Said
from tests.cli.town import SECRETS, Town
from tests.integration.storage.seeding import install
from tests.place import KEY, Blank

AWAY = "http://127.0.0.1:9"
Settings = dict[str, str | None]


def findings(said: Said) -> dict[str, list[str]]:
    """What was found, by the mark before it: ``ok`` or ``FIX``."""
    assert said.err == ""
    assert "Traceback" not in said.out
    assert not any(secret in said.out for secret in SECRETS)
    lines = said.out.splitlines()
    return {mark: [line[5:] for line in lines if line.startswith(mark)] for mark in ("ok", "FIX")}


async def the_only_fault(town: Town, **changes: str | None) -> str:
    """What doctor wants mended, which has to be one thing, in a set-up that is good but for the changes."""
    said = await town.terminal.but(**changes).run("doctor")
    found = findings(said)
    assert said.code == 1
    assert len(found["FIX"]) == 1, said.out
    return found["FIX"][0]


async def test_a_good_set_up_is_good(ready: Town) -> None:
    await ready.connect()

    said = await ready.terminal.run("doctor")

    assert said.code == 0
    found = findings(said)
    assert found["FIX"] == []
    assert [line.partition(":")[0] for line in found["ok"]] == [
        "settings",
        "public address",
        "database",
        "encryption keys",
        "Slack token",
        "Slack permissions",
        "Ironclad",
    ]
    assert "for Harbor Oak as slipway" in said.out


async def test_nothing_set_names_everything_that_is_needed(ready: Town) -> None:
    said = await ready.terminal.but(
        encryption_keys=None, slack_bot_token=None, slack_signing_secret=None, public_url=None
    ).run("doctor")

    assert said.code == 1
    found = "\n".join(findings(said)["FIX"])
    for name in ("ENCRYPTION_KEYS", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "PUBLIC_URL"):
        assert f"SLIPWAY_{name} is not set." in found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(
            {"encryption_keys": None},
            ("settings", "SLIPWAY_ENCRYPTION_KEYS is not set", "slipway keys new"),
            id="no key",
        ),
        pytest.param(
            {"encryption_keys": "hunter2"},
            ("encryption keys", "number 1 is not 32 bytes", "slipway keys new"),
            id="a malformed key",
        ),
        pytest.param(
            {"slack_signing_secret": None},
            ("settings", "SLIPWAY_SLACK_SIGNING_SECRET is not set", "Basic Information"),
            id="no signing secret",
        ),
        pytest.param(
            {"slack_bot_token": None},
            ("settings", "SLIPWAY_SLACK_BOT_TOKEN is not set", "OAuth & Permissions"),
            id="no bot token",
        ),
        pytest.param(
            {"slack_bot_token": "xoxb-hunter2"},
            ("Slack token", "invalid_auth", "OAuth & Permissions"),
            id="a wrong bot token",
        ),
        pytest.param({"public_url": None}, ("public address", "SLIPWAY_PUBLIC_URL"), id="no public address"),
        pytest.param(
            {"public_url": "http://slipway.example.com"},
            ("settings", "SLIPWAY_PUBLIC_URL is not usable", "https://"),
            id="a public address without TLS",
        ),
        pytest.param(
            {"port": "70000"}, ("settings", "SLIPWAY_PORT is not usable", "65535"), id="an impossible port"
        ),
        pytest.param(
            {"database_url": "mysql://hunter2@host/name"},
            ("database", "SLIPWAY_DATABASE_URL is not usable", "sqlite:///"),
            id="an unknown kind of database",
        ),
        pytest.param(
            {"database_url": "sqlite:///nowhere/slipway.sqlite"},
            ("database", "cannot be opened at", "folder exists and may be written to"),
            id="a folder that does not exist",
        ),
        pytest.param(
            {"database_url": "postgresql://me:hunter2@127.0.0.1:9/slipway"},
            ("database", "cannot be opened at 127.0.0.1:9", "server runs"),
            id="a database server that does not run",
        ),
        pytest.param(
            {"slack_api_url": f"{AWAY}/api/"},
            ("Slack", "cannot be reached at 127.0.0.1", "SLIPWAY_SLACK_API_URL"),
            id="Slack out of reach",
        ),
        pytest.param(
            {"ironclad_url": AWAY},
            ("Ironclad", f"{AWAY} cannot be reached", "SLIPWAY_IRONCLAD_URL"),
            id="Ironclad out of reach",
        ),
    ],
)
async def test_a_broken_setting_is_named(ready: Town, changes: Settings, words: tuple[str, ...]) -> None:
    told = await the_only_fault(ready, **changes)

    assert told.startswith(words[0])
    for word in words:
        assert word in told
    assert "hunter2" not in told


async def test_an_address_that_is_not_slack_is_named(ready: Town) -> None:
    told = await the_only_fault(ready, slack_api_url=ready.ironclad_url)

    assert told.startswith("Slack: 127.0.0.1 does not answer as Slack does.")
    assert "SLIPWAY_SLACK_API_URL" in told


async def test_missing_permissions_are_named(ready: Town) -> None:
    installed = ready.slack.workspaces.installations
    installed[0] = replace(installed[0], scopes=installed[0].scopes - {"im:write", "users:read.email"})

    told = await the_only_fault(ready)

    assert told.startswith("Slack permissions: missing: im:write, users:read.email.")
    assert "manifest.yml" in told
    assert "reinstall" in told


async def test_a_revoked_token_is_named(ready: Town) -> None:
    ready.slack.workspaces.installations[0].is_active = False

    assert "token_revoked" in await the_only_fault(ready)


async def test_an_empty_database_is_named(bare: Town) -> None:
    told = await the_only_fault(bare)

    assert told == "database: is empty. Run `slipway migrate`."


async def test_a_database_of_a_newer_version_is_named(bare: Town, blank: Blank) -> None:
    with sqlite3.connect(bare.database(blank)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    assert "newer Slipway" in await the_only_fault(bare)


async def test_a_key_that_does_not_open_what_is_stored_is_named(ready: Town) -> None:
    await ready.connect()

    told = await the_only_fault(ready, encryption_keys=new_key())

    assert told.startswith("encryption keys: do not open what is stored. Put the earlier key back")


async def test_a_new_key_in_front_of_the_one_that_sealed_is_good(ready: Town) -> None:
    await ready.connect()

    said = await ready.terminal.but(encryption_keys=f"{new_key()},{KEY}").run("doctor")

    assert (said.code, findings(said)["FIX"]) == (0, [])


async def test_an_app_token_that_opens_no_socket_is_named(ready: Town) -> None:
    told = await the_only_fault(ready, slack_app_token="xapp-hunter2", slack_signing_secret=None)

    assert told.startswith("Slack app token: Slack does not accept it (invalid_auth).")
    assert "connections:write" in told
    assert "hunter2" not in told


async def test_an_app_token_that_opens_sockets_is_good(ready: Town) -> None:
    ready.slack.workspaces.installations[0].app.app_token = "xapp-1-good"

    said = await ready.terminal.but(slack_app_token="xapp-1-good", slack_signing_secret=None).run("doctor")

    assert "Slack app token: opens sockets" in findings(said)["ok"], said.out
    assert "xapp-1-good" not in said.out


MANY: Settings = {"slack_client_id": "1.2", "slack_client_secret": "hunter2", "slack_bot_token": None}


async def test_installs_are_looked_at_one_by_one(ready: Town) -> None:
    said = await ready.terminal.but(**MANY).run("doctor")
    (found,) = [line for line in findings(said)["ok"] if line.startswith("installs")]
    assert f"nobody has installed the app yet. Open {ready.url}/slack/install." in found

    database = Database(f"sqlite:///{ready.terminal.folder / 'slipway.sqlite'}", Sealing([KEY]))
    every = tuple(sorted(BOT_SCOPES))
    installs = [
        install("T1", name="Acme", scopes=every),
        install("T2", name="Bolt", scopes=every[1:]),
        install("T3", name="Crow", scopes=every),
        install("T4", name="Dune", scopes=every, org_wide=True),
    ]
    async with database.transaction() as store:
        for one in installs:
            await store.installs.put(one, bot_token="xoxb-1", refresh_token=None)
        assert await store.installs.not_renewed("T3", 1, "Slack ended the token. Install again.")
    await database.close()

    told = findings(await ready.terminal.but(**MANY).run("doctor"))
    assert f"install in Bolt: lacks {every[0]}. Install again and allow it." in told["FIX"]
    assert "install in Crow: Slack ended the token. Install again." in told["FIX"]
    assert "install in Acme: has all it needs" in told["ok"]
    assert "install in Dune: for the whole organisation" in told["ok"]
