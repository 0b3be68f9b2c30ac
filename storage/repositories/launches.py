"""Launches: each submitted draft becomes one, and each stands for at most one workflow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import (
    ColumnElement,
    Update,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from storage.errors import AlreadyLaunched, NotFoundError, WorkflowTaken
from storage.models import ConnectionRow, LaunchRow, RequestRow, SubmittedDraftRow
from storage.records import Launch, LaunchState
from storage.repositories.attempts import Attempts
from storage.repositories.base import Found, columns_of, new_id, table_of
from storage.sealing import Owner

_LAUNCHES = table_of(LaunchRow)
_CONNECTIONS = table_of(ConnectionRow)
_REQUESTS = table_of(RequestRow)
_SUBMITTED = table_of(SubmittedDraftRow)

_REQUEST = and_(_REQUESTS.c.team == _LAUNCHES.c.team, _REQUESTS.c.id == _LAUNCHES.c.request_id)
_OF_TEAM = (
    select(*columns_of(_LAUNCHES, Launch, but=["number"]), _REQUESTS.c.number)
    .select_from(_LAUNCHES.join(_REQUESTS, _REQUEST))
    .where(_LAUNCHES.c.team == bindparam("team"))
)
_NEWEST_FIRST = (_LAUNCHES.c.created_at.desc(), _LAUNCHES.c.id)
_ONE = _OF_TEAM.where(_LAUNCHES.c.id == bindparam("id"))
_BY_NUMBER = _OF_TEAM.where(_REQUESTS.c.number == bindparam("number")).order_by(*_NEWEST_FIRST)
_BY_REQUEST = _OF_TEAM.where(_LAUNCHES.c.request_id == bindparam("request_id")).order_by(*_NEWEST_FIRST)
_BY_IRONCLAD_ID = _OF_TEAM.where(_LAUNCHES.c.ironclad_id == bindparam("ironclad_id")).order_by(*_NEWEST_FIRST)
_MINE = _OF_TEAM.where(_LAUNCHES.c.requester == bindparam("user")).order_by(*_NEWEST_FIRST)
_REQUEST_EXISTS = select(_REQUESTS.c.id).where(
    _REQUESTS.c.team == bindparam("team"), _REQUESTS.c.id == bindparam("id")
)
_SUBMITTED_AS = select(_SUBMITTED.c.launch_id).where(
    _SUBMITTED.c.team == bindparam("team"), _SUBMITTED.c.draft_id == bindparam("draft_id")
)
_OTHER = _LAUNCHES.alias("other")
_RIVALS = (
    select(func.count())
    .select_from(_LAUNCHES)
    .join(
        _OTHER,
        and_(
            _OTHER.c.team == _LAUNCHES.c.team,
            _OTHER.c.template_id == _LAUNCHES.c.template_id,
            _OTHER.c.acting_user == _LAUNCHES.c.acting_user,
            _OTHER.c.digest == _LAUNCHES.c.digest,
            _OTHER.c.id != _LAUNCHES.c.id,
            _OTHER.c.state.in_(["launching", "asking"]),
        ),
    )
    .where(_LAUNCHES.c.team == bindparam("team"), _LAUNCHES.c.id == bindparam("id"))
)


def running() -> ColumnElement[bool]:
    """Whose workflow may still move: the condition of `ix_launches_running`."""
    moves = or_(_LAUNCHES.c.status.is_(None), _LAUNCHES.c.status.in_(("active", "paused")))
    return and_(_LAUNCHES.c.state == "launched", moves)


class LaunchFacts(TypedDict, total=False):
    """What may be learnt of a launch while its state moves."""

    workflow_id: str | None
    ironclad_id: str | None
    title: str | None
    step: str | None
    url: str | None
    problem: Any
    candidates: Any
    decided_by: str | None
    finished_at: datetime | None
    status: str | None
    step_since: datetime | None
    changed_at: datetime | None
    looked_at: datetime | None


class Course(TypedDict):
    """How a workflow stands."""

    status: str
    step: str
    title: str | None
    ironclad_id: str | None
    url: str | None
    step_since: datetime | None
    changed_at: datetime | None


_ACCEPTED = (
    select(_LAUNCHES.c.id, _LAUNCHES.c.attributes)
    .where(
        _LAUNCHES.c.team == bindparam("team"),
        _LAUNCHES.c.template_name == bindparam("template_name"),
        _LAUNCHES.c.state == "launched",
    )
    .order_by(_LAUNCHES.c.created_at.desc(), _LAUNCHES.c.id)
)


class Launches(Attempts):
    """States are moved by compare-and-set only: launching, launched, refused, asking, abandoned."""

    async def add(
        self,
        team: str,
        *,
        draft_id: str,
        request_id: str,
        requester: str,
        connection_id: str,
        acting_user: str,
        template_id: str,
        template_name: str,
        attributes: dict[str, Any],
        digest: str,
        reference_key: str | None,
    ) -> Launch:
        """Write down a launch, state ``launching``; the attributes are sealed.

        Raises `AlreadyLaunched` with the launch that this draft became before, having written nothing,
        and `NotFoundError` if the workspace has no such request.
        """
        if await self._first(_REQUEST_EXISTS, team=team, id=request_id) is None:
            raise NotFoundError("no such request")
        launch_id = new_id()
        await self._claim(team, draft_id, launch_id)
        await self._execution.execute(
            insert(_LAUNCHES).values(
                team=team,
                id=launch_id,
                request_id=request_id,
                requester=requester,
                connection_id=connection_id,
                acting_user=acting_user,
                template_id=template_id,
                template_name=template_name,
                attributes=self._seal_json(_owner(team, launch_id), attributes),
                digest=digest,
                reference_key=reference_key,
                demo=_demo(team, connection_id),
                state="launching",
                revision=1,
                created_at=(now := self._now()),
                updated_at=now,
            )
        )
        return await self._existing(team, launch_id)

    async def get(self, team: str, launch_id: str) -> Launch | None:
        """A launch of this workspace."""
        return self._launch(await self._first(_ONE, team=team, id=launch_id))

    async def of_request(self, team: str, request_id: str) -> Launch | None:
        """The launch of a request: the newest, if earlier ones were given up."""
        return self._launch(await self._first(_BY_REQUEST.limit(1), team=team, request_id=request_id))

    async def of_draft(self, team: str, draft_id: str) -> Launch | None:
        """The launch that a draft became, or corrected."""
        row = await self._first(_SUBMITTED_AS, team=team, draft_id=draft_id)
        return None if row is None else await self.get(team, row.launch_id)

    async def of_requests(self, team: str, request_ids: Collection[str]) -> list[Launch]:
        """The launches of several requests, the oldest first."""
        wanted = _OF_TEAM.where(_LAUNCHES.c.request_id.in_(request_ids)).order_by(_LAUNCHES.c.created_at)
        return [self._opened(row) for row in await self._rows(wanted, team=team)]

    async def by_request_number(self, team: str, number: int) -> Launch | None:
        """The newest launch of the request that people call REQ-`number`."""
        return self._launch(await self._first(_BY_NUMBER.limit(1), team=team, number=number))

    async def by_ironclad_id(self, team: str, ironclad_id: str) -> Launch | None:
        """The launch whose workflow Ironclad calls ``IC-…``."""
        return self._launch(await self._first(_BY_IRONCLAD_ID.limit(1), team=team, ironclad_id=ironclad_id))

    async def mine(self, team: str, user: str, limit: int, offset: int = 0) -> list[Launch]:
        """What a person launched, the newest first."""
        rows = await self._rows(_MINE.limit(limit).offset(offset), team=team, user=user)
        return [self._opened(row) for row in rows]

    async def move(
        self,
        team: str,
        launch_id: str,
        *,
        expected: Collection[LaunchState],
        to: LaunchState,
        **facts: Unpack[LaunchFacts],
    ) -> bool:
        """Change the state, with what was learnt, if it is one of `expected`; otherwise nothing and False.

        Raises `WorkflowTaken` if another launch has that workflow; the transaction stays usable.
        """
        moved = self._update(team, launch_id).where(_LAUNCHES.c.state.in_(expected)).values(state=to, **facts)
        if facts.get("workflow_id") is None:
            return await self._changed(moved)
        try:
            async with self._execution.savepoint():
                return await self._changed(moved)
        except IntegrityError:
            raise WorkflowTaken("another launch has this workflow") from None

    async def revise(
        self,
        team: str,
        launch_id: str,
        *,
        draft_id: str,
        connection_id: str,
        acting_user: str,
        attributes: dict[str, Any],
        digest: str,
        reference_key: str | None,
        template_id: str | None = None,
        template_name: str | None = None,
    ) -> Launch | None:
        """Submit a refused launch again, corrected. None if it is not refused (any more).

        Another template may have taken the place of the one it was refused with.

        Raises `AlreadyLaunched` if this draft was submitted before.
        """
        await self._claim(team, draft_id, launch_id)
        corrected = self._update(team, launch_id).where(_LAUNCHES.c.state == "refused")
        template = {"template_id": template_id, "template_name": template_name} if template_id else {}
        if await self._changed(
            corrected.values(
                **template,
                state="launching",
                revision=_LAUNCHES.c.revision + 1,
                connection_id=connection_id,
                demo=_demo(team, connection_id),
                acting_user=acting_user,
                attributes=self._seal_json(_owner(team, launch_id), attributes),
                digest=digest,
                reference_key=reference_key,
                problem=None,
                candidates=None,
                decided_by=None,
                finished_at=None,
            )
        ):
            return await self.get(team, launch_id)
        await self._execution.execute(
            delete(_SUBMITTED).where(_SUBMITTED.c.team == team, _SUBMITTED.c.draft_id == draft_id)
        )
        return None

    async def submitted(self, team: str, draft_id: str) -> bool:
        """Whether this draft became a launch already."""
        return await self._first(_SUBMITTED_AS, team=team, draft_id=draft_id) is not None

    async def refine(self, team: str, launch_id: str, attributes: dict[str, Any]) -> bool:
        """Note what was learnt of the values while they are sent (checksums of files)."""
        sealed = self._seal_json(_owner(team, launch_id), attributes)
        under_way = self._update(team, launch_id).where(_LAUNCHES.c.state == "launching")
        return await self._changed(under_way.values(attributes=sealed))

    async def accepted(self, team: str, template_name: str, limit: int = 200) -> list[dict[str, Any]]:
        """What was sent in the launches of a template that Ironclad accepted, the latest first."""
        rows = await self._rows(_ACCEPTED.limit(limit), team=team, template_name=template_name)
        return [self._open_json(_owner(team, row.id), row.attributes) for row in rows]

    async def taken(self, team: str, workflow_ids: Collection[str]) -> set[str]:
        """Those of the workflows that a launch of this workspace stands for."""
        known = select(_LAUNCHES.c.workflow_id).where(
            _LAUNCHES.c.team == team, _LAUNCHES.c.workflow_id.in_(workflow_ids)
        )
        return {row[0] for row in await self._rows(known)}

    # Following ------------------------------------------------------------------------------------

    async def of_workflow(self, team: str, workflow_id: str) -> Launch | None:
        """The launch that a workflow came from."""
        found = _OF_TEAM.where(_LAUNCHES.c.workflow_id == workflow_id)
        return self._launch(await self._first(found, team=team))

    async def of_workflows(self, team: str, workflow_ids: Collection[str]) -> list[Launch]:
        """The launches that these workflows came from."""
        found = _OF_TEAM.where(_LAUNCHES.c.workflow_id.in_(workflow_ids))
        return [self._opened(row) for row in await self._rows(found, team=team)]

    async def not_looked_at(self, team: str, *, demo: bool, since: datetime, limit: int) -> list[Launch]:
        """Those whose workflow may still move and that nobody looked at `since`, the longest first."""
        never = _LAUNCHES.c.looked_at.is_(None)
        found = (
            _OF_TEAM.where(_LAUNCHES.c.demo == demo, running(), or_(never, _LAUNCHES.c.looked_at < since))
            .order_by(_LAUNCHES.c.looked_at.is_not(None), _LAUNCHES.c.looked_at)
            .limit(limit)
        )
        return [self._opened(row) for row in await self._rows(found, team=team)]

    async def looked_at(self, team: str, launch_ids: Collection[str]) -> None:
        """Somebody looked how these stand."""
        mine = and_(_LAUNCHES.c.team == team, _LAUNCHES.c.id.in_(launch_ids))
        await self._execution.execute(update(_LAUNCHES).where(mine).values(looked_at=self._now()))

    async def follow(self, team: str, launch_id: str, course: Course) -> bool:
        """Write down how a workflow stands, unless something newer is known; False then."""
        newer = update(_LAUNCHES).where(
            _LAUNCHES.c.team == team, _LAUNCHES.c.id == launch_id, _LAUNCHES.c.state == "launched"
        )
        if course["changed_at"] is not None:
            known = _LAUNCHES.c.changed_at
            newer = newer.where(or_(known.is_(None), known < course["changed_at"]))
        now = self._now()
        return await self._changed(newer.values(**course, looked_at=now, updated_at=now))

    async def rivals(self, team: str, launch_id: str) -> int:
        """How many other launches in flight would make a workflow that looks the same as this one's."""
        count: int = (await self._execution.execute(_RIVALS, {"team": team, "id": launch_id})).scalar_one()
        return count

    async def _claim(self, team: str, draft_id: str, launch_id: str) -> None:
        claim = self._insert(_SUBMITTED).values(team=team, draft_id=draft_id, launch_id=launch_id)
        claimed = claim.on_conflict_do_nothing().returning(_SUBMITTED.c.draft_id)
        if await self._first(claimed) is None:
            earlier = await self._execution.execute(_SUBMITTED_AS, {"team": team, "draft_id": draft_id})
            raise AlreadyLaunched(await self._existing(team, earlier.scalar_one()))

    async def _existing(self, team: str, launch_id: str) -> Launch:
        return self._opened((await self._execution.execute(_ONE, {"team": team, "id": launch_id})).one())

    def _update(self, team: str, launch_id: str) -> Update:
        mine = and_(_LAUNCHES.c.team == team, _LAUNCHES.c.id == launch_id)
        return update(_LAUNCHES).where(mine).values(updated_at=self._now())

    def _launch(self, row: Found | None) -> Launch | None:
        return None if row is None else self._opened(row)

    def _opened(self, row: Found) -> Launch:
        attributes = self._open_json(_owner(row.team, row.id), row.attributes)
        return Launch(**{**row._mapping, "attributes": attributes})


def _owner(team: str, launch_id: str) -> Owner:
    return Owner(team, "launches", "attributes", launch_id)


def _demo(team: str, connection_id: str) -> Any:
    """Whether a connection leads to Ironclad's demo. Kept with the launch, which outlives its connection."""
    asked = select(_CONNECTIONS.c.demo).where(_CONNECTIONS.c.team == team, _CONNECTIONS.c.id == connection_id)
    return func.coalesce(asked.scalar_subquery(), false())
