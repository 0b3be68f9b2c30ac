"""Tables and files inside an object, inside rows, and inside the rows of a table inside a row."""

from __future__ import annotations

from tests.journeys.steps import open_form
from tests.journeys.test_everything import received
from tests.journeys.test_files import PDF, WORD, share
from tests.place import Place
from tests.sandbox.slack.controls import Surface, buttons
from tests.sandbox.slack.person import Person

SAMPLE, BRIEF = PDF + b" sample", PDF + b" brief"


async def the_form(place: Place, person: Person) -> None:
    await place.connect()
    await open_form(person, "Statement of Work")
    await person.wait_for(lambda p: "Milestones" in p.screen())


async def press(person: Person, button: str, of: str) -> None:
    """Press the first button that belongs to one field, where several say the same."""
    view = person.view() or {}
    surface = Surface(view["blocks"], "the modal", view_id=view["id"])
    found, *_ = [one for one in buttons(surface) if one.caption == button and of in one.block["block_id"]]
    await person.press(found)


async def add(person: Person, table: str, **cells: object) -> None:
    """Add a row to a table and fill it, without saving it."""
    below = (person.view() or {})["id"]
    await press(person, "Add a row", table)
    await person.wait_for(lambda p: (p.view() or {})["id"] != below)
    await person.fill(cells)


async def take(person: Person, link: str) -> None:
    """Attach a file from Slack in the only question of the window that takes files."""
    await person.press("Take a file from Slack")
    await person.wait_for(lambda p: (p.view() or {})["callback_id"] == "take.form")
    await person.fill({"Link of the file, or of the message with it": link})
    await save(person, "criteria.docx · 1 kB · attached")


async def save(person: Person, shows: str) -> None:
    await person.submit()
    assert person.errors() == {}
    await person.wait_for(lambda p: shows in p.screen())


async def test_tables_and_files_inside_others_arrive_where_they_belong(place: Place) -> None:
    dana = place.person("dana")
    links = await share(dana, "criteria.docx", WORD, "#procurement")
    await the_form(place, dana)
    await dana.fill({"Counterparty Name": "Northgate", "Scope of Work": "Phase one"})
    found = await dana.search_options("Master Agreement", "IC-2")
    await dana.fill({"Master Agreement": found[0]})

    await add(dana, "milestones", **{"Milestone": "Design", "Acceptance Criteria": [("old.pdf", PDF)]})
    cost = {"Cost": "5", "Cost: currency": "EUR · Euro"}
    await add(dana, "deliverables", What="Plan", Hours="1.5", **cost, Sample=[("sample.pdf", SAMPLE)])
    assert "*Milestones: Deliverables*" in dana.screen()
    assert "Take a file from Slack" not in dana.screen()  # Slack stacks no fourth window
    await save(dana, "1.* What: Plan · Hours: 1.5 · Cost: €5.00 (EUR) · Sample: sample.pdf (1 kB)")
    await add(dana, "deliverables", What="Tests")
    await save(dana, "2.* What: Tests")
    await take(dana, links["message"])
    await press(dana, "Remove", "acceptance")
    await dana.wait_for(lambda p: "old.pdf" not in p.screen())
    await save(dana, "Design · Acceptance Criteria: criteria.docx (1 kB) · Deliverables: 2 rows: What: Plan")
    assert "Northgate" in dana.screen()
    await save(dana, "Project: Lead")

    await dana.fill({"Project: Lead": "Sam"})
    await add(dana, "project/sites", Place="Cork", Room="12")
    await save(dana, "1.* Place: Cork · Room: 12")
    await dana.fill({"Project: Brief": [("brief.pdf", b"just a text")]})
    await dana.submit()
    assert list(dana.errors()) == ["Project: Brief"]
    await dana.fill({"Project: Brief": [("old.pdf", PDF)]})
    await take(dana, links["file"])
    await press(dana, "Remove", "project/brief")
    await dana.wait_for(lambda p: "old.pdf" not in p.screen())
    await dana.fill({"Project: Brief: more files": [("brief.pdf", BRIEF)]})
    await save(
        dana,
        "Sites: 1 row: Place: Cork · Room: 12 · Brief: criteria.docx (1 kB), brief.pdf (1 kB)",
    )
    while (dana.view() or {}).get("callback_id") == "launch.review":
        await dana.submit()
    await place.idle()

    data, files = received(place)
    criteria, sample, again, brief = sorted(files)
    assert data["attributes"] == {
        "counterpartyName": "Northgate",
        "masterAgreement": "IC-2",
        "scopeOfWork": "Phase one",
        "milestones": [
            {
                "milestone": "Design",
                "acceptance": [{"file": criteria}],
                "deliverables": [
                    {
                        "what": "Plan",
                        "hours": 1.5,
                        "cost": {"currency": "EUR", "amount": 5},
                        "sample": [{"file": sample}],
                    },
                    {"what": "Tests"},
                ],
            }
        ],
        "project": {
            "lead": "Sam",
            "sites": [{"place": "Cork", "room": "12"}],
            "brief": [{"file": again}, {"file": brief}],
        },
    }
    assert files == {
        criteria: ("criteria.docx", WORD),
        sample: ("sample.pdf", SAMPLE),
        again: ("criteria.docx", WORD),
        brief: ("brief.pdf", BRIEF),
    }
    (workflow,) = place.ironclad.workflows
    assert workflow.files["milestones.0.deliverables.0.sample"][0].content == SAMPLE


async def test_a_cancelled_row_leaves_nothing_and_a_file_inside_is_looked_at(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)

    await add(dana, "milestones", Milestone="Design")
    await add(dana, "deliverables", What="Plan", Sample=[("sample.pdf", b"just a text")])
    await dana.submit()
    assert "is no PDF file inside" in dana.errors()["Sample"]
    await dana.fill({"Sample": [], "Hours": "many"})
    await dana.submit()
    assert list(dana.errors()) == ["Hours"]
    await dana.fill({"Hours": "3"})
    await save(dana, "1.* What: Plan · Hours: 3")
    await dana.press("Edit")
    await dana.wait_for(lambda p: "Remove this row" in p.screen())
    await dana.fill({"What": "Sketch"})
    await save(dana, "1.* What: Sketch · Hours: 3")
    assert "Design" in dana.screen()
    await dana.close()
    assert "No rows yet." in dana.screen()

    await add(dana, "milestones", Milestone="Build")
    assert "Sketch" not in dana.screen()
    await add(dana, "deliverables", What="House")
    await save(dana, "1.* What: House")
    await save(dana, "1.* Milestone: Build · Deliverables: 1 row: What: House")
    await dana.press("Edit")
    await dana.wait_for(lambda p: "1.* What: House" in p.screen())
    await dana.press("Remove")
    await dana.wait_for(lambda p: "No rows yet." in p.screen())
    await dana.close()
    await dana.press("Edit")
    await dana.wait_for(lambda p: "1.* What: House" in p.screen())
    await dana.press("Edit")
    await dana.wait_for(lambda p: "*Milestones: Deliverables*" in p.screen())
    await dana.press("Remove this row")
    await dana.wait_for(lambda p: "The row of *Deliverables* is removed." in p.screen())
    await dana.close()
    assert "No rows yet." in dana.screen()
    await save(dana, "1.* Milestone: Build")
    assert "Deliverables" not in dana.screen()
