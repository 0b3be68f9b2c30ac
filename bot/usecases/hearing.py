"""Ironclad's webhook: having it call, and hearing it.

What it says is not believed, it only says where to look: whoever could forge it would make Slipway ask
Ironclad how a workflow stands. Without it (the permission is missing, or nobody reaches Slipway from outside)
`bot.usecases.following` finds the same news in Ironclad's list.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

import structlog

from bot.usecases.access import IroncladAccess, SignedOut
from bot.usecases.permissions import lacking
from ironclad import Ironclad, IroncladError, Webhook, signed_by
from storage import Connection, Database, Feed, FeedFacts
from storage.work import Payload, Work

log = structlog.stdlib.get_logger("slipway.hear")

NEWS = "news"  #: the kind of durable work that looks at one workflow
PATH = "/ironclad/webhooks/"
#: What may change something that people see.
EVENTS: Collection[str] = (
    "workflow_updated",
    "workflow_step_updated",
    "workflow_paused",
    "workflow_resumed",
    "workflow_cancelled",
    "workflow_completed",
)
SETTLED_FOR = timedelta(days=1)
TOGETHER_SECONDS = 1.0  # events of one move arrive together: they are one look
KEY_AGAIN = timedelta(minutes=1)  # between two fetches of a key, whoever sends what
HEARD_EVERY = timedelta(minutes=1)
LEAVE_SECONDS = 1.0  # somebody is waiting
PRIVATE = ("localhost", "127.0.0.1", "::1")


class Heard(Enum):
    """What became of a message."""

    TAKEN = "taken"
    UNKNOWN = "nobody is told here"
    FORGED = "not signed by Ironclad"


class Hearing:
    """Looks after the registration in Ironclad, and takes what it sends."""

    def __init__(
        self, database: Database, work: Work, access: IroncladAccess, *, public_url: str | None
    ) -> None:
        self._database = database
        self._work = work
        self._access = access
        self._public_url = (public_url or "").rstrip("/")
        self._key_asked: dict[str, datetime] = {}

    # Hearing --------------------------------------------------------------------------------------

    async def hear(self, address: str, headers: Mapping[str, str], body: bytes) -> Heard:
        """Take one message. Nothing of its body is read before it is verified."""
        async with self._database.reading() as store:
            feed = await store.feeds.by_address(address)
            connection = await store.connections.get(feed.team, feed.connection_id) if feed else None
        if feed is None or connection is None:
            return Heard.UNKNOWN
        if not await self._genuine(connection, feed, headers, body):
            return Heard.FORGED
        told = _message(body)
        if told.get("companyID") not in (None, connection.company_id):
            return Heard.FORGED
        payload = told.get("payload")
        workflow = payload.get("workflowID") if isinstance(payload, dict) else None
        await self._look_at(feed, workflow if isinstance(workflow, str) else "")
        return Heard.TAKEN

    async def _look_at(self, feed: Feed, workflow_id: str) -> None:
        async with self._database.transaction() as store:
            now = await store.now()
            if feed.heard_at is None or now - feed.heard_at >= HEARD_EVERY:
                await store.feeds.note(feed.team, feed.connection_id, FeedFacts(heard_at=now))
            launch = await store.launches.of_workflow(feed.team, workflow_id) if workflow_id else None
            if launch is None or not launch.running:
                return
            # The look comes later than anything else that arrives within this second.
            key = f"news:{launch.team}:{launch.id}:{int(now.timestamp())}"
            payload: Payload = {
                "team": launch.team,
                "launch": launch.id,
                "connection": feed.connection_id,
            }
            await self._work.start(store, NEWS, key, payload, after=TOGETHER_SECONDS)

    async def _genuine(
        self, connection: Connection, feed: Feed, headers: Mapping[str, str], body: bytes
    ) -> bool:
        """Whether Ironclad signed it: by the key that is known or, if that has changed, by the new one."""
        if feed.key is not None and signed_by(feed.key, headers, body):
            return True
        async with self._database.reading() as store:
            now = await store.now()
        if now - self._key_asked.get(feed.address, now - KEY_AGAIN) < KEY_AGAIN:
            return False
        self._key_asked[feed.address] = now
        try:
            key = await (await self._access.client(connection)).webhook_key()
        except (SignedOut, IroncladError) as down:
            log.warning("could not fetch the key of Ironclad's webhook", team=feed.team, why=str(down))
            return False
        if key == feed.key or not signed_by(key, headers, body):
            return False
        async with self._database.transaction() as store:
            await store.feeds.note(feed.team, feed.connection_id, FeedFacts(key=key))
        return True

    # Having it call -------------------------------------------------------------------------------

    async def settle(self, connection: Connection, feed: Feed, now: datetime) -> None:
        """Once a day: see that Ironclad's webhook calls us, where it may."""
        if feed.settled_at is not None and now - feed.settled_at < SETTLED_FOR:
            return
        facts = FeedFacts(settled_at=now)
        if lacking("webhooks", connection.scopes) is None and self._reachable:
            facts = FeedFacts(settled_at=now, **await self._registered(connection, feed))
        async with self._database.transaction() as store:
            await store.feeds.note(feed.team, feed.connection_id, facts)

    @property
    def _reachable(self) -> bool:
        """Whether Ironclad would take our address: https, or a stand-in on this machine."""
        address = urlsplit(self._public_url)
        return address.scheme == "https" or (address.scheme == "http" and address.hostname in PRIVATE)

    async def _registered(self, connection: Connection, feed: Feed) -> FeedFacts:
        """Find, make or switch on the registration; what went wrong, if it cannot be had."""
        try:
            client = await self._access.client(connection)
            webhook = await self._webhook(client, feed)
            if webhook.status == "disabled":
                return FeedFacts(webhook=webhook.id, problem="It was switched off in Ironclad.")
            return FeedFacts(webhook=webhook.id, key=await client.webhook_key(), problem=None)
        except (SignedOut, IroncladError) as refused:
            log.warning("no webhook of Ironclad", team=feed.team, why=str(refused))
            return FeedFacts(problem=f"Ironclad did not let Slipway register it: {refused}"[:300])

    async def _webhook(self, client: Ironclad, feed: Feed) -> Webhook:
        target = f"{self._public_url}{PATH}{feed.address}"
        known = await client.webhooks()
        await self._take_away_left_behind(client, known)
        mine = next((one for one in known if one.target == target), None)
        if mine is None:
            return await client.create_webhook(target, EVENTS)
        if mine.status == "disabledBySystem":  # we were down for long
            return await client.enable_webhook(mine.id)
        return mine

    async def _take_away_left_behind(self, client: Ironclad, known: Collection[Webhook]) -> None:
        """Take away registrations of connections that are gone."""
        ours = f"{self._public_url}{PATH}"
        for webhook in known:
            if webhook.target.startswith(ours):
                async with self._database.reading() as store:
                    kept = await store.feeds.by_address(webhook.target.removeprefix(ours))
                if kept is None:
                    await client.delete_webhook(webhook.id)

    async def leave(self, connection: Connection) -> None:
        """Before a connection is let go of: have Ironclad call no more, if it answers."""
        async with self._database.reading() as store:
            feed = await store.feeds.get(connection.team, connection.id)
        if feed is None or feed.webhook is None:
            return
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await (await self._access.client(connection)).delete_webhook(feed.webhook)
        except (SignedOut, IroncladError, TimeoutError) as left:
            # Its calls are then answered with 404, and the next connection takes it away.
            log.warning("Ironclad's webhook stays behind", team=connection.team, why=str(left))


def _message(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
