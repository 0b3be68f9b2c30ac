"""One of every type of question, filled in the page with mouse and keyboard, and what Ironclad received."""

from __future__ import annotations

import email
import json
import re
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.browser.test_journey import command, demo, tab

__all__ = ["demo", "tab"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

PAPER = b"PK\x03\x04 their paper"
ROWS = (("X1", "2", "5"), ("X2", "1.5", ""), ("X3", "7", "1,000.50"))


async def choose(page: Page, form: Locator, label: str, option: str, query: str = "") -> None:
    """Open a select by its label, type into it where it is searched, and click an option."""
    box = form.get_by_role("combobox", name=re.compile(rf"^{re.escape(label)}( \(optional\))?$"))
    await box.click()
    if query:
        await box.press_sequentially(query)
    await page.get_by_role("option", name=option).first.click()


async def fill(form: Locator, **answers: str) -> None:
    for label, text in answers.items():
        await form.get_by_label(label.replace("_", " "), exact=True).fill(text)


async def on_page(page: Page, number: int) -> Locator:
    form = page.get_by_role("dialog", name="One of Everything")
    await expect(form).to_contain_text(f"Page {number} of")
    return form


async def add_row(page: Page, sku: str, quantity: str, price: str) -> None:
    await page.get_by_role("dialog").get_by_role("button", name="Add a row").click()
    row = page.get_by_role("dialog", name="Add a row")
    await fill(row, SKU=sku, Quantity=quantity)
    if price:
        await row.get_by_label(re.compile(r"^Price( \(optional\))?$")).fill(price)
    await row.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("dialog", name="One of Everything")).to_contain_text(f"SKU: {sku}")


async def received(page: Page) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The newest launch as Ironclad received it: its attributes, its files by name."""
    settings = await (await page.request.get(urljoin(page.url, "/client/sandbox.json"))).json()
    answer = await page.request.get(f"{settings['ironclad_url']}/sandbox/requests?limit=200")
    launches = [
        one
        for one in (await answer.json())["requests"]
        if one["method"] == "POST" and one["path"].endswith("/workflows")
    ]
    head = f"Content-Type: {launches[0]['headers']['content-type']}\r\n\r\n"
    parts = email.message_from_bytes((head + launches[0]["body"]).encode()).walk()
    named: dict[Any, Any] = {part.get_param("name", header="content-disposition"): part for part in parts}
    data = json.loads(named.pop("data").get_payload(decode=True))
    del named[None]  # the message as a whole
    return data["attributes"], {p.get_filename(): p.get_payload(decode=True) for p in named.values()}


async def test_one_of_everything_is_launched_from_the_page(tab: Page) -> None:
    await command(tab, "/contract")
    picker = tab.get_by_role("dialog", name="Launch a contract")
    await choose(tab, picker, "Template", "One of Everything")
    await picker.get_by_role("button", name="Continue").click()
    await fill_the_pages(tab)

    review = tab.get_by_role("dialog", name="One of Everything")
    await expect(review).to_contain_text("this is what Ironclad gets")
    await expect(review).to_contain_text("€12,500.75")
    await expect(review).to_contain_text("Description of the Services: Fifty *bright* lamps_")
    await expect(review).to_contain_text("3. SKU: X3 · Quantity: 7 · Price: $1,000.50 (USD)")
    await review.get_by_role("button", name="Launch").click()

    # Nobody is assigned to one approver role by default, which Ironclad says only now.
    await tab.get_by_role("dialog").get_by_role("button", name="Edit and resubmit").click()
    form = tab.get_by_role("dialog", name="One of Everything")
    await choose(tab, form, "Approver", "Priya Nair")
    await form.get_by_role("button", name="Launch").click()
    await expect(tab.get_by_role("dialog").get_by_role("link", name="Open in Ironclad")).to_be_visible()

    attributes, files = await received(tab)
    assert {key: value for key, value in attributes.items() if not key.startswith(("role", "approver"))} == {
        "counterpartyName": "Lanternfish & Co",
        "paperSource": "Counterparty paper",
        "draft": [{"file": "file_1"}],
        "description": "Fifty *bright* lamps_",
        "region": "EMEA",
        "offices": ["Dublin"],
        "personalData": False,
        "headcount": 12,
        "startDate": "2030-12-24T00:00:00-05:00",
        "contractValue": {"currency": "EUR", "amount": 12500.75},
        "initialTerm": {"months": 18},
        "vendorAddress": {"lines": ["1 Quay St"], "locality": "Dublin", "country": "Ireland"},
        "lineItems": [
            {"sku": "X1", "quantity": 2, "price": {"currency": "USD", "amount": 5}},
            {"sku": "X2", "quantity": 1.5},
            {"sku": "X3", "quantity": 7, "price": {"currency": "USD", "amount": 1000.5}},
        ],
        "relatedRecord": "IC-1",
    }
    assert files == {"their paper.docx": PAPER}
    assert await tab.locator(".refused").count() == 0


async def fill_the_pages(tab: Page) -> None:
    form = await on_page(tab, 1)
    number = 1
    while await form.get_by_role("button", name="Next").count():
        await fill_what_is_here(tab, form)
        await form.get_by_role("button", name="Next").click()
        number += 1
        await expect(form).to_contain_text(re.compile(rf"Page {number} of|this is what Ironclad gets"))
    if await form.get_by_role("button", name="Review").count():
        await form.get_by_role("button", name="Review").last.click()


async def fill_what_is_here(tab: Page, form: Locator) -> None:
    """Whatever of the questions is on this page; where they stand is not this test's business."""
    texts = {
        "Counterparty Name": "Lanternfish & Co",
        "Counterparty Signer Name": "Sam Poe",
        "Counterparty Signer Email": "sam@lanternfish.example",
        "Description of the Services": "Fifty *bright* lamps_",
        "Headcount": "12",
        "Start Date": "2030-12-24",
        "Contract Value": "12,500.75",
        "Initial Term": "18 months",
        "Vendor Address: street": "1 Quay St",
        "Vendor Address: town or city": "Dublin",
    }
    for label, text in texts.items():
        if await form.get_by_label(label, exact=True).count():
            await form.get_by_label(label, exact=True).fill(text)
    selects = {
        "Contract Value: currency": ("EUR · Euro", "euro"),
        "Vendor Address: country": ("Ireland", "irel"),
        "Related Record": ("IC-1 · Mutual NDA with Lanternfish Ltd", "lanternfish nda"),
    }
    for label, (option, query) in selects.items():
        if await form.get_by_role("combobox", name=label).count():
            await choose(tab, form, label, option, query)
    await tick_what_is_here(form)
    if await form.get_by_role("radio", name="Counterparty paper").count():
        await form.get_by_role("radio", name="Counterparty paper").check()
        paper = FilePayload(name="their paper.docx", mimeType="application/octet-stream", buffer=PAPER)
        await form.locator("input[type=file]").first.set_input_files(paper)
        await expect(form.get_by_text("their paper.docx")).to_be_visible()
    if await form.get_by_role("button", name="Add a row").count():
        for row in ROWS:
            await add_row(tab, *row)


async def tick_what_is_here(form: Locator) -> None:
    for group, name in (("Region", "EMEA"), ("Personal data?", "No")):
        if await form.get_by_role("radiogroup", name=group).count():
            await form.get_by_role("radiogroup", name=group).get_by_role("radio", name=name).check()
    if await form.get_by_role("checkbox", name="Dublin").count():
        await form.get_by_role("checkbox", name="Dublin").check()
