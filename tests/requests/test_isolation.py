"""Another workspace's ids mean nothing, to any use-case there is.

The use-cases are found by looking at the modules: one that is new, or that takes something new, fails here
until it is given. An admin of one workspace, to whom everything in the other would belong if only the people
were compared, calls each with the ids of the other: nothing is found, and not a row changes.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

import bot.usecases
from bot.forms.conditions import Rule as QuestionRule
from bot.mapping import Rule as MappingRule
from bot.usecases.calendar import Reminders
from bot.usecases.credentials import Credentials
from bot.usecases.errors import Refusal
from bot.usecases.intake import CustomField, Intake
from bot.usecases.listing import Wanted
from bot.usecases.performing import Performing
from bot.usecases.policies import Draft
from bot.usecases.policy import Policy
from bot.usecases.ports import TryLater, Where
from bot.usecases.relaying import Relaying
from bot.usecases.requesting import NewRequest
from storage import NotFoundError, RulesMoved, SealedValueError, TemplateRule
from storage.models import AskRow, DraftRow, LaunchRow, RequestRow
from storage.records import AuditFilter
from storage.repositories.base import table_of
from tests.integration.storage.seeding import Seeded, seed
from tests.place import Place
from tests.requests.desk import wish
from tests.rows import rows_of

pytestmark = pytest.mark.timeout(300)

THERE = "T0THERE"
#: Take what a use-case read itself, so that there is no id that somebody could send.
INSIDE = {"Courses", "Audience", "IroncladAccess", "Ruling.rules"}
#: Say that they did not find it by saying nothing, or do nothing where there is nothing to do.
SILENT = {
    ("Checking", "check"),
    ("Connecting", "sign_out"),
    ("ApiKeys", "revoke"),
    ("Connecting", "disconnect"),
    ("Connecting", "put_in_use"),
    ("Drafting", "leave"),
    ("HandingOver", "standing"),
}
#: Where it is written whose something is.
OWNERS = ((RequestRow, "requester"), (LaunchRow, "requester"), (DraftRow, "user"), (AskRow, "user"))
#: What names something of a workspace.
IDS = {
    *("request_id", "task_id", "launch_id", "draft_id", "connection_id", "template_id", "key_id", "rule_id"),
    *("workflow_id", "number"),
}


def usecases() -> Iterator[tuple[type[Any], str]]:
    """Every method of a use-case that takes a workspace first."""
    for module in pkgutil.iter_modules(bot.usecases.__path__):
        for name, found in vars(importlib.import_module(f"bot.usecases.{module.name}")).items():
            if not inspect.isclass(found) or found.__module__ != f"bot.usecases.{module.name}":
                continue
            if name.startswith("_") or "database" not in inspect.signature(found.__init__).parameters:
                continue
            for method, act in inspect.getmembers(found, inspect.iscoroutinefunction):
                first = list(inspect.signature(act).parameters)[1:2]
                inside = name in INSIDE or f"{name}.{method}" in INSIDE or method.startswith("_")
                if first == ["team"] and not inside:
                    yield found, method


def running(place: Place, kind: type[Any]) -> Any:
    """The use-case of this kind in the application that runs here."""
    for one in gc.get_objects():
        if type(one) is kind and one._database.url == place.app.database.url:
            return one
    raise LookupError(f"no {kind.__name__} runs here")


def argument(place: Place, kind: str, method: str, name: str, seeded: Seeded) -> Any:
    """A value that finds something in the other workspace."""
    admin = place.member("priya").id
    policy, intake = Policy(), Intake()
    special = {
        ("Auditing", "wanted"): AuditFilter(),
        ("Listing", "wanted"): Wanted("all", "laptops"),
        ("Mappings", "wanted"): 1,
        ("Ruling", "wanted"): 1,
        ("Mappings", "rule"): MappingRule("counterpartyName", "request.counterparty"),
        ("Ruling", "rule"): QuestionRule.model_validate(
            {"target": "purpose", "groups": [{"tests": [{"field": "amount", "op": "is empty"}]}]}
        ),
        ("Offers", "rule"): TemplateRule("nda", hidden=True),
        ("Policies", "rules"): Reminders(),
        ("Policies", "draft"): Draft(1, policy, intake),
        ("Policies", "key"): "x_cost",
        ("Defaults", "wanted"): {},
        ("Overseeing", "number"): "REQ-1",
        ("Requesting", "number"): 2,
        ("Connecting", "connection_id"): seeded.published.id if "review" in method else seeded.connection.id,
    }
    known: dict[str, Any] = {
        "team": place.team,
        "user": admin,
        "admin": True if kind == "Listing" else admin,
        "by": admin,
        "users": [],
        "request_id": seeded.request.id,
        "task_id": seeded.tasks[0].id,
        "launch_id": seeded.refused.id,
        "draft_id": seeded.draft.id,
        "connection_id": seeded.connection.id,
        "template_id": "nda",
        "key_id": seeded.key.id,
        "rule_id": "rule9",
        "workflow_id": "wf9",
        "where": Where(request=seeded.request.id),
        "earlier": seeded.connection.id,
        "typed": Credentials("another-client", "na", "dana@example.com", "a secret"),
        "new": NewRequest("U1", "api", {"what": "Chairs"}, "api:1"),
        "values": {"what": "Chairs", "requester": "U1"},
        "verdict": "approved",
        "revision": 1,
        "version": 1,
        "reason": "because",
        "question": "Why?",
        "answer": "",
        "accepted": True,
        "to": "U2",
        "who": "",
        "delegate": place.member("lee").id,
        "first": date(2030, 1, 1),
        "last": date(2030, 1, 2),
        "policy": policy,
        "intake": intake,
        "field": CustomField(key="x_cost", label="Cost", kind="text"),
        "chosen": [],
        "requester": admin,
        "query": "",
        "words": "laptops",
        "limit": 5,
        "keys": ["counterpartyName"],
        "text": "{}",
        "key": "k1",
        "email": "dana.ruiz@example.com",
        "view": "V1",
        "url": "https://tool.example/hook",
        "name": "Zip",
        "form": "csv",
        "before_n": None,
        "channel": place.channel("general"),
        "language": "de",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "secret": "another secret",
        "returned": "no",
        "when": None,
        "bot_users": (),
        "number": "REQ-1",
        "beside": None,
        "review": False,
        "publish": False,
        "but": "",
        "instead_of": "",
        "requested": None,
        "of": "U1",
    }
    if (kind, name) in special:
        return special[kind, name]
    assert name in known, f"{kind}.{method} takes {name}: say what that is"
    return known[name]


async def workspace_there(place: Place) -> Seeded:
    """Another workspace, full of everything, in which Priya's id is whose most things are."""
    seeded = await seed(place.app.database, THERE)
    priya = place.member("priya").id
    async with place.app.database.transaction() as store:
        for table, column in OWNERS:
            rows = table_of(table)
            owned = update(rows).where(rows.c.team == THERE, rows.c[column] == "U1")
            await store.connection.execute(owned.values({column: priya}))
    for item in await place.app.work.waiting():  # what comes by the calendar is for every workspace
        await place.app.work.cancel(item.key)
    return seeded


async def rows_there(place: Place) -> list[tuple[str, str]]:
    async with place.app.database.transaction() as store:
        return (await rows_of(store, THERE))[THERE]


async def tried(
    place: Place, kind: type[Any], method: str, seeded: Seeded, *, nothing: bool = False
) -> tuple[Any, bool]:
    """What came of a call, and whether it was refused. With `nothing`, of one with ids that nobody has."""
    act = getattr(running(place, kind), method)
    given = {
        name: argument(place, kind.__name__, method, name, seeded)
        for name in inspect.signature(act).parameters
    }
    if nothing:
        given |= {name: "nobody's" for name in IDS & set(given) if name != "number"}
    try:
        return await act(**given), False
    except (Refusal, TryLater, RulesMoved, NotFoundError, SealedValueError) as refused:
        return str(refused), True


async def test_no_use_case_finds_or_changes_another_workspace(place: Place) -> None:
    seeded = await workspace_there(place)
    before = await rows_there(place)
    found = list(usecases())
    assert len(found) >= 110
    for kind, method in found:
        where = f"{kind.__name__}.{method}"
        result, refused = await tried(place, kind, method, seeded)
        assert await rows_there(place) == before, f"{where} changed another workspace"
        assert THERE not in repr(result), f"{where} found something of another workspace"
        named = IDS & set(inspect.signature(getattr(kind, method)).parameters)
        if named and (kind.__name__, method) not in SILENT:
            assert refused or not result, f"{where} took {named} of another workspace: {result!r}"
            as_unknown = await tried(place, kind, method, seeded, nothing=True)
            assert (result, refused) == as_unknown, f"{where} tells what is there from what is nowhere"


async def test_durable_work_does_not_either(place: Place) -> None:
    """A payload that names one workspace and ids of another finds nothing."""
    seeded = await workspace_there(place)
    before = await rows_there(place)
    payload = {
        "team": place.team,
        "user": place.member("dana").id,
        "request": seeded.request.id,
        "launch": seeded.accepted.id,
        "connection": seeded.connection.id,
        "draft": seeded.draft.id,
        "hook": seeded.hook.id,
        "task": seeded.tasks[0].id,
        "tasks": [seeded.tasks[0].id],
        "revision": 1,
        "version": 1,
        "changed": [],
        "view": "",
        "at": "2030-01-01T00:00:00+00:00",
        "told": "",
        "late": "",
        "key": "remind:1",
        "accepted": 0,
    }
    works = [
        (place.app.following, ("follow", "news")),
        (place.app.checking, ("perform",)),
        (place.app.requesting, ("route",)),
        (place.app.nudging, ("remind",)),
        (place.app.reminding, ("tell",)),
        *((running(place, kind), (name,)) for kind, name in _performers()),
    ]
    for usecase, names in works:
        for name in names:
            await getattr(usecase, name)(dict(payload))
            assert await rows_there(place) == before, f"{type(usecase).__name__}.{name}"


def _performers() -> Iterator[tuple[type[Any], str]]:
    yield Performing, "perform"
    yield Relaying, "relay"


async def test_numbers_and_keys_are_counted_within_a_workspace(place: Place) -> None:
    here, again = await asyncio.gather(*(wish(place, place.member("dana").id, "a key") for _ in range(2)))
    async with place.app.database.transaction() as store:
        there = await store.requests.add(THERE, "U1", "Chairs", origin_key="a key")

    assert again.id == here.id
    assert there.id != here.id
    assert there.number == 1
