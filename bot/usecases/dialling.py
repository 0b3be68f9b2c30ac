"""Reaching the Ironclad of a connection: clients, the consent page's address, the exchange of a code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bot.usecases.links import Links
from bot.usecases.permissions import CORE, respelled
from ironclad import (
    AuthorizationCode,
    BadCredentials,
    ClientCredentials,
    Grant,
    Http,
    Ironclad,
    MemoryVault,
    Reason,
    RefreshingTokens,
    StaticToken,
    Tokens,
    TokenVault,
    authorize_url,
    exchange_code,
    reach,
)
from storage import Connection

CLIENT_CREDENTIALS = "client_credentials"
AUTHORIZATION_CODE = "authorization_code"


class Dialling:
    """Knows each connection's host and grant; keeps nothing."""

    def __init__(
        self,
        http: Http,
        links: Links,
        *,
        callback: str | None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`callback` is our own address that Ironclad sends people back to."""
        self._http = http
        self._links = links
        self._now = now
        self.callback = callback

    @property
    def private_host(self) -> str | None:
        """The host that replaces every region's, if the deployment has one."""
        return self._links.private_host

    def client(self, connection: Connection, secret: str, vault: TokenVault) -> Ironclad:
        """A client whose tokens are kept in `vault` and renewed in time."""
        return Ironclad(
            http=self._http,
            base_url=self._links.host(connection),
            tokens=self._tokens(connection, self._grant(connection, secret), vault),
        )

    def client_with(self, connection: Connection, tokens: Tokens) -> Ironclad:
        """A client for tokens just granted, which nobody renews."""
        source = StaticToken(tokens.access_token)
        return Ironclad(http=self._http, base_url=self._links.host(connection), tokens=source)

    def consent_url(self, connection: Connection, state: str, scopes: Sequence[str]) -> str:
        """Where a person is asked, in Ironclad, whether they let Slipway in."""
        return authorize_url(
            self._links.host(connection),
            client_id=connection.client_id,
            redirect_uri=self.callback or "",
            state=state,
            scopes=scopes,
        )

    async def exchange(self, connection: Connection, secret: str, code: str) -> Tokens:
        """The tokens for the code that a person brought back. Raises an `IroncladError`."""
        return await exchange_code(
            code,
            grant=AuthorizationCode(connection.client_id, secret, self.callback or ""),
            http=self._http,
            base_url=self._links.host(connection),
            now=self._now,
        )

    async def renew_with(self, connection: Connection, secret: str, vault: TokenVault) -> None:
        """Replace the tokens in `vault` by new ones that `secret` gets. Raises an `IroncladError`."""
        held = await vault.load()
        tokens = self._tokens(connection, self._grant(connection, secret), vault)
        await tokens.token(rejected=held.tokens.access_token if held.tokens else None)

    async def reach(self, connection: Connection) -> None:
        """Raises `NotSent` when nothing answers at the connection's host."""
        await reach(self._http, self._links.host(connection))

    async def granted(self, connection: Connection, secret: str) -> tuple[str, ...]:
        """Which of the scopes wanted the app has, asked with client credentials.

        Ironclad refuses the whole request for one scope that it does not know and does not say which, so
        they are then asked for one by one. Raises `BadCredentials` naming the core ones that are missing.
        """
        wanted = connection.wanted or CORE.scopes
        for spelling in dict.fromkeys((tuple(wanted), respelled(wanted))):
            if await self._gets(connection, secret, spelling):
                return spelling
        found = []
        for scope in wanted:
            for spelled in dict.fromkeys((scope, *respelled([scope]))):
                if await self._gets(connection, secret, [spelled]):
                    found.append(spelled)
                    break
        missing = [scope for scope in CORE.scopes if scope not in found]
        if missing:
            raise BadCredentials(" ".join(missing), code="invalid_scope")
        return tuple(found)

    async def _gets(self, connection: Connection, secret: str, scopes: Sequence[str]) -> bool:
        grant = ClientCredentials(connection.client_id, secret, scopes)
        try:
            await self._tokens(connection, grant, MemoryVault()).token()
        except BadCredentials as refused:
            if refused.reason is not Reason.SCOPE:
                raise
            return False
        return True

    def _grant(self, connection: Connection, secret: str) -> Grant:
        if connection.grant == AUTHORIZATION_CODE:
            return AuthorizationCode(connection.client_id, secret, self.callback or "")
        return ClientCredentials(connection.client_id, secret, connection.scopes or connection.wanted)

    def _tokens(self, connection: Connection, grant: Grant, vault: TokenVault) -> RefreshingTokens:
        return RefreshingTokens(
            grant, vault, http=self._http, base_url=self._links.host(connection), now=self._now
        )
