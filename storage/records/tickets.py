"""Leave to do something in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

TicketPurpose = Literal["connect", "reconnect", "sign_in"]
TicketStage = Literal["link", "consent"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to do one thing in a browser, once, for one person and one connection."""

    id: str
    team: str
    purpose: TicketPurpose
    stage: TicketStage
    connection_id: str
    user: str
    #: Digest of the cookie of the browser that may come back with it.
    session: str | None
    details: dict[str, Any]
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None
