"""The way to a workspace's Ironclad: one client per connection, its tokens kept sealed in the storage."""

from __future__ import annotations

from dataclasses import dataclass

from bot.texts import phrase
from bot.usecases.dialling import CLIENT_CREDENTIALS, Dialling
from bot.usecases.errors import Refusal, not_connected
from ironclad import Held, Ironclad, Tokens
from storage import Connection, Database, Person, SignIn


class SignedOut(Refusal):
    """Somebody's own sign-in to Ironclad has ended, and nobody else may act in their name."""

    def __init__(self, account: str) -> None:
        super().__init__(
            phrase("{account} is no longer signed in to Ironclad.", account=account),
            phrase("Sign in again on Slipway's Home tab: what waits for it goes on by itself."),
        )


@dataclass(frozen=True)
class ConnectionVault:
    """Keeps one connection's tokens in the storage, for `ironclad.RefreshingTokens`.

    `holder` is empty for the connection's own tokens, else who signed in as themselves.
    """

    database: Database
    team: str
    connection: str
    holder: str = ""

    async def load(self) -> Held:
        """The tokens as they are now, with the version that a change must name."""
        async with self.database.reading() as store:
            kept = await store.connections.tokens(self.team, self.connection, self.holder)
        if kept.access_token is None or kept.expires_at is None:
            return Held(version=kept.version, tokens=None)
        tokens = Tokens(
            access_token=kept.access_token,
            refresh_token=kept.refresh_token,
            expires_at=kept.expires_at,
            scope=kept.scope or "",
        )
        return Held(version=kept.version, tokens=tokens)

    async def claim(self, version: int, seconds: float) -> bool:
        """Take the lease to renew them; True for one caller at a time across all processes."""
        async with self.database.transaction() as store:
            return await store.connections.claim_refresh(
                self.team, self.connection, version, seconds, self.holder
            )

    async def save(self, version: int, tokens: Tokens) -> bool:
        """Replace the tokens of `version`; False when somebody else already has."""
        async with self.database.transaction() as store:
            return await store.connections.save_tokens(
                self.team,
                self.connection,
                version,
                access_token=tokens.access_token,
                refresh_token=tokens.refresh_token,
                expires_at=tokens.expires_at,
                scope=tokens.scope,
                holder=self.holder,
            )

    async def release(self, version: int) -> None:
        """Give the lease back without new tokens."""
        async with self.database.transaction() as store:
            await store.connections.release_refresh(self.team, self.connection, version, self.holder)


class IroncladAccess:
    """Hands out clients for a workspace's connections."""

    def __init__(self, database: Database, dialling: Dialling) -> None:
        self._database = database
        self._dialling = dialling
        # One client per connection: its lock is what keeps ten coroutines from renewing ten times. The
        # number is the connection's revision: another secret or grant needs another client.
        self._clients: dict[tuple[str, str, str], tuple[int, Ironclad]] = {}

    async def current(self, team: str) -> Connection:
        """The connection that new launches use. Raises `Refusal` when there is none."""
        async with self._database.reading() as store:
            connection = await store.connections.current(team)
        if connection is None:
            raise not_connected(admin=False)
        return connection

    async def acting_user(self, connection: Connection, person: Person) -> str:
        """Who Ironclad will take the person for: themselves where the grant allows, or where they signed in.

        Raises `Refusal` when Slack does not tell the person's e-mail.
        """
        if connection.grant == CLIENT_CREDENTIALS:
            return _email_of(person)
        mine = [one for one in await self._sign_ins(connection) if one.user == person.user]
        return mine[0].account if mine else connection.acting_user or ""

    async def client(self, connection: Connection, *, as_user: str | None = None) -> Ironclad:
        """The client of a connection, acting as `as_user`: who that may be, `acting_user` says.

        Raises `SignedOut` when that is somebody who had signed in as themselves and no longer is.
        """
        if connection.grant == CLIENT_CREDENTIALS:
            return (await self._client(connection, "")).acting_as(as_user or connection.acting_user)
        return await self._client(connection, await self.holder(connection, as_user))

    async def holder(self, connection: Connection, as_user: str | None) -> str:
        """Whose tokens act as `as_user`: empty for the connection's own. Raises `SignedOut`."""
        if connection.grant == CLIENT_CREDENTIALS or as_user in (None, "", connection.acting_user):
            return ""
        theirs = [one.user for one in await self._sign_ins(connection) if one.account == as_user]
        if not theirs:
            raise SignedOut(as_user or "")
        return theirs[0]

    def forget(self, team: str, *, but: str = "") -> None:
        """Drop the clients of a workspace's connections that are gone, all except `but`."""
        for where in [where for where in self._clients if where[0] == team and where[1] != but]:
            del self._clients[where]

    async def _client(self, connection: Connection, holder: str) -> Ironclad:
        where = (connection.team, connection.id, holder)
        revision, client = self._clients.get(where, (0, None))
        if client is None or revision != connection.revision:
            async with self._database.reading() as store:
                secret = await store.connections.client_secret(connection.team, connection.id)
            client = self._dialling.client(connection, secret, ConnectionVault(self._database, *where))
            self._clients[where] = (connection.revision, client)
        return client

    async def _sign_ins(self, connection: Connection) -> list[SignIn]:
        async with self._database.reading() as store:
            return await store.connections.sign_ins(connection.team, connection.id)


def _email_of(person: Person) -> str:
    if not person.email:
        raise Refusal(
            phrase("Slack does not tell Slipway your e-mail address, which is who you are in Ironclad."),
            phrase(
                "Add an e-mail address to your Slack profile, "
                "or ask an admin to grant the app users:read.email."
            ),
        )
    return person.email
