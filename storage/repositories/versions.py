"""The versions of launch schemas, and up to when an admin has looked at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, select, update

from storage.models import LookRow, SightingRow, VersionRow
from storage.records import GoneTemplate, TemplateFacts, TemplateVersion
from storage.repositories.base import Repository, columns_of, table_of

_VERSIONS = table_of(VersionRow)
_LOOKS = table_of(LookRow)
_SIGHTINGS = table_of(SightingRow)

_COLUMNS = columns_of(_VERSIONS, TemplateVersion)
_OF_TEAM = select(*_COLUMNS).where(_VERSIONS.c.team == bindparam("team"))
_ONE = _OF_TEAM.where(
    _VERSIONS.c.template_id == bindparam("template_id"), _VERSIONS.c.fingerprint == bindparam("fingerprint")
)
_LATEST_FIRST = (_VERSIONS.c.seen_at.desc(), _VERSIONS.c.template_id, _VERSIONS.c.fingerprint)
_EARLIER = _VERSIONS.alias("earlier")
_HAS_EARLIER = exists().where(
    _EARLIER.c.team == _VERSIONS.c.team,
    _EARLIER.c.name == _VERSIONS.c.name,
    _EARLIER.c.seen_at < _VERSIONS.c.seen_at,
)
_CHANGED = _OF_TEAM.where(_VERSIONS.c.seen_at > bindparam("since"), _HAS_EARLIER).order_by(*_LATEST_FIRST)
_BEFORE = _OF_TEAM.where(
    _VERSIONS.c.name == bindparam("template_name"), _VERSIONS.c.seen_at < bindparam("moment")
).order_by(*_LATEST_FIRST)
_GONE = (
    select(*columns_of(_SIGHTINGS, GoneTemplate))
    .where(_SIGHTINGS.c.team == bindparam("team"), _SIGHTINGS.c.gone_at > bindparam("since"))
    .order_by(_SIGHTINGS.c.gone_at.desc(), _SIGHTINGS.c.template_id)
)
_LOOKED = select(_LOOKS.c.looked_at).where(_LOOKS.c.team == bindparam("team"))


class Versions(Repository):
    """Written down by `Templates.remember`."""

    async def get(self, team: str, template_id: str, fingerprint: str) -> TemplateVersion | None:
        """A schema as it was."""
        row = await self._first(_ONE, team=team, template_id=template_id, fingerprint=fingerprint)
        return None if row is None else TemplateVersion(*row)

    async def changed_since(self, team: str, since: datetime, limit: int) -> list[TemplateVersion]:
        """The versions first seen after a moment that differ from an earlier one, the latest first."""
        rows = await self._rows(_CHANGED.limit(limit), team=team, since=since)
        return [TemplateVersion(*row) for row in rows]

    async def before(self, team: str, template_name: str, moment: datetime) -> TemplateVersion | None:
        """The latest version of the templates with this name from before a moment."""
        row = await self._first(_BEFORE.limit(1), team=team, template_name=template_name, moment=moment)
        return None if row is None else TemplateVersion(*row)

    async def sighted(self, team: str, templates: Sequence[TemplateFacts]) -> None:
        """Ironclad lists exactly these now. Which it listed before, and under no other id now, are gone."""
        listed = {template.id for template in templates}
        names = {template.name for template in templates}
        known = await self._rows(select(_SIGHTINGS).where(_SIGHTINGS.c.team == team))
        for row in known:
            if row.template_id in listed:
                continue
            this = (_SIGHTINGS.c.team == team, _SIGHTINGS.c.template_id == row.template_id)
            if row.name in names:  # published again, which is told as a change
                await self._execution.execute(delete(_SIGHTINGS).where(*this))
            elif row.gone_at is None:
                await self._execution.execute(update(_SIGHTINGS).where(*this).values(gone_at=self._now()))
        for template in sorted(templates, key=lambda template: template.id):
            facts = {"name": template.name, "gone_at": None}
            fresh = self._insert(_SIGHTINGS).values(team=team, template_id=template.id, **facts)
            await self._execution.execute(
                fresh.on_conflict_do_update(index_elements=["team", "template_id"], set_=facts)
            )

    async def gone_since(self, team: str, since: datetime, limit: int) -> list[GoneTemplate]:
        """The templates found to be gone after a moment, the latest first."""
        rows = await self._rows(_GONE.limit(limit), team=team, since=since)
        return [GoneTemplate(*row) for row in rows]

    async def looked_at(self, team: str) -> datetime | None:
        """When an admin last said that they have seen what changed."""
        row = await self._first(_LOOKED, team=team)
        return None if row is None else row.looked_at

    async def look(self, team: str, by: str) -> None:
        """An admin has seen what changed until now."""
        facts = {"looked_at": self._now(), "by": by}
        fresh = self._insert(_LOOKS).values(team=team, **facts)
        await self._execution.execute(fresh.on_conflict_do_update(index_elements=["team"], set_=facts))
