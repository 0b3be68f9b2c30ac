"""Everything that can stand in the way says what happened and what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.steps import launch, open_form, thread
from tests.place import Blank, Place, opened

SCHEMAS = "/public/api/v1/workflow-schemas"


async def opened_screen(place: Place, name: str) -> str:
    person = place.person(name)
    await person.command("/contract")
    await person.wait_for(lambda p: p.view() and "Loading" not in p.screen())
    return person.screen()


async def test_not_connected(bare: Place) -> None:
    assert "Ask a workspace owner or admin" in await opened_screen(bare, "dana")
    await bare.person("priya").open_home()
    await bare.person("priya").wait_for(lambda p: p.home())
    assert "Open Slipway's Home tab" in await opened_screen(bare, "priya")


async def test_no_ironclad_account(place: Place) -> None:
    screen = await opened_screen(place, "noor")

    assert "There is no Ironclad account for noor.haddad@example.com" in screen
    assert "Ask your Ironclad administrator" in screen


async def test_no_templates(place: Place) -> None:
    for template in list(place.ironclad.company.templates.values()):
        place.ironclad.unpublish(template)

    assert "There is no Ironclad template that you may launch" in await opened_screen(place, "dana")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"kind": "500", "times": 9}, "Ironclad is not answering"),
        ({"kind": "drop_before", "times": 9}, "Ironclad"),
        ({"kind": "refuse", "status": 403, "code": "FORBIDDEN"}, "Ironclad does not let you do this"),
        (
            {"kind": "refuse", "status": 401, "code": "UNAUTHORIZED", "times": 2},
            "Ironclad no longer accepts Slipway's credentials",
        ),
    ],
)
async def test_ironclad_in_trouble_while_the_list_is_fetched(
    place: Place, fault: dict[str, object], told: str
) -> None:
    place.ironclad.fault(path_prefix=SCHEMAS, method="GET", **fault)
    dana = place.person("dana")
    await dana.command("/contract")
    await dana.wait_for(lambda p: p.view() and "Loading" not in p.screen(), timeout=15)

    assert told in dana.screen()


async def test_trying_again_works_once_ironclad_is_back(place: Place) -> None:
    place.ironclad.fault(path_prefix=SCHEMAS, method="GET", kind="500", times=3)
    dana = place.person("dana")
    await dana.command("/contract")
    await dana.wait_for(lambda p: p.view() and "Loading" not in p.screen(), timeout=15)
    assert "Try again" in dana.screen()

    await dana.press("Try again")
    await dana.wait_for(lambda p: "Template" in p.screen() and "Loading" not in p.screen())
    await dana.fill({"Template": "Simple Purchase"})


async def test_the_template_is_gone_when_the_form_is_submitted(place: Place) -> None:
    dana = place.person("dana")
    await open_form(dana)
    place.ironclad.unpublish(place.ironclad.template("Simple Purchase"))
    from tests.journeys.steps import fill_and_submit

    await fill_and_submit(dana)
    await place.idle()

    assert "no longer published in Ironclad" in await thread(place, dana)


async def test_the_permission_is_gone_when_the_form_is_submitted(place: Place) -> None:
    place.ironclad.fault(
        path_prefix="/public/api/v1/workflows", method="POST", kind="refuse", status=403, code="FORBIDDEN"
    )
    dana = place.person("dana")
    await launch(dana)
    await place.idle()

    told = await thread(place, dana)
    assert "Ironclad does not let you do this" in told
    assert "Edit and resubmit" in told


async def test_slack_waited_too_long(place: Place) -> None:
    place.slack.rules.trigger_seconds = 0
    dana = place.person("dana")

    await dana.command("/contract")

    assert "Slack waited too long" in dana.texts("#general")[-1]


async def test_no_channel_chosen(bare: Place) -> None:
    await bare.connect(channel=None)
    dana = bare.person("dana")
    await launch(dana)
    await bare.idle()

    await dana.look()
    assert len(bare.ironclad.workflows) == 1
    assert any("No procurement channel is chosen yet" in text for text in dana.dm())
    assert any("Launched" in text for text in dana.dm())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("legal", "Slipway is not in the procurement channel"),
        ("old-vendors", "The procurement channel is archived"),
    ],
)
async def test_the_channel_cannot_be_used(place: Place, name: str, told: str) -> None:
    channel = place.channel(name)
    await place.app.connecting.set_channel(place.team, "test", channel)
    dana, priya = place.person("dana"), place.person("priya")
    await launch(dana)
    await place.idle()

    assert len(place.ironclad.workflows) == 1
    await dana.look()
    assert any(told in text for text in dana.dm())
    await priya.open_home()
    await priya.wait_for(lambda p: p.home())
    assert told in priya.screen()


async def test_a_channel_that_was_mended_gets_the_next_card(place: Place) -> None:
    bot = place.slack.workspaces.installations[0].bot_user_id
    channel = place.slack.workspaces.channels[place.channel("procurement")]
    channel.members.remove(bot)
    dana = place.person("dana")
    await launch(dana)
    await place.idle()
    await dana.look()
    assert dana.texts("#procurement") == []

    channel.members.append(bot)
    await dana.close()
    await launch(dana, {"Vendor": "Second Ltd"})
    await place.idle()

    await dana.look()
    assert len(dana.texts("#procurement")) == 1
    assert "Second Ltd" in dana.texts("#procurement")[0]


async def test_a_result_that_overtakes_our_answer_is_still_shown(blank: Blank, tmp_path: Path) -> None:
    """Slack draws the view we answer a submit with after it; a result must not disappear under it."""
    async with opened(blank, tmp_path, answers_travel=0.6) as place:
        await place.connect()
        dana = place.person("dana")
        await launch(dana)
        await place.idle()
        await dana.look()
        assert "Launched as IC-" in dana.screen()


async def test_a_failure_of_ours_is_told_with_a_reference(place: Place) -> None:
    await place.client.post(
        "/client/fault",
        json={"method": "views.open", "kind": "error", "error": "invalid_arguments", "times": 1},
    )
    dana = place.person("dana")

    await dana.command("/contract")

    assert "tell a Slipway admin this reference" in dana.texts("#general")[-1]
