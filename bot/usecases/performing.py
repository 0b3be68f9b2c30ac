"""One submit, one workflow: the durable work of a launch.

Every attempt is written down before it is made. An attempt whose outcome is unknown (the process was
killed, the answer was lost) is never simply repeated: Ironclad is searched first, the one match is adopted,
and where it is not certain the requester is asked. Nothing here trusts that an earlier run got to its end;
each run starts from what is written down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Unpack

import structlog

from bot.forms.kept import KeptFile, Outgoing, outgoing, with_files
from bot.texts import phrase
from bot.usecases.access import IroncladAccess, SignedOut
from bot.usecases.alarms import Alarms
from bot.usecases.courses import close_request
from bot.usecases.documents import Documents, FilesUnfit
from bot.usecases.errors import explain
from bot.usecases.links import Links
from bot.usecases.matching import CLOCKS_WRONG, Found, Sent, sort_out
from bot.usecases.ports import SETTLED_SECONDS, Announcer, CannotTell, Screens, TryLater
from bot.usecases.problems import problem_of, unfit_files
from bot.usecases.states import ASKING, LAUNCHED, LAUNCHING, REFUSED, facts_of
from ironclad import (
    BadCredentials,
    Forbidden,
    Ironclad,
    IroncladError,
    NotFound,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Rejected,
    Unauthorized,
    Unavailable,
    Upload,
    Workflow,
    equals,
    fields_of,
    is_property,
)
from storage import Attempt, AttemptOpen, Connection, Database, Launch, LaunchFacts, WorkflowTaken
from storage.records import AttemptOutcome, LaunchState
from storage.work import Later, Payload, Work

log = structlog.stdlib.get_logger("slipway.launch")

LEASE_SECONDS = 15.0  # from writing an attempt down until its request must have begun
LOOK_AGAIN_SECONDS = (0.5, 1, 2, 5, 10)  # while a lost workflow may still turn up
UNREACHABLE_SECONDS = (1, 2, 5, 15, 30, 60, 120, 300)
BUSY_SECONDS = 30.0  # when Ironclad does not say how long
NOT_CONNECTED_SECONDS = 60.0
LOST_AT_MOST = 3  # attempts that left no trace, until a person is asked
LOST = phrase("Ironclad's answer was lost. Slipway looks for the contract.")


@dataclass(frozen=True)
class _Way:
    """How a launch reaches its Ironclad."""

    connection: Connection
    client: Ironclad

    @property
    def acts_as_requester(self) -> bool:
        return self.connection.grant == "client_credentials"


class Performing:
    """Turns an accepted launch into exactly one workflow, and says so."""

    def __init__(
        self,
        database: Database,
        access: IroncladAccess,
        announcer: Announcer,
        screens: Screens,
        links: Links,
        documents: Documents,
        alarms: Alarms,
        *,
        settle: timedelta,
        work: Work,
    ) -> None:
        """`settle`: how long a created workflow may take to show in Ironclad's list."""
        self._database = database
        self._access = access
        self._announcer = announcer
        self._screens = screens
        self._links = links
        self._documents = documents
        self._alarms = alarms
        self._settle = settle
        self._work = work

    async def perform(self, payload: Payload) -> Later | None:
        """One run of the work. May be run again from the start at any time."""
        launch = await self._read(payload["team"], payload["launch"])
        if launch is None:
            return None
        if launch.state == LAUNCHING:
            await self._announce_if_possible(launch)
            later = await self._advance(launch)
            if later is not None:
                return later
        launch = await self._again(launch)
        try:
            await self._announcer.announce(launch)
            return await self._show(launch, payload)
        except TryLater as busy:
            return Later(busy.seconds)

    async def _show(self, launch: Launch, payload: Payload) -> Later | None:
        """Show the result in the modal of the submit, if it is still open."""
        if view := payload["view"]:
            early = SETTLED_SECONDS - (await self._now()).timestamp() + payload["accepted"]
            if early > 0:
                return Later(early)
            await self._screens.launch(launch.team, view, launch)
        return None

    async def _advance(self, launch: Launch) -> Later | None:
        """One step towards a workflow: find out what became of the last attempt, or make one."""
        try:
            way = await self._way(launch)
        except SignedOut as signed_out:
            await self._say_waiting(launch, signed_out.what)
            return Later(NOT_CONNECTED_SECONDS)
        if way is None:
            await self._say_waiting(launch, phrase("Slipway is not connected to Ironclad at the moment."))
            return Later(NOT_CONNECTED_SECONDS)
        async with self._database.reading() as store:
            attempts = await store.launches.attempts(launch.team, launch.id)
        if not attempts or not attempts[-1].open:
            return await self._send(way, launch, attempts)
        if way.connection.id != launch.connection_id:
            # Sent over a connection that was replaced since: this one may look at another company.
            await self._move(launch, ASKING, candidates=[])
            return None
        return await self._find_out(way, launch, attempts)

    async def _way(self, launch: Launch) -> _Way | None:
        """The connection the launch was accepted with or, once that was replaced, its successor.

        What was meant for the demo never goes to production, nor the other way round.
        """
        async with self._database.reading() as store:
            connection = await store.connections.get(launch.team, launch.connection_id)
            connection = connection or await store.connections.of_environment(launch.team, launch.demo)
        if connection is None:
            return None
        return _Way(connection, await self._access.client(connection, as_user=launch.acting_user))

    # Sending --------------------------------------------------------------------------------------

    async def _send(self, way: _Way, launch: Launch, attempts: Sequence[Attempt]) -> Later | None:
        if sum(attempt.outcome == "absent" for attempt in attempts) >= LOST_AT_MOST:
            # Ironclad keeps losing its answers. Whatever it does with the request, a person should look.
            await self._move(launch, ASKING, candidates=[])
            return None
        sent = outgoing(launch.attributes)
        try:
            async with self._documents.carried(launch.team, sent.files) as carried:
                await self._note_files(launch, carried.files)
                return await self._attempt(way, launch, attempts, sent, carried.uploads)
        except FilesUnfit as unfit:
            await self._refuse_files(
                way, launch, {sent.keys[part]: why for part, why in unfit.problems.items()}
            )
            return None
        except TryLater as busy:
            await self._say_waiting(
                launch, phrase("Slack does not give out the attached files at the moment.")
            )
            return Later(busy.seconds)

    async def _attempt(
        self,
        way: _Way,
        launch: Launch,
        attempts: Sequence[Attempt],
        sent: Outgoing,
        uploads: Sequence[Upload],
    ) -> Later | None:
        try:
            async with self._database.transaction() as store:
                attempt = await store.launches.begin_attempt(launch.team, launch.id, LEASE_SECONDS)
        except AttemptOpen:
            return Later(LEASE_SECONDS)  # another process is on it; if it dies, its attempt is looked up
        try:
            await way.client.authorized()  # before the clock below: renewing a token may take its time
            if await self._now() >= attempt.not_after:
                # A process that was frozen until now must not send: others may have given the attempt up.
                return await self._not_sent(launch, attempt, "its time was over before it began", 0)
            workflow = await way.client.launch(launch.template_id, sent.attributes, files=uploads)
        except OutcomeUnknown as unknown:
            await self._settled(launch, attempt, "unknown", str(unknown))
            await self._say_waiting(launch, LOST)
            return Later(LOOK_AGAIN_SECONDS[0])
        except RateLimited as busy:
            await self._say_waiting(launch, explain(busy).what)
            return await self._not_sent(launch, attempt, str(busy), busy.retry_after or BUSY_SECONDS)
        except (NotSent, Unavailable) as down:
            await self._say_waiting(launch, explain(down).what)
            return await self._not_sent(launch, attempt, str(down), _nth(UNREACHABLE_SECONDS, len(attempts)))
        except (BadCredentials, Unauthorized) as ended:
            await self._ended(way, launch)
            return await self._not_sent(launch, attempt, str(ended), NOT_CONNECTED_SECONDS)
        except Refused as refused:
            await self._settled(launch, attempt, "refused", str(refused))
            await self._refused(way, launch, refused)
            return None
        await self._alarms.works(way.connection)
        return await self._record(way, launch, attempt, workflow, "created")

    async def _ended(self, way: _Way, launch: Launch) -> None:
        """Ironclad takes neither credentials nor token: an admin is told once, the launch waits."""
        refusal = await self._alarms.broken(way.connection, launch.acting_user)
        await self._say_waiting(launch, refusal.what)

    async def _not_sent(self, launch: Launch, attempt: Attempt, why: str, wait: float) -> Later:
        await self._settled(launch, attempt, "not_sent", why)
        return Later(wait)

    async def _record(
        self, way: _Way, launch: Launch, attempt: Attempt, workflow: Workflow, how: AttemptOutcome
    ) -> Later | None:
        """Write the workflow down; from here on the launch is done."""
        facts = facts_of(workflow, self._links, way.connection)
        now = await self._now()
        course = LaunchFacts(
            status=workflow.status or None,
            step_since=workflow.last_updated or workflow.created,
            changed_at=workflow.last_updated,
            looked_at=now,
        )
        done = LaunchFacts(**facts, **course, problem=None, finished_at=now)
        try:
            async with self._database.transaction() as store:
                await store.launches.settle_attempt(launch.team, launch.id, attempt.n, how)
                moved = await store.launches.move(
                    launch.team, launch.id, expected={LAUNCHING, ASKING}, to=LAUNCHED, **done
                )
                if moved:
                    await close_request(store, self._work, launch)
                    await store.drafts.delete_of_launch(launch.team, launch.id)
        except WorkflowTaken:
            # A launch that looks the same took this workflow for its own. If it was looked up, look again;
            # if it is what our own request made, only a person can say whose is whose.
            if how == "adopted":
                return Later(LOOK_AGAIN_SECONDS[0])
            await self._move(launch, ASKING, candidates=[facts])
            return None
        if not moved:
            log.error("a workflow was made for a launch that is done", launch=launch.id, workflow=workflow.id)
        return None

    # Finding out ----------------------------------------------------------------------------------

    async def _find_out(self, way: _Way, launch: Launch, attempts: Sequence[Attempt]) -> Later | None:
        """What became of the last attempt? Adopt its workflow, look again later, ask, or rule it out."""
        attempt = attempts[-1]
        now = await self._now()
        age = (now - attempt.started_at).total_seconds()
        try:
            found = await self._look_up(way, launch, attempts[0])
        except (Forbidden, Rejected, NotFound):
            await self._move(launch, ASKING, candidates=[])  # we may not look, so we cannot know
            return None
        except (BadCredentials, Unauthorized):
            await self._ended(way, launch)
            return Later(NOT_CONNECTED_SECONDS)
        except IroncladError as down:
            await self._say_waiting(launch, explain(down).what)
            return Later(_nth(UNREACHABLE_SECONDS, int(age // 60)))
        if len(found.sure) == 1 and await self._unmistakable(launch):
            return await self._record(way, launch, attempt, found.sure[0], "adopted")
        certain = now >= attempt.not_after + self._settle
        likely = [*found.sure, *found.near]
        if len(found.sure) > 1 or (likely and certain):
            choices = [facts_of(workflow, self._links, way.connection) for workflow in likely]
            await self._move(launch, ASKING, candidates=choices)
            return None
        if not certain:
            return Later(_nth(LOOK_AGAIN_SECONDS, int(age // 2)))
        await self._settled(launch, attempt, "absent")
        return Later(0)

    async def _unmistakable(self, launch: Launch) -> bool:
        """Whether a match can only be ours: it carries our reference, or nothing alike is under way."""
        if _reference_of(launch):
            return True
        async with self._database.reading() as store:
            return not await store.launches.rivals(launch.team, launch.id)

    async def _look_up(self, way: _Way, launch: Launch, first: Attempt) -> Found:
        """The workflows that may be this launch's, without those that another launch already has."""
        key = _reference_of(launch)
        listed = way.client.workflows(
            template=launch.template_id,
            updated_since=None if key else first.started_at - CLOCKS_WRONG,
            where=equals(key, str(launch.attributes[key])) if key else None,
        )
        sent = Sent(
            attributes=outgoing(launch.attributes).attributes,
            acting_user=launch.acting_user if way.acts_as_requester else None,
            since=first.started_at,
            reference_key=key,
        )
        workflows = [workflow async for workflow in listed]
        async with self._database.reading() as store:
            taken = await store.launches.taken(launch.team, [workflow.id for workflow in workflows])
        return sort_out([workflow for workflow in workflows if workflow.id not in taken], sent)

    # Writing down ---------------------------------------------------------------------------------

    async def _move(self, launch: Launch, to: LaunchState, **facts: Unpack[LaunchFacts]) -> None:
        async with self._database.transaction() as store:
            await store.launches.move(launch.team, launch.id, expected={LAUNCHING}, to=to, **facts)

    async def _note_files(self, launch: Launch, files: Mapping[str, KeptFile]) -> None:
        """Keep the checksums with the launch, where the thread shows them."""
        known = {file.id: file for file in files.values()}
        attributes = with_files(dict(launch.attributes), known)
        if attributes != launch.attributes:
            async with self._database.transaction() as store:
                await store.launches.refine(launch.team, launch.id, attributes)

    async def _refuse_files(self, way: _Way, launch: Launch, fields: Mapping[str, str]) -> None:
        form = self._links.launch_form(way.connection, launch.template_id)
        await self._move(launch, REFUSED, problem=unfit_files(fields, form))

    async def _refused(self, way: _Way, launch: Launch, refused: Refused) -> None:
        async with self._database.reading() as store:
            template = await store.templates.get(launch.team, launch.template_id)
        asked = fields_of(template.schema) if template else ()
        form = self._links.launch_form(way.connection, launch.template_id)
        problem = problem_of(refused, launch.attributes, asked, form)
        await self._move(launch, REFUSED, problem=problem)
        async with self._database.transaction() as store:
            await store.lessons.learn(
                launch.team,
                launch.id,
                revision=launch.revision,
                template_id=launch.template_id,
                template_name=launch.template_name,
                attributes=launch.attributes,
                codes=dict.fromkeys(problem["fields"], problem["code"]),
            )
            if isinstance(refused, NotFound):
                await store.templates.outdate(launch.team)  # the list that was offered is no longer true

    async def _settled(
        self, launch: Launch, attempt: Attempt, outcome: AttemptOutcome, detail: str = ""
    ) -> None:
        async with self._database.transaction() as store:
            await store.launches.settle_attempt(launch.team, launch.id, attempt.n, outcome, detail)

    async def _say_waiting(self, launch: Launch, why: str) -> None:
        await self._move(launch, LAUNCHING, problem={"waiting": why})
        await self._announce_if_possible(await self._again(launch))

    async def _announce_if_possible(self, launch: Launch) -> None:
        try:
            await self._announcer.announce(launch)
        except (TryLater, CannotTell) as silent:
            # The contract does not wait for the message; the end of the work announces again.
            log.warning("could not announce a launch yet", launch=launch.id, why=str(silent))
        except Exception as broken:  # a mistake in a message must not stop a contract either
            log.error("could not announce a launch", launch=launch.id, exc_info=broken)

    async def _now(self) -> datetime:
        async with self._database.reading() as store:
            return await store.now()

    async def _read(self, team: str, launch_id: str) -> Launch | None:
        async with self._database.reading() as store:
            return await store.launches.get(team, launch_id)

    async def _again(self, launch: Launch) -> Launch:
        return await self._read(launch.team, launch.id) or launch


def _reference_of(launch: Launch) -> str | None:
    """The field that carries our request number, if it was sent and can be searched for."""
    key = launch.reference_key
    return key if key and key in launch.attributes and is_property(key) else None


def _nth(waits: Sequence[float], n: int) -> float:
    return waits[min(max(n, 0), len(waits) - 1)]
