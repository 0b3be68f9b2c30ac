"""The whole journey in the page, against the product as `make demo` runs it; takes the README's pictures."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from tests.sandbox.product import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

PICTURES = ROOT / "docs" / "images"
PATIENCE_MS = 60_000  # only against hanging: a busy machine may take its time


@asynccontextmanager
async def sandbox(folder: Path, options: Sequence[str]) -> AsyncIterator[str]:
    """`python -m tests.sandbox` with these options; its address once it says so."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-u", "-m", "tests.sandbox", "--port", "0", "--folder", str(folder / "demo"), *options),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield await asyncio.wait_for(_address(process), 180)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        said, _ = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, said.decode()


@pytest_asyncio.fixture(loop_scope="session")
async def demo(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The sandbox with the test's own options."""
    async with sandbox(tmp_path, getattr(request, "param", [])) as address:
        yield address


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    said = ""
    async for line in process.stdout:
        said += line.decode()
        if found := re.search(r"Open (http\S+)", said):
            return found[1]
    raise AssertionError(f"The sandbox ended before it was ready:\n{said}")


@pytest_asyncio.fixture(loop_scope="session")
async def tab(chromium: Browser, demo: str) -> AsyncIterator[Page]:
    """A tab on the demo, opened by Dana; a script error fails the test."""
    context = await chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(demo)
    await page.get_by_role("heading", name="procurement").wait_for()
    yield page
    await context.close()
    assert problems == []


async def picture(page: Page, name: str) -> None:
    """Take a picture for the README where there is none: delete one to have it taken anew."""
    file = PICTURES / f"{name}.png"
    if not file.exists():
        await page.mouse.move(0, 0)
        await page.screenshot(path=file, animations="disabled")


async def command(page: Page, text: str) -> None:
    """Type a slash command into the channel's composer and send it."""
    composer = page.get_by_role("textbox", name="Message #procurement")
    await composer.fill(text)
    await composer.press("Enter")


async def choose(page: Page, box: Locator, option: str) -> None:
    """Open a select and click an option."""
    await box.click()
    await page.get_by_role("option", name=option).click()


async def fill_purchase(page: Page, amount: str) -> None:
    """Fill the required fields of *Simple Purchase*."""
    form = page.get_by_role("dialog", name="Simple Purchase")
    await form.get_by_label("Vendor", exact=True).fill("Lanternfish & Co")
    await form.get_by_label("What do you need, and why?").fill("Fifty laptops for the new office")
    await choose(page, form.get_by_role("combobox", name="Department"), "Engineering")
    await form.get_by_role("radio", name="Yes").check()
    await form.get_by_label("Amount (USD)").fill(amount)
    await form.get_by_label("Needed by").fill("2030-12-24")


async def test_from_the_command_to_the_workflow_on_the_other_side(tab: Page) -> None:
    await command(tab, "/contract")
    picker = tab.get_by_role("dialog", name="Launch a contract")
    await picker.get_by_role("combobox", name="Template").click()
    await expect(tab.get_by_role("option", name="Mutual NDA")).to_be_visible()
    await picture(tab, "template")
    await tab.get_by_role("option", name="Simple Purchase").click()
    await picker.get_by_role("button", name="Continue").click()

    # Above 10,000 Ironclad asks for a cost centre, which its template does not reveal beforehand.
    await fill_purchase(tab, "12000")
    await picture(tab, "form")
    await tab.get_by_role("dialog").get_by_role("button", name="Launch").click()
    again = tab.get_by_role("dialog").get_by_role("button", name="Edit and resubmit")
    await again.click()
    form = tab.get_by_role("dialog", name="Simple Purchase")
    await expect(form).to_contain_text("Lanternfish & Co")
    await form.get_by_label("Cost centre").fill("CC-1200")
    await form.get_by_role("button", name="Launch").click()
    await expect(tab.get_by_role("dialog").get_by_role("link", name="Open in Ironclad")).to_be_visible()
    await tab.get_by_role("dialog").get_by_role("button", name="Close").last.click()

    await tab.get_by_role("button", name="1 reply").click()
    thread = tab.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text(re.compile(r"Launched.*IC-\d+", re.DOTALL))
    await picture(tab, "thread")
    await expect(tab.locator(".mention.loud")).to_have_count(0)
    assert await tab.locator(".refused").count() == 0

    await tab.get_by_role("navigation", name="Sides").get_by_role("button", name="Ironclad").click()
    rows = tab.get_by_role("row").filter(has_text="Simple Purchase")
    await expect(rows).to_have_count(1)
    await rows.get_by_role("button", name=re.compile("^Simple Purchase with")).click()
    await expect(tab.get_by_role("complementary")).to_contain_text("CC-1200")
    await picture(tab, "ironclad")
    await rows.get_by_role("button", name="Approve").click()
    await expect(rows).to_contain_text("Sign")


@pytest.mark.parametrize("demo", [["--bare"]], indirect=True)
async def test_an_admin_starts_from_nothing(tab: Page) -> None:
    await command(tab, "/contract")
    await expect(tab.get_by_text("not connected", exact=False).first).to_be_visible()
    await tab.keyboard.press("Escape")
    await act_as(tab, "Dana Ruiz", "Priya Nair")
    await tab.get_by_role("button", name="Slipway").first.click()
    home = tab.get_by_role("tabpanel")
    await home.get_by_role("button", name="Connect Ironclad").click()
    await connect(tab, secret="not the secret")
    approval = await approve(tab)
    await expect(approval.get_by_text("did not accept the client ID and secret")).to_be_visible()
    await approval.close()

    await tab.get_by_role("button", name="Correct it").click()
    await expect(tab.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    await connect(tab, secret=DEMO_CLIENT_SECRET)
    approval = await approve(tab)
    await expect(approval.get_by_role("heading", name="Ironclad is connected")).to_be_visible()
    await approval.close()
    await tab.get_by_role("tab", name="Home").click()
    await choose(tab, home.get_by_role("combobox").first, "#procurement")
    await expect(home).to_contain_text("connected to Harbor Oak")
    await expect(home).not_to_contain_text("None chosen yet")
    await picture(tab, "home")

    await act_as(tab, "Priya Nair", "Dana Ruiz")
    await tab.get_by_role("button", name="procurement").first.click()
    await command(tab, "/contract")
    await expect(tab.get_by_role("dialog").get_by_role("combobox", name="Template")).to_be_visible()


async def act_as(page: Page, before: str, after: str) -> None:
    """Become somebody else."""
    await page.get_by_role("button", name=f"Acting as {before}").click()
    await page.get_by_role("menuitem", name=after).click()
    await page.get_by_role("button", name=f"Acting as {after}").wait_for()


async def connect(page: Page, *, secret: str) -> None:
    """Fill and submit the *Connect Ironclad* modal."""
    form = page.get_by_role("dialog", name="Connect Ironclad")
    await form.get_by_label("Client ID").fill(DEMO_CLIENT_ID)
    await form.get_by_label("Client secret").fill(secret)
    await choose(page, form.get_by_role("combobox", name="Datacenter region"), "Demo")
    await choose(page, form.get_by_role("combobox", name="Acting user"), "Priya Nair")
    await form.get_by_role("button", name="Continue").click()
    await expect(tab_dialog(page)).to_contain_text("One step is left")
    await tab_dialog(page).get_by_role("button", name="Close").last.click()


def tab_dialog(page: Page) -> Locator:
    """The modal that is open."""
    return page.get_by_role("dialog")


async def approve(page: Page) -> Page:
    """Open the link that came by direct message and approve; gives the browser tab it opened."""
    await page.get_by_role("tab", name="Messages").click()
    async with page.context.expect_page() as opening:
        await page.get_by_role("link", name="Open the approval page").last.click()
    approval = await opening.value
    await approval.get_by_role("button", name="Approve").click()
    return approval
