"""One workspace's ids mean nothing in another, in every method there is.

The methods are found by looking at the repositories, and called with ids that belong to one workspace but
in the name of another. A new method, or one with a new argument, fails here until its arguments are given.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import pytest

from storage.database import Database
from storage.errors import AttemptOpen, NotFoundError
from storage.models import Row
from storage.records import AuditFilter, Opening, TemplateRule, WorkspaceSettings
from storage.repositories.base import Repository
from storage.repositories.templates import _fingerprint
from storage.store import Store
from tests.integration.storage.seeding import NOON, SCHEMA, Seeded, install, person, seed, template
from tests.rows import rows_of

pytestmark = pytest.mark.timeout(300)

MINE, THEIRS = "T1", "X1"

#: Asks about every workspace there is.
FOR_NOBODY = {("workspaces", "all"), ("tasks", "due"), ("audit", "teams")} | {
    ("sealed", "uses"),
    ("sealed", "reseal"),
    ("installs", "all"),
    ("installs", "begin"),
    ("installs", "come_back"),
    ("feeds", "due"),
    ("feeds", "by_address"),
}
#: Write into the workspace named, whatever else is given: their result is not empty.
WRITERS = {
    ("workspaces", "ensure"),
    ("workspaces", "set_channel"),
    ("people", "put"),
    ("connections", "add"),
    ("templates", "remember"),
    ("templates", "forget"),
    ("templates", "renew"),
    ("versions", "look"),
    ("versions", "sighted"),
    ("drafts", "start"),
    ("lessons", "learn"),
    ("requests", "add"),
    ("posts", "intend"),
    ("requests", "index"),
    ("rulebooks", "save"),
    ("absences", "put"),
    ("audit", "add"),
    ("installs", "put"),
    ("installs", "meet"),
    ("settings", "get"),
    ("settings", "save"),
    ("settings", "set_category_channel"),
    ("settings", "rule_template"),
    ("settings", "add_admin"),
    ("api_keys", "add"),
    ("hooks", "put"),
    ("identities", "put"),
    ("identities", "note_unmatched"),
    ("memories", "put"),
    ("conditions", "save"),
    ("conditions", "drop"),
}
#: Which of the seeded ids an argument takes, where that depends on the repository.
SPECIAL = {
    ("connections", "fail", "connection_id"): "untried",
    ("connections", "discard", "connection_id"): "untried",
    ("connections", "promote", "connection_id"): "untried",
    ("connections", "verify_again", "connection_id"): "untried",
    ("connections", "put_in_use", "connection_id"): "demo",
    ("connections", "review", "connection_id"): "published",
    ("connections", "note_mended", "connection_id"): "demo",
    ("tickets", "give_back", "ticket_id"): "used_ticket",
    ("launches", "revise", "launch_id"): "refused",
    ("drafts", "start", "launch_id"): "refused",
    ("drafts", "correcting", "launch_id"): "refused",
    ("launches", "add", "request_id"): "spare",
    ("launches", "follow", "launch_id"): "accepted",
    ("launches", "submitted", "draft_id"): "sent",
    ("launches", "of_draft", "draft_id"): "sent",
}
#: Methods that ask for the version of what was written once.
VERSION_ONE = {
    *("claim_refresh", "save_tokens", "release_refresh"),
    *("claim_renewal", "renewed", "not_renewed", "at"),
}
#: Their result is that all is well: nothing wrong with what was seeded, somebody an admin already.
SILENT = {("audit", "verify"), ("settings", "add_admin")}
#: How a workflow stands.
COURSE = {"status": "active", "step": "Sign", "title": None, "ironclad_id": None, "url": None} | {
    "step_since": NOON,
    "changed_at": NOON,
}
#: Whom Ironclad does not know, and whom nobody has asked about.
UNMATCHED = {"matched": "U4", "note_unmatched": "U5"}


def repositories() -> Iterator[tuple[str, type[Repository]]]:
    for name, attribute in vars(Store).items():
        if isinstance(attribute, cached_property):
            made = inspect.get_annotations(attribute.func, eval_str=True)["return"]
            assert issubclass(made, Repository)
            yield name, made


def methods() -> list[tuple[str, str]]:
    found = [
        (name, method)
        for name, repository in repositories()
        for method, _ in inspect.getmembers(repository, inspect.iscoroutinefunction)
        if not method.startswith("_")
    ]
    return sorted(set(found) - FOR_NOBODY)


def argument(repository: str, method: str, name: str, team: str, seeded: Seeded) -> Any:
    """A value that finds something in the workspace that was seeded."""
    if (repository, method, name) == ("requests", "search", "requester"):
        return "U1"
    if (repository, name) == ("tickets", "details"):
        return None
    if (repository, name) == ("connections", "wanted"):
        return []
    if repository == "identities" and name == "user" and method in UNMATCHED:
        return UNMATCHED[method]
    if (repository, name) == ("feeds", "facts"):
        return {"quiet": 7}
    special = SPECIAL.get((repository, method, name))
    if special is not None:
        return getattr(seeded, special).id
    if (repository, method, name) == ("conditions", "save", "version"):
        return 1 if team == seeded.draft.team else 0
    known: dict[str, Any] = {
        "team": team,
        "user": "U1",
        "person": person(team, name="changed"),
        "draft_id": seeded.draft.id,
        "request_id": seeded.request.id,
        "launch_id": seeded.launch.id,
        "template_id": "nda",
        "workflow_id": "wf1",
        "workflow_ids": ["wf1"],
        "launch_ids": [seeded.launch.id],
        "feed": replace(seeded.feed, team=team),
        "course": COURSE,
        "ironclad_id": "IC-1",
        "number": 1,
        "n": 1,
        "key": "card:1",
        "version": 1 if method in VERSION_ONE else 0,
        "connection_id": seeded.connection.id,
        "ticket_id": seeded.ticket.id,
        "secret": seeded.ticket_secret if repository == "tickets" else "changed",
        "holder": "U5",
        "purpose": "sign_in",
        "stage": "link",
        "session": None,
        "findings": [],
        "review": False,
        "returned": None,
        "demo": False,
        "expected": ["launching"],
        "to": "asking",
        "outcome": "absent",
        "acting_user": "dana@example.com",
        "templates": [template("nda", "changed")],
        "grant": "client_credentials",
        "scopes": [],
        "attributes": {},
        "answers": {"changed": True},
        "state": {"requests": "routing", "identities": "claimed"}.get(repository, {"changed": True}),
        "revision": 2,
        "codes": {"costCentre": "MISSING_PARAM"},
        "since": {
            "absences": NOON,
            "launches": datetime.now(UTC) - timedelta(hours=1),
            "versions": datetime.now(UTC) - timedelta(hours=1),
        }.get(repository, datetime.now(UTC) + timedelta(minutes=1)),
        "moment": datetime.now(UTC) + timedelta(minutes=1),
        "fingerprint": _fingerprint(SCHEMA),
        "expires_at": NOON,
        "seconds": 30,
        "lease_seconds": 30,
        "limit": 10,
        "offset": 0,
        "facts": None,
        "source": "api",
        "origin_key": "api:1" if method == "by_origin" else "api:2",
        "category": "Software" if repository == "settings" else None,
        "details": {"values": {"what": "changed"}},
        "request": replace(seeded.request, title="changed"),
        "request_ids": [seeded.request.id],
        "states": None,
        "before": None if repository in ("requests", "audit", "installs") else seeded.tasks,
        "after": {"channel": "C2"}
        if repository == "audit"
        else [replace(task, name="changed") for task in seeded.tasks],
        "task_id": seeded.tasks[0].id,
        "words": ["laptops"] if method == "listed" else ["changed"],
        "but": ["laptops"],
        "kind": "approvals",
        "body": {},
        "at": NOON,
        "due": NOON,
        "next_at": None,
        "until": NOON,
        "now": NOON,
        "delegate": "U2",
        "origin": "slack",
        "install": install(team),
        "enterprise": None if method == "token" else "E1",
        "wanted": AuditFilter(),
        "before_n": None,
        "after_n": 0,
        "settings": WorkspaceSettings(currency="EUR"),
        "rule": TemplateRule("nda", hidden=True),
        "key_id": seeded.key.id,
        "hook_id": seeded.hook.id,
        "burst": 1,
        "begin": "appr",
        "uses": 1,
        "enabled": False,
        "rules": [],
        "rule_id": "rule1",
        "set_id": seeded.rules,
    }
    if (repository, method, name) == ("requests", "listed", "requester"):
        return None
    words = {
        *("name", "channel_id", "channel", "by", "problem", "region", "client_id", "client_secret"),
        *("company_id", "company_name", "access_token", "refresh_token", "scope", "template_name"),
        *("requester", "title", "digest", "reference_key", "detail", "thread_ts", "ts"),
        *("actor", "action", "subject", "bot_token"),
        *("url", "email", "account"),
    }
    return "changed" if name in words else known[name]


async def call(store: Store, repository: str, method: str, team: str, seeded: Seeded) -> Any:
    bound = getattr(getattr(store, repository), method)
    values = {
        name: argument(repository, method, name, team, seeded)
        for name, parameter in inspect.signature(bound).parameters.items()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }
    return await bound(**values)


class TakenBack(Exception):
    """What a call did is undone, so that the next one finds everything as it was seeded."""


@dataclass(frozen=True)
class Tried:
    """What came of a call: its result, and the rows it left."""

    result: Any
    rows: dict[str, list[tuple[str, str]]]


async def tried(database: Database, repository: str, method: str, team: str, seeded: Seeded) -> Tried:
    """Call a method in the name of `team`, look, and take it back."""
    found: Tried | None = None
    with suppress(TakenBack):
        async with database.transaction() as store:
            result: Any = None
            try:
                result = await call(store, repository, method, team, seeded)
            except NotFoundError:
                pass
            except AttemptOpen as earlier:
                result = earlier.attempt
            found = Tried(result, await rows_of(store, MINE, THEIRS))
            raise TakenBack
    assert found is not None
    return found


async def seeded_rows(database: Database) -> dict[str, list[tuple[str, str]]]:
    async with database.transaction() as store:
        return await rows_of(store, MINE, THEIRS)


def test_the_search_finds_the_methods() -> None:
    assert len(methods()) >= 62
    assert {name for name, _ in methods()} == {
        *("workspaces", "people", "connections", "tickets", "templates"),
        *("drafts", "requests", "launches", "lessons", "versions", "posts", "conditions"),
        *("tasks", "events", "rulebooks", "absences"),
        *("audit", "settings", "installs", "erasure"),
        *("api_keys", "hooks", "identities", "memories", "feeds"),
    }


async def test_ids_of_another_workspace_find_and_change_nothing(database: Database) -> None:
    seeded = await seed(database, MINE)
    before = await seeded_rows(database)
    for repository, method in methods():
        came = await tried(database, repository, method, THEIRS, seeded)
        assert came.rows[MINE] == before[MINE], f"{repository}.{method} changed another workspace"
        if (repository, method) not in WRITERS:
            assert not came.result, f"{repository}.{method} found another workspace's row"
            assert not came.rows[THEIRS], f"{repository}.{method} wrote"


async def test_the_same_calls_in_the_right_workspace_do_something(database: Database) -> None:
    """So that the test above cannot pass by giving arguments that mean nothing anywhere."""
    seeded = await seed(database, MINE)
    before = await seeded_rows(database)
    for repository, method in methods():
        came = await tried(database, repository, method, MINE, seeded)
        if (repository, method) not in SILENT:
            assert came.result or came.rows != before, f"{repository}.{method} did nothing"


async def test_an_opening_shows_nothing_of_another_workspace(database: Database) -> None:
    await seed(database, "T1")
    async with database.reading() as store:
        assert await store.opening("T2", "U1", "approvals") == Opening(
            None, None, None, None, None, limited=False
        )
        own = await store.opening("T1", "U1", "approvals")
    assert None not in (own.workspace, own.connection, own.person, own.offer)


def test_every_table_is_keyed_by_workspace() -> None:
    for table in Row.metadata.sorted_tables:
        assert next(iter(table.primary_key.columns)).name == "team"
        assert all("team" in key.column_keys for key in table.foreign_key_constraints)
