"""Is this workflow the one we asked for? Pure comparison, used when Ironclad's answer was lost.

Ironclad knows no idempotency key, so a workflow is recognised by what it is: same template, created by
the same acting user since the attempt began, with the values that were sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ironclad import Workflow


def candidates(
    workflows: Iterable[Workflow],
    *,
    attributes: Mapping[str, Any],
    acting_user: str | None,
    since: datetime,
    reference_key: str | None,
) -> list[Workflow]:
    """The workflows that may be the one that was sent, each of which contradicts nothing we know.

    `acting_user` is None where the token decides who creates. With `reference_key` the workflow must carry
    exactly our reference.
    """
    return [
        workflow
        for workflow in workflows
        if _created_since(workflow, since)
        and _created_by(workflow, acting_user)
        and _carries(workflow, attributes, reference_key)
    ]


def _created_since(workflow: Workflow, moment: datetime) -> bool:
    return workflow.created is None or workflow.created >= moment


def _created_by(workflow: Workflow, acting_user: str | None) -> bool:
    if acting_user is None or not workflow.creator_email:
        return True
    return workflow.creator_email.casefold() == acting_user.casefold()


def _carries(workflow: Workflow, sent: Mapping[str, Any], reference_key: str | None) -> bool:
    """No value may differ, and what identifies a contract must be there.

    Ironclad leaves some sent values out of what it returns (signer questions move to roles, files become
    documents), so a value that is absent contradicts nothing.
    """
    told = workflow.attributes
    for key in (reference_key, "counterpartyName"):
        if key and key in sent and key not in told:
            return False
    return all(_same(value, told[key]) for key, value in sent.items() if key in told)


def _same(sent: Any, told: Any) -> bool:
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
