"""What a permission is missing for is said where it would be used, and nothing else breaks."""

from __future__ import annotations

from bot.usecases.permissions import BY_DEFAULT
from tests.journeys.steps import thread
from tests.journeys.test_administration import admin_at_home
from tests.journeys.test_requests import ask, policy
from tests.place import Place

OFF = "Switched off for want of a permission"


async def test_home_says_what_is_switched_off(bare: Place) -> None:
    await bare.connect("records", "documents")
    admin = await admin_at_home(bare)
    assert f"{OFF}: ~cancel workflows~, ~apply contract actions~, ~read groups~" in admin.screen()
    assert "read and add records~" not in admin.screen()
    assert "hear news at once" not in admin.screen(), "never asked for, never missed"

    await bare.connect(*BY_DEFAULT)
    await admin.open_home()
    await admin.wait_for(lambda p: OFF not in p.screen())


async def test_without_the_permission_groups_of_ironclad_are_not_offered_to_approve(bare: Place) -> None:
    bare.ironclad.add_group("Legal reviewers")
    await bare.connect()
    admin = await admin_at_home(bare)
    await admin.press("Edit approvals", "home")
    await admin.press("Add a stage")
    assert "Slipway was not given the permission to read groups" in admin.screen()
    assert await admin.search_options("Groups", "") == ["Approvers (Slack)"]

    await bare.connect("groups")
    await admin.close()
    await admin.press("Edit approvals", "home")
    await admin.press("Add a stage")
    assert "permission to read groups" not in admin.screen()
    assert "Legal reviewers (Ironclad)" in await admin.search_options("Groups", "")


async def test_a_policy_with_a_group_that_cannot_be_read_any_more_asks_who_stands_in(bare: Place) -> None:
    group = bare.ironclad.add_group("Legal reviewers")
    await bare.connect()
    stage = {"name": "Legal", "groups": [{"kind": "ironclad", "id": group.id, "name": group.name}]}
    await policy(bare, stage, fallback=["lee"])
    dana, lee = bare.person("dana"), bare.person("lee")

    await ask(dana)
    await bare.idle()

    assert lee.id in await thread(bare, lee) or "Lee" in await thread(bare, lee)
    assert "REQ-1" in "".join(lee.dm())
