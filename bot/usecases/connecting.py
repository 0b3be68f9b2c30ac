"""Connecting a workspace to Ironclad, and telling it where its procurement channel is."""

from __future__ import annotations

from dataclasses import dataclass

from bot.usecases.access import IroncladAccess
from bot.usecases.acting import origin_of
from bot.usecases.errors import Refusal, explain
from bot.usecases.people import People
from bot.usecases.ports import SETTLED_SECONDS, Channels, Homes, Screens
from ironclad import (
    BadCredentials,
    Forbidden,
    IroncladError,
    NotSent,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from storage import Connection, Database
from storage.work import Later, Payload, Work

CORE_SCOPES = (
    "public.workflows.readSchemas",  # list the templates and their fields
    "public.workflows.createWorkflows",  # launch
    "public.workflows.readWorkflows",  # find a launch whose answer was lost
    "scim.users.readUsers",  # tell a person without an Ironclad account from one without permission
)
CLIENT_CREDENTIALS = "client_credentials"
_WHERE = "In Ironclad: Company Settings → API → your app."


@dataclass(frozen=True)
class Credentials:
    """What an admin types to connect; the secret never shows in a repr."""

    client_id: str
    region: str
    acting_user: str
    client_secret: str = ""

    def __repr__(self) -> str:
        return f"Credentials(client_id={self.client_id!r}, region={self.region!r})"


class Connecting:
    """Tries credentials, keeps those that work, and says what is wrong with the others."""

    KIND = "connect"

    def __init__(
        self,
        database: Database,
        work: Work,
        access: IroncladAccess,
        people: People,
        *,
        screens: Screens,
        homes: Homes,
        channels: Channels,
    ) -> None:
        self._database = database
        self._work = work
        self._access = access
        self._people = people
        self._screens = screens
        self._homes = homes
        self._channels = channels

    async def only_admins(self, team: str, user: str) -> None:
        """Raise `Refusal` unless `user` may change how Slipway is set up."""
        if not self._people.is_admin(await self._people.person(team, user)):
            raise Refusal("Only Slipway's admins can do this.", "Ask a workspace owner or admin.")

    async def email_of(self, team: str, user: str) -> str:
        """The e-mail by which Ironclad knows a Slack person. Raises `Refusal` when there is none."""
        person = await self._people.person(team, user)
        if not person.email:
            raise Refusal(f"Slack shows no e-mail address for {person.name}.", "Choose somebody else.")
        return person.email

    async def submit(self, team: str, user: str, typed: Credentials, *, view: str, earlier: str = "") -> None:
        """Keep the credentials sealed and try them as durable work; `view` then shows how it went.

        Without a secret, that of the `earlier` failed try is taken. Raises `Refusal`.
        """
        await self.only_admins(team, user)
        connection = await self.keep(team, user, typed, earlier=earlier)
        payload = {"team": team, "user": user, "connection": connection.id, "view": view}
        async with self._database.transaction() as store:
            key = f"connect:{team}:{connection.id}"
            await self._work.start(store, self.KIND, key, payload, after=SETTLED_SECONDS)

    async def keep(self, team: str, user: str, typed: Credentials, *, earlier: str = "") -> Connection:
        """Store credentials that nobody has tried yet. Raises `Refusal` when there is no secret."""
        async with self._database.transaction() as store:
            await store.workspaces.ensure(team)
            before = await store.connections.get(team, earlier) if earlier else None
            # A secret goes only where it was first meant for: another client or host is asked for its own.
            same = before and (before.client_id, before.region) == (typed.client_id, typed.region)
            secret = typed.client_secret
            if not secret and before and same:
                secret = await store.connections.client_secret(team, before.id)
            if not secret:
                raise Refusal("The client secret is missing.", "Paste it again.")
            if before and before.state != "ready":
                await store.connections.discard(team, before.id)
            return await store.connections.add(
                team,
                region=typed.region,
                grant=CLIENT_CREDENTIALS,
                client_id=typed.client_id,
                client_secret=secret,
                acting_user=typed.acting_user,
                by=user,
            )

    async def check(self, payload: Payload) -> Later | None:
        """The durable work behind `submit`."""
        team, connection_id = payload["team"], payload["connection"]
        async with self._database.reading() as store:
            connection = await store.connections.get(team, connection_id)
        if connection is None:
            return None
        found = ""
        if connection.state == "checking":
            try:
                found = await self.adopt(connection)
            except Refusal as refusal:
                async with self._database.transaction() as store:
                    await store.connections.fail(team, connection_id, f"{refusal.what} {refusal.do}")
        async with self._database.reading() as store:
            tried = await store.connections.get(team, connection_id)
        if tried is not None:
            await self._screens.connection(team, payload["view"], tried, found)
        await self._homes.publish(team, payload["user"])
        return None

    async def adopt(self, connection: Connection) -> str:
        """Try a connection and make it the workspace's own. Says what it can see; raises `Refusal`."""
        client = await self._access.client(connection)
        try:
            company = await client.company()
            known = await client.user_by_email(connection.acting_user or "")
            templates = await client.templates() if known else []
        except IroncladError as error:
            raise _whats_wrong(error, connection) from error
        if known is None:
            raise _unknown_acting_user(connection)
        async with self._database.transaction() as store:
            former = await store.connections.current(connection.team)
            await store.connections.promote(
                connection.team,
                connection.id,
                company_id=company.id,
                company_name=company.name,
                scopes=" ".join(CORE_SCOPES),
            )
            await store.templates.forget(connection.team)
            await store.audit.add(
                connection.team,
                connection.created_by,
                "connection.connected",
                company.name,
                before=_facts(former),
                after=_facts(connection),
                origin=origin_of(connection.created_by),
            )
        self._access.forget(connection.team, but=connection.id)
        launchable = sum(template.may_launch for template in templates)
        return f"{company.name}: {launchable} of {len(templates)} templates can be launched"

    async def disconnect(self, team: str, user: str) -> None:
        """Forget the connection with its secret and tokens. Raises `Refusal`."""
        await self.only_admins(team, user)
        async with self._database.transaction() as store:
            former = await store.connections.current(team)
            await store.connections.disconnect(team)
            await store.templates.forget(team)
            if former is not None:
                what = former.company_name or "Ironclad"
                await store.audit.add(team, user, "connection.disconnected", what, before=_facts(former))
        self._access.forget(team)

    async def choose_channel(self, team: str, user: str, channel: str) -> None:
        """Set the procurement channel, noting at once whether cards can be posted there. Raises `Refusal`."""
        await self.only_admins(team, user)
        await self.set_channel(team, user, channel)

    async def set_channel(self, team: str, by: str, channel: str) -> str | None:
        """Set the procurement channel without asking who may. Says why cards cannot go there, if so."""
        standing = await self._channels.standing(team, channel)
        async with self._database.transaction() as store:
            former = (await store.workspaces.ensure(team)).channel
            await store.workspaces.set_channel(team, channel, by)
            await store.workspaces.note_channel_problem(team, standing.problem)
            if former != channel:
                await store.audit.add(
                    team,
                    by,
                    "channel.set",
                    standing.name,
                    before={"channel": former},
                    after={"channel": channel},
                    origin=origin_of(by),
                )
        return standing.problem


def _facts(connection: Connection | None) -> dict[str, object] | None:
    """What the audit log says of a connection."""
    if connection is None:
        return None
    names = ("region", "grant", "client_id", "acting_user")
    return {name: getattr(connection, name) for name in names}


def _unknown_acting_user(connection: Connection) -> Refusal:
    return Refusal(
        f"Ironclad does not let {connection.acting_user} in.",
        "Choose somebody whose Slack e-mail is also their Ironclad e-mail and who may launch workflows.",
    )


def _whats_wrong(error: IroncladError, connection: Connection) -> Refusal:
    """What an admin has to mend, from the way the trial failed."""
    if isinstance(error, BadCredentials):
        return _bad_credentials(error)
    if isinstance(error, (Forbidden, Rejected)):
        # The token was granted with the permissions asked for, so this is about whom it acts for.
        return _unknown_acting_user(connection)
    if isinstance(error, Unauthorized):
        return Refusal("Ironclad did not accept its own token.", f"Check the region. {_WHERE}")
    if isinstance(error, (NotSent, Unavailable, RateLimited)):
        return explain(error)
    return Refusal("Ironclad gave an unexpected answer.", "Check the region, then try again.", again=True)


def _bad_credentials(error: BadCredentials) -> Refusal:
    by_code = {
        "invalid_scope": Refusal(
            "The Ironclad app lacks a permission that Slipway needs.",
            f"Tick these permissions: {', '.join(CORE_SCOPES)}. {_WHERE}",
        ),
        "invalid_request": Refusal(
            "Ironclad does not know this client ID in this form.", f"Copy it again. {_WHERE}"
        ),
        "unauthorized_client": Refusal(
            "Ironclad did not accept the client ID and secret.",
            "Check that both are copied whole, that the region is the one you log in to, and that the app "
            f"allows the Client Credentials grant. {_WHERE}",
        ),
    }
    return by_code.get(error.code or "", by_code["unauthorized_client"])
