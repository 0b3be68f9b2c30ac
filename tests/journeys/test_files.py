"""Documents: attached in the form or taken from Slack, looked at before Ironclad gets them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.usecases.requesting import NewRequest
from tests.journeys.steps import card, open_form, thread
from tests.journeys.test_everything import received
from tests.journeys.test_requests import ask
from tests.place import Place
from tests.sandbox.slack.person import Person

LABEL = "Supplier's terms"
WORD = b"PK\x03\x04 terms"
PDF = b"%PDF-1.7 terms"
VIRUS = b"%PDF-1.7 X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


async def the_form(place: Place, person: Person) -> None:
    await place.connect()
    await open_form(person, "Supplier Terms Review")
    await person.wait_for(lambda p: LABEL in p.screen())
    await person.fill({"Supplier": "Acme"})


async def launch(place: Place, person: Person) -> None:
    await person.submit()
    await place.idle()
    await person.look()


async def taken(person: Person, link: str) -> None:
    await person.press("Take a file from Slack")
    await person.wait_for(lambda p: (p.view() or {})["callback_id"] == "take.form")
    await person.fill({"Link of the file, or of the message with it": link})
    await person.submit()


async def share(person: Person, name: str, content: bytes, channel: str) -> dict[str, Any]:
    """A message with a file; the link of the file and of the message."""
    file = await person.upload(name, content)
    await person.say("the terms", channel, files=[file])
    ts = str(person.messages(channel)[-1]["ts"])
    at = f"https://harbor-oak.slack.com/archives/{person.channel_id(channel)}/p{ts.replace('.', '')}"
    return {"file": f"https://harbor-oak.slack.com/files/{person.id}/{file}/{name}", "message": at}


async def test_a_file_beyond_slacks_limit_is_taken_from_a_thread(place: Place) -> None:
    dana = place.person("dana")
    large = PDF + bytes(11 * 1024 * 1024)
    links = await share(dana, "large terms.pdf", large, "#procurement")
    await the_form(place, dana)

    await dana.fill({LABEL: [("large terms.pdf", large)]})
    await dana.submit()
    assert dana.errors() == {LABEL: "Files can be up to 10 MB."}
    await dana.fill({LABEL: []})

    await taken(dana, links["message"])
    await dana.wait_for(lambda p: "large terms.pdf · 11.5 MB · attached" in p.screen())
    assert "Acme" in dana.screen()
    await launch(place, dana)

    (workflow,) = place.ironclad.workflows
    assert [document.content for document in workflow.files["draft"]] == [large]


async def the_form_of_a_request(place: Place, person: Person) -> None:
    await person.press("Launch contract", "#procurement")
    await person.wait_for(lambda p: "Template" in p.screen() and "Loading" not in p.screen())
    await person.fill({"Template": "Supplier Terms Review"})
    await person.submit()
    await person.wait_for(lambda p: LABEL in p.screen())
    await person.fill({"Supplier": "Acme"})


OFFERED = "Files in the thread of REQ-1"


async def test_the_files_in_a_requests_thread_are_offered(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await ask(dana)
    await place.idle()
    at = await card(place, lee)
    large = PDF + bytes(11 * 1024 * 1024)
    for name, content in (("large terms.pdf", large), ("tool.exe", b"MZ"), ("draft.docx", WORD)):
        await lee.say("here", "#procurement", thread_ts=at, files=[await lee.upload(name, content)])
    await the_form_of_a_request(place, dana)
    channel = place.slack.workspaces.channels[place.channel("procurement")]
    for _ in range(205):  # more than Slack shows at once
        place.slack.post(channel, lee.id, "any news?", thread_ts=at)
    newest = await lee.upload("newest.pdf", PDF)
    place.slack.post(channel, lee.id, "here", thread_ts=at, files=[newest])

    await dana.press("Take a file from Slack")
    await dana.wait_for(lambda p: OFFERED in p.screen())
    assert "newest.pdf" in str(dana.view())
    assert "11.5 MB, from Lee" in str(dana.view())
    assert "but not taken here: tool.exe" in dana.screen()
    await dana.submit()
    assert "no link" in str(dana.errors())
    await dana.fill({OFFERED: ["large terms.pdf", "draft.docx"]})
    await dana.submit()
    await dana.wait_for(lambda p: "large terms.pdf · 11.5 MB · attached" in p.screen())
    assert "draft.docx · " in dana.screen()
    await launch(place, dana)

    (workflow,) = place.ironclad.workflows
    assert sorted(one.content for one in workflow.files["draft"]) == sorted([large, WORD])
    assert workflow.attributes["counterpartyName"] == "Acme"


async def test_of_a_thread_only_what_the_person_sees_and_what_is_still_there_is_taken(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await ask(dana)
    await place.idle()
    at = await card(place, lee)
    await lee.say("here", "#procurement", thread_ts=at, files=[await lee.upload("terms.pdf", PDF)])
    await the_form_of_a_request(place, dana)

    await dana.press("Take a file from Slack")
    await dana.wait_for(lambda p: OFFERED in p.screen())
    await dana.fill({OFFERED: ["terms.pdf"]})
    place.slack.workspaces.files.clear()
    await dana.submit()
    assert dana.errors() == {OFFERED: "A file is no longer there. Close this window and look again."}
    await dana.close()

    await lee.say("here", "#procurement", thread_ts=at, files=[await lee.upload("more.pdf", PDF)])
    place.slack.workspaces.channels[place.channel("procurement")].members.remove(dana.id)
    await dana.press("Take a file from Slack")
    await dana.wait_for(lambda p: "no file yet in the thread of REQ-1" in p.screen())


async def test_a_file_is_taken_only_from_where_the_person_is(place: Place) -> None:
    dana, priya = place.person("dana"), place.person("priya")
    secret = next(one for one in place.slack.workspaces.channels.values() if one.kind == "private")
    bot = place.slack.workspaces.installations[0].bot_user_id
    secret.members[:] = [priya.id, bot]
    links = await share(priya, "salaries.pdf", PDF, secret.id)
    await the_form(place, dana)

    for link in links.values():
        await taken(dana, link)
        assert "no file of yours" in str(dana.errors())
        await dana.close()
    await taken(dana, "https://example.com/terms.pdf")
    assert "no link to a file" in str(dana.errors())


async def test_a_text_named_pdf_is_refused_by_its_content(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)

    await dana.fill({LABEL: [("terms.pdf", b"just a text")]})
    await dana.submit()

    assert dana.errors() == {
        LABEL: "“terms.pdf” is no PDF file inside, whatever its name says. Attach the right file."
    }
    await dana.fill({LABEL: [("terms.docx", WORD)]})
    await launch(place, dana)
    (workflow,) = place.ironclad.workflows
    assert [one.filename for one in workflow.files["draft"]] == ["terms.docx"]


async def test_a_kind_of_file_that_ironclad_does_not_take_is_refused(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)

    await dana.fill({LABEL: [("terms.exe", b"MZ")]})
    await dana.submit()

    assert "Attach: Word or PDF" in dana.errors()[LABEL]


async def test_an_infected_file_is_named_and_can_be_replaced(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)

    await dana.fill({LABEL: [("bad.pdf", VIRUS)]})
    await launch(place, dana)
    await dana.wait_for(lambda p: "Edit and resubmit" in p.screen())
    assert place.ironclad.workflows == []
    await dana.press("Edit and resubmit", where="modal")
    await dana.wait_for(lambda p: "Needs a look" in p.screen())
    assert "Ironclad found a virus in “bad.pdf”" in dana.screen()
    assert "found a virus in “bad.pdf”" in await thread(place, dana)

    await dana.press("Remove")
    await dana.wait_for(lambda p: "bad.pdf · " not in p.screen())
    await dana.fill({LABEL: [("good.docx", WORD)]})
    await launch(place, dana)

    (workflow,) = place.ironclad.workflows
    assert [one.filename for one in workflow.files["draft"]] == ["good.docx"]
    assert received(place)[1] == {"file_1": ("good.docx", WORD)}


async def test_a_file_that_is_gone_when_it_is_sent_is_asked_for_again(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)
    await dana.fill({LABEL: [("terms.docx", WORD)], "Notes for Legal": "urgent"})
    place.ironclad.fault(method="POST", path_prefix="/public/api/v1/workflows", kind="429", retry_after=1)

    await dana.submit()
    place.slack.workspaces.files.clear()
    await place.idle()

    await dana.wait_for(lambda p: "Edit and resubmit" in p.screen())
    assert "“terms.docx” is no longer in Slack. Attach it again." in dana.screen()
    assert place.ironclad.workflows == []


async def test_a_file_is_looked_at_once_more_before_it_is_sent(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)
    await dana.fill({LABEL: [("terms.pdf", PDF)]})
    await dana.press("Review")
    (stored,) = place.slack.workspaces.files.values()
    place.slack.workspaces.files[stored.id] = replace(stored, content=b"just a text")

    await dana.submit()

    wrong = "“terms.pdf” is no PDF file inside, whatever its name says. Attach the right file."
    assert f"*Needs a look:* {wrong}" in dana.screen()
    assert place.ironclad.requests.of("POST", "/public/api/v1/workflows") == []
    await dana.press("Go to the first problem")
    assert wrong in dana.screen()
    await dana.fill({LABEL: [("terms.docx", WORD)]})
    await launch(place, dana)
    (workflow,) = place.ironclad.workflows
    assert [one.filename for one in workflow.files["draft"]] == ["terms.docx"]


async def test_a_file_that_turns_out_wrong_when_it_is_sent_stops_the_launch(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)
    await dana.fill({LABEL: [("terms.pdf", PDF)]})
    place.ironclad.fault(method="POST", path_prefix="/public/api/v1/workflows", kind="429", retry_after=3)

    await dana.submit()
    (stored,) = place.slack.workspaces.files.values()
    place.slack.workspaces.files[stored.id] = replace(stored, content=b"MZ" + PDF[2:])
    await place.idle()

    await dana.wait_for(lambda p: "Edit and resubmit" in p.screen())
    assert "“terms.pdf” is no PDF file inside" in dana.screen()
    assert place.ironclad.workflows == []


async def test_slack_holding_a_file_back_delays_the_launch_and_never_doubles_it(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)
    await dana.fill({LABEL: [("terms.docx", WORD)]})
    # Once while the form is looked at, once when the launch is sent.
    for _ in range(2):
        await dana._client.post(
            "/client/fault", json={"method": "files.info", "kind": "ratelimited", "retry_after": 1}
        )

    await launch(place, dana)

    assert len(place.ironclad.workflows) == 1


async def test_without_the_permission_a_file_is_refused_beside_its_input(place: Place) -> None:
    dana = place.person("dana")
    installation = place.slack.workspaces.installations[0]
    await the_form(place, dana)
    installation.scopes = installation.scopes - {"files:read"}

    await dana.fill({LABEL: [("terms.docx", WORD)]})
    await dana.submit()

    assert "permission files:read" in dana.errors()[LABEL]


async def test_a_requests_files_are_in_the_form_already_and_say_where_they_are_from(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)  # so that the template is known
    await dana.close()
    template = place.ironclad.template("Supplier Terms Review")
    async with place.app.database.transaction() as store:
        rules = [{"field": "draft", "source": "request.files"}]
        await store.rulebooks.save(place.team, f"mapping:{template.id}", {"rules": rules}, "test", 1)
    await ask(dana, but={"Files": [("terms.pdf", PDF)]})
    await place.idle()

    await the_form_of_a_request(place, dana)

    screen = dana.screen()
    assert "terms.pdf" in screen
    assert "attached" in screen
    assert "From the request" in screen
    await launch(place, dana)
    (workflow,) = place.ironclad.workflows
    assert [document.content for document in workflow.files["draft"]] == [PDF]


async def test_files_that_are_only_addresses_are_said_and_not_sent(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)
    await dana.close()
    template = place.ironclad.template("Supplier Terms Review")
    async with place.app.database.transaction() as store:
        rules = [{"field": "draft", "source": "request.files"}]
        await store.rulebooks.save(place.team, f"mapping:{template.id}", {"rules": rules}, "test", 1)
    quote = {"name": "quote.pdf", "url": "https://tool.example/quote.pdf"}
    values = {"what": "Laptops", "counterparty": "Acme"}
    new = NewRequest(place.member("dana").id, "api", values, "api:1", files=[quote])
    await place.app.requesting.accept(place.team, new)
    await place.idle()

    await the_form_of_a_request(place, dana)

    assert "quote.pdf" in dana.screen()
    assert "no more than its address" in dana.screen()
    await launch(place, dana)
    assert dana.errors()
    assert not place.ironclad.workflows
