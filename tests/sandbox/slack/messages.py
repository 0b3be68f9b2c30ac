"""Messages: what stands in every conversation, in threads, to everybody or to one person only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.sandbox.slack.errors import Json


@dataclass
class Message:
    """One message. `author` is a user id, bot users included; `ephemeral_to` the only person who sees it."""

    ts: str
    channel_id: str
    author: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    edited_at: str | None = None
    files: list[str] = field(default_factory=list)
    earlier_blocks: list[list[Json]] = field(default_factory=list)
    """What the message showed before its edits: a person may still have that on the screen and click it."""

    def visible_to(self, user_id: str) -> bool:
        """Whether this reader may see it, given that they may read the conversation."""
        return self.ephemeral_to in (None, user_id)

    @property
    def root_ts(self) -> str:
        """The ts of the thread it belongs to, its own when it started one."""
        return self.thread_ts or self.ts


class Messages:
    """All messages by conversation, oldest first. Every ts is unique and later than the one before."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._by_channel: dict[str, dict[str, Message]] = {}
        self._replies: dict[tuple[str, str], list[Message]] = {}
        self._count = 0

    def next_ts(self) -> str:
        """A new timestamp in Slack's form: seconds, a dot, six digits that count."""
        self._count += 1
        return f"{int(self._clock())}.{self._count:06d}"

    def add(self, message: Message) -> Message:
        """Put a message at the end of its conversation."""
        self._by_channel.setdefault(message.channel_id, {})[message.ts] = message
        if message.thread_ts is not None and message.ephemeral_to is None:
            self._replies.setdefault((message.channel_id, message.thread_ts), []).append(message)
        return message

    def get(self, channel_id: str, ts: str) -> Message | None:
        """One message of a conversation, ephemeral ones included."""
        return self._by_channel.get(channel_id, {}).get(ts)

    def remove(self, message: Message) -> None:
        """Take a message away; its replies stay, as in Slack."""
        self._by_channel[message.channel_id].pop(message.ts, None)
        replies = self._replies.get((message.channel_id, message.root_ts), [])
        if message in replies:
            replies.remove(message)

    def of(self, channel_id: str) -> Iterator[Message]:
        """A conversation from its beginning, replies and ephemeral messages in between."""
        return iter(self._by_channel.get(channel_id, {}).values())

    def replies(self, root: Message) -> list[Message]:
        """The replies everybody sees under a message, oldest first."""
        return self._replies.get((root.channel_id, root.ts), [])


def api_object(
    message: Message, messages: Messages, *, team_id: str, app: Json | None, with_metadata: bool
) -> Json:
    """A message as the Web API and the payloads show it.

    Args:
        app: `bot_id`, `app_id` and `bot_profile` of the app that wrote it, None for a person.
        with_metadata: `include_all_metadata` of the call; without it Slack leaves `metadata` out.
    """
    shown: Json = {
        "type": "message",
        "user": message.author,
        "text": message.text,
        "ts": message.ts,
        "team": team_id,
    }
    shown |= app or {}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.edited_at is not None:
        shown["edited"] = {"user": message.author, "ts": message.edited_at}
    if with_metadata and message.metadata is not None:
        shown["metadata"] = message.metadata
    return shown | _thread_fields(message, messages)


def _thread_fields(message: Message, messages: Messages) -> Json:
    if message.thread_ts is not None:
        return {"thread_ts": message.thread_ts}
    replies = messages.replies(message)
    if not replies:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.author for reply in replies)),
        "latest_reply": replies[-1].ts,
    }
