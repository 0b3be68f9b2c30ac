"""API keys, the webhook and identities, as they leave storage: see `storage.records`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

IdentityState = Literal["unmatched", "claimed", "linked"]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of the intake API, without the key."""

    team: str
    id: str
    name: str
    digest: str = field(repr=False)
    made_by: str
    made_at: datetime
    used_at: datetime | None
    revoked_by: str | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a workspace wants to be told what happens, without its secret."""

    team: str
    #: Another one for each address that is set: what was meant for the former is not sent to this one.
    id: str
    url: str
    #: False once it failed for long; an admin may switch it on again.
    enabled: bool
    set_by: str
    set_at: datetime
    #: Failures in a row, since `failing_since`.
    failures: int
    failing_since: datetime | None
    problem: str | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who `user` is in Ironclad: nobody (`unmatched`), `claimed` by themselves, or `linked` for good."""

    team: str
    user: str
    email: str
    state: IdentityState
    by: str
    at: datetime
