"""Ways into Ironclad, without their secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

ConnectionState = Literal["review", "returned", "checking", "ready", "standby", "failed"]


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
    #: What Ironclad granted; empty before it was verified.
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    updated_at: datetime
    #: Whether it leads to Ironclad's demo environment: unmistakably marked wherever it shows.
    demo: bool = False
    #: The permissions that its admin chose.
    wanted: tuple[str, ...] = ()
    #: The second admin who approved it, where it was published for review.
    reviewed_by: str | None = None
    #: One more whenever something changes that a client is made of.
    revision: int = 1
    #: Since when Ironclad takes neither its credentials nor its tokens.
    broken_at: datetime | None = None
    #: When it was last looked over, and what was found: ``{"name", "good", "told", "do"}`` each.
    checked_at: datetime | None = None
    findings: tuple[dict[str, Any], ...] = ()

    @property
    def verified(self) -> bool:
        """Whether its admin has approved it and Ironclad took it."""
        return self.state in ("ready", "standby")


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who signed in to Ironclad as themselves, over a connection with authorization codes."""

    user: str
    #: Their e-mail in Ironclad.
    account: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """A connection's tokens as of `version`; saving new ones names the version they replace."""

    version: int
    access_token: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
    scope: str | None
