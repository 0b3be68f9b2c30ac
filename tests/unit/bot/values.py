"""Finished values for tests of pure code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from storage import Draft, Launch

THEN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def a_draft(**more: Any) -> Draft:
    """A draft nobody has typed into."""
    draft = Draft(
        id="draft1",
        team="T1",
        user="U1",
        template_id="6a0c11d2e4b0f7a915c3bb02",
        template_name="Mutual NDA",
        launch_id=None,
        request_id=None,
        answers={},
        state={},
        fingerprint=None,
        created_at=THEN,
        updated_at=THEN,
        saved_at=None,
        left_at=None,
        warned_at=None,
        submitted_at=None,
    )
    return replace(draft, **more)


def a_launch(**more: Any) -> Launch:
    """A launch under way."""
    launch = Launch(
        id="launch1",
        team="T1",
        number=12,
        request_id="request1",
        requester="U1",
        connection_id="connection1",
        acting_user="dana@example.com",
        template_id="6a0c11d2e4b0f7a915c3bb02",
        template_name="Mutual NDA",
        attributes={"counterpartyName": "Acme"},
        digest="",
        reference_key=None,
        state="launching",
        revision=1,
        workflow_id=None,
        ironclad_id=None,
        title=None,
        step=None,
        url=None,
        problem=None,
        candidates=None,
        decided_by=None,
        created_at=THEN,
        updated_at=THEN,
        finished_at=None,
    )
    return replace(launch, **more)
