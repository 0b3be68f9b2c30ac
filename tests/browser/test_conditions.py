"""Conditional questions in the page: rules an admin writes, suggestions, and Ironclad's last word."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.test_journey import act_as, choose, command, demo, fill_purchase, tab

__all__ = ["demo", "tab"]  # fixtures, found by their names

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def open_purchase(page: Page) -> Locator:
    """`/contract` up to the empty form of *Simple Purchase*."""
    await command(page, "/contract")
    picker = page.get_by_role("dialog", name="Launch a contract")
    await choose(page, picker.get_by_role("combobox", name="Template"), "Simple Purchase")
    await picker.get_by_role("button", name="Continue").click()
    form = page.get_by_role("dialog", name="Simple Purchase")
    await form.get_by_label("Vendor", exact=True).wait_for()
    return form


async def launch(page: Page, amount: str) -> Locator:
    """Fill and send the purchase; what the dialog then is."""
    form = await open_purchase(page)
    await fill_purchase(page, amount)
    await form.get_by_role("button", name="Launch").click()
    return page.get_by_role("dialog")


async def open_rules(page: Page) -> Locator:
    """The rules of *Simple Purchase*, as Priya sees them."""
    await act_as(page, "Dana Ruiz", "Priya Nair")
    await page.get_by_role("button", name="Slipway").first.click()
    await page.get_by_role("tabpanel").get_by_role("button", name="Open the rules").click()
    rules = page.get_by_role("dialog", name="Conditional questions")
    await choose(page, rules.get_by_role("combobox", name="Template"), "Simple Purchase")
    await expect(rules.get_by_role("button", name="Add a rule")).to_be_visible()
    return rules


async def back_to_the_channel(page: Page, person: str) -> None:
    """Somebody else than Priya, in the channel."""
    await page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    await act_as(page, "Priya Nair", person)
    await page.get_by_role("button", name="procurement").first.click()


async def test_an_admin_writes_a_rule_and_the_form_follows_it(tab: Page) -> None:
    await open_purchase(tab)  # so that the template is known
    await tab.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    rules = await open_rules(tab)
    await rules.get_by_role("button", name="Add a rule").click()
    rule = tab.get_by_role("dialog", name="Rule")
    await choose(tab, rule.get_by_role("combobox", name="With which question"), "Cost centre")
    await choose(tab, rule.get_by_role("combobox", name="When this question"), "Is it budgeted?")
    await choose(tab, rule.get_by_role("combobox", name="Value"), "No")
    await rule.get_by_role("button", name="Try it").click()
    trial = tab.get_by_role("dialog", name="Try it")
    await trial.get_by_role("radio", name="No", exact=True).check()
    await expect(trial).to_contain_text("Cost centre: asked, an answer is required")
    await trial.get_by_role("radio", name="Yes").check()
    await expect(trial).to_contain_text("Cost centre: not asked")
    await trial.get_by_role("button", name="Back").last.click()
    await rule.get_by_role("button", name="Save").click()
    await expect(rules).to_contain_text("Saved: the rule is in use.")
    await back_to_the_channel(tab, "Dana Ruiz")

    form = await open_purchase(tab)
    await expect(form.get_by_label("Cost centre")).to_have_count(0)
    await form.get_by_label("Vendor", exact=True).fill("Lanternfish & Co")
    await form.get_by_role("radio", name="No", exact=True).check()
    await expect(form.get_by_label("Cost centre")).to_be_visible()
    await expect(form.get_by_label("Vendor", exact=True)).to_have_value("Lanternfish & Co")
    await form.get_by_role("radio", name="Yes").check()
    await expect(form.get_by_label("Cost centre")).to_have_count(0)
    assert await tab.locator(".refused").count() == 0


async def test_a_refusal_asks_for_more_and_becomes_a_suggestion(tab: Page) -> None:
    dialog = await launch(tab, "9000")
    await expect(dialog.get_by_role("link", name="Open in Ironclad")).to_be_visible()
    await dialog.get_by_role("button", name="Close").last.click()

    # Ironclad wants a cost centre above 10,000 and reveals that to nobody.
    dialog = await launch(tab, "25000")
    await dialog.get_by_role("button", name="Edit and resubmit").click()
    form = tab.get_by_role("dialog", name="Simple Purchase")
    await expect(form).to_contain_text("Ironclad asks for this here")
    await expect(form).to_contain_text("Lanternfish & Co")
    await form.get_by_label("Cost centre").fill("CC-1200")
    await form.get_by_role("button", name="Launch").click()
    await expect(tab.get_by_role("dialog").get_by_role("link", name="Open in Ironclad")).to_be_visible()
    await tab.get_by_role("dialog").get_by_role("button", name="Close").last.click()

    rules = await open_rules(tab)
    await expect(rules).to_contain_text(re.compile("Amount.*is over 10,000"))
    await expect(rules).to_contain_text("The limit between the two is a guess.")
    await rules.get_by_role("button", name="Accept").click()
    await expect(rules).to_contain_text("Accepted: the rule is in use.")
    await back_to_the_channel(tab, "Lee Wong")  # Dana's form would remember the cost centre

    form = await open_purchase(tab)
    await fill_purchase(tab, "30000")
    await form.get_by_role("button", name="Launch").click()
    await expect(form.get_by_label("Cost centre")).to_be_visible()
    await form.get_by_label("Cost centre").fill("CC-1300")
    await form.get_by_role("button", name="Launch").click()
    await expect(tab.get_by_role("dialog").get_by_role("link", name="Open in Ironclad")).to_be_visible()
    assert await tab.locator(".refused").count() == 0
