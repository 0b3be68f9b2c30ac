"""What is known about a request, as mappings take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from mimetypes import guess_type
from typing import Any

from bot.forms.kept import KeptFile
from bot.mapping import Facts, Shape, Source
from bot.usecases.calendar import zone_of
from bot.usecases.courses import Picture, intake_of, picture
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from bot.usecases.ports import TryLater
from storage import Database, Person, Request, Store

_SHAPES = {
    "text": Shape.TEXT,
    "choice": Shape.TEXT,
    "number": Shape.NUMBER,
    "date": Shape.DATE,
    "person": Shape.PERSON,
}
_SAME = ("what", "counterparty", "contact_name", "contact_email", "currency", "start", "end")
_SAME_TOO = ("category", "department", "needed_by", "description")
Json = Any
ANYTHING = "application/octet-stream"


class FactFinder:
    """Gathers what a request says, with the people in it by name and e-mail."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def of_request(self, request: Request) -> Facts:
        """Everything that is known about a request; people whom Slack does not show are left out."""
        async with self._database.reading() as store:
            seen = await picture(store, request.team, request.id)
            now = await store.now()
        if seen is None:
            return Facts()
        requester = await self._person(request.team, request.requester)
        zone = zone_of(requester.tz if requester else await self._people.usual_zone(request.team))
        values = {
            **_from_values(seen),
            **await self._people_in(seen, requester),
            "request.number": request.label,
            "request.files": _carried(request.details.get("files") or []),
            "today": now.astimezone(zone).date().isoformat(),
        }
        return Facts({key: value for key, value in values.items() if value not in (None, "", [], {})}, zone)

    async def of_person(self, person: Person) -> Facts:
        """What is known without a request: who launches, and the day."""
        async with self._database.reading() as store:
            now = await store.now()
        zone = zone_of(person.tz)
        today = now.astimezone(zone).date().isoformat()
        values = {"requester.name": person.name, "requester.email": person.email or "", "today": today}
        return Facts({key: value for key, value in values.items() if value}, zone)

    async def _people_in(self, seen: Picture, requester: Person | None) -> dict[str, Json]:
        team, values = seen.request.team, seen.request.values
        approved = [
            one.user for task in seen.course.live for one in task.decisions if one.verdict == "approved"
        ]
        people: dict[str, Json] = {
            "request.owner": await self._told(team, values.get("owner")),
            "approvers": [await self._told(team, user) for user in dict.fromkeys(approved)],
        }
        for one in seen.intake.custom:
            if one.kind == "person":
                people[f"custom.{one.key}"] = await self._told(team, values.get(one.key))
        if requester is not None:
            people |= {"requester.name": requester.name, "requester.email": requester.email}
        return people

    async def _told(self, team: str, user: Json) -> Mapping[str, str] | None:
        person = await self._person(team, user) if isinstance(user, str) and user else None
        return {"name": person.name, "email": person.email or ""} if person else None

    async def _person(self, team: str, user: str) -> Person | None:
        try:
            return await self._people.person(team, user)
        except (Refusal, TryLater):
            return None  # a form with one value less is better than none


def _from_values(seen: Picture) -> dict[str, Json]:
    values = seen.request.values
    found: dict[str, Json] = {f"request.{key}": values.get(key) for key in (*_SAME, *_SAME_TOO)}
    amount, currency = values.get("amount"), values.get("currency")
    if amount is not None and currency:
        found["request.amount"] = {"currency": currency, "amount": number_of(amount)}
    if isinstance(values.get("term_months"), int):
        years, months = divmod(values["term_months"], 12)
        found["request.term"] = {name: n for name, n in (("years", years), ("months", months)) if n}
    for one in seen.intake.custom:
        if one.kind != "person":
            found[f"custom.{one.key}"] = values.get(one.key)
    return found


def number_of(text: Json) -> Json:
    """An amount as the number Ironclad takes: whole where it is whole."""
    number = float(text)
    return int(number) if number.is_integer() else number


async def custom_sources(store: Store, team: str) -> Sequence[Source]:
    """The workspace's own request fields, as sources."""
    intake = await intake_of(store, team)
    return [Source(f"custom.{one.key}", one.label, _SHAPES[one.kind]) for one in intake.custom]


def _carried(files: Sequence[Mapping[str, Json]]) -> list[Json]:
    """The files of a request as a form keeps them: those in Slack; where there are none, the addresses."""
    kept = [
        KeptFile(
            id=str(one["id"]),
            name=str(one.get("name") or "file"),
            size=one["size"] if isinstance(one.get("size"), int) else 0,
            mimetype=str(one.get("mimetype") or guess_type(str(one.get("name")))[0] or ANYTHING),
        ).kept()
        for one in files
        if one.get("id")
    ]
    return kept or [dict(one) for one in files]
