"""Who has to approve what: from a workspace's policy and a request to stages of people. No I/O.

A condition that cannot be judged (no amount was given, or in another currency) counts as met: asking once
too often is the smaller mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.texts import phrase

KIND = "approvals"  #: of the rulebook

Rule = Literal["any", "all", "quorum"]
Operator = Literal["at_least", "below", "is", "is_not"]

#: What an approval is usually about: a change of one of these makes it void.
MATERIAL = (
    "what",
    "counterparty",
    "amount",
    "currency",
    "start",
    "end",
    "term_months",
    "category",
    "department",
    "template",
    "description",
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Condition(_Part):
    """One thing that must hold of a request for a stage to count."""

    field: str = Field(min_length=1, max_length=100)
    op: Operator
    #: For ``at_least`` and ``below`` a number; for the others the choices, of which one is enough.
    amount: Decimal | None = None
    currency: str = ""
    values: tuple[str, ...] = ()


class Group(_Part):
    """A group whose members approve: a Slack user group, or one of Ironclad's."""

    kind: Literal["slack", "ironclad"]
    id: str
    name: str = ""


class Stage(_Part):
    """One round of approval."""

    id: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=60)
    when: tuple[Condition, ...] = ()
    people: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    rule: Rule = "any"
    quorum: int = Field(1, ge=1, le=100)
    again_on: tuple[str, ...] = MATERIAL


class Policy(_Part):
    """A workspace's rules of approval. The default asks nobody."""

    stages: tuple[Stage, ...] = ()
    #: Whether requesters may approve what they asked for, when a stage names them.
    self_ok: bool = False
    #: Who is asked where a stage has nobody left to ask.
    fallback: tuple[str, ...] = ()
    #: Who launches the contract; the requester when empty.
    launchers: tuple[str, ...] = ()
    #: Whether people may launch without a request, past every approval.
    direct: bool = False

    @property
    def asks(self) -> bool:
        """Whether there is anything to approve at all."""
        return bool(self.stages)

    @property
    def ask_first(self) -> bool:
        """Whether contracts have to be requested before they can be launched."""
        return self.asks and not self.direct


class Planned(_Part):
    """A stage as it applies to one request: `people` are those to ask, `needed` how many must agree."""

    stage: str
    name: str
    rule: Rule
    needed: int
    people: tuple[str, ...]
    again_on: tuple[str, ...]
    note: str = ""


class Plan(_Part):
    """All that has to happen with a request before, and who launches it then."""

    stages: tuple[Planned, ...] = ()
    launcher: str
    self_ok: bool = False


#: Members by group; None for a group that could not be found.
Members = Mapping[tuple[str, str], Sequence[str] | None]


def read_policy(body: Mapping[str, Any] | None) -> Policy:
    """The policy in a rulebook; the default for none. Raises ValueError for one that is damaged."""
    try:
        return Policy.model_validate(body or {})
    except ValidationError as wrong:
        raise ValueError("the stored approval policy is not understood") from wrong


def groups_needed(policy: Policy, values: Mapping[str, Any]) -> tuple[Group, ...]:
    """The groups whose members must be known to plan this request."""
    found = {(group.kind, group.id): group for stage in _applying(policy, values) for group in stage.groups}
    return tuple(found.values())


def plan(policy: Policy, values: Mapping[str, Any], requester: str, members: Members) -> Plan:
    """The stages that a request has to pass, in order, and who launches it."""
    stages = tuple(_planned(policy, stage, requester, members) for stage in _applying(policy, values))
    launcher = policy.launchers[0] if policy.launchers else requester
    return Plan(stages=stages, launcher=launcher, self_ok=policy.self_ok)


def holds(condition: Condition, values: Mapping[str, Any]) -> bool:
    """Whether a condition is met by a request; what cannot be judged is."""
    given = values.get(condition.field)
    if condition.op in ("at_least", "below"):
        return _compares(condition, given, str(values.get("currency") or ""))
    if given in (None, ""):
        return True
    among = str(given).casefold() in {value.casefold() for value in condition.values}
    return among if condition.op == "is" else not among


def _compares(condition: Condition, given: Any, currency: str) -> bool:
    if condition.amount is None:
        return True
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        return True
    if condition.currency and currency and condition.currency != currency:
        return True
    return number >= condition.amount if condition.op == "at_least" else number < condition.amount


def _applying(policy: Policy, values: Mapping[str, Any]) -> list[Stage]:
    return [stage for stage in policy.stages if all(holds(condition, values) for condition in stage.when)]


def _planned(policy: Policy, stage: Stage, requester: str, members: Members) -> Planned:
    people, lost = list(stage.people), []
    for group in stage.groups:
        found = members.get((group.kind, group.id))
        if found is None:
            lost.append(group.name or group.id)
        people += found or ()
    eligible = _others(people, policy, requester)
    notes = [f"{', '.join(lost)} could not be found." if lost else ""]
    wanted = {"any": 1, "all": len(eligible), "quorum": stage.quorum}[stage.rule]
    if len(eligible) < max(wanted, 1):
        more = [one for one in _others(policy.fallback, policy, requester) if one not in eligible]
        if more:
            notes.append(phrase("Too few could be asked, so those who stand in are asked too."))
        eligible += more
    if not eligible:
        notes.append(phrase("Nobody can be asked: an admin has to choose somebody."))
    return Planned(
        stage=stage.id,
        name=stage.name,
        rule=stage.rule,
        needed=max(1, min(max(wanted, 1), len(eligible))),
        people=tuple(eligible),
        again_on=tuple(dict.fromkeys([*stage.again_on, *(one.field for one in stage.when)])),
        note=" ".join(note for note in notes if note),
    )


def _others(people: Sequence[str], policy: Policy, requester: str) -> list[str]:
    """Each once, without the requester unless the policy lets them approve what they ask for."""
    return [one for one in dict.fromkeys(people) if policy.self_ok or one != requester]
