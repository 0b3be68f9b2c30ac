"""What admins know about conditional questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class QuestionRules:
    """One version of the rules of a template."""

    team: str
    #: The same for every version.
    id: str
    #: Counted from 1.
    version: int
    template_id: str
    template_name: str
    rules: list[dict[str, Any]]
    changed_by: str
    changed_at: datetime
