"""Telling another system what happens to requests: one signed message for each change, until it arrives.

Messages follow Standard Webhooks (https://www.standardwebhooks.com): an id that stays the same however often
a message is sent, the time of sending, and an HMAC over both and the body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.texts import phrase
from bot.usecases.courses import picture
from bot.usecases.errors import Refusal
from bot.usecases.outside import RELAY
from bot.usecases.people import People
from bot.usecases.ports import NotDelivered, Outgoing, SystemsScreen
from bot.usecases.standing import Standings
from storage import Database, Hook, NotFoundError
from storage.work import Later, Payload, Work

MAX_URL = 1000
GONE = 410
GIVE_UP_AFTER = timedelta(days=3)  # failing for so long …
GIVE_UP_FAILURES = 20  # … and so often in a row: nobody is listening
_WAITS = ((30, 5.0), (300, 30.0), (3600, 300.0))  # younger than so many seconds: again after so many
_LONGEST_WAIT = 1800.0


@dataclass(frozen=True)
class NewHook:
    """A webhook as the admin who set it sees it, once."""

    hook: Hook
    secret: str

    def __repr__(self) -> str:
        return f"NewHook(hook={self.hook!r})"


class Relaying:
    """Sets the webhook, delivers its messages, and stops when nobody listens."""

    def __init__(
        self,
        database: Database,
        work: Work,
        people: People,
        *,
        outgoing: Outgoing,
        standings: Standings,
        screen: SystemsScreen,
    ) -> None:
        self._database = database
        self._work = work
        self._people = people
        self._outgoing = outgoing
        self._standings = standings
        self._screen = screen

    # Setting it -----------------------------------------------------------------------------------

    async def set(self, team: str, user: str, url: str) -> NewHook:
        """Tell this address from now on. Raises `Refusal`."""
        await self._people.only_admins(team, user)
        url = url.strip()
        problem = "It has too many characters." if len(url) > MAX_URL else self._outgoing.problem_of(url)
        if problem:
            raise Refusal(problem, phrase("Give an https address that can be reached from the internet."))
        secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
        async with self._database.transaction() as store:
            former = await store.hooks.get(team)
            hook = await store.hooks.put(team, url, secret, user)
            before = {"url": former.url} if former else None
            await store.audit.add(team, user, "webhook.set", "webhook", before=before, after={"url": url})
        return NewHook(hook, secret)

    async def current(self, team: str, user: str) -> Hook | None:
        """The webhook of a workspace. Raises `Refusal`."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            return await store.hooks.get(team)

    async def remove(self, team: str, user: str) -> None:
        """Tell nobody any more. Raises `Refusal`."""
        await self._people.only_admins(team, user)
        async with self._database.transaction() as store:
            former = await store.hooks.get(team)
            if await store.hooks.remove(team) and former is not None:
                await store.audit.add(team, user, "webhook.removed", "webhook", before={"url": former.url})

    async def enable(self, team: str, user: str) -> None:
        """Switch it on again. Raises `Refusal`."""
        hook = await self.current(team, user)
        if hook is not None:
            async with self._database.transaction() as store:
                if await store.hooks.enable(team, hook.id, True):
                    await store.audit.add(team, user, "webhook.enabled", "webhook", after={"url": hook.url})

    async def test(self, team: str, user: str, view: str) -> None:
        """Send a message that means nothing; `view` then shows whether it arrived. Raises `Refusal`."""
        hook = await self.current(team, user)
        if hook is None:
            raise Refusal(phrase("There is no webhook."), phrase("Set its address first."))
        async with self._database.transaction() as store:
            at = (await store.now()).isoformat()
            payload = {"team": team, "user": user, "hook": hook.id, "view": view, "at": at}
            key = f"relay:{team}:{hook.id}:test:{secrets.token_hex(6)}"
            await self._work.start(store, RELAY, key, payload)

    # Delivering -----------------------------------------------------------------------------------

    async def relay(self, payload: Payload) -> Later | None:
        """The durable work behind `promise_to_relay` and `test`."""
        async with self._database.reading() as store:
            hook = await store.hooks.get(payload["team"])
        if hook is None or hook.id != payload["hook"]:
            return None
        if "request" not in payload:
            await self._test(hook, payload)
            return None
        if not hook.enabled:
            return None
        message = await self._message(payload)
        return None if message is None else await self._deliver(hook, payload, message)

    async def _message(self, payload: Payload) -> Mapping[str, Any] | None:
        async with self._database.reading() as store:
            found = await picture(store, payload["team"], payload["request"])
        if found is None:
            return None
        new = payload["version"] == 1
        return {
            "id": f"msg_{payload['request']}_{payload['version']}",
            "type": "request.created" if new else payload.get("told") or f"request.{found.request.state}",
            "timestamp": payload["at"],
            "data": await self._standings.of(found),
        }

    async def _deliver(self, hook: Hook, payload: Payload, message: Mapping[str, Any]) -> Later | None:
        try:
            await self._send(hook, message)
        except NotDelivered as lost:
            return await self._lost(hook, payload, lost)
        async with self._database.transaction() as store:
            await store.hooks.delivered(hook.team, hook.id)
        return None

    async def _lost(self, hook: Hook, payload: Payload, lost: NotDelivered) -> Later | None:
        async with self._database.transaction() as store:
            now = await store.now()
            worse = await store.hooks.failed(hook.team, hook.id, str(lost))
            if worse is None:
                return None
            if lost.status == GONE or _hopeless(worse, now):
                await store.hooks.enable(hook.team, hook.id, False)
                return None
        age = (now - datetime.fromisoformat(payload["at"])).total_seconds()
        return Later(next((wait for younger, wait in _WAITS if age < younger), _LONGEST_WAIT))

    async def _test(self, hook: Hook, payload: Payload) -> None:
        message_id = f"msg_test_{secrets.token_hex(6)}"
        message = {"id": message_id, "type": "test", "timestamp": payload["at"], "data": {}}
        try:
            await self._send(hook, message)
        except NotDelivered as lost:
            told = phrase("The test did not arrive. {why}", why=str(lost))
        else:
            told = phrase("The test arrived.")
        await self._screen.show(hook.team, payload.get("user", ""), payload["view"], told)

    async def _send(self, hook: Hook, message: Mapping[str, Any]) -> None:
        try:
            async with self._database.reading() as store:
                secret = await store.hooks.secret(hook.team, hook.id)
                now = await store.now()
        except NotFoundError:
            raise NotDelivered("It was replaced meanwhile.") from None
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        headers = signed(secret, str(message["id"]), int(now.timestamp()), body)
        await self._outgoing.post(hook.url, body, headers)


def signed(secret: str, message_id: str, at: int, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows a message for genuine and fresh."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    told = f"{message_id}.{at}.".encode() + body
    signature = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(at), "webhook-signature": f"v1,{signature}"}


def _hopeless(hook: Hook, now: datetime) -> bool:
    since = hook.failing_since
    return since is not None and now - since >= GIVE_UP_AFTER and hook.failures >= GIVE_UP_FAILURES
