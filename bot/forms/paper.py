"""Questions that hang together in every template, by Ironclad's own names for them.

Whose paper is used decides whether a draft is asked (facts §4.4); approver roles without an assignee are
asked for once Ironclad has missed them (facts §5.4).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.forms.content import Answers
from bot.forms.pages import Known
from ironclad import Field, Required

PAPER, DRAFT = "paperSource", "draft"
THEIR_PAPER = "Counterparty paper"
_ROLE = re.compile(r"(approver|signer)[0-9A-Za-z]+")


def with_roles(fields: Sequence[Field], wanted: Collection[str]) -> Sequence[Field]:
    """The fields of a template, and a person for each role that Ironclad wanted somebody for.

    Roles are in no launch form, and Ironclad names them by their ids alone.
    """
    if not wanted:
        return fields
    known = {field.key for field in fields}
    missed = sorted(key for key in wanted if key not in known and _ROLE.fullmatch(key))
    counted = {kind: sum(key.startswith(kind) for key in missed) for kind in ("approver", "signer")}
    roles: list[Field] = []
    for key in missed:
        kind = "approver" if key.startswith("approver") else "signer"
        number = 1 + sum(role.key.startswith(kind) for role in roles)
        label = kind.capitalize() + (f" {number} of {counted[kind]}" if counted[kind] > 1 else "")
        roles.append(Field(key=key, type="user", label=label, required=Required.ALWAYS))
    return (*fields, *roles)


def with_paper(fields: Sequence[Field], answers: Answers, known: Known) -> Known:
    """What is known, with what the paper says about the draft."""
    draft = next((field for field in fields if field.key == DRAFT), None)
    if draft is None or draft.required is not Required.CONDITIONAL or all(one.key != PAPER for one in fields):
        return known
    decided = replace(known, deciding=known.deciding | {PAPER})
    if answers.get(PAPER) == THEIR_PAPER:
        shown = {**decided.shown, DRAFT: PAPER}
        return replace(
            decided, shown=shown, required=decided.required | {DRAFT}, hidden=decided.hidden - {DRAFT}
        )
    return replace(decided, hidden=decided.hidden | {DRAFT})
