"""Where the app is installed, with its tokens sealed; one holder renews a token at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Update, and_, bindparam, delete, insert, or_, select, update

from storage.models import InstallRow, InstallStateRow, OrgWorkspaceRow
from storage.records import BotToken, Install
from storage.repositories.base import Found, Repository, columns_of, owner_of, table_of

_INSTALLS = table_of(InstallRow)
_STATES = table_of(InstallStateRow)
_ORGS = table_of(OrgWorkspaceRow)

_COLUMNS = columns_of(_INSTALLS, Install)
_TOKEN = (
    _INSTALLS.c.team,
    _INSTALLS.c.version,
    _INSTALLS.c.bot_token,
    _INSTALLS.c.refresh_token,
    _INSTALLS.c.expires_at,
)
_ITS_ORG = select(_ORGS.c.enterprise).where(_ORGS.c.team == bindparam("team")).scalar_subquery()
#: The workspace's own install, or else that of its organisation.
_OWN_FIRST = (
    select(*_TOKEN)
    .where(
        or_(
            _INSTALLS.c.team == bindparam("team"),
            and_(
                _INSTALLS.c.org_wide,
                or_(_INSTALLS.c.team == bindparam("enterprise"), _INSTALLS.c.team == _ITS_ORG),
            ),
        )
    )
    .order_by(_INSTALLS.c.org_wide)
    .limit(1)
)
_ALL = select(*_COLUMNS).order_by(_INSTALLS.c.team)
_ANYBODY = "-"  # nobody's workspace is known yet when an install begins


class Installs(Repository):
    """One row per workspace or organisation that installed the app by OAuth."""

    async def put(self, install: Install, *, bot_token: str, refresh_token: str | None) -> None:
        """The app was installed, perhaps once more: what was known before is replaced."""
        values = {
            "enterprise": install.enterprise,
            "org_wide": install.org_wide,
            "name": install.name,
            "app_id": install.app_id,
            "bot_user": install.bot_user,
            "scopes": list(install.scopes),
            "bot_token": self._seal(owner_of(_INSTALLS.c.bot_token, install.team), bot_token),
            "refresh_token": self._seal(owner_of(_INSTALLS.c.refresh_token, install.team), refresh_token),
            "expires_at": install.expires_at,
            "lease_until": None,
            "problem": None,
            "installed_by": install.installed_by,
            "installed_at": self._now(),
        }
        fresh = self._insert(_INSTALLS).values(team=install.team, version=1, **values)
        again = {**values, "version": _INSTALLS.c.version + 1}
        await self._execution.execute(fresh.on_conflict_do_update(index_elements=["team"], set_=again))

    async def get(self, team: str) -> Install | None:
        """The install of exactly this workspace or organisation."""
        row = await self._first(_ALL.where(_INSTALLS.c.team == team))
        return None if row is None else _install(row)

    async def all(self) -> list[Install]:
        """Every install: for schedules and the doctor, never for something a person asked."""
        return [_install(row) for row in await self._rows(_ALL)]

    async def token(self, team: str, enterprise: str | None = None) -> BotToken | None:
        """The token that speaks in `team`: its own, or that of its organisation."""
        row = await self._first(_OWN_FIRST, team=team, enterprise=enterprise or "")
        if row is None:
            return None
        text = self._open(owner_of(_INSTALLS.c.bot_token, row.team), row.bot_token)
        refresh = self._open(owner_of(_INSTALLS.c.refresh_token, row.team), row.refresh_token)
        return BotToken(row.team, row.version, text or "", refresh, row.expires_at)

    async def meet(self, team: str, enterprise: str) -> None:
        """Remember that `team` belongs to an organisation, so that work without a payload finds its token."""
        fresh = self._insert(_ORGS).values(team=team, enterprise=enterprise)
        known = {"enterprise": fresh.excluded.enterprise}
        await self._execution.execute(fresh.on_conflict_do_update(index_elements=["team"], set_=known))

    async def claim_renewal(self, team: str, version: int, seconds: float) -> bool:
        """Take the right to replace `version` for some seconds. One caller gets True until then."""
        free = or_(_INSTALLS.c.lease_until.is_(None), _INSTALLS.c.lease_until < self._now())
        claim = _of_version(team, version).where(free)
        return await self._changed(claim.values(lease_until=self._now(ahead=seconds)))

    async def renewed(
        self,
        team: str,
        version: int,
        *,
        bot_token: str,
        refresh_token: str | None,
        expires_at: datetime | None,
    ) -> bool:
        """Replace the token of `version`. False if it was replaced meanwhile."""
        values = {
            "version": version + 1,
            "bot_token": self._seal(owner_of(_INSTALLS.c.bot_token, team), bot_token),
            "refresh_token": self._seal(owner_of(_INSTALLS.c.refresh_token, team), refresh_token),
            "expires_at": expires_at,
            "lease_until": None,
            "problem": None,
        }
        return await self._changed(_of_version(team, version).values(values))

    async def not_renewed(self, team: str, version: int, problem: str | None) -> bool:
        """Give the right back without a new token."""
        return await self._changed(_of_version(team, version).values(lease_until=None, problem=problem))

    async def remove(self, team: str, *, before: datetime | None = None) -> bool:
        """Forget an install and its tokens. False if there is none, or only a newer one than `before`."""
        gone = delete(_INSTALLS).where(_INSTALLS.c.team == team)
        if before is not None:
            gone = gone.where(_INSTALLS.c.installed_at <= before)
        if not await self._changed(gone):
            return False
        await self._execution.execute(delete(_ORGS).where(_ORGS.c.enterprise == team))
        return True

    async def begin(self, digest: str, seconds: float) -> None:
        """Somebody set out to install; states that nobody brought back in time are forgotten."""
        await self._execution.execute(delete(_STATES).where(_STATES.c.expires_at < self._now()))
        await self._execution.execute(
            insert(_STATES).values(team=_ANYBODY, digest=digest, expires_at=self._now(ahead=seconds))
        )

    async def come_back(self, digest: str) -> bool:
        """Whether somebody set out with this, in time and for the first time."""
        mine = and_(_STATES.c.team == _ANYBODY, _STATES.c.digest == digest)
        return await self._changed(delete(_STATES).where(mine, _STATES.c.expires_at >= self._now()))


def _install(row: Found) -> Install:
    values = dict(row._mapping)
    return Install(**{**values, "scopes": tuple(values["scopes"])})


def _of_version(team: str, version: int) -> Update:
    return update(_INSTALLS).where(_INSTALLS.c.team == team, _INSTALLS.c.version == version)
