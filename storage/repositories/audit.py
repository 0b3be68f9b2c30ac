"""The audit log: appended to within the change it tells of, never altered, and able to tell if it was.

Each entry carries the digest of the one before. The end is kept sealed, so that whoever can write to
the database but has no key can neither cut the log off nor write it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, or_, select, union, update

from storage.columns import whole
from storage.models import AuditEntryRow, AuditHeadRow
from storage.records import AuditEntry, AuditFault, AuditFilter, AuditOrigin
from storage.repositories.base import Repository, columns_of, now, owner_of, table_of
from storage.repositories.chain import LONGEST_TEXT, Chain, digest_of, told
from storage.sealing import Owner, SealedValueError

_ENTRIES = table_of(AuditEntryRow)
_HEADS = table_of(AuditHeadRow)

_COLUMNS = columns_of(_ENTRIES, AuditEntry)
_OF_TEAM = select(*_COLUMNS).where(_ENTRIES.c.team == bindparam("team"))
_ONWARD = _OF_TEAM.where(_ENTRIES.c.n > bindparam("n")).order_by(_ENTRIES.c.n).limit(bindparam("limit"))
_HEAD = select(_HEADS.c.n, _HEADS.c.digest, _HEADS.c.seal).where(_HEADS.c.team == bindparam("team"))
_TEAMS = union(select(_HEADS.c.team), select(_ENTRIES.c.team)).order_by("team")
_BATCH = 500


class Audit(Repository):
    """Who did what, when and from where, in each workspace."""

    async def add(
        self,
        team: str,
        actor: str,
        action: str,
        subject: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        origin: AuditOrigin = "slack",
    ) -> AuditEntry:
        """Tell of a change, in the transaction that makes it and as the last thing done there.

        Until that transaction ends, everybody else's entries of the workspace wait. `before` and `after`
        are what changed; the value of what is named like a secret is not kept.
        """
        n, previous = await self._locked_end(team)
        entry = AuditEntry(
            team=team,
            n=n + 1,
            at=await now(self._execution),
            actor=whole(actor),
            origin=origin,
            action=action,
            subject=whole(subject)[:LONGEST_TEXT],
            before=told(before),
            after=told(after),
            previous=previous,
            digest="",
        )
        entry = replace(entry, digest=digest_of(entry))
        await self._execution.execute(insert(_ENTRIES).values(asdict(entry)))
        await self._move_end(entry)
        return entry

    async def page(
        self, team: str, wanted: AuditFilter, *, before_n: int | None = None, limit: int = 10
    ) -> list[AuditEntry]:
        """Entries that pass the filter, the newest first; those before `before_n` if it is given."""
        statement = _OF_TEAM.where(*_passing(wanted)).order_by(_ENTRIES.c.n.desc()).limit(limit)
        if before_n is not None:
            statement = statement.where(_ENTRIES.c.n < before_n)
        return [AuditEntry(*row) for row in await self._rows(statement, team=team)]

    async def actions(self, team: str) -> list[str]:
        """The actions that the log knows, by name."""
        found = select(_ENTRIES.c.action).where(_ENTRIES.c.team == bindparam("team")).distinct()
        return sorted(row[0] for row in await self._rows(found, team=team))

    async def onward(self, team: str, after_n: int = 0, limit: int = _BATCH) -> list[AuditEntry]:
        """The entries after number `after_n`, the oldest first."""
        return [AuditEntry(*row) for row in await self._rows(_ONWARD, team=team, n=after_n, limit=limit)]

    async def teams(self) -> list[str]:
        """The workspaces that have a log: for the command line, never for something a person asked."""
        return [row[0] for row in await self._rows(_TEAMS)]

    async def end(self, team: str) -> tuple[int, str] | None:
        """Number and digest of the last entry that was written, None before the first."""
        head = await self._first(_HEAD, team=team)
        return (head.n, head.digest) if head is not None and head.n else None

    async def verify(self, team: str) -> list[AuditFault]:
        """What is wrong with the log of a workspace: altered, removed, replaced or added entries.

        Writers need not wait: what is appended meanwhile is looked at as well.
        """
        chain, n = Chain(team), 0
        while True:
            while entries := await self.onward(team, n):
                for entry in entries:
                    chain.see(entry)
                n = entries[-1].n
            head = await self._first(_HEAD, team=team)
            if head is None or head.n <= n or not await self.onward(team, n, limit=1):
                break
        if head is None:
            if n:
                chain.unsealed("it was removed")
            return chain.faults
        if not self._genuine(team, head.n, head.digest, head.seal):
            chain.unsealed("it does not open")
        chain.end(head.n, head.digest)
        return chain.faults

    async def _locked_end(self, team: str) -> tuple[int, str]:
        """The last entry; until the transaction ends nobody else gets to know it."""
        fresh = self._insert(_HEADS).values(team=team, n=0, digest="")
        await self._execution.execute(fresh.on_conflict_do_nothing())
        row = (await self._execution.execute(_HEAD.with_for_update(), {"team": team})).one()
        return row.n, row.digest

    async def _move_end(self, entry: AuditEntry) -> None:
        seal = self._sealing.seal(_owner(entry.team), _sealed_text(entry.n, entry.digest))
        moved = update(_HEADS).where(_HEADS.c.team == entry.team)
        await self._execution.execute(moved.values(n=entry.n, digest=entry.digest, seal=seal))

    def _genuine(self, team: str, n: int, digest: str, seal: str | None) -> bool:
        if n == 0 and seal is None:
            return True  # made by a transaction that added nothing after all
        try:
            return self._open(_owner(team), seal) == _sealed_text(n, digest)
        except SealedValueError:
            return False


def _passing(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.actor:
        conditions.append(_ENTRIES.c.actor == wanted.actor)
    if wanted.action:
        topic = _ENTRIES.c.action.startswith(f"{wanted.action}.", autoescape=True)
        conditions.append(or_(_ENTRIES.c.action == wanted.action, topic))
    if wanted.since:
        conditions.append(_ENTRIES.c.at >= wanted.since)
    if wanted.until:
        conditions.append(_ENTRIES.c.at < wanted.until)
    return conditions


def _sealed_text(n: int, digest: str) -> str:
    return f"{n}:{digest}"


def _owner(team: str) -> Owner:
    return owner_of(_HEADS.c.seal, team)
