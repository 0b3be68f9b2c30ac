"""Every screen and message is one that Slack takes, whatever people and Ironclad put into it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts import ENGLISH, Catalogue
from bot.usecases.errors import Refusal
from bot.usecases.notices import Notice, Occasion
from bot.usecases.overview import Overview
from bot.usecases.ports import Offered
from bot.views import answers, connect, connections, drafts, home, modals, notices, threads
from bot.views.message import Message
from storage import Launch, Workspace
from tests.sandbox.slack.blockkit import problems_in_home, problems_in_message, problems_in_view
from tests.unit.bot.values import THEN, a_connection, a_draft, a_launch

HOSTILE = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=3000),
    st.sampled_from(["<!channel>", "<@U1>", "*", "", " ", "\n", "a" * 5000, "<https://x|y>", "‮RTL"]),
)
CATALOGUE = Catalogue()
LOCALES = ("en-US", "de-DE", "es-ES")
LANGUAGES = st.sampled_from(LOCALES)
PLACE = connect.Place("https://slipway.example.com/ironclad/callback", host="https://ironclad.example.com")
STATES = st.sampled_from(["launching", "launched", "refused", "asking"])


@st.composite
def launches(draw: st.DrawFn) -> Launch:
    candidates = draw(st.lists(st.builds(_candidate, HOSTILE, st.uuids().map(str)), max_size=14))
    problem = draw(st.none() | st.builds(_problem, HOSTILE, st.dictionaries(HOSTILE, HOSTILE, max_size=30)))
    return a_launch(
        state=draw(STATES),
        template_name=draw(HOSTILE),
        attributes={"counterpartyName": draw(HOSTILE)},
        title=draw(HOSTILE),
        step=draw(HOSTILE),
        ironclad_id=draw(st.none() | st.just("IC-12")),
        url=draw(st.none() | st.just("https://na1.ironcladapp.com/workflow/1")),
        acting_user=draw(HOSTILE),
        problem=problem,
        candidates=candidates,
        finished_at=draw(st.none() | st.just(THEN)),
    )


def _candidate(title: str, workflow_id: str) -> dict[str, Any]:
    return {"workflow_id": workflow_id, "title": title, "step": title, "ironclad_id": "IC-1", "url": None}


def _problem(text: str, fields: dict[str, str]) -> dict[str, Any]:
    return {
        "what": text[:500],
        "do": text[:500],
        "said": text,
        "fields": {k: v[:90] for k, v in fields.items()},
    }


def check(message: Message) -> None:
    assert problems_in_message(list(message.blocks)) == []
    assert 0 < len(message.text) <= 4000
    drawn = str(message.blocks) + message.text
    assert "<!channel>" not in drawn
    assert "<https://x|y>" not in drawn


@settings(max_examples=200, deadline=None)
@given(launches(), LANGUAGES)
def test_messages_about_a_launch(launch: Launch, language: str) -> None:
    texts = CATALOGUE.texts(language)
    check(threads.card(launch, texts))
    check(threads.note(launch, {}, texts))
    check(threads.direct(launch, {}, texts, link="https://slack.example/p1", why="Because <!channel>"))
    check(answers.status([launch], texts))


@settings(max_examples=100, deadline=None)
@given(launches(), HOSTILE, LANGUAGES)
def test_modals_of_a_launch(launch: Launch, text: str, language: str) -> None:
    texts = CATALOGUE.texts(language)
    for view in (
        modals.progress(launch, texts),
        modals.result(launch, texts),
        modals.refused(Refusal(text, text, again=True, link="https://ic.example")),
        connect.refused(Refusal(text, text), texts),
    ):
        assert problems_in_view(view) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(launches(), max_size=10), st.booleans(), st.booleans(), HOSTILE)
def test_home(mine: list[Launch], admin: bool, connected: bool, text: str) -> None:
    workspace = Workspace("T1", "Harbor Oak", "C1", text or None, None, THEN)
    kept = [a_draft(id=f"draft{n}", template_name=text, answers={"counterpartyName": text}) for n in range(7)]
    used = a_connection(text) if connected else None
    seen = Overview(admin, workspace, used, mine, drafts=kept, connections=[a_connection(text)])
    view = home.build_home(seen)

    assert problems_in_home(view) == []
    assert "<!channel>" not in str(view)


@settings(max_examples=50, deadline=None)
@given(HOSTILE, HOSTILE, st.booleans())
def test_messages_about_a_draft(name: str, vendor: str, warned: bool) -> None:
    draft = a_draft(
        template_name=name, answers={"counterpartyName": vendor}, warned_at=THEN if warned else None
    )
    check(drafts.direct(draft, ENGLISH))
    check(drafts.gone(a_launch(), ENGLISH))
    check(drafts.gone(None, ENGLISH))


@pytest.mark.parametrize(("count", "page"), [(0, 0), (1, 0), (20, 0), (21, 1), (45, 1), (45, 9)])
def test_the_list_of_drafts(count: int, page: int) -> None:
    kept = [a_draft(id=f"draft{n}", template_name="<!channel> " + "x" * 200) for n in range(count)]

    view = drafts.listed(kept, ENGLISH, page, notice="Draft deleted.")

    assert problems_in_view(view) == []
    assert "<!channel>" not in str(view)


@settings(max_examples=60, deadline=None)
@given(
    HOSTILE,
    st.sampled_from(["review", "returned", "checking", "ready", "standby", "failed"]),
    st.sampled_from(["client_credentials", "authorization_code"]),
    st.booleans(),
    LANGUAGES,
)
def test_everything_about_a_connection(
    text: str, state: Any, grant: str, broken: bool, language: str
) -> None:
    texts = CATALOGUE.texts(language)
    finding = {"name": text[:50], "good": None, "told": text, "do": text}
    connection = replace(
        a_connection(text),
        state=state,
        grant=grant,
        broken_at=THEN if broken else None,
        checked_at=THEN,
        findings=tuple([finding] * 12),
        reviewed_by="U2",
    )
    for view in (
        connections.manage(connection, texts, note="Checked."),
        connections.review(connection, texts),
        connections.new_secret(connection, texts),
        connections.in_browser(connection, "https://slipway.example.com/x", texts, signing_in=True),
        connect.connect(PLACE, texts, connection),
        connect.sent(connection, texts, mails=True),
    ):
        assert problems_in_view(view) == []
        assert "<!channel>" not in str(view)
    for occasion in get_args(Occasion):
        for shown in (connection, None):
            notice = Notice("T1", "U1", "post", occasion, shown, url="https://x.example", text=text)
            check(notices.draw(notice, texts))


@pytest.mark.parametrize("count", [1, 2, 100, 101, 1000])
def test_the_template_list(count: int) -> None:
    offer = Offered(tuple((f"{n:024x}", f"Template {n} " + "x" * 90) for n in range(count)))

    view = modals.pick_template(offer)

    assert problems_in_view(view) == []
    kind = view["blocks"][0]["element"]["type"]
    assert kind == ("static_select" if count <= 100 else "external_select")
    assert len(modals.matching_templates(offer, "")) == min(count, 100)
    assert [o.value for o in modals.matching_templates(offer, "template 0")][:1] == [f"{0:024x}"]


@pytest.mark.parametrize("language", LOCALES)
def test_small_screens(language: str) -> None:
    texts = CATALOGUE.texts(language)
    for view in (
        modals.loading(texts=texts),
        connect.connect(PLACE, texts),
        connect.connect(PLACE, texts, a_connection(), problem="x" * 400),
        connect.connect(PLACE, texts, grant="authorization_code"),
        connect.published(texts),
    ):
        assert problems_in_view(view) == []


def test_the_template_list_of_the_demo_says_so() -> None:
    items = (("nda", "Mutual NDA"),)

    assert "not to production" in str(modals.pick_template(Offered(items, demo=True)))
    assert "production" not in str(modals.pick_template(Offered(items)))


def test_the_demo_is_unmistakable() -> None:
    view = home.build_home(Overview(True, None, a_connection(), [], connections=[a_connection()]))

    assert "not production" in str(view)


def test_a_secret_is_never_filled_in() -> None:
    view = connect.connect(PLACE, ENGLISH, a_connection(), problem="Wrong.")

    inputs = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    assert "initial_value" not in inputs["client_secret"]
