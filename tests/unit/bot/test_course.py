"""Every way in which the tasks of a request may move, tried in every order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.usecases import course as moves
from bot.usecases.course import Course, Setting
from bot.usecases.errors import Refusal
from bot.usecases.policy import MATERIAL, Plan, Planned
from storage import Request, Verdict
from tests.unit.bot.values import THEN

REQUESTER, A, B, C, D = "UREQ", "UA", "UB", "UC", "UD"
PEOPLE = [REQUESTER, A, B, C, D]


def a_request(**more: Any) -> Request:
    request = Request(
        id="r",
        team="T1",
        number=12,
        requester=REQUESTER,
        title="Laptops",
        state="routing",
        source="command",
        category=None,
        details={"values": {"what": "Laptops", "amount": "100"}},
        revision=1,
        version=1,
        created_at=THEN,
        updated_at=THEN,
        closed_at=None,
    )
    return replace(request, **more)


def a_stage(name: str, *people: str, rule: Any = "any", needed: int = 1, again_on: Any = MATERIAL) -> Planned:
    return Planned(stage=name, name=name, rule=rule, needed=needed, people=people, again_on=again_on)


def at(**away: str) -> Setting:
    return Setting(THEN, away)


def begun(*stages: Planned, self_ok: bool = False, **away: str) -> Course:
    plan = Plan(stages=stages, launcher=REQUESTER, self_ok=self_ok)
    return moves.begin(a_request(), plan, at(**away))


def decide(course: Course, user: str, verdict: Verdict = "approved") -> Course:
    assert course.current
    return moves.decide(course, user, course.current.id, verdict, "", course.request.revision, at())


def test_no_stages_lead_straight_to_the_contract() -> None:
    course = begun()
    assert course.request.state == "contract"
    assert course.current
    assert course.current.asked == (REQUESTER,)


def test_one_of_several_is_enough_and_the_others_are_free() -> None:
    course = decide(begun(a_stage("one", A, B)), B)
    assert course.request.state == "contract"
    assert [(ask.user, ask.state) for ask in course.tasks[0].asks] == [(A, "moot"), (B, "decided")]


def test_all_have_to_agree() -> None:
    course = decide(begun(a_stage("one", A, B, rule="all", needed=2)), A)
    assert course.request.state == "approving"
    assert decide(course, B).request.state == "contract"


def test_a_quorum() -> None:
    course = begun(a_stage("one", A, B, C, rule="quorum", needed=2))
    assert decide(decide(course, C), A).request.state == "contract"


def test_one_rejection_ends_it() -> None:
    course = decide(begun(a_stage("one", A, B, rule="all", needed=2), a_stage("two", C)), A, "rejected")
    assert course.request.state == "rejected"
    assert [task.state for task in course.tasks] == ["rejected", "cancelled", "cancelled"]
    assert not any(task.asked for task in course.tasks)


def test_whoever_approved_is_not_asked_again_in_a_later_stage() -> None:
    course = decide(begun(a_stage("one", A), a_stage("two", A, B, rule="all", needed=2)), A)
    assert course.current
    assert course.current.asked == (B,)
    assert decide(begun(a_stage("one", A), a_stage("two", A)), A).request.state == "contract"


def test_whoever_was_asked_but_did_not_decide_is_asked_where_it_counts() -> None:
    course = decide(begun(a_stage("one", A, B), a_stage("two", B)), A)
    assert course.current
    assert course.current.asked == (B,)


def test_somebody_away_is_replaced_once_and_circles_are_not_followed() -> None:
    assert begun(a_stage("one", A), UA=B).tasks[0].asked == (B,)
    assert begun(a_stage("one", A), UA=B, UB=C).tasks[0].asked == (C,)
    assert begun(a_stage("one", A), UA=B, UB=A).tasks[0].asked == (A,)
    # The stand-in has a place of their own, or may not take this one.
    assert begun(a_stage("one", A, B, rule="all", needed=2), UA=B).tasks[0].asked == (A, B)
    assert begun(a_stage("one", A, B, rule="all", needed=2), UA=C, UB=C).tasks[0].asked == (C, B)
    assert begun(a_stage("one", A), UA=REQUESTER).tasks[0].asked == (A,)


def revised(course: Course, changed: tuple[str, ...], *stages: Planned) -> Course:
    plan = Plan(stages=stages, launcher=REQUESTER)
    return moves.revise(course, course.request, changed, plan, at())


def test_a_change_voids_only_what_it_touches() -> None:
    one, two = a_stage("one", A, again_on=("amount",)), a_stage("two", B, again_on=("counterparty",))
    course = decide(begun(one, two), A)
    untouched = revised(course, ("counterparty",), one, two)
    assert [task.state for task in untouched.live] == ["approved", "open", "waiting"]
    touched = revised(course, ("amount",), one, two)
    assert [task.state for task in touched.live] == ["open", "waiting", "waiting"]
    assert [task.name for task in touched.tasks if task.state == "superseded"] == ["one", "two", "Contract"]


def test_a_change_after_approval_leads_back_and_an_old_approval_does_not_carry_over() -> None:
    one, two = a_stage("one", A, again_on=("needed_by",)), a_stage("two", A, B, again_on=("amount",))
    course = decide(begun(one, two), A)
    assert course.request.state == "contract"
    again = revised(course, ("amount",), one, two)
    assert again.request.state == "approving"
    assert again.current
    assert again.current.asked == (A, B)


def test_a_change_can_drop_and_add_stages() -> None:
    one, two = a_stage("one", A), a_stage("two", B)
    course = revised(begun(one), ("amount",), two)
    assert [(task.stage, task.state) for task in course.live] == [("two", "open"), ("", "waiting")]
    assert decide(course, B).request.state == "contract"


def test_what_was_seen_before_a_change_cannot_be_decided() -> None:
    one = a_stage("one", A)
    course = begun(one)
    changed = revised(course, ("needed_by",), one)
    task = changed.current
    assert task
    with pytest.raises(Refusal, match="changed while you were looking"):
        moves.decide(changed, A, task.id, "approved", "", 1, at())


def test_handing_on() -> None:
    course = begun(a_stage("one", A))
    task = course.tasks[0].id
    handed = moves.hand_on(course, task, A, B, at())
    assert handed.tasks[0].asked == (B,)
    with pytest.raises(Refusal, match="not asked"):
        decide(handed, A)
    back = moves.hand_on(handed, task, B, A, at())
    assert decide(back, A).request.state == "contract"
    with pytest.raises(Refusal, match="do not approve"):
        moves.hand_on(course, task, A, REQUESTER, at())


class Requests(RuleBasedStateMachine):
    """Anybody presses anything at any time, also what was on the screen before."""

    def __init__(self) -> None:
        super().__init__()
        self.now = THEN
        self.away: dict[str, str] = {}
        self.stages = (
            a_stage("one", A, B, rule="all", needed=2, again_on=("amount",)),
            a_stage("two", A, C),
            a_stage("three", B, C, D, rule="quorum", needed=2, again_on=("counterparty",)),
        )
        self.course = moves.begin(a_request(), Plan(stages=self.stages, launcher=REQUESTER), self.setting)
        self.ended: Any = None

    @property
    def setting(self) -> Setting:
        self.now += timedelta(minutes=1)
        return Setting(self.now, self.away)

    def go(self, move: Any) -> bool:
        before = self.course
        try:
            self.course = move(before)
        except Refusal:
            assert self.course is before
            return False
        return True

    @rule(
        user=st.sampled_from(PEOPLE),
        nth=st.integers(0, 9),
        verdict=st.sampled_from(["approved", "approved", "approved", "rejected"]),
        late=st.integers(0, 1),
        twice=st.booleans(),
    )
    def press(self, user: str, nth: int, verdict: Verdict, late: int, twice: bool) -> None:
        task = self.course.tasks[nth % len(self.course.tasks)]
        asked, revision = task.asked, self.course.request.revision - late

        def move(course: Course) -> Course:
            return moves.decide(course, user, task.id, verdict, "", revision, self.setting)

        if self.go(move):
            assert user in asked
            assert late == 0
            assert task.state == "open"
            if twice:
                assert not self.go(move), "the second press of the same button did something"

    @precondition(lambda self: self.course.current)
    @rule(user=st.sampled_from(PEOPLE))
    def press_the_open_one(self, user: str) -> None:
        task = self.course.current
        assert task
        revision = self.course.request.revision

        def move(course: Course) -> Course:
            return moves.decide(course, user, task.id, "approved", "", revision, self.setting)

        possible = user in task.asked and self.course.request.state == "approving"
        assert self.go(move) is possible

    @rule(user=st.sampled_from(PEOPLE), nth=st.integers(0, 9))
    def ask(self, user: str, nth: int) -> None:
        task = self.course.tasks[nth % len(self.course.tasks)]
        asked = task.asked
        if self.go(lambda course: moves.ask_for_changes(course, user, task.id)):
            assert user in asked

    @rule(
        changed=st.sets(st.sampled_from(["amount", "counterparty", "needed_by"])),
        kept=st.sets(st.sampled_from([0, 1, 2])),
    )
    def change(self, changed: set[str], kept: set[int]) -> None:
        plan = Plan(stages=tuple(self.stages[n] for n in sorted(kept)), launcher=REQUESTER)
        self.go(lambda course: moves.revise(course, course.request, tuple(changed), plan, self.setting))

    @rule(who=st.sampled_from(PEOPLE), to=st.sampled_from(PEOPLE), nth=st.integers(0, 9), admin=st.booleans())
    def hand(self, who: str, to: str, nth: int, admin: bool) -> None:
        task = self.course.tasks[nth % len(self.course.tasks)]
        self.go(lambda course: moves.hand_on(course, task.id, who, to, self.setting, by_admin=admin))

    @rule(who=st.sampled_from(PEOPLE), to=st.sampled_from([*PEOPLE, ""]))
    def leave(self, who: str, to: str) -> None:
        self.away = {**self.away, who: to} if to and to != who else {}

    @rule(sure=st.integers(0, 5))
    def cancel(self, sure: int) -> None:
        if sure == 0:
            self.go(lambda course: moves.cancel(course, self.now))

    @precondition(lambda self: self.course.request.state == "contract")
    @rule()
    def launch(self) -> None:
        task = self.course.current
        assert task
        moves.launchable(self.course, task.asked[0])
        self.course = moves.launched(self.course, self.now)

    @invariant()
    def one_task_is_open_while_it_goes_on(self) -> None:
        going = self.course.request.state not in moves.ENDED
        assert [task.state for task in self.course.tasks].count("open") == (1 if going else 0)

    @invariant()
    def an_end_is_an_end(self) -> None:
        if self.ended is not None:
            assert (self.course.request.state, self.course.tasks) == self.ended
        elif self.course.request.state in moves.ENDED:
            self.ended = (self.course.request.state, self.course.tasks)

    @invariant()
    def nobody_decides_twice_and_never_the_requester(self) -> None:
        for task in self.course.tasks:
            deciders = [decision.user for decision in task.decisions]
            assert len(set(deciders)) == len(deciders)
            if task.kind == "approval":
                assert REQUESTER not in deciders
                assert REQUESTER not in task.asked

    @invariant()
    def approved_means_that_enough_have_approved(self) -> None:
        for task in self.course.live:
            places = {decision.for_user or decision.user for decision in task.decisions}
            assert (task.state == "approved") <= (len(places) >= task.needed)
            assert (task.state == "rejected") == any(one.verdict == "rejected" for one in task.decisions)
        if self.course.request.state in ("contract", "launched"):
            assert all(task.state in ("approved", "open", "done") for task in self.course.live)

    @invariant()
    def whoever_is_needed_can_be_asked(self) -> None:
        task = self.course.current
        if task and task.kind == "approval":
            assert len(task.asked) + len(task.decisions) >= task.needed

    @invariant()
    def tasks_have_ids_of_their_own(self) -> None:
        ids = [task.id for task in self.course.tasks]
        assert len(set(ids)) == len(ids)


Requests.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestRequests = Requests.TestCase
