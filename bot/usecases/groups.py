"""Who is in a group that an approval policy names: Slack's user groups and Ironclad's groups alike."""

from __future__ import annotations

from collections.abc import Sequence

from bot.usecases.access import IroncladAccess
from bot.usecases.errors import Refusal
from bot.usecases.permissions import lacking
from bot.usecases.policy import Group
from bot.usecases.ports import TryLater, UserGroups
from ironclad import Forbidden, IroncladError, NotFound

AGAIN_SECONDS = 30.0


class FoundGroups:
    """Looks members up, and gives everybody by their Slack id."""

    def __init__(self, slack: UserGroups, access: IroncladAccess) -> None:
        self._slack = slack
        self._access = access

    async def members(self, team: str, kind: str, group: str) -> Sequence[str] | None:
        """See `bot.usecases.ports.Groups`."""
        if kind == "slack":
            return await self._slack.members(team, group)
        emails = await self._emails(team, group)
        if emails is None:
            return None
        found = [await self._slack.by_email(team, email) for email in emails]
        return [user for user in found if user]

    async def all(self, team: str) -> Sequence[Group]:
        """See `bot.usecases.ports.GroupNames`."""
        found = [Group(kind="slack", id=id, name=name) for id, name in await self._slack.all(team)]
        try:
            connection = await self._access.current(team)
            if lacking("groups", connection.scopes) is not None:
                return found
            client = await self._access.client(connection)
            found += [Group(kind="ironclad", id=one.id, name=one.name) for one in await client.groups()]
        except (Refusal, IroncladError):
            return found  # not connected, or without the permission: Slack's own groups are still there
        return found

    async def lacking(self, team: str) -> Refusal | None:
        """See `bot.usecases.ports.GroupNames`."""
        try:
            return lacking("groups", (await self._access.current(team)).scopes)
        except Refusal as refusal:
            return refusal

    async def _emails(self, team: str, group: str) -> Sequence[str] | None:
        try:
            connection = await self._access.current(team)
            if lacking("groups", connection.scopes) is not None:
                return None  # nobody can be found in it: whoever stands in is asked instead
            client = await self._access.client(connection)
            known = next((one for one in await client.groups() if one.id == group), None)
            if known is None:
                return None
            people = [await client.user(member) for member in known.members]
        except (Refusal, NotFound, Forbidden):
            return None
        except IroncladError as error:
            raise TryLater(AGAIN_SECONDS) from error
        return [person.email for person in people if person.active and person.email]
