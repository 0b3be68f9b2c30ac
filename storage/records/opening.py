"""What the first screen needs."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.connections import Connection
from storage.records.requests import Rulebook
from storage.records.templates import Offer
from storage.records.workspaces import Person, Workspace


@dataclass(frozen=True, slots=True)
class Opening:
    """All that the first screen of `/contract` needs to know."""

    workspace: Workspace | None
    connection: Connection | None
    person: Person | None
    rules: Rulebook | None
    offer: Offer | None
    #: Whether some templates are not for everybody, or not for everywhere.
    limited: bool
