"""Ironclad's records as somebody types the name or the number of one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.texts import phrase
from bot.usecases.access import IroncladAccess
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from bot.usecases.permissions import READ_RECORDS, has
from ironclad import Forbidden, Ironclad, IroncladError, NotFound, Record

_NUMBER = re.compile(r"(?:IC-)?(\d{1,9})\b(?:\s*·\s*)?", re.I)
_NOT_ALLOWED = phrase("Records cannot be searched here: type an IC number, such as IC-68")
SEARCH_SECONDS = 2.2  # Slack waits for three in all


@dataclass(frozen=True)
class FoundRecords:
    """What a search came to: records, and a note where it did not come to its end."""

    records: Sequence[Record] = ()
    note: str = ""


class Records:
    """Searches the records that the person may see."""

    def __init__(self, access: IroncladAccess, people: People, *, seconds: float = SEARCH_SECONDS) -> None:
        self._access = access
        self._people = people
        self._seconds = seconds

    async def search(self, team: str, user: str, text: str) -> FoundRecords:
        """The records with these words in their name, or with this number. Never raises, never dawdles."""
        try:
            async with asyncio.timeout(self._seconds):
                connection = await self._access.current(team)
                if not has(READ_RECORDS, connection.scopes):
                    return FoundRecords(note=_NOT_ALLOWED)
                person = await self._people.person(team, user)
                client = await self._access.client(
                    connection, as_user=await self._access.acting_user(connection, person)
                )
                return await _found(client, text.strip())
        except TimeoutError:
            return FoundRecords(note=phrase("Ironclad is still searching: type one more letter"))
        except Forbidden:
            return FoundRecords(note=_NOT_ALLOWED)
        except (IroncladError, Refusal):
            return FoundRecords(note=phrase("Ironclad cannot be searched now: type an IC number"))


async def _found(client: Ironclad, text: str) -> FoundRecords:
    named = _NUMBER.match(text)
    record = await _numbered(client, f"IC-{named[1]}") if named else None
    by_number = [record] if record else []
    try:
        by_name = await client.records_named(_NUMBER.sub("", text) if record else text)
    except ValueError:
        return FoundRecords(by_number, phrase("Search without quotes and backslashes"))
    return FoundRecords([*by_number, *(one for one in by_name if one not in by_number)])


async def _numbered(client: Ironclad, number: str) -> Record | None:
    try:
        return await client.record(number)
    except NotFound:
        return None
