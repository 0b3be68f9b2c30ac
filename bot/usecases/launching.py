"""From a filled form to an accepted launch, and the decisions that only its requester can take.

A launch is written down together with the work that will perform it, in one transaction, before Slack is
answered. `bot.usecases.performing` is that work.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.texts import phrase
from bot.usecases import course
from bot.usecases.access import IroncladAccess
from bot.usecases.courses import asked_first, close_request, locked, policy_of, promise
from bot.usecases.drafting import no_longer_open, note_key, start_note, theirs
from bot.usecases.errors import Refusal
from bot.usecases.form import Kept
from bot.usecases.matching import COUNTERPARTY
from bot.usecases.states import ASKING, LAUNCHED, LAUNCHING, told
from storage import (
    AlreadyLaunched,
    Connection,
    Database,
    Draft,
    Launch,
    LaunchFacts,
    Person,
    Request,
    Store,
    WorkflowTaken,
)
from storage.work import Work

KIND = "launch"  #: the kind of durable work that performs a launch


@dataclass(frozen=True)
class Submission:
    """A filled form: what is sent to Ironclad.

    `reference_key` names the field that carries our request number, where the template has one.
    """

    draft: Draft
    person: Person
    connection: Connection
    attributes: Mapping[str, Any]
    reference_key: str | None
    #: What the draft keeps, should Ironclad refuse the launch.
    kept: Kept
    #: What is filled in again for this person the next time.
    remember: Mapping[str, Any] = field(default_factory=dict)

    def numbered(self, label: str) -> dict[str, Any]:
        """The attributes, with our request number in the field meant for it."""
        reference = {self.reference_key: label} if self.reference_key else {}
        return {**self.attributes, **reference}


class Launching:
    """Accepts forms, and takes the requester's decisions."""

    def __init__(self, database: Database, work: Work, access: IroncladAccess) -> None:
        self._database = database
        self._work = work
        self._access = access

    # Accepting ------------------------------------------------------------------------------------

    async def submit(self, submission: Submission, *, view: str = "") -> Launch:
        """Accept a form: when this returns, the launch is durable and will be performed.

        The same form submitted again gives the launch it gave the first time. `view` is the modal in which
        the result is shown, if it is still open then. Raises `Refusal`.
        """
        draft = submission.draft
        connection = submission.connection
        acting_user = await self._access.acting_user(connection, submission.person)
        try:
            async with self._database.transaction() as store:
                if draft.launch_id:
                    launch = await _corrected(store, submission, draft.launch_id, connection, acting_user)
                else:
                    launch = await _added(store, self._work, submission, connection, acting_user)
                await _closed(store, submission)
                if await store.posts.get(draft.team, note_key(draft.id)):
                    await start_note(self._work, store, draft.team, draft.user, draft.id)
                if submission.remember:
                    answers = dict(submission.remember)
                    await store.memories.put(draft.team, draft.user, draft.template_id, answers)
                await self._start(store, launch, f"{launch.revision}", view)
        except AlreadyLaunched as earlier:
            return earlier.launch
        return launch

    async def _start(self, store: Store, launch: Launch, turn: str, view: str = "") -> None:
        key = f"launch:{launch.team}:{launch.id}:{turn}"
        accepted = (await store.now()).timestamp()
        payload = {"team": launch.team, "launch": launch.id, "view": view, "accepted": accepted}
        await self._work.start(store, KIND, key, payload)

    # Deciding -------------------------------------------------------------------------------------

    async def this_one(self, team: str, user: str, launch_id: str, workflow_id: str) -> None:
        """The requester says which workflow is theirs. Raises `Refusal` when that was decided already."""
        async with self._database.transaction() as store:
            launch = await _open_question(store, team, user, launch_id)
            found: list[LaunchFacts] = launch.candidates or []
            chosen = next((one for one in found if one["workflow_id"] == workflow_id), None)
            if chosen is None:
                raise Refusal(
                    phrase("That workflow is not one of the choices."), phrase("Choose one of those shown.")
                )
            facts = LaunchFacts(**chosen, decided_by=user, finished_at=await store.now())
            try:
                if await store.launches.move(team, launch_id, expected={ASKING}, to=LAUNCHED, **facts):
                    await close_request(store, self._work, launch)
                    await store.drafts.delete_of_launch(team, launch_id)
            except WorkflowTaken:
                raise Refusal(
                    phrase("Another request already has that workflow."), phrase("Choose another one.")
                ) from None
            await self._start(store, launch, f"{launch.revision}:decided")

    async def again(self, team: str, user: str, launch_id: str) -> None:
        """The requester says that none of them is theirs: send it once more. Raises as `this_one`."""
        async with self._database.transaction() as store:
            launch = await _open_question(store, team, user, launch_id)
            attempts = await store.launches.attempts(team, launch_id)
            for attempt in attempts:
                await store.launches.settle_attempt(team, launch_id, attempt.n, "absent", "a person said so")
            await store.launches.move(
                team, launch_id, expected={ASKING}, to=LAUNCHING, decided_by=user, candidates=None
            )
            await self._start(store, launch, f"{launch.revision}:again:{len(attempts)}")


async def _closed(store: Store, submission: Submission) -> None:
    """The draft as it was submitted. Raises `Refusal` when somebody deleted it meanwhile."""
    draft, kept = submission.draft, submission.kept
    if not await store.drafts.save(
        draft.team, draft.id, kept.answers, state=kept.state, fingerprint=kept.fingerprint
    ):
        raise no_longer_open()
    await store.drafts.submitted(draft.team, draft.id)


async def _added(
    store: Store, work: Work, submission: Submission, connection: Connection, acting_user: str
) -> Launch:
    draft = submission.draft
    request = await _asked_for(store, work, draft)
    attributes = submission.numbered(request.label)
    return await store.launches.add(
        draft.team,
        draft_id=draft.id,
        request_id=request.id,
        requester=draft.user,
        connection_id=connection.id,
        acting_user=acting_user,
        template_id=draft.template_id,
        template_name=draft.template_name,
        attributes=attributes,
        digest=identity_of(attributes),
        reference_key=submission.reference_key,
    )


async def _asked_for(store: Store, work: Work, draft: Draft) -> Request:
    """The request that a form launches, locked; a new one for a form that was opened without."""
    if draft.request_id is None:
        if (await policy_of(store, draft.team)).ask_first and not await _known(store, draft):
            raise asked_first(kept=True)
        return await store.requests.add(draft.team, draft.user, draft.template_name)
    found = await locked(store, draft.team, draft.request_id)
    if await _known(store, draft):
        return found.request
    course.launchable(found, draft.user)
    earlier = await store.launches.of_request(draft.team, draft.request_id)
    if earlier is not None:
        raise Refusal(told(earlier), phrase("Nothing was sent a second time."))
    await promise(store, work, found.request)
    return found.request


async def _known(store: Store, draft: Draft) -> bool:
    """Whether the form was submitted before: the launch it became is found by whoever adds it again."""
    return bool(await store.launches.submitted(draft.team, draft.id))


async def _corrected(
    store: Store, submission: Submission, launch_id: str, connection: Connection, acting_user: str
) -> Launch:
    draft = submission.draft
    launch = await store.launches.get(draft.team, launch_id)
    if launch is None:
        raise Refusal(told(None), phrase("Type /contract to start again."))
    attributes = submission.numbered(f"REQ-{launch.number}")
    revised = await store.launches.revise(
        draft.team,
        launch_id,
        draft_id=draft.id,
        connection_id=connection.id,
        acting_user=acting_user,
        attributes=attributes,
        digest=identity_of(attributes),
        reference_key=submission.reference_key,
        template_id=draft.template_id,
        template_name=draft.template_name,
    )
    if revised is None:
        raise Refusal(told(launch), phrase("Nothing was sent a second time."))
    return revised


async def _open_question(store: Store, team: str, user: str, launch_id: str) -> Launch:
    launch = await theirs(store, team, user, launch_id)
    if launch.state != ASKING:
        raise Refusal(told(launch), phrase("There is nothing left to decide here."))
    return launch


def identity_of(attributes: Mapping[str, Any]) -> str:
    """The same for launches whose workflows could be mistaken for each other's: the counterparty decides."""
    return hashlib.sha256(json.dumps(attributes.get(COUNTERPARTY)).encode()).hexdigest()
