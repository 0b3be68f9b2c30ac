"""Ways into Ironclad, without their secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ConnectionState = Literal["checking", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Connection:
    """A workspace's way into Ironclad, without its secrets."""

    id: str
    team: str
    region: str
    #: ``client_credentials`` or ``authorization_code``.
    grant: str
    client_id: str
    #: E-mail that calls act as where no requester's own is used; None under ``authorization_code``.
    acting_user: str | None
    state: ConnectionState
    problem: str | None
    company_id: str | None
    company_name: str | None
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """A connection's tokens as of `version`; saving new ones names the version they replace."""

    version: int
    access_token: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
    scope: str | None
