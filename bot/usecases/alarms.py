"""Noticing that Ironclad no longer takes a connection, saying so once, and noticing that it does again."""

from __future__ import annotations

from bot.texts import phrase
from bot.usecases.access import IroncladAccess, SignedOut
from bot.usecases.dialling import AUTHORIZATION_CODE
from bot.usecases.errors import Refusal
from bot.usecases.notices import Notifying, broken_post
from storage import Connection, Database


class Alarms:
    """One direct message when a connection breaks, edited when it is mended; not one per failed call."""

    def __init__(self, database: Database, access: IroncladAccess, notifying: Notifying) -> None:
        self._database = database
        self._access = access
        self._notifying = notifying

    async def broken(self, connection: Connection, as_user: str | None = None) -> Refusal:
        """Ironclad took neither credentials nor token. Says what people may be told meanwhile."""
        try:
            holder = await self._access.holder(connection, as_user)
        except SignedOut as signed_out:
            return signed_out
        if holder:
            return await self._signed_out(connection, holder, as_user or "")
        refusal = what_broke(connection)
        async with self._database.transaction() as store:
            text = f"{refusal.what} {refusal.do}"
            if await store.connections.note_broken(connection.team, connection.id, text):
                noted = await store.connections.get(connection.team, connection.id) or connection
                await self._notifying.start(
                    store, noted, noted.created_by, "broken", post=broken_post(noted), text=text
                )
        return refusal

    async def works(self, connection: Connection) -> None:
        """A call went through. Cheap when nothing was wrong."""
        if connection.broken_at is None:
            return
        async with self._database.transaction() as store:
            if await store.connections.note_mended(connection.team, connection.id):
                await self._notifying.start(
                    store,
                    connection,
                    connection.created_by,
                    "mended",
                    post=broken_post(connection),
                    turn="mended",
                )

    async def _signed_out(self, connection: Connection, holder: str, account: str) -> Refusal:
        refusal = SignedOut(account)
        async with self._database.transaction() as store:
            changed = await store.connections.note_sign_in_problem(
                connection.team, connection.id, holder, refusal.what
            )
            if changed:
                now = await store.now()
                await self._notifying.start(
                    store,
                    connection,
                    holder,
                    "signed_out",
                    post=f"signed_out:{connection.id}:{holder}:{now:%Y%m%dT%H%M%S}",
                    text=refusal.what,
                )
        return refusal


def what_broke(connection: Connection) -> Refusal:
    """What an admin has to do about a connection that Ironclad no longer takes."""
    if connection.grant == AUTHORIZATION_CODE:
        return Refusal(
            phrase("Ironclad ended Slipway's access."),
            phrase("An admin presses Reconnect on Slipway's Home tab. Launches wait until then."),
        )
    return Refusal(
        phrase("Ironclad no longer accepts Slipway's credentials."),
        phrase(
            "If the secret was replaced in Ironclad, an admin gives Slipway the new one: "
            "Home → Manage → Replace the secret. Launches wait until then."
        ),
    )
