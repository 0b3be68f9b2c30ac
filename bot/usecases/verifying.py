"""What happens in the browser: the page behind a link, consent in Ironclad, and the way back.

Everything is checked before anything is done, in this order: is the token one of ours, does its ticket exist,
is it unused and in time, may its person still do this, and on the way back from Ironclad also: is it the
browser that left. Only then is the ticket spent, and only then is Ironclad asked for tokens.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from typing import Literal

from bot.usecases.connecting import Connecting
from bot.usecases.dialling import AUTHORIZATION_CODE, Dialling
from bot.usecases.errors import Refusal
from bot.usecases.notices import Notifying, Occasion, broken_post, link_post
from bot.usecases.noting import noted
from bot.usecases.people import People
from bot.usecases.permissions import CORE, missing_in, respelled
from bot.usecases.troubles import ON_HOME, consent_refused, whats_wrong
from ironclad import BadCredentials, Identity, IroncladError, Tokens
from storage import Connection, Database, Person, Ticket, Workspace, digest_of
from storage.records import TicketPurpose

CONSENT_SECONDS = 15 * 60  # to log in to Ironclad and to agree

NOT_OURS = Refusal(
    "This address is not one that Slipway made, or a part of it is missing.",
    f"Copy it again, whole, from the message. Or: {ON_HOME} and have it sent again.",
)
GONE = Refusal(
    "What this link was for is no longer there: the connection was changed or removed.",
    f"{ON_HOME} to see how things stand.",
)
EXPIRED = Refusal(
    "This link was good for 30 minutes, and they are over.", f"{ON_HOME} and press Send the link again."
)
USED = Refusal("This link was already used.", f"{ON_HOME} to see how things stand.")
LATE = Refusal(
    "You were away for more than 15 minutes, so Slipway no longer waits for Ironclad's answer.",
    f"{ON_HOME} and start again.",
)
REPLAYED = Refusal(
    "Ironclad's answer was already used: this page was probably loaded twice.",
    f"{ON_HOME} to see whether Ironclad is connected; if it is not, start again.",
)
OTHER_BROWSER = Refusal(
    "This is not the browser in which you pressed Approve, so Slipway did not go on.",
    f"{ON_HOME}, start again, and stay in one browser (cookies must be allowed for this address).",
)
NO_CODE = Refusal("Ironclad sent you back without an answer.", f"{ON_HOME} and start again.")


@dataclass(frozen=True)
class Asked:
    """What a link asks its person to approve."""

    ticket: Ticket
    connection: Connection
    person: Person
    workspace: Workspace | None


@dataclass(frozen=True)
class Leaving:
    """Off to Ironclad's consent page; only the browser that holds `session` may come back."""

    url: str
    session: str
    seconds: float = CONSENT_SECONDS


@dataclass(frozen=True)
class Done:
    """How it ended."""

    purpose: TicketPurpose
    team: str
    user: str
    verdict: Literal["connected", "declined"]
    connection: Connection | None
    found: str = ""


class Verifying:
    """Decides what a link and the way back from Ironclad may do."""

    def __init__(
        self,
        database: Database,
        people: People,
        dialling: Dialling,
        connecting: Connecting,
        notifying: Notifying,
    ) -> None:
        self._database = database
        self._people = people
        self._dialling = dialling
        self._connecting = connecting
        self._notifying = notifying

    # The link -------------------------------------------------------------------------------------

    async def look(self, token: str) -> Asked:
        """What the link asks; changes nothing, because mail scanners open links too. Raises `Refusal`."""
        ticket = await self._ticket(token, "link", used=USED, late=EXPIRED)
        return await self._asked(ticket)

    async def decline(self, token: str) -> Done:
        """*Not me*: the link is spent, and the connection stays unverified. Raises `Refusal`."""
        asked = await self.look(token)
        ticket, connection = asked.ticket, asked.connection
        await self._spend(ticket, USED)
        async with self._database.transaction() as store:
            facts: dict[str, object] = {"link": ticket.purpose}
            await noted(store, ticket.user, "connection.declined", connection, after=facts, origin="web")
        if ticket.purpose == "connect":
            problem = f"{asked.person.name} said that they did not ask for this connection."
            async with self._database.transaction() as store:
                await store.connections.fail(ticket.team, connection.id, problem)
            await self._settled(asked, token, "failed")
        return Done(ticket.purpose, ticket.team, ticket.user, "declined", connection)

    async def approve(self, token: str) -> Done | Leaving:
        """*Approve*: verified at once, or off to Ironclad for consent. Raises `Refusal`."""
        asked = await self.look(token)
        await self._spend(asked.ticket, USED)
        if asked.connection.grant == AUTHORIZATION_CODE:
            await self._redraw_link(asked, token)
            return await self._leave(asked.ticket, asked.connection)
        try:
            found = await self._connecting.adopt(asked.connection)
        except Refusal as refusal:
            await self._failed(asked, token, refusal)
            raise
        return await self._connected(asked, token, found)

    # Consent --------------------------------------------------------------------------------------

    async def come_back(self, state: str, session: str, code: str, error: str) -> Done | Leaving:
        """Ironclad sent somebody back. Raises `Refusal`."""
        ticket = await self._ticket(state, "consent", used=REPLAYED, late=LATE)
        if ticket.session is None or not hmac.compare_digest(ticket.session, digest_of(session)):
            raise OTHER_BROWSER
        asked = await self._asked(ticket)
        await self._spend(ticket, REPLAYED)
        scopes = tuple(ticket.details["scopes"])
        if error == "invalid_scope" and not ticket.details["again"] and respelled(scopes) != scopes:
            return await self._leave(ticket, asked.connection, scopes=respelled(scopes), again=True)
        if error or not code:
            refusal = consent_refused(error) if error else NO_CODE
            await self._failed(asked, "", refusal)
            raise refusal
        try:
            return await self._exchanged(asked, code, scopes)
        except Refusal as refusal:
            await self._failed(asked, "", refusal)
            raise

    async def _leave(
        self,
        ticket: Ticket,
        connection: Connection,
        *,
        scopes: tuple[str, ...] = (),
        again: bool = False,
    ) -> Leaving:
        scopes = scopes or connection.scopes or connection.wanted
        session = secrets.token_urlsafe(24)
        async with self._database.transaction() as store:
            _, state = await store.tickets.issue(
                ticket.team,
                purpose=ticket.purpose,
                stage="consent",
                connection_id=connection.id,
                user=ticket.user,
                seconds=CONSENT_SECONDS,
                session=session,
                details={"scopes": list(scopes), "again": again},
            )
        return Leaving(self._dialling.consent_url(connection, state, scopes), session)

    async def _exchanged(self, asked: Asked, code: str, scopes: tuple[str, ...]) -> Done:
        """Tokens for the code; kept only if they belong to the right company and the right person."""
        connection, team = asked.connection, asked.ticket.team
        async with self._database.reading() as store:
            secret = await store.connections.client_secret(team, connection.id)
        try:
            tokens = await self._dialling.exchange(connection, secret, code)
            client = self._dialling.client_with(connection, tokens)
            who = await client.whoami()
            templates = await client.templates()
        except BadCredentials as refused:
            raise whats_wrong(refused, connection) from refused
        except IroncladError as error:
            raise whats_wrong(error, replace(connection, acting_user="you")) from error
        granted = tuple(tokens.scope.split()) or scopes
        _same_company(connection, who)
        if asked.ticket.purpose == "sign_in":
            return await self._signed_in(asked, tokens, who)
        if missing := missing_in(CORE, granted):
            raise Refusal(
                "Ironclad granted less than launching needs.",
                f"Tick these permissions for the app: {', '.join(missing)}.",
            )
        await self._keep(connection, "", tokens, who)
        launchable = sum(template.may_launch for template in templates)
        found = f"{who.company_name}: {launchable} of {len(templates)} templates can be launched"
        if asked.ticket.purpose == "connect":
            await self._connecting.promote(
                connection, who.company_id, who.company_name, granted, acting_user=who.email
            )
        else:
            await self._reconnected(connection, asked.ticket.user, who.email)
        return await self._connected(asked, "", found)

    async def _signed_in(self, asked: Asked, tokens: Tokens, who: Identity) -> Done:
        if not asked.person.email or who.email.casefold() != asked.person.email.casefold():
            raise Refusal(
                f"You are logged in to Ironclad as {who.email}, but your Slack e-mail is "
                f"{asked.person.email or 'not known'}.",
                "Log out of Ironclad, log in with that address, and start again on Slipway's Home tab.",
            )
        await self._keep(asked.connection, asked.ticket.user, tokens, who)
        async with self._database.transaction() as store:
            account: dict[str, object] = {"account": who.email}
            user, signed_in = asked.ticket.user, "connection.signed_in"
            await noted(store, user, signed_in, asked.connection, after=account, origin="web")
        await self._settled(asked, "", "signed_in", who.email)
        return Done("sign_in", asked.ticket.team, asked.ticket.user, "connected", asked.connection, who.email)

    async def _keep(self, connection: Connection, holder: str, tokens: Tokens, who: Identity) -> None:
        async with self._database.transaction() as store:
            kept = await store.connections.put_tokens(
                connection.team,
                connection.id,
                access_token=tokens.access_token,
                refresh_token=tokens.refresh_token,
                expires_at=tokens.expires_at,
                scope=tokens.scope,
                account=who.email,
                holder=holder,
            )
        if not kept:
            raise GONE

    async def _reconnected(self, connection: Connection, user: str, account: str) -> None:
        async with self._database.transaction() as store:
            facts: dict[str, object] = {"account": account}
            await noted(store, user, "connection.reconnected", connection, after=facts, origin="web")
            broken = await store.connections.get(connection.team, connection.id)
            if broken is not None and await store.connections.note_mended(connection.team, connection.id):
                await self._notifying.start(
                    store,
                    broken,
                    broken.created_by,
                    "mended",
                    post=broken_post(broken),
                    turn="mended",
                )

    # Checking -------------------------------------------------------------------------------------

    async def _ticket(self, token: str, stage: str, *, used: Refusal, late: Refusal) -> Ticket:
        async with self._database.reading() as store:
            stub = store.tickets.stub(token)
            if stub is None:
                raise NOT_OURS
            ticket = await store.tickets.get(*stub)
            now = await store.now()
        if ticket is None:
            raise GONE
        if ticket.stage != stage:
            raise NOT_OURS
        if ticket.used_at is not None:
            raise used
        if ticket.expires_at <= now:
            raise late
        return ticket

    async def _asked(self, ticket: Ticket) -> Asked:
        async with self._database.reading() as store:
            connection = await store.connections.get(ticket.team, ticket.connection_id)
            workspace = await store.workspaces.get(ticket.team)
        person = await self._people.person(ticket.team, ticket.user)
        if connection is None:
            raise GONE
        if ticket.purpose != "sign_in" and not self._people.is_admin(person):
            raise Refusal(
                f"{person.name} is no longer an admin of Slipway.", "Ask a workspace owner or admin to do it."
            )
        if ticket.purpose == "connect" and connection.state != "checking":
            raise GONE
        return Asked(ticket, connection, person, workspace)

    async def _spend(self, ticket: Ticket, used: Refusal) -> None:
        async with self._database.transaction() as store:
            if not await store.tickets.use(ticket.team, ticket.id):
                raise used  # somebody pressed at the same moment

    # Telling --------------------------------------------------------------------------------------

    async def _failed(self, asked: Asked, token: str, refusal: Refusal) -> None:
        """Keep what was wrong where its admin finds it; what may pass by itself leaves the link good."""
        ticket, connection = asked.ticket, asked.connection
        async with self._database.transaction() as store:
            if refusal.again and ticket.stage == "link":
                await store.tickets.give_back(ticket.team, ticket.id)
                return
            if ticket.purpose == "connect":
                text = f"{refusal.what} {refusal.do}"
                await store.connections.fail(ticket.team, connection.id, text)
        if ticket.purpose == "connect":
            await self._settled(asked, token, "failed")

    async def _connected(self, asked: Asked, token: str, found: str) -> Done:
        ticket = asked.ticket
        await self._settled(asked, token, "verified", found)
        async with self._database.reading() as store:
            connection = await store.connections.get(ticket.team, ticket.connection_id)
        return Done(ticket.purpose, ticket.team, ticket.user, "connected", connection, found)

    async def _settled(self, asked: Asked, token: str, occasion: Occasion, found: str = "") -> None:
        """Tell the person in Slack; the message that brought the link no longer offers it."""
        ticket, connection = asked.ticket, asked.connection
        async with self._database.transaction() as store:
            connection = await store.connections.get(ticket.team, connection.id) or connection
            await self._notifying.start(
                store,
                connection,
                ticket.user,
                occasion,
                post=f"{occasion}:{connection.id}:{ticket.id}",
                text=found or connection.problem or "",
            )
        await self._redraw_link(asked, token)

    async def _redraw_link(self, asked: Asked, token: str) -> None:
        if not token or asked.ticket.purpose != "connect":
            return
        ticket, connection = asked.ticket, asked.connection
        async with self._database.transaction() as store:
            post = link_post(connection.id, ticket.user, token)
            await self._notifying.start(
                store, connection, ticket.user, "link", post=post, turn="used", token=token
            )


def _same_company(connection: Connection, who: Identity) -> None:
    if connection.company_id and who.company_id != connection.company_id:
        raise Refusal(
            f"You chose {who.company_name} in Ironclad, but this connection belongs to "
            f"{connection.company_name}.",
            "Start again and choose that company on Ironclad's page.",
        )
