"""Which templates a person may launch, and the form behind one of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from secrets import token_hex

from bot.texts import phrase
from bot.usecases.access import IroncladAccess
from bot.usecases.alarms import Alarms
from bot.usecases.courses import asked_first, policy_in, policy_of
from bot.usecases.errors import NoAccount, Refusal, explain, not_connected
from bot.usecases.offers import Allowed, Audience
from bot.usecases.people import People
from bot.usecases.policy import KIND as APPROVALS
from bot.usecases.ports import Offered, Screens, TryLater, Where
from ironclad import BadCredentials, Forbidden, Ironclad, IroncladError, Rejected, Unauthorized
from storage import Connection, Database, Offer, Opening, Store, TemplateFacts
from storage.work import Later, Payload, Work

FRESH = timedelta(minutes=10)  # shown as it is; beyond, shown and renewed behind the person's back
MOST_CANDIDATES = 3
PATIENCE_SECONDS = 1.0  # for Slack, while somebody waits for a window
USABLE = timedelta(days=7)  # beyond, the person waits for the new list


class AskFirst(Exception):
    """Contracts have to be requested here before they can be launched."""


class Offering:
    """The template list: from the storage at once, from Ironclad when it must be."""

    KIND = "templates"

    def __init__(
        self,
        database: Database,
        work: Work,
        access: IroncladAccess,
        people: People,
        screens: Screens,
        alarms: Alarms,
        audience: Audience,
    ) -> None:
        self._database = database
        self._work = work
        self._access = access
        self._people = people
        self._screens = screens
        self._alarms = alarms
        self._audience = audience

    async def opening(self, team: str, user: str, where: Where, *, requested: bool = True) -> Offered | None:
        """What `/contract` can show at once; None when it has to be fetched first.

        Raises `Refusal` when Ironclad is not connected, or nothing is offered to this person here, and
        `AskFirst` when what is going to be launched was not `requested` although the policy wants that.
        """
        async with self._database.reading() as store:
            opening = await store.opening(team, user, APPROVALS)
            rules = await store.settings.template_rules(team) if opening.limited else {}
            now = await store.now()
        if not requested and policy_in(opening.rules).ask_first:
            raise AskFirst
        if opening.connection is None:
            raise not_connected(admin=bool(opening.person and self._people.is_admin(opening.person)))
        if opening.offer is None or not opening.offer.items or now - opening.offer.fetched_at > USABLE:
            return None
        if now - opening.offer.fetched_at > FRESH:
            await self._renew_quietly(team, user, opening)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                allowed = await self._audience.of(team, user, where, opening.offer.items, rules.values())
        except (TryLater, TimeoutError):
            return None  # who is in a group takes longer than Slack waits for a window
        return _offered(allowed, opening.connection)

    async def fetch_for(self, team: str, user: str, view: str, where: Where) -> None:
        """Fetch the list and show it in the open modal `view`, as durable work."""
        async with self._database.transaction() as store:
            # Asked for anew each time, also by Try again in the same window.
            key = f"templates:{team}:{view}:{token_hex(4)}"
            await self._start(store, team, user, view, where, key=key)

    async def fetch(self, payload: Payload) -> Later | None:
        """The durable work behind `fetch_for`: ends with a list or with a reason on the screen."""
        team, user, view = payload["team"], payload["user"], payload["view"]
        where = Where(payload.get("request", ""), payload.get("channel", ""))
        try:
            offer = await self.renew(team, user)
            if view:
                offered = await self._here(team, user, offer, where)
                await self._screens.templates(team, user, view, offered, where)
        except Refusal as refusal:
            if view:
                await self._screens.refused(team, user, view, refusal, where)
        except TryLater as later:
            return Later(later.seconds)
        return None

    async def _here(self, team: str, user: str, offer: Offer, where: Where) -> Offered:
        """What of an offer is for this person, here. Raises `Refusal` for nothing of it, `TryLater`."""
        async with self._database.reading() as store:
            rules = await store.settings.template_rules(team)
        allowed = await self._audience.of(team, user, where, offer.items, rules.values())
        return _offered(allowed, await self._access.current(team))

    async def only_offered(self, team: str, user: str, template_id: str, where: Where) -> None:
        """Raise `Refusal` for a template that admins do not offer to this person here (any more).

        Also where contracts have come to be requested first while the list was open.
        """
        async with self._database.reading() as store:
            if not where.request and (await policy_of(store, team)).ask_first:
                raise asked_first()
            rules = await store.settings.template_rules(team)
            template = await store.templates.get(team, template_id) if rules else None
        if template is None:
            return
        item = (template.id, template.name)
        try:
            allowed = await self._audience.of(team, user, where, [item], rules.values())
        except TryLater:
            raise Refusal(
                phrase("Slack does not say right now who is in a user group."),
                phrase("Try again in a moment."),
                again=True,
            ) from None
        if not allowed.items:
            raise nothing_offered(allowed)

    async def renew(self, team: str, user: str) -> Offer:
        """Ask Ironclad what this person may launch, and remember it. Raises `Refusal`."""
        person = await self._people.person(team, user)
        connection = await self._access.current(team)
        acting_user = await self._access.acting_user(connection, person)
        client = await self._access.client(connection, as_user=acting_user)
        try:
            templates = await client.templates()
        except (BadCredentials, Unauthorized) as error:
            raise await self._alarms.broken(connection, acting_user) from error
        except (Forbidden, Rejected) as error:
            raise await self._whose_fault(client, connection, acting_user, user, error) from error
        except IroncladError as error:
            raise explain(error) from error
        await self._alarms.works(connection)
        facts = [
            TemplateFacts(id=t.id, name=t.name, schema=dict(t.raw), may_launch=t.may_launch)
            for t in templates
        ]
        async with self._database.transaction() as store:
            await store.templates.remember(team, acting_user, facts)
            await store.identities.matched(team, user)
            offer = await store.templates.offered(team, acting_user)
        if offer is None or not offer.items:
            raise Refusal(
                phrase("There is no Ironclad template that you may launch."),
                phrase("Ask your Ironclad administrator to publish one or to let you launch it."),
                again=True,
            )
        return offer

    async def _whose_fault(
        self, client: Ironclad, connection: Connection, acting_user: str, user: str, error: IroncladError
    ) -> Refusal:
        """A refused list may mean that the acting user is unknown: look, as the connection's own user."""
        try:
            found = await client.acting_as(connection.acting_user).user_by_email(acting_user)
        except IroncladError:
            return explain(error)
        return explain(error) if found else await self._no_account(client, connection, acting_user, user)

    async def _no_account(self, client: Ironclad, connection: Connection, email: str, user: str) -> NoAccount:
        """Nobody of this address: note it for the admins, and look for the same name at another domain."""
        begin = email.partition("@")[0] + "@"
        try:
            others = await client.acting_as(connection.acting_user).users_beginning(begin)
        except IroncladError:
            others = ()
        async with self._database.transaction() as store:
            await store.identities.note_unmatched(connection.team, user)
        candidates = [one.email for one in others if one.active and one.email.casefold() != email.casefold()]
        return NoAccount(email, candidates[:MOST_CANDIDATES])

    async def _renew_quietly(self, team: str, user: str, opening: Opening) -> None:
        fetched = opening.offer.fetched_at if opening.offer else None
        async with self._database.transaction() as store:
            key = f"templates:{team}:{user}:{fetched:%Y%m%dT%H%M%S}"
            await self._start(store, team, user, "", Where(), key=key)

    async def _start(self, store: Store, team: str, user: str, view: str, where: Where, *, key: str) -> None:
        payload = {
            "team": team,
            "user": user,
            "view": view,
            "request": where.request,
            "channel": where.channel,
        }
        await self._work.start(store, self.KIND, key, payload)


def _offered(allowed: Allowed, connection: Connection) -> Offered:
    if not allowed.items:
        raise nothing_offered(allowed)
    return Offered(tuple(allowed.items), demo=connection.demo, elsewhere=allowed.elsewhere)


def nothing_offered(allowed: Allowed) -> Refusal:
    """Ironclad would let them launch, but the admins do not offer it."""
    ask = phrase("Slipway's admins decide on its Home tab what is offered to whom: ask one of them.")
    there = phrase(
        "It is offered to you in another channel: type /contract there, or ask a Slipway admin where."
    )
    return Refusal(phrase("No template is offered to you here."), there if allowed.elsewhere else ask)
