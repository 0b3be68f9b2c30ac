"""An admin decides who approves, tries it, and puts it in force."""

from __future__ import annotations

from tests.journeys.steps import fill_and_submit, open_form, thread
from tests.journeys.test_requests import ask, policy
from tests.place import Place
from tests.sandbox.slack.person import Person


async def at_home(person: Person) -> None:
    """Open Home and wait for it."""
    await person.open_home()
    await person.wait_for(lambda p: p.home() and "Set-up" in p.screen())


async def test_stages_are_edited_tried_and_put_in_force(place: Place) -> None:
    priya, lee, dana = place.person("priya"), place.person("lee"), place.person("dana")
    await at_home(priya)
    assert "Nobody has to approve" in priya.screen()
    await priya.press("Edit approvals", "home")
    await priya.press("Add a stage")
    await priya.fill({"Name": "Finance", "Amount is at least": "5000", "in currency": "USD"})
    await priya.submit()
    assert priya.errors() == {"People": "Choose somebody, here or below."}
    await priya.fill({"People": ["Sam Ito"]})
    await priya.submit()
    assert "Amount is at least 5,000 USD" in priya.screen()
    await priya.press("Add a stage")
    await priya.fill({"Name": "Buyers", "Groups": ["Approvers (Slack)"]})
    await priya.submit()
    await priya.press("Move up")
    assert priya.screen().index("Buyers") < priya.screen().index("Finance")

    await priya.press("Try it")
    await priya.fill({"Amount": "4000", "Currency": "USD"})
    await priya.submit()
    screen = priya.screen()
    assert "A request like this would go to" in screen
    assert "*Buyers*: one of" in screen
    assert "Finance" not in screen.partition("Requester")[0]
    await priya.fill({"Amount": "6000", "Currency": "USD"})
    await priya.submit()
    assert f"2. *Finance*: <@{place.member('sam').id}>" in priya.screen()

    await ask(dana)
    await place.idle()
    assert "Ready to launch" in await thread(place, dana), "a draft must not count yet"

    await priya.press("Back to the stages")
    await priya.submit()
    assert priya.view() is None
    await priya.wait_for(lambda p: "2 stages: Buyers → Finance" in p.screen())
    await ask(dana)
    await place.idle()
    told = await thread(place, lee)
    assert "REQ-2" in told
    assert "waiting for one of" in told
    await lee.press("Approve", "#procurement")
    await place.idle()
    assert "Waiting for approval: Finance" in await thread(place, dana)
    assert place.slack.traffic.refused == type(place.slack.traffic.refused)()


async def test_two_admins_do_not_overwrite_each_other(place: Place) -> None:
    priya = place.person("priya")
    await at_home(priya)
    await priya.press("Edit approvals", "home")
    async with place.app.database.transaction() as store:
        await store.rulebooks.save(place.team, "approvals", {"self_ok": True}, "test", 1)
    await priya.submit()
    assert "Somebody else has changed the approvals meanwhile" in priya.screen()


async def test_only_admins_and_nobody_elses_button(place: Place) -> None:
    priya, dana = place.person("priya"), place.person("dana")
    await at_home(priya)
    assert "Edit approvals" in priya.screen()
    await dana.open_home()
    await dana.wait_for(lambda p: p.home() and "Your requests" in p.screen())
    assert "Edit approvals" not in dana.screen()


async def test_fields_of_ones_own_are_asked_and_kept_from_the_channel(place: Place) -> None:
    priya, dana, lee = place.person("priya"), place.person("dana"), place.person("lee")
    await at_home(priya)
    await priya.press("Edit form", "home")
    await priya.press("Add a field")
    await priya.fill({"Question": "Personal data?", "Kind of answer": "Choice"})
    await priya.submit()
    assert priya.errors() == {"Choices": "Name the choices."}
    await priya.fill({"Choices": "Yes\nNo", "Must it be answered?": ["Needed in every request"]})
    await priya.submit()
    assert "*Personal data?* · Choice: Yes, No · needed" in priya.screen()
    await priya.fill({"Not shown in the channel": ["Amount", "Personal data?"]})
    await priya.submit()
    await priya.wait_for(lambda p: "1 field of your own · 2 private" in p.screen())

    await dana.command("/contract new")
    await dana.fill({"What do you need?": "CRM", "Amount": "12", "Currency": "EUR", "Personal data?": "Yes"})
    await dana.submit()
    await dana.close()
    await place.idle()
    assert "12 EUR" not in await thread(place, lee)
    await dana.press("Details", "#procurement")
    assert "*Personal data?* Yes" in dana.screen()
    assert "12 EUR" in dana.screen()


async def test_a_policy_stops_what_was_begun_before_it_and_keeps_what_was_typed(place: Place) -> None:
    dana, sam = place.person("dana"), place.person("sam")
    await open_form(sam)
    await dana.command("/contract")
    await dana.wait_for(lambda p: "Template" in p.screen())
    await policy(place, {"name": "Finance", "people": ["lee"]})

    await dana.fill({"Template": "Simple Purchase"})
    await dana.submit()
    assert "Contracts are now requested and approved here before they are launched." in dana.screen()
    assert "Type /contract to make the request" in dana.screen()
    await dana.close()
    await dana.command("/contract")
    assert "What do you need?" in dana.screen()

    await fill_and_submit(sam)
    assert "Contracts are now requested and approved here before they are launched." in sam.screen()
    assert "Nothing was sent." in sam.screen()
    await place.idle()
    assert not place.ironclad.workflows
    await sam.close()
    await sam.command("/contract resume")
    await sam.press("Resume")
    assert "Lanternfish Ltd" in sam.screen()
    assert "Fifty laptops for the new office" in sam.screen()
