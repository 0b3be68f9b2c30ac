"""Templates change: what changed, and which template takes the place of one that is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import forms
from bot.texts import phrase
from bot.usecases.access import IroncladAccess
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from ironclad import IroncladError, fields_of
from storage import Connection, Database, Offer, Store, StoredTemplate, TemplateFacts

LOOKED_BACK = timedelta(days=30)  # at changes that no admin has looked at
MOST_CHANGES = 50

log = structlog.stdlib.get_logger("slipway.templates")


@dataclass(frozen=True)
class Change:
    """A template that is not what it was.

    `republished`: it has another id now. `gone`: it is listed no more, and nothing has taken its name.
    """

    name: str
    seen_at: datetime
    republished: bool
    drift: forms.Drift
    gone: bool = False


async def successor_of(
    store: Store, team: str, template: StoredTemplate, offer: Offer
) -> StoredTemplate | None:
    """The offered template that took the place of one that is no longer offered.

    Of the same name or, if it was renamed as well, with nearly the same questions.
    """
    named = [item for item in offer.items if item[1].casefold() == template.name.casefold()]
    candidates = [await store.templates.get(team, template_id) for template_id, _ in named or offer.items]
    fields = fields_of(template.schema)
    ranked = sorted(
        ((forms.similarity(fields, fields_of(one.schema)), one) for one in candidates if one),
        key=lambda pair: -pair[0],
    )
    if not ranked or (not named and ranked[0][0] < forms.ALIKE_ENOUGH):
        return None
    return ranked[0][1]


class Versions:
    """Notices changes before a requester meets them, and tells admins."""

    CRON = "17 * * * *"  #: when the templates of every workspace are looked at, in UTC

    def __init__(self, database: Database, access: IroncladAccess, people: People) -> None:
        self._database = database
        self._access = access
        self._people = people

    async def changes(self, team: str) -> Sequence[Change]:
        """What changed since an admin last looked, the latest first."""
        async with self._database.reading() as store:
            return await changes_in(store, team)

    async def seen(self, team: str, user: str) -> None:
        """An admin has seen the changes. Raises `Refusal` for others."""
        await self.only_admins(team, user)
        async with self._database.transaction() as store:
            await store.versions.look(team, user)

    async def only_admins(self, team: str, user: str) -> None:
        """Raise `Refusal` unless this person runs Slipway here."""
        if not self._people.is_admin(await self._people.person(team, user)):
            raise Refusal(
                phrase("Only Slipway's admins can do this."), phrase("Ask a workspace owner or admin.")
            )

    async def look(self) -> None:
        """Every hour: fetch the templates of every connected workspace."""
        async with self._database.reading() as store:
            teams = [workspace.team for workspace in await store.workspaces.all()]
            found = [await store.connections.current(team) for team in teams]
        for connection in found:
            if connection is not None:
                await self._look(connection)

    async def _look(self, connection: Connection) -> None:
        acting_user = connection.acting_user or ""
        client = await self._access.client(connection, as_user=acting_user)
        try:
            templates = await client.templates()
        except IroncladError as down:
            # People are told when they need a template; here it is only looked at again in an hour.
            log.warning("could not look at the templates", team=connection.team, why=str(down))
            return
        facts = [TemplateFacts(t.id, t.name, dict(t.raw), t.may_launch) for t in templates]
        async with self._database.transaction() as store:
            await store.templates.remember(connection.team, acting_user, facts)
            await store.versions.sighted(connection.team, facts)


async def changes_in(store: Store, team: str) -> Sequence[Change]:
    """What changed in a workspace's templates since an admin last looked."""
    since = await store.versions.looked_at(team) or await store.now() - LOOKED_BACK
    changes = []
    for version in await store.versions.changed_since(team, since, MOST_CHANGES):
        before = await store.versions.before(team, version.name, version.seen_at)
        if before is not None:
            drift = forms.compare(fields_of(before.schema), fields_of(version.schema))
            republished = before.template_id != version.template_id
            changes.append(Change(version.name, version.seen_at, republished, drift))
    for one in await store.versions.gone_since(team, since, MOST_CHANGES):
        changes.append(Change(one.name, one.gone_at, False, forms.Drift(), gone=True))
    return sorted(changes, key=lambda change: change.seen_at, reverse=True)
