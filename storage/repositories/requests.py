"""Requests and their numbers."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from storage.models import RequestRow, WorkspaceRow
from storage.records import Request
from storage.repositories.base import Repository, columns_of, new_id, table_of

_REQUESTS = table_of(RequestRow)
_WORKSPACES = table_of(WorkspaceRow)

_COLUMNS = columns_of(_REQUESTS, Request)
_OF_TEAM = select(*_COLUMNS).where(_REQUESTS.c.team == bindparam("team"))
_ONE = _OF_TEAM.where(_REQUESTS.c.id == bindparam("id"))
_BY_NUMBER = _OF_TEAM.where(_REQUESTS.c.number == bindparam("number"))


class Requests(Repository):
    """Numbered 1, 2, 3 … within the workspace, without gaps."""

    async def add(self, team: str, requester: str, title: str) -> Request:
        """Write down a request and give it the next number."""
        statement = insert(_REQUESTS).values(
            team=team,
            id=new_id(),
            number=await self._next_number(team),
            requester=requester,
            title=title,
            created_at=self._now(),
        )
        return Request(*(await self._execution.execute(statement.returning(*_COLUMNS))).one())

    async def get(self, team: str, request_id: str) -> Request | None:
        """A request of this workspace."""
        row = await self._first(_ONE, team=team, id=request_id)
        return None if row is None else Request(*row)

    async def by_number(self, team: str, number: int) -> Request | None:
        """The request that people call REQ-`number`."""
        row = await self._first(_BY_NUMBER, team=team, number=number)
        return None if row is None else Request(*row)

    async def _next_number(self, team: str) -> int:
        # The counter's row stays locked until the transaction ends: whoever rolls back leaves no gap.
        fresh = self._insert(_WORKSPACES).values(team=team, name="", requests_made=1, created_at=self._now())
        counted = fresh.on_conflict_do_update(
            index_elements=["team"], set_={"requests_made": _WORKSPACES.c.requests_made + 1}
        )
        result = await self._execution.execute(counted.returning(_WORKSPACES.c.requests_made))
        number: int = result.scalar_one()
        return number
