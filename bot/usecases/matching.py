"""Is this workflow the one we asked for? Pure comparison, used when Ironclad's answer was lost.

Ironclad knows no idempotency key, so a workflow is recognised by what it is. `sure` ones can be adopted.
`near` ones resemble what was sent too much to be ruled out and too little to be taken: a person has to tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ironclad import Workflow

CLOCKS_MAY_DIFFER = timedelta(minutes=2)  # between us and Ironclad, without anybody noticing
CLOCKS_WRONG = timedelta(hours=1)  # beyond, a workflow is no longer taken for the one just sent
COUNTERPARTY = "counterpartyName"  # in every launch, and the same for nobody else's contract


@dataclass(frozen=True)
class Sent:
    """What an attempt sent, as far as it can be recognised.

    `acting_user` is None where the token decides who creates; `reference_key` names the field that carries
    our request number, if there is one.
    """

    attributes: Mapping[str, Any]
    acting_user: str | None
    since: datetime
    reference_key: str | None


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    sure: list[Workflow] = field(default_factory=list)
    near: list[Workflow] = field(default_factory=list)


def sort_out(workflows: Iterable[Workflow], sent: Sent) -> Found:
    """Which of these workflows are, and which may be, the one that was sent."""
    found = Found()
    for workflow in workflows:
        if sent.reference_key:
            _by_reference(workflow, sent, found)
        else:
            _by_values(workflow, sent, found)
    return found


def _by_reference(workflow: Workflow, sent: Sent, found: Found) -> None:
    """Our own request number says enough; Ironclad may write the other values in its own way.

    Only an old workflow may carry it by chance: the numbers begin anew with a new database.
    """
    if not _same(
        sent.attributes[sent.reference_key or ""], workflow.attributes.get(sent.reference_key or "")
    ):
        return
    recent = _created_since(workflow, sent.since - CLOCKS_WRONG)
    (found.sure if recent else found.near).append(workflow)


def _by_values(workflow: Workflow, sent: Sent, found: Found) -> None:
    if not _created_by(workflow, sent.acting_user) or not _created_since(workflow, sent.since - CLOCKS_WRONG):
        return
    told = workflow.attributes
    if COUNTERPARTY in sent.attributes and not _same(sent.attributes[COUNTERPARTY], told.get(COUNTERPARTY)):
        return
    # A value that is absent contradicts nothing: signer questions move to roles, files become documents.
    agrees = all(_same(value, told[key]) for key, value in sent.attributes.items() if key in told)
    in_time = _created_since(workflow, sent.since - CLOCKS_MAY_DIFFER)
    (found.sure if agrees and in_time else found.near).append(workflow)


def _created_since(workflow: Workflow, moment: datetime) -> bool:
    return workflow.created is None or workflow.created >= moment


def _created_by(workflow: Workflow, acting_user: str | None) -> bool:
    if acting_user is None or not workflow.creator_email:
        return True
    return workflow.creator_email.casefold() == acting_user.casefold()


def _same(sent: Any, told: Any) -> bool:
    if isinstance(sent, str) and isinstance(told, Mapping):
        return sent in told.values()  # a record: {"recordId": …, "readableId": "IC-68"}
    if isinstance(sent, str) and isinstance(told, str):
        return _text(sent) == _text(told) or _moment(sent) == _moment(told) is not None
    if isinstance(sent, Mapping) and isinstance(told, Mapping):
        return all(_same(value, told[key]) for key, value in sent.items() if key in told)
    if isinstance(sent, list) or isinstance(told, list):
        # Files become documents and tables come back with empty rows: no contradiction either way.
        return True
    return bool(sent == told)


def _text(value: str) -> str:
    return " ".join(value.split())


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
