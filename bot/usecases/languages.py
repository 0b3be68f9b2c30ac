"""In which language to speak: a person's own where their Slack profile says so, else the workspace's."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from bot.texts import LANGUAGES, Catalogue, Texts, phrase
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from bot.usecases.ports import TryLater
from storage import Database, Person

REMEMBERED_SECONDS = 60.0  # every click asks for this; a changed profile may wait a minute
REMEMBERED_AT_MOST = 10_000
PATIENCE_SECONDS = 1.5  # an answer in another language beats one that Slack no longer takes


class Languages:
    """Finds the words for whoever is going to read."""

    def __init__(self, database: Database, people: People, catalogue: Catalogue) -> None:
        self._database = database
        self._people = people
        self._catalogue = catalogue
        self._recent: dict[tuple[str, str], tuple[float, Texts]] = {}

    async def known(self, team: str, user: str) -> Texts:
        """How to speak to a person as far as we remember them; never waits for Slack."""
        until, texts = self._recent.get((team, user), (0.0, None))
        if texts is not None and time.monotonic() < until:
            return texts
        async with self._database.reading() as store:
            person = await store.people.get(team, user)
        if person is None or not person.locale:
            return await self.common(team)
        if len(self._recent) >= REMEMBERED_AT_MOST:
            self._recent.clear()
        texts = self._catalogue.texts(person.locale)
        self._recent[team, user] = (time.monotonic() + REMEMBERED_SECONDS, texts)
        return texts

    def to(self, person: Person) -> Texts:
        """How to speak to somebody who has just been looked up."""
        return self._catalogue.texts(person.locale)

    async def of(self, team: str, user: str) -> Texts:
        """How to speak to a person, for whom Slack is asked where we have not met, if it answers in time."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                person = await self._people.person(team, user)
        except (Refusal, TryLater, TimeoutError):
            return await self.common(team)
        return self._catalogue.texts(person.locale)

    async def common(self, team: str) -> Texts:
        """The workspace's language, for what many read: cards and threads."""
        async with self._database.reading() as store:
            settings = await store.settings.get(team)
        return self._catalogue.texts(settings.language)

    async def choose(self, team: str, user: str, language: str) -> None:
        """Say in this language what everybody reads, from now on. Raises `Refusal` unless an admin asks."""
        if not self._people.is_admin(await self._people.person(team, user)):
            raise Refusal(
                phrase("Only Slipway's admins can do this."), phrase("Ask a workspace owner or admin.")
            )
        if language in LANGUAGES:
            async with self._database.transaction() as store:
                await store.workspaces.ensure(team)
                former = await store.settings.get(team)
                await store.settings.save(team, replace(former, language=language))
                await store.audit.add(
                    team,
                    user,
                    "language.set",
                    LANGUAGES[language],
                    before={"language": former.language},
                    after={"language": language},
                )
