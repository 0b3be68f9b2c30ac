"""Connecting in Chromium, the link read from a real mail server."""

from __future__ import annotations

import email
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.test_journey import PATIENCE_MS, act_as, choose, picture, sandbox
from tests.journeys.browsing import LINK
from tests.journeys.steps import until
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from tests.sandbox.serving import free_port

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


class Mailbox:
    """What the mail server took."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 taken"

    async def link(self) -> str:
        """The link in the newest mail, once there is one that was not read yet."""
        await until(lambda: bool(self.mails), timeout=20)
        body = self.mails.pop().get_body(("plain",))
        assert body is not None
        return str(LINK.findall(body.get_content())[0])


@pytest_asyncio.fixture(loop_scope="session")
async def mailbox() -> AsyncIterator[tuple[Mailbox, str]]:
    """A mail server, and its address."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port(28500))
    controller.start()
    yield box, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def home(chromium: Browser, tmp_path: Path, mailbox: tuple[Mailbox, str]) -> AsyncIterator[Page]:
    """Slipway's Home, open before Priya."""
    options = ["--bare", "--smtp", mailbox[1], "--admin", "lee"]
    async with sandbox(tmp_path, options) as address:
        context = await chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        await page.goto(address)
        await page.get_by_role("heading", name="procurement").wait_for()
        await act_as(page, "Dana Ruiz", "Priya Nair")
        await page.get_by_role("button", name="Slipway").first.click()
        yield page
        await context.close()


def form(page: Page) -> Locator:
    """The Connect window."""
    return page.get_by_role("dialog", name="Connect Ironclad")


async def fill(page: Page) -> None:
    """Type the credentials of the demo's app."""
    await form(page).get_by_label("Client ID").fill(DEMO_CLIENT_ID)
    await form(page).get_by_label("Client secret").fill(DEMO_CLIENT_SECRET)
    await choose(page, form(page).get_by_role("combobox", name="Datacenter region"), "Demo")


async def opened(page: Page, link: str, *, phone: bool = False) -> Page:
    """A link opened from a mail, in a tab of its own."""
    tab = await page.context.new_page()
    tab.set_default_timeout(PATIENCE_MS)
    if phone:
        await tab.set_viewport_size({"width": 390, "height": 844})
    await tab.goto(link)
    return tab


async def fits(tab: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(await tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


async def test_client_credentials_saved_and_approved_from_the_mail(
    home: Page, mailbox: tuple[Mailbox, str]
) -> None:
    await home.get_by_role("button", name="Connect Ironclad").click()
    await expect(form(home)).to_contain_text("public.workflows.createWorkflows")
    await picture(home, "connect-permissions")
    await fill(home)
    await choose(home, form(home).get_by_role("combobox", name="Acting user"), "Priya Nair")
    await picture(home, "connect-fields")
    await form(home).get_by_role("button", name="Continue").click()
    await expect(form(home)).to_contain_text("One step is left")

    tab = await opened(home, await mailbox[0].link(), phone=True)
    await expect(tab.get_by_role("heading", name="Connect Ironclad to Slack")).to_be_visible()
    assert await fits(tab)
    await tab.set_viewport_size({"width": 900, "height": 1100})
    await picture(tab, "connect-approve")
    await tab.get_by_role("button", name="Approve").click()
    await expect(tab.get_by_role("heading", name="Ironclad is connected")).to_be_visible()
    await expect(tab.get_by_role("link", name="Back to Slack")).to_have_attribute(
        "href", re.compile("^slack://app[?]team=T.*&id=A.*&tab=home$")
    )
    await picture(tab, "connect-done")


async def test_authorization_code_published_reviewed_and_consented_to(
    home: Page, mailbox: tuple[Mailbox, str]
) -> None:
    await home.get_by_role("button", name="Connect Ironclad").click()
    await fill(home)
    await form(home).get_by_role("radio", name="Authorization code").check()
    await expect(form(home)).to_contain_text("/ironclad/callback")
    await expect(form(home).get_by_label("Client ID")).to_have_value(DEMO_CLIENT_ID)
    await form(home).get_by_role("radio", name="Publish").check()
    await picture(home, "connect-code")
    await form(home).get_by_role("button", name="Continue").click()
    await expect(form(home)).to_contain_text("Published for review")
    await form(home).get_by_role("button", name="Close").last.click()
    assert mailbox[0].mails == [], "nothing to approve before the review"

    await act_as(home, "Priya Nair", "Lee Wong")
    await home.get_by_role("button", name="Slipway").first.click()
    await home.get_by_role("button", name="Review").first.click()
    review = home.get_by_role("dialog", name="Review a connection")
    await expect(review).to_contain_text("public.workflows.createWorkflows")
    await expect(review).not_to_contain_text(DEMO_CLIENT_SECRET)
    await review.get_by_text("Client ID").scroll_into_view_if_needed()
    await picture(home, "connect-review")
    await review.get_by_role("radio", name="Approve").check()
    await review.get_by_role("button", name="Decide").click()
    await expect(home.get_by_role("dialog")).to_contain_text("now gets the link")

    tab = await opened(home, await mailbox[0].link(), phone=True)
    await tab.get_by_role("button", name="Approve").click()
    await tab.get_by_role("button", name="Allow").click()  # on Ironclad's own page
    await expect(tab.get_by_role("heading", name="Ironclad is connected")).to_be_visible()
    assert await fits(tab)
