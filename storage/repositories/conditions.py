"""Rules of conditional questions, version by version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select

from storage.errors import RulesMoved
from storage.models import DroppedSuggestionRow, QuestionRulesRow
from storage.records import QuestionRules
from storage.repositories.base import Repository, columns_of, new_id, now, table_of

_SETS = table_of(QuestionRulesRow)
_DROPPED = table_of(DroppedSuggestionRow)

_COLUMNS = columns_of(_SETS, QuestionRules)
_BY_ID = case((_SETS.c.template_id == bindparam("template_id"), 0), else_=1)
_VERSIONS = (
    select(*_COLUMNS)
    .where(
        _SETS.c.team == bindparam("team"),
        or_(
            _SETS.c.template_id == bindparam("template_id"),
            _SETS.c.template_name == bindparam("template_name"),
        ),
    )
    .order_by(_BY_ID, _SETS.c.version.desc(), _SETS.c.id)
)
_NEWEST = (
    select(_SETS.c.id, func.max(_SETS.c.version).label("version"))
    .where(_SETS.c.team == bindparam("team"))
    .group_by(_SETS.c.id)
    .subquery()
)
_ALL = (
    select(*_COLUMNS)
    .join(_NEWEST, and_(_SETS.c.id == _NEWEST.c.id, _SETS.c.version == _NEWEST.c.version))
    .where(_SETS.c.team == bindparam("team"))
    .order_by(_SETS.c.template_name, _SETS.c.id)
)

_IN_FORCE = _VERSIONS.limit(1)


class Conditions(Repository):
    """Kept by a template's id and by its name: the id changes when the template is published again."""

    async def of(self, team: str, template_id: str, template_name: str) -> QuestionRules | None:
        """The newest rules of a template, or None when it never had any."""
        row = await self._first(_IN_FORCE, team=team, template_id=template_id, template_name=template_name)
        return None if row is None else QuestionRules(*row)

    async def versions(self, team: str, set_id: str, limit: int) -> list[QuestionRules]:
        """The versions of the same rules, the newest first."""
        known = select(*_COLUMNS).where(_SETS.c.team == team, _SETS.c.id == set_id)
        return [
            QuestionRules(*row)
            for row in await self._rows(known.order_by(_SETS.c.version.desc()).limit(limit))
        ]

    async def at(self, team: str, set_id: str, version: int) -> QuestionRules | None:
        """One version of the same rules."""
        known = select(*_COLUMNS).where(
            _SETS.c.team == team, _SETS.c.id == set_id, _SETS.c.version == version
        )
        row = await self._first(known)
        return None if row is None else QuestionRules(*row)

    async def all(self, team: str) -> list[QuestionRules]:
        """The newest rules of every template, sorted by its name."""
        return [QuestionRules(*row) for row in await self._rows(_ALL, team=team)]

    async def save(
        self,
        team: str,
        template_id: str,
        template_name: str,
        rules: Sequence[dict[str, Any]],
        *,
        by: str,
        version: int,
    ) -> QuestionRules:
        """Make these the rules that follow `version` (0: the first). Raises `RulesMoved` when others do."""
        before = await self.of(team, template_id, template_name)
        if (before.version if before else 0) != version:
            raise RulesMoved
        fresh = self._insert(_SETS).values(
            team=team,
            id=before.id if before else new_id(),
            version=version + 1,
            template_id=template_id,
            template_name=template_name,
            rules=list(rules),
            changed_by=by,
            changed_at=await now(self._execution),
        )
        row = await self._first(fresh.on_conflict_do_nothing().returning(*_COLUMNS))
        if row is None:
            raise RulesMoved
        return QuestionRules(*row)

    async def dropped(self, team: str, template_name: str) -> frozenset[str]:
        """The ids of suggested rules that nobody wants to see again."""
        found = select(_DROPPED.c.rule_id).where(
            _DROPPED.c.team == team, _DROPPED.c.template_name == template_name
        )
        return frozenset(row[0] for row in await self._rows(found))

    async def drop(self, team: str, template_name: str, rule_id: str, by: str) -> None:
        """Never suggest this rule again."""
        fresh = self._insert(_DROPPED).values(
            team=team, template_name=template_name, rule_id=rule_id, dropped_by=by, dropped_at=self._now()
        )
        await self._execution.execute(fresh.on_conflict_do_nothing())
