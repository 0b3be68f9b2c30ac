"""Looking at the audit log, and taking it home."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from bot.usecases.people import People
from bot.usecases.ports import Sender, TryLater
from storage import AuditEntry, AuditFilter, Database
from storage.work import Later, Payload, Work

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("n", "at", "actor", "origin", "action", "subject", "before", "after", "previous", "digest")
_PAGE = 500


async def all_entries(database: Database, team: str, wanted: AuditFilter | None = None) -> list[AuditEntry]:
    """The whole log of a workspace, or what of it passes the filter, the oldest first."""
    found: list[AuditEntry] = []
    async with database.reading() as store:
        before: int | None = None
        while page := await store.audit.page(team, wanted or AuditFilter(), before_n=before, limit=_PAGE):
            found += page
            before = page[-1].n
    return found[::-1]


def written(entries: Sequence[AuditEntry], form: str) -> str:
    """Entries as a file: ``csv``, or ``jsonl`` with one JSON object a line."""
    return _csv(entries) if form == "csv" else "".join(f"{json.dumps(_plain(one))}\n" for one in entries)


def _plain(entry: AuditEntry) -> dict[str, Any]:
    return {**asdict(entry), "at": entry.at.isoformat()}


def _csv(entries: Sequence[AuditEntry]) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")  # https://www.rfc-editor.org/rfc/rfc4180
    rows.writerow(_COLUMNS)
    for entry in entries:
        plain = _plain(entry)
        rows.writerow([_cell(plain[name]) for name in _COLUMNS])
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    # A spreadsheet would calculate a text that looks like a formula: somebody else's code.
    return f"'{text}" if text.startswith(_FORMULA) else text


@dataclass(frozen=True)
class AuditPage:
    """Some entries, the newest first; `older`: there are more; `topics`: what can be filtered by."""

    entries: Sequence[AuditEntry]
    older: bool
    topics: Sequence[str]


class Auditing:
    """Lets admins look at the log."""

    KIND = "audit.export"
    SHOWN_AT_ONCE = 8

    def __init__(self, database: Database, work: Work, people: People, sender: Sender) -> None:
        self._database = database
        self._work = work
        self._people = people
        self._sender = sender

    async def page(
        self, team: str, user: str, wanted: AuditFilter, *, before_n: int | None = None
    ) -> AuditPage:
        """A page of the log. Raises `Refusal` unless `user` is an admin."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            found = await store.audit.page(team, wanted, before_n=before_n, limit=self.SHOWN_AT_ONCE + 1)
            actions = await store.audit.actions(team)
        topics = sorted({action.partition(".")[0] for action in actions})
        return AuditPage(found[: self.SHOWN_AT_ONCE], len(found) > self.SHOWN_AT_ONCE, topics)

    async def export(self, team: str, user: str, wanted: AuditFilter, form: str) -> None:
        """Promise the entries that pass the filter as a file. Raises `Refusal` unless `user` is an admin."""
        await self._people.only_admins(team, user)
        payload = {
            "team": team,
            "user": user,
            "form": form,
            "actor": wanted.actor,
            "action": wanted.action,
            "since": wanted.since.isoformat() if wanted.since else None,
        }
        async with self._database.transaction() as store:
            key = f"audit.export:{team}:{user}:{token_hex(6)}"  # asked for anew each time
            await self._work.start(store, self.KIND, key, payload)

    async def send(self, payload: Payload) -> Later | None:
        """The durable work behind `export`."""
        team, user, form = payload["team"], payload["user"], payload["form"]
        since = datetime.fromisoformat(payload["since"]) if payload["since"] else None
        wanted = AuditFilter(actor=payload["actor"], action=payload["action"], since=since)
        entries = await all_entries(self._database, team, wanted)
        name = f"slipway-audit-log.{form}"
        try:
            await self._sender.send(team, user, name, written(entries, form).encode(), "Slipway's audit log")
        except TryLater as later:
            return Later(later.seconds)
        return None
