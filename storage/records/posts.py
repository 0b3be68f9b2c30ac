"""Messages to Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Post:
    """A Slack message that exists once: intended first, `ts` when Slack has it."""

    team: str
    key: str
    channel: str
    thread_ts: str | None
    ts: str | None
    #: Fingerprint of what the message shows at present.
    digest: str | None
    intended_at: datetime
