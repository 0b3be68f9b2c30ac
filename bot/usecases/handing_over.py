"""Requests that another system hands over, and how it learns what became of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

from bot.usecases import intake
from bot.usecases.courses import Picture, picture
from bot.usecases.people import People
from bot.usecases.ports import Directory
from bot.usecases.requesting import NewRequest, Requesting
from storage import ApiKey, Database

NOBODY = "Nobody in this Slack workspace has this e-mail address."


class Unfit(Exception):
    """Some fields cannot be accepted: what is wrong with each, by name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(sorted(problems)))
        self.problems = dict(problems)


class Reused(Exception):
    """The idempotency key stands for another request, with other contents."""


@dataclass(frozen=True)
class HandedOver:
    """A request as another system describes it. `raw` are its fields; people are e-mail addresses."""

    requester: str
    raw: Mapping[str, Any]
    owner: str | None = None
    files: tuple[Mapping[str, str], ...] = ()
    link: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Changes when anything of it does."""
        told = [self.requester, self.raw, self.owner, self.files, self.link, self.custom]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


class HandingOver:
    """What the intake API does."""

    def __init__(
        self, database: Database, requesting: Requesting, people: People, directory: Directory
    ) -> None:
        self._database = database
        self._requesting = requesting
        self._people = people
        self._directory = directory

    async def accept(self, key: ApiKey, told: HandedOver, idempotency_key: str) -> tuple[Picture, bool]:
        """Accept a request for good. Says whether it is new.

        The same idempotency key of the same API key gives the request that it made first; an empty one is
        no key. Raises `Unfit`,
        `Reused`, and `TryLater` while Slack does not answer who somebody is.
        """
        origin = f"api:{key.id}:{_named(idempotency_key or token_urlsafe())}"
        earlier = await self._earlier(key.team, origin, told) if idempotency_key else None
        if earlier is not None:
            return earlier, False
        new = await self._read(key, told, origin)
        request = await self._requesting.accept(key.team, new)
        if request.details.get("digest") != told.digest:
            raise Reused
        return await self.standing(key.team, request.id) or _gone(), True

    async def standing(self, team: str, request_id: str) -> Picture | None:
        """How a request of this workspace stands; None if it has none of that id."""
        async with self._database.reading() as store:
            return await picture(store, team, request_id)

    async def _earlier(self, team: str, origin: str, told: HandedOver) -> Picture | None:
        async with self._database.reading() as store:
            request = await store.requests.by_origin(team, origin)
            if request is None:
                return None
            if request.details.get("digest") != told.digest:
                raise Reused
            return await picture(store, team, request.id)

    async def _read(self, key: ApiKey, told: HandedOver, origin: str) -> NewRequest:
        form = await self._requesting.form(key.team)
        people = {"requester": told.requester, **({"owner": told.owner} if told.owner else {})}
        found = {name: await self._directory.user_by_email(key.team, mail) for name, mail in people.items()}
        known = {name: user for name, user in found.items() if user}
        raw = {**told.raw, **told.custom, "owner": known.get("owner")}
        reading = intake.read(form, raw)
        problems = {name: NOBODY for name in people if name not in known}
        problems |= {name: said for name, said in reading.problems.items() if name not in problems}
        custom = {one.key for one in form.custom}
        problems |= {name: "This workspace has no such field." for name in told.custom if name not in custom}
        if problems:
            raise Unfit(problems)
        return NewRequest(
            requester=known["requester"],
            source="api",
            values=reading.values,
            origin_key=origin,
            files=told.files,
            link=told.link,
            more={"digest": told.digest, "handed_over_by": key.name},
        )


def _named(idempotency_key: str) -> str:
    return hashlib.sha256(idempotency_key.encode()).hexdigest()[:40]


def _gone() -> Picture:
    raise LookupError("a request that was just accepted is not there")
