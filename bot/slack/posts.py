"""Each message once, then edited in place.

Slack has no idempotency key either. The intent to post is written down first; a run that finds an intent
without a message looks in the channel for the metadata we put on every message before it posts again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot import ids
from bot.slack.api import ChannelClosedError, MessageGoneError, SlackApi
from bot.views.message import Message
from storage import Database, Post

PAGES = 5  # of 200 messages: more than a channel says between a crash and the restart


class Posts:
    """Posts and edits the messages of a workspace."""

    def __init__(self, database: Database, team: str, api: SlackApi) -> None:
        self._database = database
        self.team = team
        self._api = api

    async def draw(self, key: str, channel: str, message: Message, *, thread: str | None = None) -> Post:
        """Make the message `key` look like `message`: posted once, edited from then on.

        Raises `ChannelClosedError` when it cannot be posted there, `TryLater` when Slack is busy.
        """
        drawn = await self.known(key)
        if drawn is not None and drawn.ts is not None and drawn.digest == message.digest:
            return drawn
        async with self._database.transaction() as store:
            before = await store.posts.get(self.team, key)
            post = before or await store.posts.intend(self.team, key, channel, thread)
        if post.ts is None and before is not None:
            post = await self._find_again(before) or await self._meant_for(before, channel, thread)
        if post.ts is None:
            return await self._post(post, message)
        return await self._edit(post, message)

    async def _meant_for(self, post: Post, channel: str, thread: str | None) -> Post:
        """An intent that never became a message follows when another channel is chosen."""
        if (post.channel, post.thread_ts) == (channel, thread):
            return post
        async with self._database.transaction() as store:
            await store.posts.redirect(self.team, post.key, channel, thread)
        return replace(post, channel=channel, thread_ts=thread)

    async def known(self, key: str) -> Post | None:
        """The message `key`, if it was ever meant to be posted."""
        async with self._database.reading() as store:
            return await store.posts.get(self.team, key)

    async def _post(self, post: Post, message: Message) -> Post:
        arguments: dict[str, Any] = {
            "channel": post.channel,
            "text": message.text,
            "blocks": list(message.blocks),
            "metadata": {"event_type": ids.POST, "event_payload": {"key": post.key}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if post.thread_ts:
            arguments["thread_ts"] = post.thread_ts
        answer = await self._api.call(self.team, "chat.postMessage", **arguments)
        return await self._posted(
            post, str(answer.get("channel") or post.channel), str(answer["ts"]), message
        )

    async def _posted(self, post: Post, channel: str, ts: str, message: Message | None) -> Post:
        async with self._database.transaction() as store:
            await store.posts.posted(self.team, post.key, channel, ts)
            if message is not None:
                await store.posts.drawn(self.team, post.key, message.digest)
            found = await store.posts.get(self.team, post.key)
        return found or post

    async def _edit(self, post: Post, message: Message) -> Post:
        if post.digest == message.digest:
            return post
        try:
            await self._api.call(
                self.team,
                "chat.update",
                channel=post.channel,
                ts=post.ts,
                text=message.text,
                blocks=list(message.blocks),
                metadata={"event_type": ids.POST, "event_payload": {"key": post.key}},
            )
        except (MessageGoneError, ChannelClosedError):
            return post  # somebody deleted it or closed the channel: there is nothing left to keep true
        async with self._database.transaction() as store:
            await store.posts.drawn(self.team, post.key, message.digest)
        return post

    async def _find_again(self, post: Post) -> Post | None:
        """A message that an earlier run may have posted without living to write it down."""
        since = post.intended_at - timedelta(minutes=2)  # Slack's clock may differ from ours
        arguments: dict[str, Any] = {
            "channel": post.channel,
            "oldest": f"{since.timestamp():.6f}",
            "limit": 200,
            "include_all_metadata": "true",
        }
        method = "conversations.history"
        if post.thread_ts:
            method, arguments = "conversations.replies", {**arguments, "ts": post.thread_ts}
        for _ in range(PAGES):
            try:
                answer = await self._api.read(self.team, method, **arguments)
            except (ChannelClosedError, SlackApiError):
                return None  # what we may not read we cannot have posted: these need the same membership
            for found in answer.get("messages") or []:
                if _key_of(found) == post.key:
                    return await self._posted(post, post.channel, str(found["ts"]), None)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
            arguments["cursor"] = cursor
        return None


def _key_of(found: dict[str, Any]) -> str | None:
    metadata = found.get("metadata") or {}
    if metadata.get("event_type") != ids.POST:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None
