"""Which bot token speaks for a workspace."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from bot.usecases.errors import Refusal
from bot.usecases.ports import CannotTell, Installer, TryLater
from storage import BotToken, Database

log = structlog.stdlib.get_logger("slipway.slack")

KEPT_SECONDS = 30.0  # so long another replica may use a token that was revoked: Slack refuses it anyway
AHEAD = timedelta(hours=2)  # renewed by the schedule when less is left, of the 12 hours Slack gives
IN_NEED = timedelta(minutes=2)  # renewed by whoever wants to use it when less is left
LEASE_SECONDS = 30.0
LOOKS, LOOK_SECONDS = 20, 0.25  # for the token that another replica is fetching


class NotInstalledError(CannotTell):
    """The app is not installed in this workspace (any more)."""


class BotTokens(Protocol):
    """Knows the bot token of each workspace."""

    async def of(self, team: str, enterprise: str | None = None) -> str:
        """The token that speaks for Slipway in the workspace `team`.

        `enterprise` is the organisation in whose name a payload came, if the app is installed for all of it.
        Raises `NotInstalledError`; `TryLater` when it has to be renewed and Slack does not do it now.
        """
        ...

    def forget(self, team: str) -> None:
        """Slack did not take the token of `team`: look again next time."""
        ...


class OneToken:
    """The one token of a deployment that serves one workspace."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def of(self, team: str, enterprise: str | None = None) -> str:
        """See `BotTokens`."""
        return self._token

    def forget(self, team: str) -> None:
        """See `BotTokens`: there is no other to be found."""


class InstalledTokens:
    """The tokens of those who installed the app, one query each and then from memory for a while.

    A token that Slack rotates is renewed by one holder at a time: a refresh token is good for one use, and
    two replicas that spend it at once would lose the install.
    """

    def __init__(self, database: Database, installer: Installer) -> None:
        self._database = database
        self._installer = installer
        self._known: dict[str, tuple[float, BotToken]] = {}
        self._met: set[tuple[str, str]] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, team: str, enterprise: str | None = None) -> str:
        """See `BotTokens`."""
        until, token = self._known.get(team, (0.0, None))
        if token is None or time.monotonic() >= until:
            token = await self._stored(team, enterprise)
            await self._meet(team, enterprise, token)
        if _ends_within(token, IN_NEED):
            token = await self._renewed(team, enterprise, token)
        self._known[team] = (time.monotonic() + KEPT_SECONDS, token)
        return token.text

    def forget(self, team: str) -> None:
        """See `BotTokens`."""
        self._known.pop(team, None)

    async def renew_ahead(self) -> None:
        """Renew every token that ends soon, so that nobody has to wait for it. Done by a schedule."""
        async with self._database.reading() as store:
            installs = await store.installs.all()
            tokens = [await store.installs.token(install.team) for install in installs]
        for token in tokens:
            if token is not None and _ends_within(token, AHEAD):
                await self._renew(token)
                self._known.clear()

    async def _stored(self, team: str, enterprise: str | None) -> BotToken:
        async with self._database.reading() as store:
            token = await store.installs.token(team, enterprise)
        if token is None:
            raise NotInstalledError(f"not installed in {team}")
        return token

    async def _meet(self, team: str, enterprise: str | None, token: BotToken) -> None:
        # Work that is done later names only the workspace.
        if enterprise is None or token.team != enterprise or (team, enterprise) in self._met:
            return
        async with self._database.transaction() as store:
            await store.workspaces.ensure(team)
            await store.installs.meet(team, enterprise)
        self._met.add((team, enterprise))

    async def _renewed(self, team: str, enterprise: str | None, token: BotToken) -> BotToken:
        """A token with more time left; the one there is while it works and another holder renews it."""
        async with self._turns[token.team]:
            for _ in range(LOOKS):
                token = await self._stored(team, enterprise)
                if not _ends_within(token, IN_NEED):
                    return token
                refused = await self._renew(token)
                token = await self._stored(team, enterprise)
                if not _ends_within(token, timedelta(0)):
                    return token
                if refused:
                    raise NotInstalledError(f"the token of {token.team} ended, and Slack renews it no more")
                await asyncio.sleep(LOOK_SECONDS)
        raise TryLater(5)

    async def _renew(self, token: BotToken) -> bool:
        """Try to renew a token. True when Slack will never do it."""
        if token.refresh_token is None:
            return True
        async with self._database.transaction() as store:
            if not await store.installs.claim_renewal(token.team, token.version, LEASE_SECONDS):
                return False
        try:
            renewed = await self._installer.renew(token.refresh_token)
        except TryLater:
            await self._gave_up(token, None)
            return False
        except Refusal as refused:
            log.error("Slack does not renew a token", team=token.team, why=refused.what)
            await self._gave_up(token, f"{refused.what} {refused.do}")
            return True
        async with self._database.transaction() as store:
            await store.installs.renewed(
                token.team,
                token.version,
                bot_token=renewed.bot_token,
                refresh_token=renewed.refresh_token,
                expires_at=renewed.expires_at,
            )
        return False

    async def _gave_up(self, token: BotToken, problem: str | None) -> None:
        async with self._database.transaction() as store:
            await store.installs.not_renewed(token.team, token.version, problem)


def _ends_within(token: BotToken, time_left: timedelta) -> bool:
    return token.expires_at is not None and token.expires_at - datetime.now(UTC) <= time_left
