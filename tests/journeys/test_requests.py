"""From a wish to a launched contract: request, card, approvals, contract task."""

from __future__ import annotations

from typing import Any

from tests.journeys.steps import PURCHASE, card, thread
from tests.place import Place
from tests.sandbox.slack.person import Person

WISH = {
    "What do you need?": "Fifty laptops",
    "Counterparty": "Lanternfish Ltd",
    "Contact e-mail": "sales@lanternfish.example",
    "Amount": "9500",
    "Currency": "USD",
    "Category": "Hardware",
    "Needed by": "2026-12-24",
}


LARGE = {"field": "amount", "op": "at_least", "amount": 5000}


async def ask(person: Person, **changes: Any) -> None:
    """`/contract new`, filled and sent."""
    await person.command("/contract new")
    await person.fill({**WISH, **changes.pop("but", {})})
    await person.submit()
    await person.close()


async def policy(place: Place, *stages: dict[str, Any], **more: Any) -> None:
    """Put an approval policy in force; people by the name they have in Slack."""
    told = [
        {
            "id": one["name"].casefold(),
            **one,
            "people": [place.member(name).id for name in one.get("people", ())],
        }
        for one in stages
    ]
    more = {
        key: [place.member(name).id for name in value] if key in ("fallback", "launchers") else value
        for key, value in more.items()
    }
    async with place.app.database.transaction() as store:
        known = await store.rulebooks.current(place.team, "approvals")
        body = {"stages": told, **more}
        version = known.version + 1 if known else 1
        await store.rulebooks.save(place.team, "approvals", body, "test", version)


async def test_a_request_without_a_policy_is_ready_to_launch_and_launches_once(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await ask(dana)
    await place.idle()

    told = await thread(place, lee)
    assert "REQ-1 · Fifty laptops · Lanternfish Ltd" in told
    assert "Ready to launch" in told
    assert "9,500 USD" in told
    assert "sales@lanternfish.example" not in told
    await dana.look()
    assert any("REQ-1" in text and "open the thread" in text for text in dana.dm())

    await lee.press("Launch contract", "#procurement")
    assert f"is launched by <@{dana.id}>" in await thread(place, lee)
    assert lee.view() is None

    await dana.press("Launch contract", "#procurement")
    await dana.wait_for(lambda p: "Template" in p.screen() and "Loading" not in p.screen())
    assert "Ask for one instead" not in dana.screen()
    await dana.fill({"Template": "Simple Purchase"})
    await dana.submit()
    await dana.fill(PURCHASE)
    await dana.submit()
    await place.idle()

    (workflow,) = place.ironclad.workflows
    assert workflow.attributes["requestNumber"] == "REQ-1"
    told = await thread(place, lee)
    assert f"Launched as {workflow.ironclad_id}" in told
    assert len(lee.texts("#procurement")) == 1
    assert place.slack.traffic.refused == type(place.slack.traffic.refused)()


async def test_two_stages_with_a_change_in_between(place: Place) -> None:
    await policy(
        place,
        {"name": "Manager", "people": ["lee"]},
        {
            "name": "Finance",
            "people": ["sam"],
            "when": [{"field": "amount", "op": "at_least", "amount": 5000}],
        },
    )
    dana, lee, sam = place.person("dana"), place.person("lee"), place.person("sam")
    await ask(dana)
    await place.idle()
    await lee.arrive()
    await lee.look()
    assert any("Your decision is asked" in text for text in lee.dm())
    assert "Waiting for approval: Manager" in await thread(place, dana)

    await lee.press("Approve", "#procurement")
    told = await thread(place, lee)
    assert "Manager: approved" in told.replace("*", "")
    await place.idle()

    await sam.press("Ask for changes", "#procurement")
    await sam.fill({"What should be changed or explained?": "Can it be forty?"})
    await sam.submit()
    await sam.close()
    await place.idle()
    told = await thread(place, dana)
    assert "Can it be forty?" in told
    assert "Changes asked for" in told
    await dana.look()
    assert any("changes" in text and "Can it be forty?" in text for text in dana.dm())

    await dana.press("Edit and answer", "#procurement")
    await dana.fill({"Your answer": "Forty it is", "What do you need?": "Forty laptops", "Amount": "7600"})
    await dana.submit()
    await dana.close()
    await place.idle()
    told = await thread(place, dana)
    assert "REQ-1 · Forty laptops" in told
    assert "Forty it is" in told
    assert "Asked again, because the change touches what was approved: *Manager*" in told
    assert "Waiting for approval: Manager" in told

    await lee.press("Approve", "#procurement")
    await place.idle()
    await sam.press("Approve", "#procurement")
    await place.idle()
    told = await thread(place, dana)
    assert "Approved, ready to launch" in told
    await dana.look()
    assert any("can be launched" in text for text in dana.dm())
    assert place.slack.traffic.refused == type(place.slack.traffic.refused)()


async def test_only_those_asked_decide_and_only_once(place: Place) -> None:
    await policy(place, {"name": "Manager", "people": ["lee", "sam"]})
    dana, lee, sam = place.person("dana"), place.person("lee"), place.person("sam")
    await ask(dana)
    await place.idle()
    await dana.press("Approve", "#procurement")
    assert "You are not asked about this." in await thread(place, dana)
    old = await sam.find_button("Approve", f"#procurement/{await task_message(place, sam)}")
    await lee.press("Approve", "#procurement")
    await sam.press(old)
    assert f"was approved by <@{lee.id}> already" in await thread(place, sam)
    await place.idle()
    assert "Approved, ready to launch" in await thread(place, sam)


async def task_message(place: Place, person: Person) -> str:
    """The message of the newest approval in the newest card's thread."""
    root = await card(place, person)
    return str([one for one in person.messages("#procurement") if one["thread_ts"] == root][-1]["ts"])


async def test_a_rejection_needs_a_reason_and_ends_it(place: Place) -> None:
    await policy(place, {"name": "Manager", "people": ["lee"]})
    dana, lee = place.person("dana"), place.person("lee")
    await ask(dana)
    await place.idle()
    await lee.press("Reject", "#procurement")
    await lee.submit()
    assert lee.errors()
    await lee.fill({"Why do you reject it?": "No budget <!channel>"})
    await lee.submit()
    await place.idle()
    told = await thread(place, dana)
    assert "Rejected" in told
    assert "No budget &lt;!channel&gt;" in told
    await dana.look()
    assert any("No budget" in text for text in dana.dm())
