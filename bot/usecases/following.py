"""Following workflows after their launch: the card shows what Ironclad says of each, until it has ended.

News comes in two ways, by Ironclad's webhook and by reading its list of changes. Neither is believed: both
only say which workflow to look at. What Ironclad then says of it is written down in one place, `note`, where
what is older than what is known changes nothing; so news may come twice, late, or in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.usecases.access import IroncladAccess, SignedOut
from bot.usecases.courses import promise
from bot.usecases.hearing import Hearing
from bot.usecases.links import Links
from ironclad import Forbidden, Ironclad, IroncladError, NotFound, RateLimited, Rejected, Workflow
from storage import Connection, Course, Database, Feed, FeedFacts, Launch, Store
from storage.work import Later, Payload, Work

log = structlog.stdlib.get_logger("slipway.follow")

FOLLOW = "follow"  #: the kind of durable work that reads what changed over one connection
SCHEDULE = "follow"
WORKFLOW = "workflow"  #: the kind of event that tells of a milestone

AT_ONCE = 200  # connections in one run of the schedule
FEW = 25  # workflows looked at one by one in one run
MOST_CHANGES = 2_000  # taken from Ironclad's list in one run
OVERLAP = timedelta(minutes=5)  # clocks differ, and Ironclad's list is behind by a little
STALE = timedelta(days=1)  # what no list has shown for so long is looked at by itself
UNDER_WAY = timedelta(minutes=10)  # nobody else reads the list meanwhile
LONGEST = 15  # times the usual pause between two looks, while nothing is new
BUSY_SECONDS = 60.0

#: What is worth a line in the thread, by the status or else the step that a workflow has come to.
MILESTONES = ("cancelled", "completed", "Sign", "Archive")


class Following:
    """Looks how workflows stand, and says so."""

    def __init__(
        self,
        database: Database,
        work: Work,
        access: IroncladAccess,
        links: Links,
        hearing: Hearing,
        *,
        seconds: float,
    ) -> None:
        """`seconds` lie between two readings of a list while it has something new."""
        self._database = database
        self._work = work
        self._access = access
        self._links = links
        self._hearing = hearing
        self._seconds = seconds

    @property
    def cron(self) -> str:
        """When `look` is due: every minute, or every few seconds where that was asked for."""
        return "* * * * *" if self._seconds >= 60 else f"* * * * * */{max(int(self._seconds), 1)}"

    # Reading Ironclad's list of changes -----------------------------------------------------------

    async def look(self) -> None:
        """Begin to read what changed, for each connection that is due."""
        async with self._database.reading() as store:
            due = await store.feeds.due(await store.now(), AT_ONCE)
        for team, connection_id in due:
            async with self._database.transaction() as store:
                await self._begin(store, team, connection_id)

    async def _begin(self, store: Store, team: str, connection_id: str) -> None:
        feed = await store.feeds.ensure(team, connection_id)
        now = await store.now()
        if feed is None or feed.next_at > now or not await store.feeds.put_off(feed, now + UNDER_WAY):
            return
        key = f"follow:{team}:{connection_id}:{feed.next_at.timestamp()}"
        await self._work.start(store, FOLLOW, key, {"team": team, "connection": connection_id})

    async def follow(self, payload: Payload) -> Later | None:
        """The durable work behind `look`."""
        team, connection_id = payload["team"], payload["connection"]
        async with self._database.reading() as store:
            connection = await store.connections.get(team, connection_id)
            feed = await store.feeds.get(team, connection_id)
            now = await store.now()
        if connection is None or feed is None or not connection.verified:
            return None
        await self._hearing.settle(connection, feed, now)
        try:
            client = await self._access.client(connection)
            changed = await self._changed(client, feed, (feed.read_until or now) - OVERLAP)
            changed += await self._one_by_one(connection, now)
        except RateLimited as busy:
            return Later(busy.retry_after or BUSY_SECONDS)
        except (SignedOut, IroncladError) as down:
            log.warning("could not look how workflows stand", team=team, why=str(down))
            await self._read(feed, now, feed.read_until, feed.quiet + 1)
            return None
        await self._read(feed, now, now, 0 if changed else feed.quiet + 1)
        return None

    async def _read(self, feed: Feed, now: datetime, until: datetime | None, quiet: int) -> None:
        """Note how far the list was read, and when it is read next: later and later while nothing is new."""
        wait = timedelta(seconds=self._seconds * min(2 ** min(max(quiet - 1, 0), 8), LONGEST))
        async with self._database.transaction() as store:
            facts = FeedFacts(next_at=now + wait, quiet=quiet, read_until=until)
            await store.feeds.note(feed.team, feed.connection_id, facts)

    async def _changed(self, client: Ironclad, feed: Feed, since: datetime) -> int:
        """Take in what the list says has changed; how many of ours had moved."""
        found: list[Workflow] = []
        async for workflow in client.workflows(updated_since=since):
            found.append(workflow)
            if len(found) >= MOST_CHANGES:  # the rest is looked at one by one, in time
                break
        async with self._database.reading() as store:
            launches = await store.launches.of_workflows(feed.team, [one.id for one in found])
        by_id = {one.id: one for one in found}
        return sum([await self.note(launch, by_id[launch.workflow_id or ""]) for launch in launches])

    async def _one_by_one(self, connection: Connection, now: datetime) -> int:
        """Look at workflows that no list has shown for long: new ones, and those of others alone."""
        async with self._database.reading() as store:
            launches = await store.launches.not_looked_at(
                connection.team, demo=connection.demo, since=now - STALE, limit=FEW
            )
        return sum([await self._look_at(connection, launch) for launch in launches])

    # One workflow ---------------------------------------------------------------------------------

    async def news(self, payload: Payload) -> Later | None:
        """The durable work that looks at one workflow, because somebody said that it changed."""
        async with self._database.reading() as store:
            launch = await store.launches.get(payload["team"], payload["launch"])
            connection = await store.connections.get(payload["team"], payload["connection"])
        if launch is None or connection is None or launch.state != "launched":
            return None
        try:
            await self._look_at(connection, launch)
        except RateLimited as busy:
            return Later(busy.retry_after or BUSY_SECONDS)
        except IroncladError as down:
            log.warning("could not look at a workflow", launch=launch.id, why=str(down))
            return Later(BUSY_SECONDS)
        return None

    async def _look_at(self, connection: Connection, launch: Launch) -> bool:
        """Ask Ironclad how a workflow stands, as whoever launched it. Raises an `IroncladError`."""
        try:
            client = await self._access.client(connection, as_user=launch.acting_user)
            workflow = await client.workflow(launch.workflow_id or "")
        except (SignedOut, NotFound, Forbidden, Rejected) as hidden:
            log.info("a workflow does not show", launch=launch.id, why=type(hidden).__name__)
            async with self._database.transaction() as store:
                await store.launches.looked_at(launch.team, [launch.id])  # again tomorrow
            return False
        return await self.note(launch, workflow)

    async def note(self, launch: Launch, workflow: Workflow) -> bool:
        """Write down how a workflow stands and have it told; whether it had moved, as far as people see."""
        if _known(launch, workflow):
            async with self._database.transaction() as store:
                await store.launches.looked_at(launch.team, [launch.id])
            return False
        async with self._database.transaction() as store:
            connection = await store.connections.get(launch.team, launch.connection_id)
            url = workflow.url or launch.url
            if url is None and connection is not None:
                url = self._links.workflow(connection, workflow.id)
            if not _moved(launch, workflow):
                await store.launches.follow(launch.team, launch.id, _course(launch, workflow, url))
                return False
            return await self._move(store, launch, workflow, url)

    async def _move(self, store: Store, launch: Launch, workflow: Workflow, url: str | None) -> bool:
        """What people see changes: once, whoever else is told of it at the same moment."""
        request = await store.requests.lock(launch.team, launch.request_id)
        before = await store.launches.get(launch.team, launch.id)
        if request is None or before is None or _known(before, workflow):
            return False
        if not await store.launches.follow(launch.team, launch.id, _course(before, workflow, url)):
            return False
        if milestone := _milestone(before, workflow):
            at = await store.now()
            detail = {"to": milestone}
            await store.events.add(launch.team, request.id, WORKFLOW, "", at=at, detail=detail)
        await promise(store, self._work, request, told=_told(workflow))
        return True


def _course(launch: Launch, workflow: Workflow, url: str | None) -> Course:
    moved = launch.step != workflow.step or launch.step_since is None
    return Course(
        status=workflow.status or "active",
        step=workflow.step,
        title=workflow.title or launch.title,
        ironclad_id=workflow.ironclad_id or launch.ironclad_id,
        url=url,
        step_since=(workflow.last_updated or workflow.created) if moved else launch.step_since,
        changed_at=workflow.last_updated,
    )


def _known(launch: Launch, workflow: Workflow) -> bool:
    """Whether what Ironclad says is no newer than what is written down."""
    if workflow.last_updated is None or launch.changed_at is None:
        return launch.status is not None and not _moved(launch, workflow)
    return workflow.last_updated <= launch.changed_at


def _moved(launch: Launch, workflow: Workflow) -> bool:
    """Whether people see a difference."""
    before = (launch.status or "active", launch.step, launch.title, launch.ironclad_id)
    after = (workflow.status or "active", workflow.step, workflow.title, workflow.ironclad_id)
    return any(new and new != old for old, new in zip(before, after, strict=True))


def _milestone(launch: Launch, workflow: Workflow) -> str:
    """What the thread says, if anything: how it ended, or the step that it has come to."""
    if workflow.status != (launch.status or "active") and workflow.status in MILESTONES:
        return workflow.status
    ended = workflow.status in ("cancelled", "completed")
    return workflow.step if workflow.step != launch.step and workflow.step in MILESTONES and not ended else ""


_TOLD: Mapping[str, str] = {"cancelled": "contract.cancelled", "completed": "contract.completed"}


def _told(workflow: Workflow) -> str:
    """How the webhook calls what happened."""
    return _TOLD.get(workflow.status, "contract.moved")
