"""From another system's request to the contract, with four people; takes the guided tour's pictures."""

import re

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.test_journey import act_as, choose, command, demo, picture, tab

__all__ = ["demo", "tab"]  # fixtures, found by their names

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

DANA, LEE, SAM, PRIYA = "Dana Ruiz", "Lee Wong", "Sam Ito", "Priya Nair"
LAPTOPS = {
    "what": "Fifty laptops for the Dublin office",
    "requester": "dana.ruiz@example.com",
    "counterparty": "Lanternfish Ltd",
    "contact_email": "sales@lanternfish.example",
    "amount": "9500",
    "currency": "USD",
    "category": "Hardware",
    "department": "Engineering",
    "needed_by": "2030-12-24",
    "description": "The new hires start in January, and the spare machines are gone.",
    "link": "https://tool.example.com/requests/77",
}


def dialog(page: Page, name: str | None = None) -> Locator:
    """The window that is open."""
    return page.get_by_role("dialog", name=name) if name else page.get_by_role("dialog")


async def close(page: Page) -> None:
    """Close the window and wait until it is gone."""
    await dialog(page).get_by_role("button", name="Close").last.click()
    await expect(dialog(page)).to_have_count(0)


async def thread(page: Page) -> Locator:
    """The newest card's thread, opened."""
    await page.get_by_role("button", name="procurement").first.click()
    await page.get_by_role("main").get_by_role("button", name=re.compile(r"\d repl")).last.click()
    return page.get_by_role("complementary", name="Thread")


async def turn(page: Page, before: str, after: str) -> Locator:
    """Become somebody else and open the thread."""
    await act_as(page, before, after)
    return await thread(page)


async def add_stage(page: Page, name: str, approver: str, least: str = "") -> None:
    """One more stage of approval."""
    await dialog(page, "Approvals").get_by_role("button", name="Add a stage").click()
    form = dialog(page, "Stage")
    await form.get_by_label("Name", exact=True).fill(name)
    await form.get_by_role("combobox", name="People").click()
    await page.get_by_role("option", name=approver).click()
    await form.get_by_label("Name", exact=True).click()  # the list closes
    if least:
        await form.get_by_label("Amount is at least").fill(least)
        await choose(page, form.get_by_role("combobox", name="in currency"), "USD")
    await form.get_by_role("button", name="Keep").click()
    await expect(dialog(page, "Approvals")).to_contain_text(name)


async def set_up(page: Page) -> tuple[str, str]:
    """What Priya does first: a key, a mapping, two stages. Gives the API's address, and the key."""
    await page.get_by_role("button", name="Slipway").first.click()
    home = page.get_by_role("tabpanel")
    await home.get_by_role("button", name="Keys and webhook").click()
    systems = dialog(page, "Other systems")
    said = await systems.get_by_text("hands over a request").inner_text()
    await systems.get_by_role("button", name="Make a key").click()
    await dialog(page).get_by_label("What will use this key?").fill("Buying tool")
    await dialog(page).get_by_role("button", name="Make the key").click()
    key = await dialog(page).get_by_text("slipway.").inner_text()
    await dialog(page).get_by_role("button", name="I have copied it").click()
    await close(page)

    await home.get_by_role("button", name="Edit mappings").click()
    await choose(
        page, dialog(page, "Mapping").get_by_role("combobox", name="Choose a template"), "Simple Purchase"
    )
    await dialog(page).get_by_role("button", name=re.compile(r"^Suggestions")).click()
    await expect(dialog(page)).to_contain_text("Vendor ← Counterparty")
    await picture(page, "tour-mapping")
    await dialog(page).get_by_role("button", name="Add the ticked").click()
    await expect(dialog(page)).to_contain_text("added.")
    await close(page)

    await home.get_by_role("button", name="Edit approvals").click()
    await add_stage(page, "Manager", LEE)
    await add_stage(page, "Finance", SAM, least="5000")
    await picture(page, "tour-approvals")
    await dialog(page).get_by_role("button", name="Put in force").click()
    await expect(home).to_contain_text("2 stages: Manager → Finance")
    address = re.search(r"POST (http\S+)", said)
    assert address is not None
    return address[1], key.strip()


async def approve(panel: Locator, stage: str) -> None:
    """Press *Approve* in the thread and see it taken."""
    await panel.get_by_role("button", name="Approve").click()
    await expect(panel.get_by_role("article").filter(has_text=f"{stage}: approved").last).to_be_visible()


async def test_from_another_system_to_a_launched_contract_with_four_people(tab: Page) -> None:
    await command(tab, "/contract")
    await choose(tab, dialog(tab).get_by_role("combobox", name="Template"), "Simple Purchase")
    await dialog(tab).get_by_role("button", name="Continue").click()
    await dialog(tab, "Simple Purchase").get_by_label("Vendor", exact=True).wait_for()
    await close(tab)
    await act_as(tab, DANA, PRIYA)
    address, key = await set_up(tab)

    async with httpx.AsyncClient(trust_env=False) as tool:
        answer = await tool.post(address, json=LAPTOPS, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 201, answer.text

    panel = await turn(tab, PRIYA, LEE)
    await expect(panel).to_contain_text("Waiting for approval: Manager")
    await panel.get_by_role("button", name="Review and decide").click()
    await expect(dialog(tab, "REQ-1")).to_contain_text("The new hires start in January")
    await picture(tab, "tour-review")
    await close(tab)
    await approve(panel, "Manager")

    panel = await turn(tab, LEE, SAM)
    await panel.get_by_role("button", name="Ask for changes").click()
    await dialog(tab).get_by_label("What should be changed or explained?").fill("Can it be forty?")
    await dialog(tab).get_by_role("button", name="Ask").click()
    await close(tab)
    await expect(panel).to_contain_text("asks @dana for changes")

    panel = await turn(tab, SAM, DANA)
    await panel.get_by_role("button", name="Edit and answer").last.click()
    await expect(dialog(tab)).to_contain_text("@sam asks: “Can it be forty?”")
    await dialog(tab).get_by_label("What do you need?").fill("Forty laptops for the Dublin office")
    await dialog(tab).get_by_label(re.compile(r"^Amount\b")).fill("7600")
    await dialog(tab).get_by_label("Your answer").fill("Forty will do until March.")
    await dialog(tab).get_by_text("asks: “Can it be forty?”").scroll_into_view_if_needed()
    await picture(tab, "tour-answer")
    await dialog(tab).get_by_role("button", name="Send answer").click()
    await close(tab)
    await expect(panel).to_contain_text("Asked again, because the change touches what was approved: Manager")

    panel = await turn(tab, DANA, LEE)
    await approve(panel, "Manager")
    panel = await turn(tab, LEE, SAM)
    await approve(panel, "Finance")
    await expect(panel).to_contain_text("Approved, ready to launch")
    await picture(tab, "tour-thread")

    panel = await turn(tab, SAM, DANA)
    await launch(tab, panel)
    await expect(panel).to_contain_text(re.compile(r"Launched as IC-\d+"))
    await expect(panel).to_contain_text("Ironclad: step Review")

    await finish_in_ironclad(tab)
    panel = await thread(tab)
    await expect(panel).to_contain_text("signed and filed in Ironclad")
    await tab.get_by_role("heading", name="Thread").click()  # nothing has the focus in the picture
    await picture(tab, "tour-complete")
    assert await tab.locator(".refused").count() == 0


async def launch(page: Page, panel: Locator) -> None:
    """From *Launch contract* over the filled form to the workflow."""
    await panel.get_by_role("button", name="Launch contract").last.click()
    await choose(page, dialog(page).get_by_role("combobox", name="Template"), "Simple Purchase")
    await dialog(page).get_by_role("button", name="Continue").click()
    form = dialog(page, "Simple Purchase")
    await expect(form.get_by_label("Vendor", exact=True)).to_have_value("Lanternfish Ltd")
    await expect(form.get_by_label("Amount (USD)")).to_have_value("7,600")
    await picture(page, "tour-form")
    await form.get_by_role("radio", name="Yes").check()
    await form.get_by_role("button", name="Launch").click()
    await expect(dialog(page).get_by_role("link", name="Open in Ironclad")).to_be_visible()
    await close(page)


async def finish_in_ironclad(page: Page) -> None:
    """What the other side's people do with the contract."""
    sides = page.get_by_role("navigation", name="Sides")
    await sides.get_by_role("button", name="Ironclad").click()
    row = page.get_by_role("row").filter(has_text="Simple Purchase")
    for press, step in (("Approve", "Sign"), ("Sign", "Archive"), ("Complete", "Complete")):
        await row.get_by_role("button", name=press).click()
        await expect(row.locator(".pill")).to_have_text(step)
    await sides.get_by_role("button", name="Slack").click()
