"""Cached launch schemas, and who may launch which."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, bindparam, cast, delete, select

from storage.models import OfferRow, SightingRow, TemplateRow, VersionRow
from storage.records import Offer, StoredTemplate, TemplateFacts
from storage.repositories.base import Repository, columns_of, table_of

_TEMPLATES = table_of(TemplateRow)
_OFFERS = table_of(OfferRow)
_VERSIONS = table_of(VersionRow)
_SIGHTINGS = table_of(SightingRow)

OFFER_COLUMNS = tuple(columns_of(_OFFERS, Offer))
_OFFERED = select(*OFFER_COLUMNS).where(
    _OFFERS.c.team == bindparam("team"), _OFFERS.c.acting_user == bindparam("acting_user")
)
TEMPLATE_COLUMNS = (
    _TEMPLATES.c.id,
    _TEMPLATES.c.name,
    cast(_TEMPLATES.c.schema, Text),
    _TEMPLATES.c.fingerprint,
    _TEMPLATES.c.fetched_at,
)
_ONE = select(*TEMPLATE_COLUMNS).where(
    _TEMPLATES.c.team == bindparam("team"), _TEMPLATES.c.id == bindparam("id")
)
_NAMES = select(_TEMPLATES.c.id, _TEMPLATES.c.name).where(_TEMPLATES.c.team == bindparam("team"))

_KNOWN = (
    select(_TEMPLATES.c.id, _TEMPLATES.c.name)
    .where(_TEMPLATES.c.team == bindparam("team"))
    .order_by(_TEMPLATES.c.fetched_at.desc(), _TEMPLATES.c.id)
)


def offer_of(row: Sequence[Any]) -> Offer:
    """The record of a row of `OFFER_COLUMNS`."""
    return Offer(row[0], tuple((template_id, name) for template_id, name in row[1]))


class Templates(Repository):
    """Schemas are shared by the workspace; what may be launched differs by acting user."""

    async def remember(self, team: str, acting_user: str, templates: Sequence[TemplateFacts]) -> None:
        """Keep the schemas, and make the launchable ones what this acting user is offered."""
        await self._put_schemas(team, templates)
        launchable = [(template.id, template.name) for template in templates if template.may_launch]
        launchable.sort(key=lambda item: (item[1].casefold(), item[1], item[0]))
        facts = {"items": launchable, "fetched_at": self._now()}
        fresh = self._insert(_OFFERS).values(team=team, acting_user=acting_user, **facts)
        await self._execution.execute(
            fresh.on_conflict_do_update(index_elements=["team", "acting_user"], set_=facts)
        )

    async def renew(self, team: str, templates: Sequence[TemplateFacts]) -> None:
        """Keep schemas as they are now; what anybody is offered stays."""
        await self._put_schemas(team, templates)

    async def offered(self, team: str, acting_user: str) -> Offer | None:
        """What this acting user may launch, or None if it was never fetched."""
        row = await self._first(_OFFERED, team=team, acting_user=acting_user)
        return None if row is None else offer_of(row)

    async def get(self, team: str, template_id: str) -> StoredTemplate | None:
        """A cached schema, or None if it was never fetched."""
        row = await self._first(_ONE, team=team, id=template_id)
        return None if row is None else StoredTemplate(*row)

    async def all(self, team: str) -> list[tuple[str, str]]:
        """Every cached template, as (id, name), sorted by name."""
        found = [(row.id, row.name) for row in await self._rows(_NAMES, team=team)]
        return sorted(found, key=lambda one: (one[1].casefold(), one[1], one[0]))

    async def known(self, team: str) -> list[tuple[str, str]]:
        """Every template that was seen, as (id, name) sorted by name; of several one name, the last seen."""
        newest: dict[str, str] = {}
        for template_id, name in await self._rows(_KNOWN, team=team):
            newest.setdefault(name, template_id)
        found = [(template_id, name) for name, template_id in newest.items()]
        return sorted(found, key=lambda one: (one[1].casefold(), one[1]))

    async def outdate(self, team: str) -> None:
        """Drop what is offered, so that it is fetched anew; forms that are open keep their schemas."""
        await self._execution.execute(delete(_OFFERS).where(_OFFERS.c.team == team))

    async def forget(self, team: str) -> None:
        """Drop everything cached for the workspace: it belongs to another Ironclad company now."""
        await self.outdate(team)
        for table in (_TEMPLATES, _VERSIONS, _SIGHTINGS):
            await self._execution.execute(delete(table).where(table.c.team == team))

    async def _put_schemas(self, team: str, templates: Sequence[TemplateFacts]) -> None:
        now = self._now()
        # In order of id: two replicas refreshing the same templates then never wait for each other crosswise.
        for template in sorted(templates, key=lambda template: template.id):
            facts = {
                "name": template.name,
                "schema": template.schema,
                "fingerprint": _fingerprint(template.schema),
                "fetched_at": now,
            }
            fresh = self._insert(_TEMPLATES).values(team=team, id=template.id, **facts)
            await self._execution.execute(
                fresh.on_conflict_do_update(index_elements=["team", "id"], set_=facts)
            )
            version = self._insert(_VERSIONS).values(
                team=team,
                template_id=template.id,
                fingerprint=facts["fingerprint"],
                name=template.name,
                schema=template.schema,
                seen_at=now,
            )
            await self._execution.execute(version.on_conflict_do_nothing())


def _fingerprint(schema: dict[str, Any]) -> str:
    written = json.dumps(schema, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("ascii")).hexdigest()
