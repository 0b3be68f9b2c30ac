"""Keys of the intake API: made and revoked by admins, kept as digests, recognised and counted at the door."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from storage import ApiKey, Database, NotFoundError

MOST_KEYS = 20
MAX_NAME = 60
_TOKEN = re.compile(r"slipway\.([A-Z0-9]{2,24})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True)
class NewKey:
    """A key as its maker sees it, once."""

    key: ApiKey
    token: str

    def __repr__(self) -> str:
        return f"NewKey(key={self.key!r})"


class ApiKeys:
    """Who may hand over requests, and how often."""

    def __init__(self, database: Database, people: People, *, per_minute: int) -> None:
        self._database = database
        self._people = people
        self._seconds = 60 / per_minute
        self._burst = max(10, per_minute // 4)
        # Uses are taken from the shared allowance a few at a time: one write for each would be most of the
        # cost of refusing a call.
        self._block = max(1, self._burst // 10)
        self._held: dict[str, int] = {}

    async def make(self, team: str, user: str, name: str) -> NewKey:
        """A new key; its token is told here and never again. Raises `Refusal`."""
        await self._people.only_admins(team, user)
        name = " ".join(name.split())
        if not name or len(name) > MAX_NAME:
            raise Refusal(
                phrase("A key needs a name of at most {n} characters.", n=MAX_NAME),
                phrase("Name what will use it."),
            )
        secret = secrets.token_urlsafe(32)
        async with self._database.transaction() as store:
            if len(await store.api_keys.in_use(team)) >= MOST_KEYS:
                raise Refusal(
                    phrase("There are {n} keys already.", n=MOST_KEYS), phrase("Revoke one that is not used.")
                )
            key = await store.api_keys.add(team, name, _digest(secret), user)
            await store.audit.add(team, user, "api_key.made", name, after={"id": key.id})
        return NewKey(key, f"slipway.{team}.{key.id}.{secret}")

    async def revoke(self, team: str, user: str, key_id: str) -> None:
        """From now on the key opens nothing. Raises `Refusal`."""
        await self._people.only_admins(team, user)
        async with self._database.transaction() as store:
            key = await store.api_keys.get(team, key_id)
            if await store.api_keys.revoke(team, key_id, user) and key is not None:
                await store.audit.add(team, user, "api_key.revoked", key.name, before={"id": key.id})

    async def in_use(self, team: str, user: str) -> Sequence[ApiKey]:
        """The keys that open something. Raises `Refusal`."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            return await store.api_keys.in_use(team)

    async def recognise(self, token: str) -> ApiKey | None:
        """The key that a token is; None for anything else."""
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        team, key_id, secret = parts.groups()
        async with self._database.reading() as store:
            key = await store.api_keys.get(team, key_id)
        # A plain digest will do: the secret is 256 random bits, so there is nothing to guess at.
        if key is None or not hmac.compare_digest(key.digest, _digest(secret)):
            return None
        return None if key.revoked_at else key

    async def wait(self, key: ApiKey) -> float:
        """Count one use of a key. Gives how many seconds it has to wait, 0 if it may go on."""
        if self._held.get(key.id, 0) > 0:
            self._held[key.id] -= 1
            return 0.0
        if self._block > 1 and not await self._spend(key, self._block):
            self._held[key.id] = self._held.get(key.id, 0) + self._block - 1
            return 0.0
        return await self._spend(key, 1)

    async def _spend(self, key: ApiKey, uses: int) -> float:
        try:
            async with self._database.transaction() as store:
                return await store.api_keys.spend(
                    key.team, key.id, uses=uses, seconds=self._seconds, burst=self._burst
                )
        except NotFoundError:
            return self._seconds


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
