"""Deleting everything that Slipway keeps of a workspace, once it is disconnected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.texts import phrase
from bot.usecases.access import IroncladAccess
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from storage import Database, Store

FALLBACK = "DELETE"  #: to be typed where the name of the workspace is not known


@dataclass(frozen=True)
class Erasable:
    """What would be deleted, in rows by table, and what somebody has to type to have it done."""

    counts: Mapping[str, int]
    word: str
    under_way: int


class Erasing:
    """Admins only; every method raises `Refusal` for anybody else, and while anything is connected."""

    def __init__(self, database: Database, people: People, access: IroncladAccess) -> None:
        self._database = database
        self._people = people
        self._access = access

    async def look(self, team: str, user: str) -> Erasable:
        """What there is."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            await _only_disconnected(store, team)
            workspace = await store.workspaces.get(team)
            under_way = await store.erasure.under_way(team)
            counts = await store.erasure.count(team)
        return Erasable(counts, (workspace.name if workspace else "") or FALLBACK, under_way)

    async def erase(self, team: str, user: str, typed: str) -> bool:
        """Delete it all, if the right word was typed; False if not, and then nothing is deleted."""
        known = await self.look(team, user)
        if typed.strip().casefold() != known.word.casefold():
            return False
        async with self._database.transaction() as store:
            await _only_disconnected(store, team)
            gone = await store.erasure.erase(team)
            await store.audit.add(
                team, user, "data.deleted", "Everything but this log", before={"rows": gone}
            )
        self._access.forget(team)
        return True


async def _only_disconnected(store: Store, team: str) -> None:
    if await store.connections.all(team):
        raise Refusal(
            phrase("Ironclad is still connected."),
            phrase("Disconnect it first, with Manage → Disconnect on Slipway's Home tab. Then come back."),
        )
