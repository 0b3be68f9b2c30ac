"""What somebody sees of their own: launches, the set-up, whom to ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.texts import phrase
from bot.usecases.calendar import Reminders
from bot.usecases.courses import Picture, intake_of, policy_of
from bot.usecases.errors import Refusal
from bot.usecases.intake import Intake
from bot.usecases.listing import Listing, Lists, Wanted
from bot.usecases.mappings import KIND as MAPPINGS
from bot.usecases.nudging import rules_of
from bot.usecases.people import People
from bot.usecases.policy import Policy
from bot.usecases.versions import Change, changes_in
from storage import (
    Absence,
    Connection,
    Database,
    Draft,
    Hook,
    Launch,
    Person,
    QuestionRules,
    SignIn,
    Store,
    Workspace,
    WorkspaceSettings,
)

SHOWN_AT_ONCE = 10
_REQUEST = re.compile(r"^REQ-(\d{1,9})$", re.IGNORECASE)
_IRONCLAD = re.compile(r"^IC-\d{1,9}$", re.IGNORECASE)


@dataclass(frozen=True)
class Overview:
    """Everything the Home tab shows to one person."""

    admin: bool
    workspace: Workspace | None
    connection: Connection | None
    launches: Sequence[Launch]
    drafts: Sequence[Draft] = ()
    changes: Sequence[Change] = ()
    api_keys: int = 0
    hook: Hook | None = None
    templates_mapped: int = 0
    remembers: bool = False
    identities: Mapping[str, int] | None = None
    requests: Lists | None = None
    policy: Policy | None = None
    intake: Intake | None = None
    reminders: Reminders | None = None
    absence: Absence | None = None
    #: The newest rules of conditional questions of every template; for admins.
    rules: Sequence[QuestionRules] = ()
    #: The language that everybody is told in, and the defaults; for admins.
    settings: WorkspaceSettings | None = None
    #: How many templates are not offered to everybody everywhere; for admins.
    offers: int = 0
    #: How many categories have a channel of their own; for admins.
    category_channels: int = 0
    #: Every connection, also those that are not in use (yet).
    connections: Sequence[Connection] = ()
    #: One's own sign-in to Ironclad, where the connection in use knows such.
    sign_in: SignIn | None = None
    #: Who runs Slipway here, as far as it is known.
    admins: Sequence[str] = ()


class Overseeing:
    """Answers *how do my launches stand* and *how is Slipway set up*."""

    def __init__(self, database: Database, people: People, listing: Listing) -> None:
        self._database = database
        self._people = people
        self._listing = listing

    async def overview(self, team: str, user: str) -> Overview:
        """The Home tab of one person. Raises `Refusal` when Slack does not show who they are."""
        person = await self._people.person(team, user)
        admin = self._people.is_admin(person)
        requests = await self._listing.home(team, user, admin=admin)
        async with self._database.reading() as store:
            connection = await store.connections.current(team)
            signed_in = await store.connections.sign_ins(team, connection.id) if connection else []
            return Overview(
                admin=admin,
                requests=requests,
                policy=await policy_of(store, team) if admin else None,
                intake=await intake_of(store, team) if admin else None,
                reminders=await rules_of(store, team) if admin else None,
                absence=_still(await store.absences.get(team, user), await store.now()),
                workspace=await store.workspaces.get(team),
                connection=connection,
                launches=await store.launches.mine(team, user, limit=SHOWN_AT_ONCE, offset=0),
                drafts=await store.drafts.mine(team, user),
                changes=await changes_in(store, team) if admin else (),
                api_keys=len(await store.api_keys.in_use(team)),
                hook=await store.hooks.get(team),
                identities=await store.identities.counts(team),
                remembers=await store.memories.any(team, user),
                templates_mapped=await store.rulebooks.kinds(team, MAPPINGS),
                rules=await store.conditions.all(team) if admin else (),
                settings=await store.settings.get(team) if admin else None,
                offers=len(await store.settings.template_rules(team)) if admin else 0,
                category_channels=len(await store.settings.category_channels(team)) if admin else 0,
                connections=await store.connections.all(team),
                sign_in=next((one for one in signed_in if one.user == user), None),
                admins=self._people.known_admins(await store.people.admins(team)),
            )

    async def forget(self, team: str, user: str) -> None:
        """Forget what this person typed into forms."""
        async with self._database.transaction() as store:
            await store.memories.forget(team, user)

    async def person(self, team: str, user: str) -> Person:
        """Somebody as Slack knows them: their time zone and language among it. Raises `Refusal`."""
        return await self._people.person(team, user)

    async def is_admin(self, team: str, user: str) -> bool:
        """Whether this person runs Slipway here. Raises `Refusal` when Slack does not show who they are."""
        return self._people.is_admin(await self._people.person(team, user))

    async def requests(self, team: str, user: str, number: str) -> Sequence[Picture]:
        """One's own requests, or the one called `number` if this person may see it; none for no such."""
        wanted = Wanted("mine", number.strip())
        if number.strip() and await self.is_admin(team, user):
            wanted = Wanted("all", number.strip())
        if number.strip() and not _REQUEST.match(number.strip()):
            return ()
        page = await self._listing.page(team, user, wanted)
        return [one for one in page.rows if one.request.source != "launch"]

    async def mine(self, team: str, user: str) -> Sequence[Launch]:
        """One's own launches, the newest first, ten at most."""
        async with self._database.reading() as store:
            return await store.launches.mine(team, user, limit=SHOWN_AT_ONCE, offset=0)

    async def find(self, team: str, user: str, number: str) -> Launch:
        """The launch behind ``REQ-12`` or ``IC-12``.

        Raises `Refusal` unless it is the person's own or they are an admin.
        """
        async with self._database.reading() as store:
            launch = await _find(store, team, number.strip())
        if launch is not None and launch.requester != user:
            person = await self._people.person(team, user)
            launch = launch if self._people.is_admin(person) else None
        if launch is None:
            raise Refusal(
                phrase("Nothing of yours is called {number}.", number=number.strip()[:40]),
                phrase("Type /contract status to see your launches."),
            )
        return launch


def _still(absence: Absence | None, now: datetime) -> Absence | None:
    return absence if absence is not None and absence.until > now else None


async def _find(store: Store, team: str, number: str) -> Launch | None:
    if request := _REQUEST.match(number):
        return await store.launches.by_request_number(team, int(request[1]))
    if _IRONCLAD.match(number):
        return await store.launches.by_ironclad_id(team, number.upper())
    return None
