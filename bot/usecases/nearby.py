"""Files from the threads of a form's request: offered to be taken, so that nobody has to look for links."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bot.forms.kept import KeptFile
from bot.usecases.documents import LOOK_SECONDS, Whereabouts, thread_of
from bot.usecases.errors import Refusal
from bot.usecases.form import Form
from bot.usecases.people import People
from bot.usecases.ports import Files, FileUnreadable, SharedFile, TryLater
from storage import Database, Request

MOST = 40  # the newest; more would be a list that nobody reads


@dataclass(frozen=True)
class Found:
    """The files shared in the threads of a request, the newest first, and who shared each.

    `complete` is False where Slack did not show a thread, or not in time.
    """

    request: str
    files: Sequence[KeptFile] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True


class Nearby:
    """Looks through the thread of a request's card, and the one that its request was made from."""

    def __init__(self, database: Database, people: People, files: Files) -> None:
        self._database = database
        self._people = people
        self._files = files

    async def request_of(self, form: Form) -> Request | None:
        """The request that a form launches, or tried to launch before."""
        request_id = form.draft.request_id or (form.launch.request_id if form.launch else None)
        if request_id is None:
            return None
        async with self._database.reading() as store:
            return await store.requests.get(form.draft.team, request_id)

    async def look(self, request: Request, user: str) -> Found:
        """The files that this person sees there, too."""
        shared: dict[str, SharedFile] = {}
        names: dict[str, str] = {}
        complete = False
        with suppress(TimeoutError, TryLater, FileUnreadable):
            async with asyncio.timeout(LOOK_SECONDS):
                where = Whereabouts(self._files, request.team, user)
                for thread in await self._threads(request):
                    if await where.is_in(thread[0]):
                        shared |= {
                            one.file.id: one for one in await self._files.in_thread(request.team, *thread)
                        }
                complete = True
                names = await self._names(request.team, {one.owner for one in shared.values()})
        newest = list(shared.values())[::-1][:MOST]
        owners = {one.file.id: names[one.owner] for one in newest if one.owner in names}
        return Found(request.label, [one.file for one in newest], owners, complete)

    async def _threads(self, request: Request) -> list[tuple[str, str]]:
        async with self._database.reading() as store:
            card = await store.posts.get(request.team, f"card:{request.id}")
        asked_in = thread_of(str(request.details.get("link") or ""))
        found = [asked_in, (card.channel, card.ts) if card and card.ts else None]
        return [thread for thread in dict.fromkeys(found) if thread]

    async def _names(self, team: str, users: Iterable[str]) -> dict[str, str]:
        names = {}
        for user in users:
            with suppress(Refusal):
                names[user] = (await self._people.person(team, user)).name
        return names
