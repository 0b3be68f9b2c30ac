"""The sandbox's page: it draws everything, can be used from the keyboard, and trusts no text."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Sandbox
from tests.browser.gallery import HOSTILE, OPTIONS, entry, gallery_modal, mrkdwn, plain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(60)]


async def command(page: Page, text: str) -> None:
    """Type a slash command into the channel's composer and send it."""
    composer = page.get_by_role("textbox", name="Message #procurement")
    await composer.fill(text)
    await composer.press("Enter")


def modal(*blocks: dict[str, Any]) -> dict[str, Any]:
    """A modal with just these blocks."""
    return gallery_modal() | {"blocks": list(blocks)}


async def test_the_gallery_message_is_drawn_without_a_refusal(page: Page, sandbox: Sandbox) -> None:
    await command(page, "/contract post")
    message = page.locator(".message", has_text="Gallery: everything that is read")
    await expect(message.get_by_role("button", name="Launch contract")).to_be_visible()
    await expect(message.get_by_role("table")).to_contain_text("Mutual NDA with Acme")
    await expect(message.get_by_role("link", name="a link").first).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    await expect(page.locator(".refusal")).to_have_count(0)
    assert list(sandbox.world.traffic.refused) == []


async def test_the_gallery_home_is_drawn_without_a_refusal(page: Page) -> None:
    await page.get_by_role("button", name="Slipway").click()
    await expect(page.get_by_role("tabpanel").get_by_role("button", name="Launch contract")).to_be_visible()
    await expect(page.locator(".refusal")).to_have_count(0)


async def test_every_input_of_the_gallery_reaches_the_app(page: Page, sandbox: Sandbox) -> None:
    await command(page, "/contract")
    dialog = page.get_by_role("dialog", name="Start a contract")
    await dialog.get_by_label("Counterparty").fill("Acme")
    await dialog.get_by_label("Seats").fill("50")
    await dialog.get_by_label("Signer's e-mail").fill("ada@example.com")
    await dialog.get_by_label("Link to the quote").fill("https://example.com/quote")
    await choose(page, "Region", "Europe")
    await choose(page, "Countries", "Norway")
    await page.keyboard.press("Escape")
    await choose(page, "Supplier", "acm result 2", query="acm")
    await choose(page, "Approver", "Lee Wong")
    await choose(page, "Channel", "#procurement")
    await dialog.get_by_role("radio", name="North America").check()
    await dialog.get_by_role("checkbox", name="Europe").check()
    await dialog.get_by_label("Call at").fill("14:30")
    await dialog.locator("input[type=file]").set_input_files(
        {"name": "quote.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    await expect(dialog.get_by_text("quote.pdf")).to_be_visible()
    await dialog.get_by_role("button", name="Launch").click()
    await expect(dialog).to_have_count(0)
    assert typed(sandbox) == {
        "text": "Acme",
        "area": "Fifty laptops",
        "number": "50",
        "email": "ada@example.com",
        "url": "https://example.com/quote",
        "select": "europe",
        "grouped": ["norway"],
        "external": "acm-result-2",
        "user": sandbox.lee.id,
        "channel": sandbox.channel,
        "radio": "north-america",
        "checks": ["europe"],
        "date": "2026-11-24",
        "time": "14:30",
        "files": ["quote.pdf"],
    }


async def choose(page: Page, label: str, option: str, query: str = "") -> None:
    """Open a select of the dialog and click an option."""
    box = page.get_by_role("dialog").get_by_role("combobox", name=re.compile(rf"^{label}( \(optional\))?$"))
    await box.click()
    await box.press_sequentially(query)
    await page.get_by_role("option", name=option).click()


def typed(sandbox: Sandbox) -> dict[str, Any]:
    """The values of the last submission, empty ones left out."""
    (submission,) = sandbox.toy.of("view_submission")
    values = submission["view"]["state"]["values"]
    short = {block_id: _short(elements["value"]) for block_id, elements in values.items()}
    return {block_id: value for block_id, value in short.items() if value}


def _short(value: dict[str, Any]) -> Any:
    (content,) = (content for key, content in value.items() if key != "type")
    if isinstance(content, list):
        return [one if isinstance(one, str) else one.get("value", one.get("name")) for one in content]
    return content["value"] if isinstance(content, dict) else content


async def test_a_second_choice_is_told_although_the_first_is_still_on_its_way(
    page: Page, sandbox: Sandbox
) -> None:
    regions = entry("radio", "Region", "radio_buttons", options=OPTIONS[:2]) | {"dispatch_action": True}
    sandbox.toy.modal = modal(regions)
    sandbox.toy.held = asyncio.Event()
    await command(page, "/contract")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="North America").check()
    await sandbox.toy.heard("block_actions")
    await dialog.get_by_role("radio", name="Europe").check()
    sandbox.toy.held.set()
    await expect(dialog.get_by_role("radio", name="Europe")).to_be_checked()
    assert [chosen(payload) for payload in await sandbox.toy.heard("block_actions", 2)] == [
        "north-america",
        "europe",
    ]


def chosen(payload: dict[str, Any]) -> str:
    """The option that an action tells of."""
    value: str = payload["actions"][0]["selected_option"]["value"]
    return value


async def test_what_slack_finds_wrong_stands_beside_its_field(page: Page, sandbox: Sandbox) -> None:
    await command(page, "/contract")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Signer's e-mail").fill("ada")
    await dialog.get_by_role("button", name="Launch").click()
    wrong = dialog.get_by_label("Signer's e-mail")
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    await expect(dialog.get_by_label("Counterparty")).to_be_focused()
    described_by = await wrong.get_attribute("aria-describedby")
    assert described_by
    await expect(page.locator(f"[id='{described_by}']")).to_contain_text("valid email")
    assert sandbox.toy.of("view_submission") == []


async def test_what_the_app_finds_wrong_stands_beside_its_field_and_goes_with_an_edit(
    page: Page, sandbox: Sandbox
) -> None:
    sandbox.toy.modal = modal(entry("name", "Counterparty", "plain_text_input", needed=True))
    sandbox.toy.answer = {"response_action": "errors", "errors": {"name": "Acme is blocked."}}
    await command(page, "/contract")
    box = page.get_by_label("Counterparty")
    await box.fill("Acme")
    await box.press("Enter")
    await expect(page.get_by_text("Acme is blocked.")).to_be_visible()
    await box.fill("Acme 2")
    await expect(page.get_by_text("Acme is blocked.")).to_have_count(0)


async def test_the_journey_needs_no_mouse(page: Page, sandbox: Sandbox) -> None:
    composer = page.get_by_role("textbox", name="Message #procurement")
    await composer.focus()
    await page.keyboard.type("/con")
    await expect(page.get_by_role("option", name="/contract")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(composer).to_have_value("/contract ")
    await expect(composer).to_be_focused()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Counterparty")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(dialog.get_by_role("button", name="Launch")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    await dialog.get_by_role("combobox", name="Region").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("combobox", name="Region")).to_have_value("Europe")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(composer).to_be_focused()


async def test_a_redraw_keeps_focus_caret_and_what_is_typed(page: Page, sandbox: Sandbox) -> None:
    sandbox.toy.modal = modal(
        entry("name", "Counterparty", "plain_text_input", needed=True),
        entry("gone", "Later gone", "plain_text_input"),
    )
    await command(page, "/contract")
    box = page.get_by_label("Counterparty")
    await box.fill("Acme Ltd")
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowRight")
    view_id = sandbox.world.views.stack(sandbox.dana.id)[0].id
    redrawn = modal(
        {"type": "header", "text": plain("A heading that was not there")},
        entry("name", "Counterparty", "plain_text_input", needed=True, initial_value="ignored"),
    )
    assert (await sandbox.toy.call("views.update", view_id=view_id, view=redrawn))["ok"]
    await expect(page.get_by_text("A heading that was not there")).to_be_visible()
    await expect(page.get_by_label("Later gone")).to_have_count(0)
    await expect(box).to_be_focused()
    await page.keyboard.type("X")
    await expect(box).to_have_value("AXcme Ltd")


async def test_a_redraw_without_the_focused_field_keeps_the_focus_in_the_dialog(
    page: Page, sandbox: Sandbox
) -> None:
    sandbox.toy.modal = modal(entry("name", "Counterparty", "plain_text_input", needed=True))
    await command(page, "/contract")
    await expect(page.get_by_label("Counterparty")).to_be_focused()
    view_id = sandbox.world.views.stack(sandbox.dana.id)[0].id
    redrawn = modal({"type": "section", "text": plain("Working on it…")})
    assert (await sandbox.toy.call("views.update", view_id=view_id, view=redrawn))["ok"]
    await expect(page.get_by_text("Working on it…")).to_be_visible()
    await expect(page.get_by_role("dialog").locator(":focus")).to_have_count(1)


async def test_hostile_text_is_drawn_letter_by_letter(page: Page, sandbox: Sandbox) -> None:
    await command(page, "/contract post")
    message = page.locator(".message", has_text="Gallery: everything that is read")
    await expect(message.get_by_text(HOSTILE, exact=True)).to_have_count(2)
    await expect(message.locator("script")).to_have_count(0)
    await expect(message.locator(".mention.loud")).to_have_count(0)
    composer = page.get_by_role("textbox", name="Message #procurement")
    await composer.fill("<!channel> <img src=x onerror=alert(1)>")
    await composer.press("Enter")
    await expect(page.locator(".message").last).to_contain_text("<!channel> <img src=x onerror=alert(1)>")
    await expect(page.locator(".mention.loud")).to_have_count(0)
    *_, said = sandbox.world.messages.of(sandbox.channel)
    assert said.text == "&lt;!channel&gt; &lt;img src=x onerror=alert(1)&gt;"


async def test_an_address_that_runs_code_is_no_link(page: Page, sandbox: Sandbox) -> None:
    blocks = [{"type": "section", "text": mrkdwn("<javascript:alert(1)|press me>")}]
    await sandbox.toy.call("chat.postMessage", channel=sandbox.channel, text="x", blocks=blocks)
    await expect(page.locator(".message").last).to_contain_text("press me")
    await expect(page.get_by_role("link", name="press me")).to_have_count(0)


async def test_an_unknown_block_is_refused_in_red(page: Page, sandbox: Sandbox) -> None:
    sandbox.world.rules.validates = False
    blocks = [{"type": "hologram", "block_id": "h"}, {"type": "divider", "block_id": "d"}]
    await sandbox.toy.call("chat.postMessage", channel=sandbox.channel, text="x", blocks=blocks)
    await expect(page.get_by_role("alert")).to_contain_text("Unknown block type “hologram”")


async def test_a_refused_payload_is_shown_at_once(page: Page, sandbox: Sandbox) -> None:
    blocks = [{"type": "header", "text": plain("x" * 151)}]
    answer = await sandbox.toy.call("chat.postMessage", channel=sandbox.channel, text="x", blocks=blocks)
    assert answer["error"] == "invalid_blocks"
    strip = page.get_by_role("alert")
    await expect(strip).to_contain_text("Slack refused: invalid_blocks")
    await expect(strip).to_contain_text("chat.postMessage")
    await strip.get_by_role("button", name="Dismiss").click()
    await expect(strip).to_have_count(0)


async def test_acting_as_another_person_shows_what_that_person_sees(page: Page, sandbox: Sandbox) -> None:
    only_dana = {"channel": sandbox.channel, "user": sandbox.dana.id, "text": "For Dana alone"}
    await sandbox.toy.call("chat.postEphemeral", **only_dana)
    await expect(page.locator(".message", has_text="For Dana alone")).to_contain_text("Only visible to you")
    await page.get_by_role("button", name="Acting as Dana Ruiz").click()
    await page.get_by_role("menuitem", name="Lee Wong").click()
    await expect(page.get_by_role("button", name="Acting as Lee Wong")).to_be_visible()
    await expect(page.get_by_text("For Dana alone")).to_have_count(0)
    assert f"as={sandbox.lee.id}" in page.url


async def test_shortcuts_and_confirmed_buttons_reach_the_app(page: Page, sandbox: Sandbox) -> None:
    await command(page, "/contract post")
    message = page.locator(".message", has_text="Gallery: everything that is read")
    await message.get_by_role("button", name="Cancel request").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Keep it").click()
    await message.get_by_role("button", name="Cancel request").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Cancel it").click()
    await expect(page.get_by_role("alertdialog")).to_have_count(0)
    await message.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Start a contract request").click()
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="New contract").click()
    await expect(page.get_by_role("menu")).to_have_count(0)
    assert [one["callback_id"] for one in await sandbox.toy.heard("shortcut")] == ["from_anywhere"]
    assert [one["callback_id"] for one in await sandbox.toy.heard("message_action")] == ["from_message"]
    assert [one["actions"][0]["action_id"] for one in await sandbox.toy.heard("block_actions")] == ["cancel"]


async def test_a_thread_opens_beside_its_channel(page: Page, sandbox: Sandbox) -> None:
    posted = await sandbox.toy.call("chat.postMessage", channel=sandbox.channel, text="REQ-1")
    reply = {"channel": sandbox.channel, "thread_ts": posted["ts"], "text": "Launched *IC-1*"}
    await sandbox.toy.call("chat.postMessage", **reply)
    await page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("Launched IC-1")
    await thread.get_by_role("textbox").fill("Thank you")
    await thread.get_by_role("textbox").press("Enter")
    await expect(thread.locator(".message").last).to_contain_text("Thank you")
    await expect(page.get_by_role("button", name="2 replies")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
async def test_nothing_is_cut_off_sideways(page: Page, sandbox: Sandbox, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 800})
    await command(page, "/contract post")
    await expect(page.get_by_text("Gallery: everything that is read")).to_be_visible()
    await command(page, "/contract")
    await expect(page.get_by_role("dialog")).to_be_visible()
    overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    columns = page.locator(".scroller, .dialog-body")
    wide = await columns.evaluate_all("nodes => nodes.filter(n => n.scrollWidth > n.clientWidth).length")
    assert (overflow, wide) == (0, 0)
