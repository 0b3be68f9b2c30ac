"""What Ironclad offers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """One launch schema as Ironclad lists it to an acting user."""

    id: str
    name: str
    schema: dict[str, Any]
    may_launch: bool


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """A cached launch schema."""

    id: str
    name: str
    #: The schema as JSON. Who knows the schema of this fingerprint already need not read it again.
    written: str
    #: Changes exactly when the schema does.
    fingerprint: str
    fetched_at: datetime

    @property
    def schema(self) -> dict[str, Any]:
        """The schema as Ironclad told it."""
        schema: dict[str, Any] = json.loads(self.written)
        return schema


@dataclass(frozen=True, slots=True)
class Offer:
    """The templates an acting user may launch, as (template id, name), sorted by name."""

    fetched_at: datetime
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """A launch schema as it was from some moment on."""

    template_id: str
    fingerprint: str
    name: str
    schema: dict[str, Any]
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class GoneTemplate:
    """A template that Ironclad listed until shortly before `gone_at`."""

    template_id: str
    name: str
    gone_at: datetime


@dataclass(frozen=True, slots=True)
class Lesson:
    """A field that Ironclad missed (``MISSING_PARAM``) or refused (``INVALID_PARAM``) in one launch."""

    id: str
    launch_id: str
    revision: int
    key: str
    code: str
    template_id: str
    template_name: str
    #: What was sent when Ironclad said so.
    answers: dict[str, Any]
    learnt_at: datetime
