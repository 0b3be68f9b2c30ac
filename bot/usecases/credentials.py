"""What an admin types to connect, and whether somebody else has to look at it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.texts import phrase
from bot.usecases.dialling import CLIENT_CREDENTIALS
from bot.usecases.errors import Refusal
from bot.usecases.permissions import CORE
from storage import Connection

CORE_SCOPES = CORE.scopes
NO_ADDRESS = Refusal(
    "Slipway does not know its own web address, which people's browsers need to verify a connection.",
    "Whoever runs Slipway sets SLIPWAY_PUBLIC_URL, or connects with `slipway connect` instead.",
)


@dataclass(frozen=True)
class Credentials:
    """What an admin types to connect; the secret never shows in a repr."""

    client_id: str
    region: str
    acting_user: str | None
    client_secret: str = field(default="", repr=False)
    grant: str = CLIENT_CREDENTIALS
    wanted: tuple[str, ...] = CORE_SCOPES


@dataclass(frozen=True)
class Review:
    """Whether connections are reviewed by a second admin: always, or when published."""

    always: bool = False


def decided_already(connection: Connection) -> Refusal:
    """Two admins pressed; one of them was first."""
    how = {
        "returned": phrase("Another admin was faster: this was already returned."),
        "review": phrase("Another admin was faster: this waits for a review again."),
    }.get(connection.state, phrase("Another admin was faster: this was already approved."))
    return Refusal(how, phrase("Open Slipway's Home tab to see how it stands."))


def gone() -> Refusal:
    """Somebody removed it meanwhile."""
    return Refusal(
        phrase("This connection is gone."), phrase("Open Slipway's Home tab to see how things stand.")
    )
