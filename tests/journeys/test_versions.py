"""Templates that change or are published again while drafts wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from tests.journeys.steps import PURCHASE, fill_and_submit, launch, open_form
from tests.journeys.test_drafts import to_page_three
from tests.journeys.test_long_form import thirty
from tests.place import Place
from tests.sandbox.ironclad.templates import Template, choice, text


@pytest.fixture
async def long(place: Place) -> Place:
    """With the template of thirty questions."""
    place.ironclad.add_template(thirty())
    return place


def change(place: Place, *, republish: bool) -> Template:
    """May 1 is gone, May 2 is required, Must 1 is a choice, one question is new."""
    template = place.ironclad.template("Thirty questions")
    fields = [one for one in template.fields if one.key not in ("may1", "may2", "must1")]
    fields += [text("may2", "May 2", "always"), choice("must1", "Must 1", ("Yes", "No", "Both"), "always")]
    changed = replace(template, fields=(*fields, text("fresh", "Fresh question")))
    return publish(place, template, changed.republished() if republish else changed)


def publish(place: Place, old: Template, new: Template | None = None) -> Template:
    """Put `new`, if there is one, in the place of `old`."""
    del place.ironclad.company.templates[old.id]
    return place.ironclad.add_template(new) if new else old


async def forget_offers(place: Place) -> None:
    """What anybody may launch is fetched anew."""
    async with place.app.database.transaction() as store:
        await store.templates.outdate(place.team)


async def test_a_template_published_again_is_proposed_with_what_changed(long: Place) -> None:
    dana = long.person("dana")
    typed = await to_page_three(dana)
    await dana.fill({"May 1": "will be gone"})
    await dana.submit()
    await dana.close()
    change(long, republish=True)
    await forget_offers(long)

    await dana.command("/contract resume")
    await dana.press("Resume")
    screen = dana.screen()
    assert "was published again in Ironclad" in screen
    assert "New: Fresh question" in screen
    assert "Gone: May 1" in screen
    assert "Required now: May 2" in screen

    await dana.press("Go on with the new version")
    assert "This template changed since you last saw it" in dana.screen()
    await dana.press("Review")
    assert "*Vendor:* about Vendor" in dana.screen()
    assert "2 questions need a look" in dana.screen()
    await dana.press("All questions")
    await dana.press("Review")
    await dana.press("Go to the first problem")
    while "Must 1" not in dana.screen():
        await dana.submit()
    assert "Your answer was “about Must 1”" in dana.screen()
    assert typed["Must 2"] == "about Must 2"


async def test_a_template_that_changed_under_its_id_is_told_when_one_resumes(long: Place) -> None:
    dana = long.person("dana")
    await to_page_three(dana)
    await dana.close()
    change(long, republish=False)
    await long.app.versions.look()

    await dana.command("/contract resume")
    await dana.press("Resume")
    assert "This template changed since you last saw it" in dana.screen()
    assert "Required now: May 2" in dana.screen()
    await dana.press("Save draft")
    assert "Saved." in dana.screen()
    await dana.press("Back")
    assert "This template changed" not in dana.screen()


async def test_a_template_that_is_gone_shows_what_was_typed(long: Place) -> None:
    dana = long.person("dana")
    await to_page_three(dana)
    await dana.close()
    publish(long, long.ironclad.template("Thirty questions"))
    await forget_offers(long)

    await dana.command("/contract resume")
    await dana.press("Resume")
    assert "no longer published" in dana.screen()
    assert "about Must 3" in dana.screen()
    await dana.press("Delete this draft")
    assert "You have no drafts" in dana.screen()


async def test_a_launch_refused_for_a_gone_template_goes_on_with_its_successor(place: Place) -> None:
    dana = place.person("dana")
    await open_form(dana)
    template = place.ironclad.template("Simple Purchase")
    again = publish(place, template, template.republished())
    await fill_and_submit(dana)
    await place.idle()
    assert place.ironclad.workflows == []
    await dana.close()
    await dana.look()
    assert "Press Edit and resubmit" in dana.dm()[-1]
    assert "Finish in Ironclad" not in dana.dm()[-1]  # that form is gone, too
    await dana.press("Edit and resubmit", "#procurement")
    assert "was published again" in dana.screen()
    assert "Its questions are the same" in dana.screen()
    await dana.press("Go on with the new version")
    assert "Lanternfish Ltd" in dana.screen()
    await dana.submit()
    await place.idle()

    (workflow,) = place.ironclad.workflows
    assert workflow.template.id == again.id


async def test_the_review_says_what_ironclad_says(long: Place) -> None:
    dana = long.person("dana")
    await to_page_three(dana)
    await dana.press("Review")
    assert "the template is published and you may launch it" in dana.screen()

    await dana.press("Back")
    publish(long, long.ironclad.template("Thirty questions"))
    await dana.submit()
    assert "no longer published" in dana.screen()
    assert "*Vendor:* about Vendor" in dana.screen()


async def test_an_ironclad_that_does_not_answer_holds_up_no_review(long: Place) -> None:
    dana = long.person("dana")
    await to_page_three(dana)
    long.ironclad.fault(path_prefix="/public/api/v1/workflow-schemas", kind="slow", seconds=4)

    await dana.press("Review")

    assert "did not answer in time" in dana.screen()
    assert "*Vendor:* about Vendor" in dana.screen()


async def test_the_review_says_when_ironclad_would_make_one_wait(place: Place) -> None:
    dana = place.person("dana")
    await launch(dana)
    await place.idle()
    await dana.close()
    await open_form(dana)
    await dana.fill(PURCHASE)
    await dana.press("Review")
    assert "The launch waits its turn" not in dana.screen()

    await forty_attempts(place)
    await dana.press("Back")
    await dana.press("Review")
    assert (
        "as many requests in the last minute as Ironclad takes. The launch waits its turn." in dana.screen()
    )
    await dana.press("Back")
    place.ironclad.fault(path_prefix="/public/api/v1/workflow-schemas", kind="429", times=-1, retry_after=60)
    await dana.press("Review")
    assert "Ironclad is busy with your company's other requests. The launch waits its turn." in dana.screen()
    await dana.submit()
    await place.idle()
    assert len(place.ironclad.workflows) == 2


async def forty_attempts(place: Place) -> None:
    """As if the only launch had been tried again and again, until an hour from now."""
    async with place.app.database.transaction() as store:
        later = (await store.now() + timedelta(hours=1)).replace(tzinfo=None)
        await store.connection.execute(
            sql(
                "INSERT INTO attempts (team, launch_id, n, started_at, not_after, outcome, detail)"
                " SELECT team, launch_id, :n, :later, :later, 'created', '' FROM attempts WHERE n = 1"
            ),
            [{"n": n, "later": later} for n in range(2, 42)],
        )


async def test_the_review_says_when_one_may_not_launch(place: Place) -> None:
    dana = place.person("dana")
    await open_form(dana)
    await dana.fill(PURCHASE)
    template = place.ironclad.template("Simple Purchase")
    publish(place, template, replace(template, launchers=frozenset({"lee.wong@example.com"})))

    await dana.press("Review")

    assert "Ironclad does not let you launch this template" in dana.screen()
    assert "Lanternfish" in dana.screen()


async def test_admins_see_on_home_what_changed_before_anybody_meets_it(long: Place) -> None:
    priya, dana = long.person("priya"), long.person("dana")
    await long.app.versions.look()
    await priya.open_home()
    await priya.wait_for(lambda p: "Set-up" in p.screen())
    assert "See what changed" not in priya.screen()

    change(long, republish=True)
    await long.app.versions.look()
    await priya.open_home()
    await priya.wait_for(lambda p: "1 template changed: Thirty questions" in p.screen())
    await priya.press("See what changed", "home")
    assert "published again" in priya.screen()
    assert "New: Fresh question" in priya.screen()
    await priya.submit()
    await priya.wait_for(lambda p: p.view() is None and "template changed" not in p.screen())

    await dana.open_home()
    await dana.wait_for(lambda p: "Contracts" in p.screen())
    assert "See what changed" not in dana.screen()


async def test_admins_see_on_home_that_a_template_is_gone(long: Place) -> None:
    priya = long.person("priya")
    await long.app.versions.look()
    template = long.ironclad.template("Thirty questions")
    publish(long, template)
    await long.app.versions.look()

    await priya.open_home()
    await priya.wait_for(lambda p: "1 template is gone: Thirty questions" in p.screen())
    await priya.press("See what changed", "home")
    assert "*Thirty questions* · gone · noticed" in priya.screen()
    assert "Ironclad does not list it to Slipway any more" in priya.screen()
    await priya.close()

    long.ironclad.add_template(template.republished())
    await long.app.versions.look()
    await priya.open_home()
    await priya.wait_for(lambda p: "1 template changed: Thirty questions" in p.screen())
    assert "is gone" not in priya.screen()
