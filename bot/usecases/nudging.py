"""Nudging people whose turn it is: when they work, more and more seldom, never of what is decided.

A schedule looks for what is due. Each reminder is claimed and promised in one transaction, so that a replica
or a restart neither repeats nor loses one; whether it still applies is looked at once more before it is sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.texts import phrase
from bot.usecases.calendar import (
    KIND,
    Reminders,
    escalation,
    first_reminder,
    is_digest_hour,
    next_digest,
    next_reminder,
    next_working,
    read_reminders,
    working,
    zone_of,
)
from bot.usecases.courses import Picture
from bot.usecases.errors import Refusal
from bot.usecases.listing import pictures
from bot.usecases.people import People
from bot.usecases.ports import Reminder, TryLater
from storage import Database, Due, Store
from storage.work import Later, Payload, Work

SCHEDULE, CRON = "reminders", "*/5 * * * *"
REMIND = "remind"
AT_ONCE = 500
SHOWN = 20
_ESCALATE = "escalate"


@dataclass(frozen=True)
class _Turn:
    """Somebody for whom something is due, with what is needed to say when."""

    team: str
    user: str
    rules: Reminders
    zone: ZoneInfo
    now: datetime


class Nudging:
    """Finds what is due, and says it."""

    def __init__(self, database: Database, work: Work, people: People, reminder: Reminder) -> None:
        self._database = database
        self._work = work
        self._people = people
        self._reminder = reminder

    # Finding what is due ----------------------------------------------------------------------------

    async def look(self) -> None:
        """Remind everybody for whom something is due now, or put it off to when they work."""
        async with self._database.reading() as store:
            now = await store.now()
        await self.look_at(now)

    async def look_at(self, now: datetime) -> None:
        """The same for a given moment."""
        async with self._database.reading() as store:
            found = await store.tasks.due(now, AT_ONCE)
        by_person: dict[tuple[str, str], list[Due]] = defaultdict(list)
        for due in found:
            by_person[due.team, due.user].append(due)
        for (team, user), dues in by_person.items():
            turn = await self._turn(team, user, now)
            async with self._database.transaction() as store:
                await self._one_person(store, turn, dues)

    async def _turn(self, team: str, user: str, now: datetime) -> _Turn:
        async with self._database.reading() as store:
            rules = await rules_of(store, team)
        try:
            zone = zone_of((await self._people.person(team, user)).tz)
        except (Refusal, TryLater):
            zone = zone_of(await self._people.usual_zone(team))  # Slack does not say where they are
        return _Turn(team, user, rules, zone, now)

    async def _one_person(self, store: Store, turn: _Turn, dues: Sequence[Due]) -> None:
        fresh = [due for due in dues if due.reminders == 0 and due.remind_at <= due.opened_at]
        for due in fresh:
            await _put_off(store, due, _first(due, turn))
        dues = [due for due in dues if due not in fresh]
        if not dues:
            return
        if not turn.rules.on or not working(turn.now, turn.rules, turn.zone):
            for due in dues:
                await _put_off(
                    store, due, next_working(turn.now + timedelta(minutes=1), turn.rules, turn.zone)
                )
            return
        await self._escalate(store, turn, dues)
        dues = [due for due in dues if due.reminders < turn.rules.at_most]
        several = len(await store.tasks.waiting_for(turn.team, turn.user, 2)) > 1
        if several and not is_digest_hour(turn.now, turn.rules, turn.zone):
            for due in dues:
                await _put_off(store, due, next_digest(turn.now, turn.rules, turn.zone))
            return
        await self._remind(store, turn, dues, digest=several)

    async def _escalate(self, store: Store, turn: _Turn, dues: Sequence[Due]) -> None:
        for due in dues:
            at = escalation(due.opened_at, turn.rules, turn.zone)
            if at is None or at > turn.now or due.escalated_at is not None:
                continue
            if await store.tasks.escalated(due.team, due.task_id, due.user):
                payload = {
                    "team": due.team,
                    "user": turn.rules.escalate_to,
                    "late": due.user,
                    "tasks": [due.task_id],
                    "key": f"escalate:{due.task_id}:{due.user}",
                }
                await self._work.start(
                    store, REMIND, f"{_ESCALATE}:{due.team}:{due.task_id}:{due.user}", payload
                )

    async def _remind(self, store: Store, turn: _Turn, dues: Sequence[Due], *, digest: bool) -> None:
        sent = []
        for due in dues:
            following = next_reminder(turn.now, due.reminders + 1, turn.rules, turn.zone)
            if digest and following is not None:
                following = next_digest(turn.now + timedelta(hours=1), turn.rules, turn.zone)
            following = following or _later(escalation(due.opened_at, turn.rules, turn.zone), turn.now)
            if await store.tasks.remind_again(
                due.team, due.task_id, due.user, due=due.remind_at, next_at=following
            ):
                sent.append(due)
        if sent:
            name = f"{sent[0].task_id}:{turn.user}:{sent[0].reminders + 1}"
            payload = {
                "team": turn.team,
                "user": turn.user,
                "late": "",
                "tasks": [due.task_id for due in sent],
                "key": f"remind:{name}",
            }
            await self._work.start(store, REMIND, f"remind:{turn.team}:{name}", payload)

    # Saying it --------------------------------------------------------------------------------------

    async def remind(self, payload: Payload) -> Later | None:
        """The durable work that sends one reminder: of everything that waits for the person by then."""
        team, user, late = payload["team"], payload["user"], payload["late"]
        async with self._database.reading() as store:
            waiting = await store.tasks.waiting_for(team, late or user, SHOWN)
            named = set(payload["tasks"])
            if not named & {task_id for _, task_id in waiting}:
                return None  # decided meanwhile: silent
            if late:
                waiting = [one for one in waiting if one[1] in named]
            ids = list(dict.fromkeys(request_id for request_id, _ in waiting))
            found = await pictures(store, team, await store.requests.of_ids(team, ids))
        shown = sorted(found, key=lambda one: ids.index(one.request.id))
        try:
            await self._tell(team, user, late, payload["key"], shown)
        except TryLater as busy:
            return Later(busy.seconds)
        return None

    async def _tell(self, team: str, user: str, late: str, key: str, shown: Sequence[Picture]) -> None:
        asked = [one for one in shown if one.request.state == "changes"]
        for one in asked:  # then it is the requester's turn, whoever asked
            await self._reminder.remind(team, one.request.requester, f"{key}:answer", [one], late="")
        left = [one for one in shown if one.request.state != "changes"]
        if left:
            await self._reminder.remind(team, user, key, left, late=late)

    # What people do about it ------------------------------------------------------------------------

    async def snooze(self, team: str, user: str) -> int:
        """Remind of nothing before the next working day; gives how many things wait. Raises `Refusal`."""
        async with self._database.reading() as store:
            waiting = await store.tasks.waiting_for(team, user, AT_ONCE)
            now = await store.now()
        if not waiting:
            raise Refusal(
                phrase("Nothing waits for you any more."), phrase("There is nothing to be reminded of.")
            )
        turn = await self._turn(team, user, now)
        until = next_digest(now + timedelta(hours=1), turn.rules, turn.zone)
        async with self._database.transaction() as store:
            for _, task_id in waiting:
                await store.tasks.put_off(team, task_id, user, until)
        return len(waiting)


async def rules_of(store: Store, team: str) -> Reminders:
    """A workspace's rules of reminding."""
    book = await store.rulebooks.current(team, KIND)
    return read_reminders(book.body if book else None)


async def _put_off(store: Store, due: Due, until: datetime) -> None:
    await store.tasks.put_off(due.team, due.task_id, due.user, until)


def _first(due: Due, turn: _Turn) -> datetime:
    first = first_reminder(due.opened_at, turn.rules, turn.zone)
    return max(first, turn.now + timedelta(minutes=1))


def _later(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment > now else None
