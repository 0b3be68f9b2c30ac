"""Lists of requests: one's own, those that wait for one, and for admins all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.texts import phrase
from bot.usecases.courses import Picture, intake_of
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from storage import Database, Request, RequestState, Store

Which = Literal["mine", "waiting", "all"]
AT_ONCE = 5  # on Home; the rest is behind *See all*
PAGE = 10
MAX_WORDS = 5
_NUMBER = re.compile(r"^(?:REQ-)?(\d{1,9})$", re.IGNORECASE)
STATES: dict[str, tuple[RequestState, ...]] = {
    "open": ("routing", "approving", "changes", "contract"),
    "approval": ("routing", "approving", "changes"),
    "contract": ("contract",),
    "launched": ("launched",),
    "ended": ("rejected", "cancelled"),
}


@dataclass(frozen=True)
class Wanted:
    """Which part of a list: narrowed by words and a kind of state, from below number `before`."""

    which: Which
    words: str = ""
    state: str = ""
    before: int = 0


@dataclass(frozen=True)
class Page:
    """A part of a list; `more` says whether there is another."""

    wanted: Wanted
    rows: Sequence[Picture]
    more: bool


@dataclass(frozen=True)
class Lists:
    """What Home shows of requests."""

    mine: Page
    waiting: Page
    all: Page | None


class Listing:
    """Reads lists, each by an index: a long history costs nothing."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def home(self, team: str, user: str, *, admin: bool) -> Lists:
        """The beginnings of every list this person has."""
        async with self._database.reading() as store:
            return Lists(
                mine=await _page(store, team, user, Wanted("mine"), AT_ONCE),
                waiting=await _page(store, team, user, Wanted("waiting"), AT_ONCE),
                all=await _page(store, team, user, Wanted("all"), AT_ONCE) if admin else None,
            )

    async def page(self, team: str, user: str, wanted: Wanted) -> Page:
        """A page of a list. Raises `Refusal` for the list of all to somebody who is no admin."""
        if wanted.which == "all" and not self._people.is_admin(await self._people.person(team, user)):
            raise Refusal(
                phrase("Only Slipway's admins see all requests."), phrase("Ask a workspace owner or admin.")
            )
        async with self._database.reading() as store:
            return await _page(store, team, user, wanted, PAGE)


async def _page(store: Store, team: str, user: str, wanted: Wanted, size: int) -> Page:
    found = await _found(store, team, user, wanted, size + 1)
    return Page(wanted, await pictures(store, team, found[:size]), len(found) > size)


async def _found(store: Store, team: str, user: str, wanted: Wanted, limit: int) -> Sequence[Request]:
    states = STATES.get(wanted.state)
    before = wanted.before or None
    if wanted.which == "waiting":
        waiting = await store.tasks.waiting_for(team, user, limit, offset=wanted.before)
        known = {one.id: one for one in await store.requests.of_ids(team, [id for id, _ in waiting])}
        return [known[request_id] for request_id, _ in waiting]
    requester = user if wanted.which == "mine" else None
    if number := _NUMBER.match(wanted.words.strip()):
        one = await store.requests.by_number(team, int(number[1]))
        return [one] if one and requester in (None, one.requester) else []
    words = re.findall(r"\w+", wanted.words.casefold())[:MAX_WORDS]
    return await store.requests.listed(
        team, limit, before=before, requester=requester, states=states, words=words
    )


async def pictures(store: Store, team: str, requests: Sequence[Request]) -> list[Picture]:
    """What there is to show of several requests, except their history."""
    ids = [one.id for one in requests]
    if not ids:
        return []
    tasks = await store.tasks.of_many(team, ids)
    launches = {one.request_id: one for one in await store.launches.of_requests(team, ids)}
    form = await intake_of(store, team)
    return [Picture(one, tasks.get(one.id, ()), (), launches.get(one.id), form) for one in requests]
