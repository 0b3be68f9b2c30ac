"""Outgoing Slack messages, each once."""

from __future__ import annotations

from sqlalchemy import Update, bindparam, select, update

from storage.models import PostRow
from storage.records import Post
from storage.repositories.base import Repository, columns_of, table_of

_POSTS = table_of(PostRow)

_COLUMNS = columns_of(_POSTS, Post)
_ONE = select(*_COLUMNS).where(_POSTS.c.team == bindparam("team"), _POSTS.c.key == bindparam("key"))


class Posts(Repository):
    """A message is intended under a key, then posted: the second intention finds the first."""

    async def intend(self, team: str, key: str, channel: str, thread_ts: str | None = None) -> Post:
        """The message of this key: a new intention, or the earlier one as it is now."""
        fresh = self._insert(_POSTS).values(
            team=team, key=key, channel=channel, thread_ts=thread_ts, intended_at=self._now()
        )
        await self._execution.execute(fresh.on_conflict_do_nothing())
        return Post(*(await self._execution.execute(_ONE, {"team": team, "key": key})).one())

    async def get(self, team: str, key: str) -> Post | None:
        """The message of this key, or None if nobody intended it."""
        row = await self._first(_ONE, team=team, key=key)
        return None if row is None else Post(*row)

    async def posted(self, team: str, key: str, channel: str, ts: str) -> bool:
        """Slack has the message. False if it was noted already: the first note stands."""
        return await self._changed(_of(team, key).where(_POSTS.c.ts.is_(None)).values(channel=channel, ts=ts))

    async def drawn(self, team: str, key: str, digest: str) -> bool:
        """Remember what the message shows now."""
        return await self._changed(_of(team, key).values(digest=digest))

    async def redirect(self, team: str, key: str, channel: str, thread_ts: str | None) -> bool:
        """Send it elsewhere. False once it is posted."""
        return await self._changed(
            _of(team, key).where(_POSTS.c.ts.is_(None)).values(channel=channel, thread_ts=thread_ts)
        )


def _of(team: str, key: str) -> Update:
    return update(_POSTS).where(_POSTS.c.team == team, _POSTS.c.key == key)
