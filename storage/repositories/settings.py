"""What the admins of a workspace decide on its Home tab."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from storage.models import AdminRow, CategoryChannelRow, SettingsRow, TemplateRuleRow
from storage.records import Admin, TemplateRule, WorkspaceSettings
from storage.repositories.base import Repository, columns_of, table_of

_SETTINGS = table_of(SettingsRow)
_CATEGORIES = table_of(CategoryChannelRow)
_RULES = table_of(TemplateRuleRow)
_ADMINS = table_of(AdminRow)

SETTINGS_COLUMNS = tuple(columns_of(_SETTINGS, WorkspaceSettings))
_ONE = select(*SETTINGS_COLUMNS).where(_SETTINGS.c.team == bindparam("team"))
_CHANNELS = select(_CATEGORIES.c.category, _CATEGORIES.c.channel).where(
    _CATEGORIES.c.team == bindparam("team")
)
_RULES_OF = select(_RULES).where(_RULES.c.team == bindparam("team")).order_by(_RULES.c.template_id)
_ADMINS_OF = (
    select(_ADMINS.c.user, _ADMINS.c.added_by)
    .where(_ADMINS.c.team == bindparam("team"))
    .order_by(_ADMINS.c.added_at, _ADMINS.c.user)
)


class WorkspaceSettingsRepository(Repository):
    """Defaults, channels by category, rules about templates, admins."""

    async def get(self, team: str) -> WorkspaceSettings:
        """The defaults of the workspace, or Slipway's own where nobody changed any."""
        row = await self._first(_ONE, team=team)
        return WorkspaceSettings() if row is None else WorkspaceSettings(*row)

    async def save(self, team: str, settings: WorkspaceSettings) -> None:
        """Replace the defaults."""
        values = {
            "currency": settings.currency,
            "time_zone": settings.time_zone,
            "language": settings.language,
        }
        fresh = self._insert(_SETTINGS).values(team=team, **values)
        await self._execution.execute(fresh.on_conflict_do_update(index_elements=["team"], set_=values))

    async def category_channels(self, team: str) -> dict[str, str]:
        """The channels of the categories that have one of their own."""
        return {row.category: row.channel for row in await self._rows(_CHANNELS, team=team)}

    async def set_category_channel(self, team: str, category: str, channel: str | None) -> None:
        """Send requests of `category` to `channel`; with None to the procurement channel again."""
        if channel is None:
            gone = _CATEGORIES.c.team == team, _CATEGORIES.c.category == category
            await self._execution.execute(delete(_CATEGORIES).where(*gone))
            return
        fresh = self._insert(_CATEGORIES).values(team=team, category=category, channel=channel)
        keys = ["team", "category"]
        await self._execution.execute(
            fresh.on_conflict_do_update(index_elements=keys, set_={"channel": channel})
        )

    async def template_rules(self, team: str) -> dict[str, TemplateRule]:
        """The rules about templates, by template id."""
        rows = await self._rows(_RULES_OF, team=team)
        return {
            row.template_id: TemplateRule(
                row.template_id,
                row.name,
                row.hidden,
                tuple(row.users),
                tuple(row.groups or ()),
                tuple(row.channels),
            )
            for row in rows
        }

    async def rule_template(self, team: str, rule: TemplateRule) -> None:
        """Set the rule of a template; one that allows everything is none."""
        if not rule.restricts:
            gone = _RULES.c.team == team, _RULES.c.template_id == rule.template_id
            await self._execution.execute(delete(_RULES).where(*gone))
            return
        values = {
            "name": rule.name,
            "hidden": rule.hidden,
            "users": list(rule.users),
            "groups": list(rule.groups),
            "channels": list(rule.channels),
        }
        fresh = self._insert(_RULES).values(team=team, template_id=rule.template_id, **values)
        keys = ["team", "template_id"]
        await self._execution.execute(fresh.on_conflict_do_update(index_elements=keys, set_=values))

    async def admins(self, team: str) -> list[Admin]:
        """Who is an admin here because somebody said so on Home."""
        return [Admin(*row) for row in await self._rows(_ADMINS_OF, team=team)]

    async def add_admin(self, team: str, user: str, by: str) -> bool:
        """Make somebody an admin. False if they were."""
        fresh = self._insert(_ADMINS).values(team=team, user=user, added_by=by, added_at=self._now())
        return await self._changed(fresh.on_conflict_do_nothing())

    async def remove_admin(self, team: str, user: str) -> bool:
        """End that. False if they were none."""
        return await self._changed(delete(_ADMINS).where(_ADMINS.c.team == team, _ADMINS.c.user == user))
