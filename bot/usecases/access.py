"""The way to a workspace's Ironclad: one client per connection, its tokens kept sealed in the storage."""

from __future__ import annotations

from dataclasses import dataclass

from bot.usecases.errors import not_connected
from bot.usecases.ports import Dial
from ironclad import Held, Ironclad, Tokens
from storage import Connection, Database


@dataclass(frozen=True)
class ConnectionVault:
    """Keeps one connection's tokens in the storage, for `ironclad.RefreshingTokens`."""

    database: Database
    team: str
    connection: str

    async def load(self) -> Held:
        """The tokens as they are now, with the version that a change must name."""
        async with self.database.reading() as store:
            kept = await store.connections.tokens(self.team, self.connection)
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
            return await store.connections.claim_refresh(self.team, self.connection, version, seconds)

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
            )

    async def release(self, version: int) -> None:
        """Give the lease back without new tokens."""
        async with self.database.transaction() as store:
            await store.connections.release_refresh(self.team, self.connection, version)


class IroncladAccess:
    """Hands out clients for a workspace's current connection."""

    def __init__(self, database: Database, dial: Dial) -> None:
        self._database = database
        self._dial = dial
        # One client per connection: its lock is what keeps ten coroutines from renewing ten times.
        self._clients: dict[tuple[str, str], Ironclad] = {}

    async def current(self, team: str) -> Connection:
        """The workspace's connection. Raises `Refusal` when there is none."""
        async with self._database.reading() as store:
            connection = await store.connections.current(team)
        if connection is None:
            raise not_connected(admin=False)
        return connection

    async def client(self, connection: Connection, *, as_user: str | None = None) -> Ironclad:
        """The client of a connection, acting as `as_user` where the grant allows to choose."""
        where = (connection.team, connection.id)
        if where not in self._clients:
            async with self._database.reading() as store:
                secret = await store.connections.client_secret(*where)
            vault = ConnectionVault(self._database, *where)
            self._clients[where] = self._dial(connection, secret, vault)
        client = self._clients[where]
        if connection.grant != "client_credentials":
            return client
        return client.acting_as(as_user or connection.acting_user)

    def forget(self, team: str, *, but: str = "") -> None:
        """Drop the clients of a workspace's connections that are gone, all except `but`."""
        for where in [where for where in self._clients if where[0] == team and where[1] != but]:
            del self._clients[where]
