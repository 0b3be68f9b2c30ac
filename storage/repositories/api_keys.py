"""Keys of the intake API, and how fast each may be used."""

from __future__ import annotations

from sqlalchemy import bindparam, case, insert, select, update

from storage.errors import NotFoundError
from storage.models.intake import ApiKeyRow
from storage.records.intake import ApiKey
from storage.repositories.base import Repository, columns_of, new_id, now, table_of

_KEYS = table_of(ApiKeyRow)
_COLUMNS = columns_of(_KEYS, ApiKey)
_OF_TEAM = select(*_COLUMNS).where(_KEYS.c.team == bindparam("team"))
_ONE = _OF_TEAM.where(_KEYS.c.id == bindparam("id"))
_IN_USE = _OF_TEAM.where(_KEYS.c.revoked_at.is_(None)).order_by(_KEYS.c.made_at.desc(), _KEYS.c.id)
_SPENT = select(_KEYS.c.spent_until).where(_KEYS.c.team == bindparam("team"), _KEYS.c.id == bindparam("id"))


class ApiKeys(Repository):
    """A revoked key stays, so that what it did can be told; it opens nothing."""

    async def add(self, team: str, name: str, digest: str, by: str) -> ApiKey:
        """Write down a new key by its digest."""
        statement = insert(_KEYS).values(
            team=team, id=new_id(), name=name, digest=digest, made_by=by, made_at=self._now()
        )
        return ApiKey(*(await self._execution.execute(statement.returning(*_COLUMNS))).one())

    async def get(self, team: str, key_id: str) -> ApiKey | None:
        """A key of this workspace, revoked or not."""
        row = await self._first(_ONE, team=team, id=key_id)
        return None if row is None else ApiKey(*row)

    async def in_use(self, team: str) -> list[ApiKey]:
        """The keys that open something, the newest first."""
        return [ApiKey(*row) for row in await self._rows(_IN_USE, team=team)]

    async def revoke(self, team: str, key_id: str, by: str) -> bool:
        """From now on it opens nothing. False if it did not before."""
        mine = (_KEYS.c.team == team, _KEYS.c.id == key_id, _KEYS.c.revoked_at.is_(None))
        gone = update(_KEYS).where(*mine).values(revoked_at=self._now(), revoked_by=by)
        return await self._changed(gone)

    async def spend(self, team: str, key_id: str, *, uses: int, seconds: float, burst: int) -> float:
        """Use the key so often: one use every `seconds` in the long run, `burst` of them at once.

        Gives 0, or how many seconds to wait. One statement decides (GCRA), so replicas share the allowance.
        Raises `NotFoundError` for a key that opens nothing.
        """
        moment = (await now(self._execution)).timestamp()
        free = case((_KEYS.c.spent_until > moment, _KEYS.c.spent_until), else_=moment) + seconds * uses
        taken = update(_KEYS).where(
            _KEYS.c.team == team,
            _KEYS.c.id == key_id,
            _KEYS.c.revoked_at.is_(None),
            free - moment <= seconds * burst,
        )
        if await self._changed(taken.values(spent_until=free, used_at=self._now())):
            return 0.0
        row = await self._first(_SPENT, team=team, id=key_id)
        if row is None:
            raise NotFoundError("no such key")
        wait: float = row[0] + seconds * uses - moment - seconds * burst
        return max(wait, 0.001)
