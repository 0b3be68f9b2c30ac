"""What a workspace decides once for everybody: the usual currency and time zone, where cards go."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot import forms
from bot.texts import phrase
from bot.usecases.calendar import zones
from bot.usecases.courses import intake_of
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from bot.usecases.ports import Channels
from storage import Database, WorkspaceSettings

_CLOSED = phrase("Slipway cannot post there. Invite it with /invite @Slipway, or choose another channel.")
MAX_CATEGORIES = 45  #: that can have a channel of their own: Slack allows a window a hundred blocks


@dataclass(frozen=True)
class ByCategory:
    """Every category that requests can have, with its channel; empty for the procurement channel."""

    channels: Mapping[str, str]
    #: There are more categories than can have channels.
    more: bool = False


class Defaults:
    """Reads and changes them. Admins only; every method raises `Refusal` for anybody else."""

    def __init__(self, database: Database, people: People, channels: Channels) -> None:
        self._database = database
        self._people = people
        self._channels = channels

    async def current(self, team: str, user: str) -> WorkspaceSettings:
        """The defaults as they are."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            return await store.settings.get(team)

    async def choose(self, team: str, user: str, currency: str, time_zone: str) -> None:
        """Let amounts begin in `currency`, and whoever says no other be in `time_zone`."""
        await self._people.only_admins(team, user)
        if currency and not forms.is_tender(currency):
            raise Refusal(phrase("There is no such currency."), phrase("Pick one from the list."))
        if time_zone and time_zone not in zones():
            raise Refusal(phrase("There is no such time zone."), phrase("Pick one from the list."))
        async with self._database.transaction() as store:
            await store.workspaces.ensure(team)
            former = await store.settings.get(team)
            chosen = replace(former, currency=currency, time_zone=time_zone)
            if chosen == former:
                return
            await store.settings.save(team, chosen)
            facts = [{"currency": one.currency, "time_zone": one.time_zone} for one in (former, chosen)]
            await store.audit.add(team, user, "defaults.set", "Defaults", before=facts[0], after=facts[1])

    async def by_category(self, team: str, user: str) -> ByCategory:
        """The channels of the categories, also of those that nobody can choose any more."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            chosen = await store.settings.category_channels(team)
            offered = (await intake_of(store, team)).categories
        every = list(dict.fromkeys([*chosen, *offered]))[:MAX_CATEGORIES]
        ordered = sorted(every, key=lambda one: offered.index(one) if one in offered else -1)
        return ByCategory({one: chosen.get(one, "") for one in ordered}, more=len(offered) > len(ordered))

    async def send_to(self, team: str, user: str, wanted: Mapping[str, str]) -> dict[str, str]:
        """Send the requests of these categories to these channels; empty: to the procurement channel.

        Says by category why cards cannot go to a channel; then nothing was changed.
        """
        before = (await self.by_category(team, user)).channels
        changed = {
            category: channel
            for category, channel in wanted.items()
            if category in before and channel != before[category]
        }
        asked = {category: channel for category, channel in changed.items() if channel}
        found = await asyncio.gather(*(self._channels.standing(team, one) for one in asked.values()))
        problems: dict[str, str] = {
            one: _CLOSED for one, standing in zip(asked, found, strict=True) if standing.closed
        }
        if problems or not changed:
            return problems
        async with self._database.transaction() as store:
            await store.workspaces.ensure(team)
            for category, channel in changed.items():
                await store.settings.set_category_channel(team, category, channel or None)
            former = {category: before[category] for category in changed}
            await store.audit.add(
                team, user, "category_channels.set", "Channels by category", before=former, after=changed
            )
        return {}
