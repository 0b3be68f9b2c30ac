"""manifest.yml declares exactly what the code uses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bot import ids
from bot.slack import scopes

ROOT = Path(__file__).parent.parent
SOURCE = "\n".join(path.read_text() for path in sorted((ROOT / "bot").rglob("*.py")))
SCHEMAS = ROOT.parent / "shared" / "slack" / "manifest-schemas"

TOPICS = "launch|home|link|field|connect|request|approval|mapping|systems|people|policy|intake|reminders|away"
# What Slack demands of a bot token for each method (https://docs.slack.dev/reference/methods).
NEEDS = {
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.getPermalink": set(),
    "conversations.open": {"im:write"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.lookupByEmail": {"users:read.email"},
    "conversations.members": {"channels:read", "groups:read"},
    "files.info": {"files:read"},
    "users.info": {"users:read", "users:read.email"},
    "users.list": {"users:read"},
    "views.open": set(),
    "views.push": set(),
    "views.update": set(),
    "views.publish": set(),
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
    return loaded


def test_commands(manifest: dict[str, Any]) -> None:
    declared = {command["command"] for command in manifest["features"]["slash_commands"]}

    assert declared == {ids.COMMAND}


def test_events(manifest: dict[str, Any]) -> None:
    declared = set(manifest["settings"]["event_subscriptions"]["bot_events"])

    assert declared == set(re.findall(r'app\.event\("([\w.]+)"\)', SOURCE))


def test_scopes_are_those_of_the_methods_in_use(manifest: dict[str, Any]) -> None:
    used = set(re.findall(r'"((?:chat|conversations|users|views|files|usergroups)\.[a-zA-Z.]+)"', SOURCE))
    declared = set(manifest["oauth_config"]["scopes"]["bot"])

    assert used == set(NEEDS), "a method came or went: say which scopes it needs"
    assert declared == set().union(*NEEDS.values()) | {"commands"}


def test_doctor_looks_for_the_same_scopes(manifest: dict[str, Any]) -> None:
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == scopes.BOT_SCOPES


def test_everything_goes_to_the_one_address(manifest: dict[str, Any]) -> None:
    urls = re.findall(r"https://\S+", yaml.safe_dump(manifest))

    assert {url.split("example.com")[1] for url in urls} == {"/slack/events", "/slack/oauth_redirect"}


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="Slack's manifest schemas are not beside this checkout")
def test_slack_would_take_it(manifest: dict[str, Any]) -> None:
    schema = json.loads((SCHEMAS / "manifest.schema.2.0.0.json").read_text())

    assert [error.message for error in Draft7Validator(schema).iter_errors(manifest)] == []


def test_every_action_has_its_listener() -> None:
    names = {
        name: value
        for name, value in vars(ids).items()
        if isinstance(value, str) and re.match(rf"^({TOPICS})\.", value)
    }
    routes = "".join(file.read_text() for file in (ROOT / "bot" / "listeners").glob("*.py"))
    # Inputs without dispatch send nothing by themselves.
    read_back = {"FIELD", "CONNECT_INPUT", "MAPPING_INPUT", "SYSTEMS_INPUT", "PEOPLE_INPUT"}

    missing = {name for name in names if f"ids.{name})" not in routes} - read_back
    assert missing == set()
