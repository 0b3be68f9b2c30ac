"""From a half-filled form to a workflow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

LaunchState = Literal["launching", "launched", "refused", "asking", "abandoned"]
AttemptOutcome = Literal["created", "not_sent", "refused", "unknown", "absent", "adopted"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A launch form as far as it is filled."""

    id: str
    team: str
    user: str
    template_id: str
    template_name: str
    #: The refused launch that this draft corrects, if any.
    launch_id: str | None
    #: The request that this draft launches; None for one that makes its own.
    request_id: str | None
    answers: dict[str, Any]
    #: Everything else the form remembers of itself; only the form knows what.
    state: dict[str, Any]
    #: The fingerprint of the template as the person last saw it.
    fingerprint: str | None
    created_at: datetime
    updated_at: datetime
    #: When the person's own input was last kept; None while there is none.
    saved_at: datetime | None
    #: When they closed the form without launching; None while it is open, as far as we know.
    left_at: datetime | None
    #: When they were told that it will be deleted.
    warned_at: datetime | None
    #: When it became a launch, or a correction of one.
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Launch:
    """One workflow to be made in Ironclad, and what became of it."""

    id: str
    team: str
    #: The number of its request.
    number: int
    request_id: str
    requester: str
    connection_id: str
    acting_user: str
    template_id: str
    template_name: str
    attributes: dict[str, Any]
    #: The same for launches whose workflows could be mistaken for each other's.
    digest: str
    #: The template's field that carries our reference, where it has one.
    reference_key: str | None
    state: LaunchState
    #: 1 for the first submit, one more for each corrected one.
    revision: int
    workflow_id: str | None
    ironclad_id: str | None
    title: str | None
    step: str | None
    url: str | None
    problem: Any
    candidates: Any
    decided_by: str | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    #: Whether it goes to Ironclad's demo environment.
    demo: bool = False
    #: How its workflow stands in Ironclad's words; None before that was looked up.
    status: str | None = None
    #: Since when its workflow is at this step.
    step_since: datetime | None = None
    #: When its workflow last changed, by Ironclad's clock: what is older is no news.
    changed_at: datetime | None = None
    #: When somebody last looked how it stands.
    looked_at: datetime | None = None

    @property
    def label(self) -> str:
        """The request's number as people read it."""
        return f"REQ-{self.number}"

    @property
    def running(self) -> bool:
        """Whether its workflow may still move."""
        return self.state == "launched" and self.status in (None, "active", "paused")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at creating the workflow; must not be sent at or after `not_after`."""

    launch_id: str
    n: int
    started_at: datetime
    not_after: datetime
    outcome: AttemptOutcome | None
    detail: str

    @property
    def open(self) -> bool:
        """Whether this try may have made a workflow that nobody has looked up yet."""
        return self.outcome in (None, "unknown")
