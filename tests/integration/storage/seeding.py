"""Made-up rows to test with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.database import Database
from storage.records import (
    Ask,
    Connection,
    Draft,
    Feed,
    Install,
    Launch,
    Person,
    Request,
    Task,
    TemplateFacts,
    TemplateRule,
    Ticket,
    WorkspaceSettings,
)
from storage.records.intake import ApiKey, Hook
from storage.store import Store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SCHEMA = {"schema": {"counterpartyName": {"type": "string", "displayName": "Counterparty"}}}


def person(team: str = "T1", user: str = "U1", **changes: Any) -> Person:
    facts: dict[str, Any] = {
        "name": "Dana Wu",
        "email": "dana@example.com",
        "is_admin": False,
        "tz": "Europe/Berlin",
        "locale": "en-GB",
        "fetched_at": NOON,
    }
    return Person(team, user, **{**facts, **changes})


def template(template_id: str, name: str, *, may_launch: bool = True, schema: Any = None) -> TemplateFacts:
    return TemplateFacts(template_id, name, SCHEMA if schema is None else schema, may_launch)


def install(team: str = "T1", **changes: Any) -> Install:
    facts: dict[str, Any] = {
        "enterprise": None,
        "org_wide": False,
        "name": f"Workspace {team}",
        "app_id": "A1",
        "bot_user": "U0",
        "scopes": ("chat:write",),
        "expires_at": NOON,
        "problem": None,
        "installed_by": "U9",
        "installed_at": NOON,
    }
    return Install(team, **{**facts, **changes})


async def connection(store: Store, team: str = "T1", **changes: Any) -> Connection:
    facts: dict[str, Any] = {
        "region": "na",
        "grant": "client_credentials",
        "client_id": "client-1",
        "client_secret": "a-client-secret",
        "acting_user": "admin@example.com",
        "by": "U9",
    }
    return await store.connections.add(team, **{**facts, **changes})


async def ready_connection(store: Store, team: str = "T1", **changes: Any) -> Connection:
    made = await connection(store, team, **changes)
    await store.connections.promote(
        team, made.id, company_id="co1", company_name="Acme", scopes=["public.workflows.readSchemas"]
    )
    current = await store.connections.current(team)
    assert current is not None
    return current


async def launch(store: Store, team: str = "T1", **changes: Any) -> Launch:
    """A launch with a request of its own, unless `changes` names one."""
    if "request_id" not in changes:
        changes["request_id"] = (await store.requests.add(team, "U1", "Laptops")).id
    facts: dict[str, Any] = {
        "draft_id": f"draft-of-{changes['request_id']}",
        "requester": "U1",
        "connection_id": "c1",
        "acting_user": "dana@example.com",
        "template_id": "nda",
        "template_name": "NDA",
        "attributes": {"counterpartyName": "Umbrella"},
        "digest": "d1",
        "reference_key": "requestNumber",
    }
    return await store.launches.add(team, **{**facts, **changes})


async def revise(store: Store, launch_id: str, team: str = "T1", **changes: Any) -> Launch | None:
    """A correction of a refused launch."""
    facts: dict[str, Any] = {
        "draft_id": "d2",
        "connection_id": "c2",
        "acting_user": "lee@example.com",
        "attributes": {},
        "digest": "",
        "reference_key": None,
    }
    return await store.launches.revise(team, launch_id, **{**facts, **changes})


def task(request: Request, **changes: Any) -> Task:
    """An open approval in which it is U1's turn."""
    made = Task(
        id=f"{request.id}.1",
        position=0,
        kind="approval",
        stage="manager",
        name="Manager",
        rule="any",
        needed=1,
        people=("U1",),
        again_on=("amount",),
        self_ok=False,
        note="",
        state="open",
        opened_at=NOON,
        closed_at=None,
        asks=(Ask("U1", None, "open", NOON, remind_at=NOON),),
    )
    return replace(made, **changes)


@dataclass(frozen=True)
class Seeded:
    """One row of every kind in one workspace."""

    connection: Connection
    untried: Connection
    draft: Draft
    request: Request
    launch: Launch
    refused: Launch
    tasks: tuple[Task, ...]
    #: A request that nothing has launched yet.
    spare: Request
    #: A form that was submitted.
    sent: Draft
    key: ApiKey
    hook: Hook
    demo: Connection
    published: Connection
    ticket: Ticket
    ticket_secret: str
    used_ticket: Ticket
    feed: Feed
    #: A launch whose workflow exists.
    accepted: Launch
    #: The id of the rules of a template.
    rules: str


async def seed(database: Database, team: str) -> Seeded:
    async with database.transaction() as store:
        await store.workspaces.ensure(team, f"Workspace {team}")
        await store.workspaces.set_channel(team, "C1", "U9")
        await store.people.put(person(team))
        await store.people.put(person(team, "U9", is_admin=True))
        current = await ready_connection(store, team)
        await store.connections.save_tokens(
            team, current.id, 0, access_token="at", refresh_token="rt", expires_at=NOON, scope="s"
        )
        await store.connections.put_tokens(
            team,
            current.id,
            holder="U5",
            access_token="at5",
            refresh_token="rt5",
            expires_at=NOON,
            scope="s",
            account="eve@example.com",
        )
        for schema in ({}, SCHEMA):
            await store.templates.remember(
                team, "other@example.com", [template("old", "changed", schema=schema)]
            )
        await store.versions.look(team, "U9")
        await store.versions.sighted(team, [template("lost", "Lost")])
        await store.versions.sighted(team, [])
        await store.templates.remember(team, "dana@example.com", [template("nda", "NDA")])
        await store.posts.intend(team, "card:1", "C1")
        draft = await store.drafts.start(team, "U1", "nda", "NDA")
        await store.drafts.save(team, draft.id, {"counterpartyName": "Umbrella"})
        sent = await store.drafts.start(team, "U1", "nda", "NDA")
        await store.drafts.submitted(team, sent.id)
        request = await store.requests.add(team, "U1", "Laptops", origin_key="api:1")
        await store.requests.index(team, request.number, ["laptops"])
        await store.tasks.save(team, request.id, (), [task(request)])
        tasks = await store.tasks.of(team, request.id)
        await store.events.add(team, request.id, "created", "U1", at=NOON)
        await store.rulebooks.save(team, "approvals", {}, "U9", 1)
        await store.absences.put(team, "U1", NOON, NOON + timedelta(days=1), "U2")
        launched = await launch(store, team, request_id=request.id, draft_id=sent.id)
        await store.launches.begin_attempt(team, launched.id, 60)
        await store.launches.move(
            team, launched.id, expected=["launching"], to="launching", workflow_id="wf1", ironclad_id="IC-1"
        )
        refused = await launch(store, team)
        await launch(store, team)
        await store.launches.move(team, refused.id, expected=["launching"], to="refused")
        await store.drafts.start(team, "U1", "nda", "NDA", launch_id=refused.id)
        await store.lessons.learn(
            team,
            refused.id,
            revision=1,
            template_id="nda",
            template_name="changed",
            attributes={"price": 1},
            codes={"costCentre": "MISSING_PARAM"},
        )
        spare = await store.requests.add(team, "U2", "Chairs")
        accepted = await launch(store, team, template_name="changed")
        await store.launches.move(team, accepted.id, expected=["launching"], to="launched", workflow_id="wf9")
        await store.conditions.save(team, "nda", "NDA", [{"target": "purpose"}], by="U9", version=0)
        rules = await store.conditions.of(team, "nda", "NDA")
        assert rules is not None
        await store.conditions.drop(team, "changed", "rule9", "U9")
        untried = await connection(store, team)
        await store.settings.save(team, WorkspaceSettings(currency="GBP"))
        await store.settings.set_category_channel(team, "Software", "C7")
        await store.settings.rule_template(team, TemplateRule("msa", channels=("C7",)))
        await store.settings.add_admin(team, "U1", "U9")
        await store.installs.put(install(team), bot_token="xoxb-1", refresh_token="xoxe-1")
        await store.installs.meet(team, "E9")
        await store.audit.add(team, "U9", "channel.set", "procurement", after={"channel": "C1"})
        key = await store.api_keys.add(team, "Zip", "digest", "U9")
        hook = await store.hooks.put(team, "https://zip.example/hook", "a-hook-secret", "U9")
        await store.identities.put(team, "U1", "dana@other.example", "claimed", "U1")
        await store.identities.note_unmatched(team, "U4")
        await store.memories.put(team, "U1", "nda", {"purpose": "Talks"})
        demo = await demo_connection(store, team)
        published = await connection(store, team, review=True)
        open_ticket, secret = await ticket(store, current)
        used_ticket, _ = await ticket(store, current, user="U7")
        await store.tickets.use(team, used_ticket.id)
        await ticket(store, current, seconds=-3600)
        await store.feeds.ensure(team, current.id)
        await store.feeds.note(team, current.id, {"next_at": datetime(2100, 1, 1, tzinfo=UTC)})
        feed = await store.feeds.get(team, current.id)
        assert feed is not None
    return Seeded(
        current,
        untried,
        draft,
        request,
        launched,
        refused,
        tasks,
        spare,
        sent,
        key,
        hook,
        demo,
        published,
        open_ticket,
        secret,
        used_ticket,
        feed,
        accepted,
        rules.id,
    )


async def demo_connection(store: Store, team: str) -> Connection:
    """On standby beside production, and not taken by Ironclad any more."""
    made = await connection(store, team, region="demo")
    await store.connections.promote(team, made.id, company_id="co2", company_name="Acme Demo", scopes=[])
    await store.connections.note_broken(team, made.id, "secret replaced")
    return made


async def ticket(store: Store, of: Connection, **changes: Any) -> tuple[Ticket, str]:
    """A ticket, and its secret."""
    facts: dict[str, Any] = {"purpose": "sign_in", "stage": "link", "user": "U1", "seconds": 1800}
    made, token = await store.tickets.issue(of.team, connection_id=of.id, **{**facts, **changes})
    stub = store.tickets.stub(token)
    assert stub is not None
    return made, stub.secret
