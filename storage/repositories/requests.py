"""Requests and their numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, insert, select, update

from storage.models import RequestRow, WordRow, WorkspaceRow
from storage.records import Request, RequestState
from storage.repositories.base import Found, Repository, columns_of, new_id, table_of
from storage.sealing import Owner

_REQUESTS = table_of(RequestRow)
_WORKSPACES = table_of(WorkspaceRow)
_WORDS = table_of(WordRow)

_COLUMNS = columns_of(_REQUESTS, Request)
_OF_TEAM = select(*_COLUMNS).where(_REQUESTS.c.team == bindparam("team"))
_ONE = _OF_TEAM.where(_REQUESTS.c.id == bindparam("id"))
_BY_NUMBER = _OF_TEAM.where(_REQUESTS.c.number == bindparam("number"))
_BY_ORIGIN = _OF_TEAM.where(_REQUESTS.c.origin_key == bindparam("origin_key"))
_AFTER_ANY_WORD = "\U0010ffff"


class Requests(Repository):
    """Numbered 1, 2, 3 … within the workspace, without gaps."""

    async def add(
        self,
        team: str,
        requester: str,
        title: str,
        *,
        state: RequestState = "contract",
        source: str = "launch",
        origin_key: str | None = None,
        category: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> Request:
        """Write down a request and give it the next number; `details` are sealed."""
        request_id = new_id()
        statement = insert(_REQUESTS).values(
            team=team,
            id=request_id,
            number=await self._next_number(team),
            requester=requester,
            title=title,
            state=state,
            source=source,
            origin_key=origin_key,
            category=category,
            details=self._seal_json(_owner(team, request_id), details) if details else None,
            revision=1,
            version=1,
            created_at=(now := self._now()),
            updated_at=now,
        )
        return self._request((await self._execution.execute(statement.returning(*_COLUMNS))).one())

    async def get(self, team: str, request_id: str) -> Request | None:
        """A request of this workspace."""
        row = await self._first(_ONE, team=team, id=request_id)
        return None if row is None else self._request(row)

    async def by_number(self, team: str, number: int) -> Request | None:
        """The request that people call REQ-`number`."""
        row = await self._first(_BY_NUMBER, team=team, number=number)
        return None if row is None else self._request(row)

    async def by_origin(self, team: str, origin_key: str) -> Request | None:
        """The request that was made from this before."""
        row = await self._first(_BY_ORIGIN, team=team, origin_key=origin_key)
        return None if row is None else self._request(row)

    async def lock(self, team: str, request_id: str) -> Request | None:
        """The request, for this transaction alone until it ends: whoever changes it begins here."""
        taken = (
            update(_REQUESTS)
            .where(_REQUESTS.c.team == team, _REQUESTS.c.id == request_id)
            .values(version=_REQUESTS.c.version + 1, updated_at=self._now())
        )
        row = (await self._execution.execute(taken.returning(*_COLUMNS))).first()
        return None if row is None else self._request(row)

    async def save(self, team: str, request: Request) -> bool:
        """Write down what became of a request that this transaction has locked."""
        owner = _owner(team, request.id)
        return await self._changed(
            update(_REQUESTS)
            .where(
                _REQUESTS.c.team == team,
                _REQUESTS.c.id == request.id,
                _REQUESTS.c.version == request.version,
            )
            .values(
                title=request.title,
                state=request.state,
                category=request.category,
                details=self._seal_json(owner, request.details) if request.details else None,
                revision=request.revision,
                closed_at=request.closed_at,
            )
        )

    async def launched(self, team: str, request_id: str) -> bool:
        """Its workflow exists: nothing about it is open any more."""
        return await self._changed(
            update(_REQUESTS)
            .where(_REQUESTS.c.team == team, _REQUESTS.c.id == request_id)
            .values(
                state="launched",
                version=_REQUESTS.c.version + 1,
                updated_at=self._now(),
                closed_at=self._now(),
            )
        )

    async def listed(
        self,
        team: str,
        limit: int,
        *,
        before: int | None = None,
        requester: str | None = None,
        states: Collection[RequestState] | None = None,
        words: Sequence[str] = (),
    ) -> list[Request]:
        """The newest first, from below number `before`.

        Those of one requester (without launches that asked nobody), in one of `states`, with a word that
        begins with each of `words`.
        """
        found = _OF_TEAM
        if requester is not None:
            found = found.where(_REQUESTS.c.requester == requester, _REQUESTS.c.source != "launch")
        if states is not None:
            found = found.where(_REQUESTS.c.state.in_(states))
        for word in words:
            begins = and_(
                _WORDS.c.team == team, _WORDS.c.word >= word, _WORDS.c.word < word + _AFTER_ANY_WORD
            )
            found = found.where(_REQUESTS.c.number.in_(select(_WORDS.c.number).where(begins)))
        return await self._page(found, team, limit, before)

    async def of_ids(self, team: str, request_ids: Collection[str]) -> list[Request]:
        """These requests, the newest first."""
        return await self._page(_OF_TEAM.where(_REQUESTS.c.id.in_(request_ids)), team, len(request_ids), None)

    # Finding by words -----------------------------------------------------------------------------

    async def index(self, team: str, number: int, words: Collection[str], but: Collection[str] = ()) -> None:
        """Let the request be found by `words`, and no longer by those of `but` that are not among them."""
        gone = set(but) - set(words)
        if gone:
            await self._execution.execute(
                delete(_WORDS).where(
                    _WORDS.c.team == team, _WORDS.c.number == number, _WORDS.c.word.in_(gone)
                )
            )
        fresh = [{"team": team, "word": word, "number": number} for word in words]
        if fresh:
            await self._execution.execute(self._insert(_WORDS).values(fresh).on_conflict_do_nothing())

    async def _page(self, found: Select[Any], team: str, limit: int, before: int | None) -> list[Request]:
        if before is not None:
            found = found.where(_REQUESTS.c.number < before)
        rows = await self._rows(found.order_by(_REQUESTS.c.number.desc()).limit(limit), team=team)
        return [self._request(row) for row in rows]

    async def _next_number(self, team: str) -> int:
        # The counter's row stays locked until the transaction ends: whoever rolls back leaves no gap.
        fresh = self._insert(_WORKSPACES).values(team=team, name="", requests_made=1, created_at=self._now())
        counted = fresh.on_conflict_do_update(
            index_elements=["team"], set_={"requests_made": _WORKSPACES.c.requests_made + 1}
        )
        result = await self._execution.execute(counted.returning(_WORKSPACES.c.requests_made))
        number: int = result.scalar_one()
        return number

    def _request(self, row: Found) -> Request:
        details = self._open_json(_owner(row.team, row.id), row.details) if row.details else {}
        return Request(**{**row._mapping, "details": details})


def _owner(team: str, request_id: str) -> Owner:
    return Owner(team, "requests", "details", request_id)
