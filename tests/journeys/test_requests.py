"""From a wish to a launched contract: request, card, approvals, contract task."""

from __future__ import annotations

from typing import Any

from bot.usecases.requesting import NewRequest
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


async def test_home_lists_what_waits_and_a_window_searches_and_turns_pages(place: Place) -> None:
    await policy(place, {"name": "Manager", "people": ["lee"]})
    dana, lee, priya = place.person("dana"), place.person("lee"), place.person("priya")
    for number in range(12):
        what = "Espresso machine" if number == 3 else f"Chair {number}"
        values = {"what": what, "counterparty": "Lanternfish Ltd"}
        wanted = NewRequest(place.member("dana").id, "api", values, f"key:{number}")
        await place.app.requesting.accept(place.team, wanted)
    await place.idle(timeout=60)

    await lee.open_home()
    await lee.wait_for(lambda p: p.home() and "Waiting for you" in p.screen())
    assert "REQ-1 · Chair 0" in lee.screen()
    assert "All requests" not in lee.screen()
    await dana.open_home()
    await dana.wait_for(lambda p: p.home() and "Your requests" in p.screen())
    assert "REQ-12 · Chair 11" in dana.screen()
    assert "REQ-7 · Chair 6" not in dana.screen()

    await dana.press("See all", "home")
    assert "REQ-3 · Chair 2" in dana.screen()
    await dana.press("Next page")
    assert "REQ-1 · Chair 0" in dana.screen()
    assert "REQ-3 ·" not in dana.screen()
    await dana.press("First page")
    await dana.fill({"Search": "espr lantern"})
    await dana.submit()
    assert "REQ-4 · Espresso machine" in dana.screen()
    assert "Chair" not in dana.screen()
    await dana.press("Details")
    assert "Waiting for approval: Manager" in dana.screen()
    await dana.close()

    await priya.open_home()
    await priya.wait_for(lambda p: p.home() and "All requests" in p.screen())


async def test_status_shows_requests_to_those_who_may_see_them(place: Place) -> None:
    await policy(place, {"name": "Manager", "people": ["lee"]})
    dana, sam = place.person("dana"), place.person("sam")
    await ask(dana)
    await place.idle()
    for asked in ("/contract status", "/contract status REQ-1", "/contract status req-1"):
        await dana.command(asked)
        assert "Waiting for approval: Manager" in dana.texts("#general")[-1]
    await sam.command("/contract status REQ-1")
    assert "Nothing of yours is called REQ-1" in sam.texts("#general")[-1]
    await place.person("priya").command("/contract status REQ-1")
    assert "REQ-1 · Fifty laptops" in place.person("priya").texts("#general")[-1]


async def test_with_stages_in_force_a_contract_is_asked_for_first(place: Place) -> None:
    await policy(place, {"name": "Manager", "people": ["lee"]})
    dana = place.person("dana")
    await dana.command("/contract")
    assert "What do you need?" in dana.screen()
    await dana.close()
    await policy(place, {"name": "Manager", "people": ["lee"]}, direct=True)
    await dana.command("/contract")
    await dana.wait_for(lambda p: "Template" in p.screen() and "Loading" not in p.screen())


async def test_a_message_becomes_a_request_with_its_files_and_a_way_back(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await lee.arrive()
    quote = await lee.upload("quote.pdf", b"%PDF-1.4 quote")
    said = await lee.say("We need <!channel> fifty chairs", "#general", files=[quote])
    await dana.shortcut("request_from_message", "#general", said["ts"])
    assert "quote.pdf" in dana.screen()
    assert "fifty chairs" in dana.screen()
    await dana.submit()
    assert dana.errors()
    await dana.fill({"What do you need?": "Chairs"})
    await dana.submit()
    await dana.close()
    await place.idle()
    told = await thread(place, lee)
    assert "where it came from" in told
    await dana.press("Details", "#procurement")
    assert "quote.pdf" in dana.screen()
    assert "fifty chairs" in dana.screen()
    await dana.close()
    await dana.shortcut("request")
    assert "What do you need?" in dana.screen()


async def test_private_details_are_shown_to_those_involved_only(place: Place) -> None:
    await policy(place, {"name": "Manager", "people": ["lee"]})
    async with place.app.database.transaction() as store:
        await store.rulebooks.save(place.team, "intake", {"private": ["amount", "contact_email"]}, "test", 1)
    dana, lee, sam = place.person("dana"), place.person("lee"), place.person("sam")
    await ask(dana)
    await place.idle()
    told = await thread(place, sam)
    assert "9,500" not in told
    assert "*Amount* not shown here" in told
    await sam.press("Review and decide", "#procurement")
    assert "9,500" not in sam.screen()
    assert "Approve" not in sam.screen()
    await lee.press("Review and decide", "#procurement")
    assert "9,500 USD" in lee.screen()
    await lee.press("Approve", "modal")
    await place.idle()
    assert "Approved, ready to launch" in await thread(place, sam)


async def test_cancelling_and_reassigning(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await ask(dana)
    await place.idle()
    await lee.press("Reassign", "#procurement")
    assert "Only they or an admin can hand it on" in await thread(place, lee)
    await dana.press("Reassign", "#procurement")
    await dana.fill({"Who launches it?": "Lee Wong"})
    await dana.submit()
    await dana.close()
    await place.idle()
    await lee.look()
    assert any("can be launched" in text for text in lee.dm())
    old = await lee.find_button("Launch contract", "#procurement")
    await dana.press("Details", "#procurement")
    await dana.press("Cancel request")
    await dana.fill({"Why?": "Found some in the cellar"})
    await dana.submit()
    await dana.close()
    await place.idle()
    told = await thread(place, lee)
    assert "Found some in the cellar" in told
    assert "Cancelled" in told
    await lee.press(old)
    assert "cannot be launched: it is cancelled" in await thread(place, lee)
    assert lee.view() is None


async def test_a_category_may_have_a_channel_of_its_own(place: Place) -> None:
    async with place.app.database.transaction() as store:
        await store.settings.set_category_channel(place.team, "Hardware", place.channel("general"))
    dana, lee = place.person("dana"), place.person("lee")
    await ask(dana)
    await ask(dana, but={"Category": "Services"})
    await place.idle()
    assert "REQ-1 · Fifty laptops" in await thread(place, lee, "#general")
    assert "REQ-2 · Fifty laptops" in await thread(place, lee)
    assert len(lee.texts("#procurement")) == 1
