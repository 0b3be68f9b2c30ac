"""Exactly once, whatever Ironclad and Slack do to the answers."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.journeys.steps import launch, open_form, thread, until
from tests.place import Blank, Place, opened

LAUNCH = {"path_prefix": "/public/api/v1/workflows", "method": "POST"}
LOOK_UP = {"path_prefix": "/public/api/v1/workflows", "method": "GET"}
NO_REFERENCE = "Order without reference"


def add_template_without_reference(place: Place) -> None:
    from tests.sandbox.ironclad.templates import Template, text

    fields = (text("counterpartyName", "Vendor", "always"),)
    place.ironclad.add_template(Template(name=NO_REFERENCE, fields=fields))


async def order(place: Place, vendor: str, name: str = "dana") -> None:
    person = place.person(name)
    await open_form(person, NO_REFERENCE)
    await person.fill({"Vendor": vendor})
    await person.submit()


@pytest.mark.parametrize("kind", ["act_then_drop", "act_then_500"])
async def test_a_lost_answer_is_looked_up_and_adopted(place: Place, kind: str) -> None:
    place.ironclad.fault(**LAUNCH, kind=kind)
    dana = place.person("dana")
    await launch(dana)
    await place.idle()

    (workflow,) = place.ironclad.workflows
    told = await thread(place, dana)
    assert workflow.ironclad_id in told
    assert len(dana.texts("#procurement")) == 1


async def test_a_lost_answer_is_adopted_without_a_reference_too(place: Place) -> None:
    add_template_without_reference(place)
    place.ironclad.fault(**LAUNCH, kind="act_then_drop")
    await order(place, "Acme")
    await place.idle()

    (workflow,) = place.ironclad.workflows
    assert workflow.ironclad_id in await thread(place, place.person("dana"))


async def test_a_workflow_that_shows_up_late_is_still_found(blank: Blank, tmp_path: Path) -> None:
    async with opened(blank, tmp_path, launch_settle_seconds=30) as place:
        await place.connect()
        place.ironclad.rules.index_lag = 1.5
        place.ironclad.fault(**LAUNCH, kind="act_then_drop")
        await launch(place.person("dana"))
        await place.idle()

        assert len(place.ironclad.workflows) == 1
        assert "Launched" in await thread(place, place.person("dana"))


async def test_a_request_that_never_arrived_is_sent_again_once_that_is_certain(
    blank: Blank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.usecases.performing.LEASE_SECONDS", 0.5)
    async with opened(blank, tmp_path) as place:
        await place.connect()
        place.ironclad.fault(**LAUNCH, kind="drop_before")
        await launch(place.person("dana"))
        await place.idle()

        assert len(place.ironclad.workflows) == 1
        looked = place.ironclad.requests.of("GET", "/public/api/v1/workflows")
        assert looked, "it must look before it sends again"


async def test_two_candidates_are_asked_about(place: Place) -> None:
    add_template_without_reference(place)
    place.ironclad.fault(**LOOK_UP, kind="500", times=-1)
    place.ironclad.fault(**LAUNCH, kind="act_then_drop", times=2)
    dana, lee = place.person("dana"), place.person("lee")
    await order(place, "Acme")
    await until(lambda: len(place.ironclad.workflows) == 1)
    await dana.close()
    await order(place, "Acme")
    await until(lambda: len(place.ironclad.workflows) == 2)
    place.ironclad.faults.clear()
    await place.idle(timeout=40)

    told = await thread(place, dana)
    assert "please decide" in told
    assert told.count("It is this one") == 2

    await lee.press("It is this one", "#procurement")
    assert "Only the person who launched this" in await thread(place, lee)

    await dana.close()
    await dana.press("It is this one", "#procurement")
    await place.idle()
    assert "Launched" in await thread(place, dana)
    assert len(place.ironclad.workflows) == 2


async def test_when_it_may_not_look_it_asks_and_launches_again_on_demand(place: Place) -> None:
    place.ironclad.fault(**LOOK_UP, kind="refuse", status=403, code="FORBIDDEN", times=-1)
    place.ironclad.fault(**LAUNCH, kind="drop_before")
    dana = place.person("dana")
    await launch(dana)
    await place.idle()

    assert place.ironclad.workflows == []
    assert "Please look there first" in await thread(place, dana)
    await dana.close()
    button = await dana.find_button("Launch again", "#procurement")
    await dana.press(button)
    await place.idle()
    assert len(place.ironclad.workflows) == 1

    await dana.press(button)
    await place.idle()
    assert len(place.ironclad.workflows) == 1
    assert "was launched already" in await thread(place, dana)


async def test_a_busy_ironclad_delays_and_drops_nothing(place: Place) -> None:
    place.ironclad.fault(**LAUNCH, kind="429", retry_after=1, times=2)
    await launch(place.person("dana"))
    await place.idle()

    assert len(place.ironclad.workflows) == 1


async def test_an_unreachable_token_endpoint_is_waited_for_and_said(place: Place) -> None:
    dana = place.person("dana")
    await open_form(dana)
    place.ironclad.oauth.revoke_all()
    place.ironclad.fault(path_prefix="/oauth/token", kind="500", times=1)
    from tests.journeys.steps import fill_and_submit

    await fill_and_submit(dana)
    await place.idle()

    assert len(place.ironclad.workflows) == 1


@pytest.mark.parametrize("kind", ["act_then_drop", "drop", "ratelimited", "error"])
async def test_the_card_is_posted_once_whatever_slack_does(place: Place, kind: str) -> None:
    fault = {
        "method": "chat.postMessage",
        "kind": kind,
        "times": 2,
        "retry_after": 1,
        "error": "internal_error",
    }
    await place.client.post("/client/fault", json=fault)
    dana = place.person("dana")
    await launch(dana)
    await place.idle(timeout=40)

    await dana.look()
    assert len(dana.texts("#procurement")) == 1
    assert len([one for one in dana.messages("#procurement") if one["thread_ts"]]) == 1
    assert len(place.ironclad.workflows) == 1
    assert "Launched" in await thread(place, dana)


async def test_many_at_once_stay_apart(place: Place) -> None:
    place.ironclad.limits.enabled = False
    place.ironclad.fault(**LAUNCH, kind="act_then_drop", times=-1, probability=0.5)
    people = [place.person(name) for name in ("dana", "lee", "sam", "priya")]

    async def several(name: str) -> None:
        for number in range(4):
            await launch(place.person(name), {"Vendor": f"{name} {number}"})
            await place.person(name).close()

    await asyncio.gather(*(several(name) for name in ("dana", "lee", "sam", "priya")))
    await place.idle(timeout=60)

    names = sorted(str(workflow.attributes["counterpartyName"]) for workflow in place.ironclad.workflows)
    assert names == sorted(f"{name} {n}" for name in ("dana", "lee", "sam", "priya") for n in range(4))
    await people[0].look()
    assert len(people[0].texts("#procurement")) == 16
    assert all("Launched as IC-" in text for text in people[0].texts("#procurement"))


async def test_a_replaced_connection_is_not_taken_for_the_old_one(place: Place) -> None:
    place.ironclad.fault(**LOOK_UP, kind="500", times=-1)
    place.ironclad.fault(**LAUNCH, kind="act_then_drop")
    dana = place.person("dana")
    await launch(dana)
    await until(lambda: len(place.ironclad.workflows) == 1)
    await place.connect()
    place.ironclad.faults.clear()
    await place.idle(timeout=40)

    assert len(place.ironclad.workflows) == 1
    assert "please decide" in await thread(place, dana)
