"""Finished values for tests of pure code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from storage import Connection, Draft, Launch, Person

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


def a_person() -> Person:
    """Somebody who fills a form."""
    return Person(
        team="T1",
        user="U1",
        name="Dana",
        email="dana@x.example",
        is_admin=False,
        tz="UTC",
        locale="en-US",
        fetched_at=THEN,
    )


def a_connection(text: str = "Harbor Oak") -> Connection:
    """A way into Ironclad that is in use."""
    return Connection(
        id="c1",
        team="T1",
        region="demo",
        grant="client_credentials",
        client_id="0b7a3e52-1c1f-4c55-9d0e-6f1b8a2c7e10",
        acting_user=text,
        state="ready",
        problem=text or None,
        company_id="company",
        company_name=text,
        scopes=(),
        created_by="U1",
        created_at=THEN,
        updated_at=THEN,
        demo=True,
    )
