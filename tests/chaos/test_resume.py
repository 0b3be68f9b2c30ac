"""A form is left, its process is killed: another process gives it back with everything that was typed."""

from __future__ import annotations

import pytest

from tests.cli.town import Town
from tests.journeys.test_drafts import to_page_three
from tests.journeys.test_long_form import thirty
from tests.place import Blank
from tests.sandbox.slack.person import Person

pytestmark = pytest.mark.chaos


async def offered(person: Person) -> None:
    """`/contract` once, until the templates have been fetched."""
    await person.command("/contract")
    await person.wait_for(lambda p: "Template" in p.screen() and "Loading" not in p.screen(), timeout=60)
    await person.close()


@pytest.mark.timeout(300)  # only against hanging: a busy machine may take its time
async def test_a_form_closed_on_page_three_survives_a_kill(furnished: Town, blank: Blank) -> None:
    furnished.ironclad.add_template(thirty())
    furnished.database(blank)
    await furnished.connect()
    dana = furnished.person("dana")
    async with furnished.terminal.serving() as server:
        await server.ready(furnished.url)
        await offered(dana)
        typed = await to_page_three(dana)
        await dana.close()
        await server.kill()

    async with furnished.terminal.serving() as server:
        await server.ready(furnished.url)
        # Closing was answered, so the message about it was promised: whichever process sends it.
        await dana.wait_for(
            lambda p: any("You closed *Thirty questions" in said for said in p.dm()), timeout=60
        )
        await dana.command("/contract resume")
        assert "Thirty questions · about Vendor" in dana.screen()
        await dana.press("Resume", "modal")
        assert "Page 3 of 4" in dana.screen()
        await dana.submit()
        await dana.submit()
        for label, value in typed.items():
            assert f"*{label}:* {value}" in dana.screen()
        await dana.submit()
        await dana.wait_for(lambda p: "Open in Ironclad" in p.screen(), timeout=60)

    (workflow,) = furnished.ironclad.workflows
    assert workflow.attributes["counterpartyName"] == typed["Vendor"]
