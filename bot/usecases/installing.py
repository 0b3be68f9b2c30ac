"""Installing Slipway into a workspace or an organisation, and noticing that it was removed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from bot.usecases.acting import SLACK
from bot.usecases.errors import Refusal
from bot.usecases.ports import Installer
from storage import Database, Install

STATE_SECONDS = 600  # as long as Slack's code is good for
_AGAIN = "Start again from the install page."


@dataclass(frozen=True)
class Setting:
    """Somebody sets out to install: `url` asks for their consent, `cookie` stays with their browser."""

    url: str
    cookie: str


class Installing:
    """From *Add to Slack* to a sealed token, and to its end."""

    def __init__(self, database: Database, installer: Installer) -> None:
        self._database = database
        self._installer = installer

    async def begin(self) -> Setting:
        """Set out. What comes back must bring both the state in the address and the browser's cookie."""
        state, cookie = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        async with self._database.transaction() as store:
            await store.installs.begin(_digest(state, cookie), STATE_SECONDS)
        return Setting(self._installer.consent_url(state), cookie)

    async def come_back(self, *, state: str, cookie: str, code: str, error: str) -> Install:
        """Slack sent the browser back. Raises `Refusal`, and `TryLater` when Slack does not answer."""
        async with self._database.transaction() as store:
            known = bool(state and cookie) and await store.installs.come_back(_digest(state, cookie))
        if not known:
            raise Refusal(
                "This page does not belong to an install that was begun in this browser.",
                f"It may have been opened before, or be older than ten minutes. {_AGAIN}",
            )
        if error == "access_denied":
            raise Refusal(
                "You did not let Slipway in.", "Nothing was installed. You can start again any time."
            )
        if error or not code:
            raise Refusal(f"Slack did not finish the install ({error[:40] or 'no code'}).", _AGAIN)
        granted = await self._installer.exchange(code)
        install = granted.install
        async with self._database.transaction() as store:
            before = await store.installs.get(install.team)
            await store.installs.put(
                install, bot_token=granted.bot_token, refresh_token=granted.refresh_token
            )
            if not install.org_wide:
                await store.workspaces.ensure(install.team, install.name)
            await store.audit.add(
                install.team,
                install.installed_by,
                "app.installed",
                install.name,
                before=_facts(before),
                after=_facts(install),
                origin="web",
            )
        return install

    async def removed(self, team: str, when: datetime, *, bot_users: tuple[str, ...] | None = None) -> bool:
        """The app was uninstalled at `when`, or (with `bot_users`) these bots' tokens were revoked.

        Slack may tell it late and in any order: what was installed after that stays.
        """
        async with self._database.transaction() as store:
            install = await store.installs.get(team)
            if install is None or (bot_users is not None and install.bot_user not in bot_users):
                return False
            if not await store.installs.remove(team, before=when):
                return False
            await store.audit.add(
                team, SLACK, "app.removed", install.name, before=_facts(install), origin="system"
            )
        return True


def _digest(state: str, cookie: str) -> str:
    return hashlib.sha256(f"{state}\0{cookie}".encode()).hexdigest()


def _facts(install: Install | None) -> dict[str, object] | None:
    if install is None:
        return None
    return {"app": install.app_id, "org_wide": install.org_wide, "scopes": list(install.scopes)}
