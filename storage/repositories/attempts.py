"""Tries at creating a workflow: written down before anything is sent.

Ironclad has no idempotency key. A new try may begin only when every earlier one has a certain outcome,
and that is an index of the database, not a check.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update

from storage.errors import AttemptOpen, NotFoundError
from storage.models import AttemptRow, LaunchRow
from storage.records import Attempt, AttemptOutcome
from storage.repositories.base import Repository, columns_of, now, table_of

_ATTEMPTS = table_of(AttemptRow)
_LAUNCHES = table_of(LaunchRow)

_COLUMNS = columns_of(_ATTEMPTS, Attempt)
_OF_LAUNCH = (
    select(*_COLUMNS)
    .where(_ATTEMPTS.c.team == bindparam("team"), _ATTEMPTS.c.launch_id == bindparam("launch_id"))
    .order_by(_ATTEMPTS.c.n)
)
_LAUNCH_EXISTS = select(_LAUNCHES.c.id).where(
    _LAUNCHES.c.team == bindparam("team"), _LAUNCHES.c.id == bindparam("launch_id")
)
_NEXT = select(func.coalesce(func.max(_ATTEMPTS.c.n), 0) + 1).where(
    _ATTEMPTS.c.team == bindparam("team"), _ATTEMPTS.c.launch_id == bindparam("launch_id")
)

_SINCE = (
    select(func.count())
    .select_from(_ATTEMPTS)
    .where(_ATTEMPTS.c.team == bindparam("team"), _ATTEMPTS.c.started_at > bindparam("since"))
)


class Attempts(Repository):
    """The part of `Launches` that deals with attempts."""

    async def begin_attempt(self, team: str, launch_id: str, lease_seconds: float) -> Attempt:
        """Write down that the launch is about to be sent, until the lease ends at the latest.

        Raises `AttemptOpen` while an earlier attempt has no outcome or an unknown one, and
        `NotFoundError` if the workspace has no such launch.
        """
        if await self._first(_LAUNCH_EXISTS, team=team, launch_id=launch_id) is None:
            raise NotFoundError("no such launch")
        started = await now(self._execution)
        statement = self._insert(_ATTEMPTS).values(
            team=team,
            launch_id=launch_id,
            n=(await self._execution.execute(_NEXT, {"team": team, "launch_id": launch_id})).scalar_one(),
            started_at=started,
            not_after=started + timedelta(seconds=lease_seconds),
            detail="",
        )
        row = await self._first(statement.on_conflict_do_nothing().returning(*_COLUMNS))
        if row is None:
            raise AttemptOpen((await self.attempts(team, launch_id))[-1])
        return Attempt(*row)

    async def attempts_since(self, team: str, since: datetime) -> int:
        """How many requests to make a workflow were begun after a moment."""
        row = await self._first(_SINCE, team=team, since=since)
        return 0 if row is None else int(row[0])

    async def settle_attempt(
        self, team: str, launch_id: str, n: int, outcome: AttemptOutcome, detail: str = ""
    ) -> bool:
        """Note what became of an open attempt; ``unknown`` leaves it open. False if it was settled before."""
        open_one = (
            _ATTEMPTS.c.team == team,
            _ATTEMPTS.c.launch_id == launch_id,
            _ATTEMPTS.c.n == n,
            _ATTEMPTS.c.outcome.is_(None) | (_ATTEMPTS.c.outcome == "unknown"),
        )
        return await self._changed(update(_ATTEMPTS).where(*open_one).values(outcome=outcome, detail=detail))

    async def attempts(self, team: str, launch_id: str) -> list[Attempt]:
        """Every attempt of a launch, the first first."""
        return [Attempt(*row) for row in await self._rows(_OF_LAUNCH, team=team, launch_id=launch_id)]
