"""Who has to approve what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.usecases.policy import (
    Condition,
    Group,
    Plan,
    Policy,
    Stage,
    groups_needed,
    holds,
    plan,
    read_policy,
)

PEOPLE = ["UREQ", "UA", "UB", "UC", "UD"]


def stage(name: str = "Manager", **more: Any) -> Stage:
    return Stage(id=name.casefold(), name=name, **{"people": ("UA",), **more})


def planned(*stages: Stage, values: dict[str, Any] | None = None, **more: Any) -> Plan:
    members = {("slack", "S1"): ["UB", "UC"], ("ironclad", "G1"): ["UD"], ("slack", "GONE"): None}
    return plan(Policy(stages=stages, **more), values or {}, "UREQ", members)


@pytest.mark.parametrize(
    ("condition", "values", "expected"),
    [
        ({"op": "at_least", "amount": 100}, {"amount": "100"}, True),
        ({"op": "at_least", "amount": 100}, {"amount": "99.99"}, False),
        ({"op": "below", "amount": 100}, {"amount": "99.99"}, True),
        ({"op": "below", "amount": 100}, {"amount": "100"}, False),
        ({"op": "at_least", "amount": 100}, {}, True),  # not given: asking is the smaller mistake
        ({"op": "below", "amount": 100}, {}, True),
        ({"op": "at_least", "amount": 100}, {"amount": "plenty"}, True),
        ({"op": "at_least", "amount": 100, "currency": "USD"}, {"amount": "1", "currency": "USD"}, False),
        ({"op": "at_least", "amount": 100, "currency": "USD"}, {"amount": "1", "currency": "JPY"}, True),
        ({"op": "at_least", "amount": 100, "currency": "USD"}, {"amount": "1"}, False),
        ({"op": "is", "values": ["Legal", "Sales"], "field": "department"}, {"department": "sales"}, True),
        ({"op": "is", "values": ["Legal"], "field": "department"}, {"department": "Sales"}, False),
        ({"op": "is", "values": ["Legal"], "field": "department"}, {}, True),
        ({"op": "is_not", "values": ["Legal"], "field": "department"}, {"department": "Sales"}, True),
        ({"op": "is_not", "values": ["Legal"], "field": "department"}, {"department": "legal"}, False),
        ({"op": "is", "values": ["NDA"], "field": "template"}, {"template": "NDA"}, True),
        ({"op": "is", "values": ["yes"], "field": "x_pii"}, {"x_pii": "no"}, False),
        ({"op": "at_least", "amount": 3, "field": "x_seats"}, {"x_seats": 5}, True),
    ],
)
def test_conditions(condition: dict[str, Any], values: dict[str, Any], expected: bool) -> None:
    assert holds(Condition(**{"field": "amount", **condition}), values) is expected


def test_all_conditions_of_a_stage_have_to_hold() -> None:
    both = stage(
        when=(
            Condition(field="amount", op="at_least", amount=Decimal(100)),
            Condition(field="category", op="is", values=("Software",)),
        )
    )

    assert planned(both, values={"amount": "200", "category": "Hardware"}).stages == ()
    assert planned(both, values={"amount": "50", "category": "Software"}).stages == ()
    assert [one.name for one in planned(both, values={"amount": "200", "category": "Software"}).stages]


def test_without_stages_the_requester_launches() -> None:
    assert planned() == Plan(launcher="UREQ")
    assert planned(launchers=("UD",)).launcher == "UD"


def test_groups_of_both_kinds_are_people_and_each_is_asked_once() -> None:
    groups = (Group(kind="slack", id="S1"), Group(kind="ironclad", id="G1"))
    (one,) = planned(stage(people=("UB", "UA"), groups=groups, rule="all")).stages

    assert one.people == ("UB", "UA", "UC", "UD")
    assert one.needed == 4


@pytest.mark.parametrize(("rule", "quorum", "needed"), [("any", 1, 1), ("all", 1, 3), ("quorum", 2, 2)])
def test_how_many_have_to_agree(rule: Any, quorum: int, needed: int) -> None:
    (one,) = planned(stage(people=("UA", "UB", "UC"), rule=rule, quorum=quorum)).stages

    assert one.needed == needed


def test_the_requester_is_not_asked_unless_the_policy_allows_it() -> None:
    own = stage(people=("UREQ", "UA"), rule="all")

    assert planned(own).stages[0].people == ("UA",)
    allowed = planned(own, self_ok=True)
    assert allowed.stages[0].people == ("UREQ", "UA")
    assert allowed.self_ok


def test_a_stage_with_nobody_left_asks_those_who_stand_in_and_never_passes() -> None:
    own = stage(people=("UREQ",))

    (asked,) = planned(own, fallback=("UREQ", "UD")).stages
    assert asked.people == ("UD",)
    assert "stand in" in asked.note
    (stuck,) = planned(own).stages
    assert stuck.people == ()
    assert stuck.needed == 1
    assert "an admin has to choose" in stuck.note


def test_a_quorum_that_cannot_be_met_is_filled_up() -> None:
    (one,) = planned(stage(people=("UA", "UREQ"), rule="quorum", quorum=2), fallback=("UD",)).stages

    assert one.people == ("UA", "UD")
    assert one.needed == 2


def test_a_group_that_is_gone_is_said() -> None:
    gone = stage(people=(), groups=(Group(kind="slack", id="GONE", name="Buyers"),))

    (one,) = planned(gone, fallback=("UD",)).stages
    assert one.people == ("UD",)
    assert "Buyers could not be found." in one.note


def test_only_groups_of_stages_that_apply_are_looked_up() -> None:
    large = stage(
        "Finance",
        groups=(Group(kind="slack", id="S1"),),
        when=(Condition(field="amount", op="at_least", amount=Decimal(100)),),
    )
    policy = Policy(stages=(stage(), large))

    assert groups_needed(policy, {"amount": "1"}) == ()
    assert [group.id for group in groups_needed(policy, {"amount": "100"})] == ["S1"]


def test_the_fields_of_a_condition_are_among_those_that_void_an_approval() -> None:
    (one,) = planned(stage(when=(Condition(field="x_pii", op="is", values=("yes",)),), again_on=())).stages

    assert one.again_on == ("x_pii",)


def test_a_damaged_policy_is_an_error_not_no_policy() -> None:
    with pytest.raises(ValueError, match="not understood"):
        read_policy({"stages": [{"id": ""}]})
    assert read_policy(None) == Policy()


stages = st.builds(
    stage,
    st.sampled_from(["One", "Two", "Three"]),
    people=st.lists(st.sampled_from(PEOPLE), max_size=4).map(tuple),
    rule=st.sampled_from(["any", "all", "quorum"]),
    quorum=st.integers(1, 6),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(stages, max_size=3), st.lists(st.sampled_from(PEOPLE), max_size=3), st.booleans())
def test_every_plan_can_be_carried_out_by_others(
    given_stages: list[Stage], fallback: list[str], self_ok: bool
) -> None:
    found = planned(*given_stages, fallback=tuple(fallback), self_ok=self_ok)

    assert len(found.stages) == len(given_stages)
    for one in found.stages:
        assert len(set(one.people)) == len(one.people)
        assert 1 <= one.needed <= max(1, len(one.people))
        assert self_ok or "UREQ" not in one.people
