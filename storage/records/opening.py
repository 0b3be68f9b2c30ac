"""What the screens need that somebody waits for most often, each read in one query."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.connections import Connection
from storage.records.launches import Draft
from storage.records.requests import Rulebook
from storage.records.settings import WorkspaceSettings
from storage.records.templates import Offer, StoredTemplate
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


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft with what its form is made from, each if we have it."""

    draft: Draft
    template: StoredTemplate | None
    person: Person | None
    connection: Connection | None
    settings: WorkspaceSettings
