"""Looking a connection over: what works, what does not, and what to do about each thing that does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

from bot.usecases.access import IroncladAccess
from bot.usecases.alarms import Alarms
from bot.usecases.connecting import Connecting
from bot.usecases.dialling import CLIENT_CREDENTIALS, Dialling
from bot.usecases.errors import Refusal
from bot.usecases.permissions import EVERY, lacking, missing_in, respelled
from bot.usecases.ports import SETTLED_SECONDS, Views
from bot.usecases.troubles import WHERE, whats_wrong
from ironclad import BadCredentials, Ironclad, IroncladError, NotSent, RateRoom, Unauthorized
from storage import Connection, Database
from storage.work import Later, Payload, Work

BY_ITSELF = "Slipway asks Ironclad for news by itself."
LOW_ROOM = 0.1  # of the company's calls in a minute


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `good` is None where it is neither good nor bad."""

    name: str
    good: bool | None
    told: str
    do: str = ""


class Checking:
    """Checks a connection when an admin asks, and every verified one each day."""

    KIND = "connection.check"
    DAILY = "connections.check"

    def __init__(
        self,
        database: Database,
        work: Work,
        access: IroncladAccess,
        dialling: Dialling,
        connecting: Connecting,
        alarms: Alarms,
        views: Views,
    ) -> None:
        self._database = database
        self._work = work
        self._access = access
        self._dialling = dialling
        self._connecting = connecting
        self._alarms = alarms
        self._views = views

    async def start(self, team: str, user: str, connection_id: str, view: str) -> Connection:
        """Check as durable work and show the result in the modal `view`. Raises `Refusal`."""
        connection = await self._connecting.get(team, user, connection_id)
        payload: Payload = {"team": team, "connection": connection_id, "view": view, "user": user}
        async with self._database.transaction() as store:
            moment = (await store.now()).timestamp()
            key = f"check:{team}:{connection_id}:{moment}"
            await self._work.start(store, self.KIND, key, payload, after=SETTLED_SECONDS)
        return connection

    async def perform(self, payload: Payload) -> Later | None:
        """The durable work behind `start`."""
        checked = await self.check(payload["team"], payload["connection"])
        if checked is not None:
            await self._views.checked(checked, payload["view"], payload["user"])
        return None

    async def check_all(self) -> None:
        """Every verified connection of every workspace: done each day."""
        async with self._database.reading() as store:
            workspaces = await store.workspaces.all()
        for workspace in workspaces:
            async with self._database.reading() as store:
                connections = await store.connections.all(workspace.team)
            for connection in connections:
                if connection.verified:
                    await self.check(workspace.team, connection.id)
            async with self._database.transaction() as store:
                await store.tickets.sweep(workspace.team, seconds=24 * 3600)

    async def check(self, team: str, connection_id: str) -> Connection | None:
        """Look one over and write down what was found; the connection as it is then."""
        async with self._database.reading() as store:
            connection = await store.connections.get(team, connection_id)
        if connection is None or not connection.verified:
            return connection
        found = await self._look_over(connection)
        wrong = [one for one in found if one.good is False]
        problem = f"{wrong[0].told} {wrong[0].do}".strip() if wrong else None
        async with self._database.transaction() as store:
            await store.connections.note_findings(
                team, connection_id, [asdict(one) for one in found], problem
            )
            return await store.connections.get(team, connection_id)

    async def _look_over(self, connection: Connection) -> list[Finding]:
        """In the order in which one would mend things; what cannot be asked any more is left out."""
        found = [await self._reached(connection)]
        if found[0].good is False:
            return found
        client = await self._access.client(connection)
        credentials = await self._credentials(connection, client)
        found.append(credentials)
        if credentials.good is False:
            return found
        for look in (self._permissions, self._acting_user, self._templates, self._webhook):
            found.append(await _asked(connection, look, client))
        return [*found, _room(client.room)]

    async def _reached(self, connection: Connection) -> Finding:
        try:
            await self._dialling.reach(connection)
        except NotSent:
            return Finding(
                "Region",
                False,
                "Ironclad cannot be reached from here.",
                "Check the network or a proxy where Slipway runs, and the region.",
            )
        return Finding("Region", True, "Ironclad answers.")

    async def _credentials(self, connection: Connection, client: Ironclad) -> Finding:
        try:
            await client.company()
        except (BadCredentials, Unauthorized) as ended:
            refusal = whats_wrong(ended, connection)
            await self._alarms.broken(connection)
            return Finding("Credentials", False, refusal.what, refusal.do)
        except IroncladError as error:
            return _finding("Credentials", whats_wrong(error, connection))
        await self._alarms.works(connection)
        return Finding("Credentials", True, f"Good for {connection.company_name}.")

    async def _permissions(self, connection: Connection, client: Ironclad) -> Finding:
        who = await client.whoami()
        granted = who.scopes or frozenset(connection.scopes)
        lost = [scope for scope in connection.scopes if scope not in granted]
        if lost:
            return Finding(
                "Permissions",
                False,
                f"Ironclad no longer grants {', '.join(lost)}.",
                f"Tick them for the app again. {WHERE}",
            )
        off = [group.title for group in EVERY if missing_in(group, granted | set(respelled(granted)))]
        off_told = f" Switched off: {', '.join(off)}." if off else ""
        return Finding("Permissions", True, f"{len(connection.scopes)} granted.{off_told}")

    async def _acting_user(self, connection: Connection, client: Ironclad) -> Finding:
        email = connection.acting_user or ""
        if await client.user_by_email(email) is None:
            return Finding(
                "Acting user",
                False,
                f"{email} has no Ironclad account any more.",
                "Press Change and choose somebody who has.",
            )
        role = (
            "looks people up"
            if connection.grant == CLIENT_CREDENTIALS
            else "launches for who is not signed in"
        )
        return Finding("Acting user", True, f"{email} {role}.")

    async def _templates(self, connection: Connection, client: Ironclad) -> Finding:
        templates = await client.templates()
        launchable = sum(template.may_launch for template in templates)
        if not launchable:
            return Finding(
                "Templates",
                False,
                f"{connection.acting_user} sees {len(templates)} templates and may launch none.",
                "Publish one in Ironclad's Workflow Designer, or let that person launch it.",
            )
        return Finding("Templates", True, f"{launchable} of {len(templates)} can be launched.")

    async def _webhook(self, connection: Connection, client: Ironclad) -> Finding:
        """None of it is bad: Slipway also asks for news by itself, and registers anew once a day."""
        if lacking("webhooks", connection.scopes) is not None:
            return Finding("Webhook", None, f"Not used. {BY_ITSELF}")
        async with self._database.reading() as store:
            feed = await store.feeds.get(connection.team, connection.id)
        if feed is not None and feed.problem:
            return Finding("Webhook", None, f"{feed.problem} {BY_ITSELF}")
        if feed is None or feed.webhook is None:
            return Finding("Webhook", None, "Registered once something is launched.")
        known = {webhook.id: webhook for webhook in await client.webhooks()}
        if (mine := known.get(feed.webhook)) is None:
            told = f"Somebody removed it in Ironclad. {BY_ITSELF}"
            return Finding("Webhook", None, told, "It is registered again within a day.")
        if mine.status == "disabled":
            told = f"It was switched off in Ironclad. {BY_ITSELF}"
            return Finding("Webhook", None, told, "Switch it on again there.")
        if mine.status == "disabledBySystem":
            told = f"Ironclad gave up calling this address. {BY_ITSELF}"
            return Finding("Webhook", None, told, "It is switched on again within a day.")
        heard = f" Last heard {feed.heard_at:%Y-%m-%d %H:%M} UTC." if feed.heard_at else " Nothing heard yet."
        return Finding("Webhook", True, f"Ironclad tells Slipway at once what changes.{heard}")


async def _asked(
    connection: Connection,
    look: Callable[[Connection, Ironclad], Awaitable[Finding]],
    client: Ironclad,
) -> Finding:
    """What a look found, or why Ironclad did not let it look."""
    try:
        return await look(connection, client)
    except IroncladError as error:
        name = look.__name__.strip("_").replace("_", " ").capitalize()
        return _finding(name, whats_wrong(error, connection))


def _finding(name: str, refusal: Refusal) -> Finding:
    return Finding(name, False, refusal.what, refusal.do)


def _room(room: RateRoom | None) -> Finding:
    if room is None:
        return Finding("Rate limit", None, "Ironclad does not say how much room is left.")
    told = f"{room.remaining} of {room.limit} calls a minute are left for your company."
    if room.remaining < room.limit * LOW_ROOM:
        return Finding(
            "Rate limit", False, told, "Another integration may be using them up; launches then wait."
        )
    return Finding("Rate limit", True, told)
