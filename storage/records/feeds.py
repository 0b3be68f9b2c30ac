"""How news of workflows come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """What is known of a connection's workflows, and up to when."""

    team: str
    connection_id: str
    #: Ironclad's list of changes was read up to here.
    read_until: datetime | None
    #: When it is read next.
    next_at: datetime
    #: How often in a row it had nothing new.
    quiet: int
    #: The last part of the address that Ironclad's webhook calls.
    address: str
    #: Ironclad's id of the webhook; None without one.
    webhook: str | None
    #: The public key of its signatures, PEM.
    key: str | None
    #: When it last called.
    heard_at: datetime | None
    #: When its registration was last looked after.
    settled_at: datetime | None
    #: Why there is no webhook, where there could be one.
    problem: str | None
