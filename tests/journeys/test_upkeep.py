"""Trying the mail, and deleting what is kept of a workspace."""

from __future__ import annotations

from sqlalchemy import func, select

from storage.models import Row
from storage.repositories.erasure import KEPT
from tests.journeys.steps import fill_and_submit, launch, open_form
from tests.journeys.test_administration import admin_at_home
from tests.journeys.test_defaults import audited
from tests.journeys.test_mail import Mailbox, mailbox, mailing
from tests.place import Place

__all__ = ["mailbox", "mailing"]
MAIL, DATA = "Send me a test mail", "See what is kept"


async def test_a_test_mail_arrives_or_says_why_not(mailing: Place, mailbox: Mailbox) -> None:
    admin = await admin_at_home(mailing)

    await admin.press(MAIL, "home")
    await admin.wait_for(
        lambda p: "The mail server took a mail to priya.nair@example.com" in p.screen(), timeout=20
    )
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Mail from Slipway works"
    assert mail["To"] == "priya.nair@example.com"

    mailbox.refuses = "554 not today"
    await admin.press("Try again")
    await admin.wait_for(lambda p: "The mail could not be sent" in p.screen(), timeout=20)
    assert "The mail server 127.0.0.1 refused it (554)." in admin.screen()
    assert [refusal.error for refusal in mailing.slack.traffic.refused] == []


async def test_without_a_mail_server_it_is_said_how_to_set_one(bare: Place) -> None:
    admin = await admin_at_home(bare)

    await admin.press(MAIL, "home")

    assert "No mail server is set" in admin.screen()
    assert "SLIPWAY_SMTP_URL" in admin.screen()


async def test_what_is_connected_is_not_deleted(place: Place) -> None:
    admin = await admin_at_home(place)

    await admin.press(DATA, "home")

    assert "Ironclad is still connected" in admin.screen()
    assert "Disconnect it first" in admin.screen()


async def rows_left(place: Place) -> dict[str, int]:
    """How many rows of anybody there are, by table."""
    found = {}
    async with place.app.database.transaction() as store:
        for table in Row.metadata.sorted_tables:
            found[table.name] = (
                await store.connection.execute(select(func.count()).select_from(table))
            ).scalar_one()
    return {name: count for name, count in found.items() if count}


async def test_everything_but_the_log_is_deleted_once_its_name_is_typed(place: Place) -> None:
    admin, dana = await admin_at_home(place), place.person("dana")
    await launch(dana)
    await place.idle()
    await dana.close()
    await open_form(dana)
    await admin.open_home()
    await admin.press("Manage", "home")
    await admin.press("Disconnect")
    await admin.close()

    await admin.press(DATA, "home")
    assert "1 · launches, with what was sent" in admin.screen()
    assert "contracts in Ironclad" in admin.screen()
    await admin.fill({"Type DELETE to confirm": "Harbour"})
    await admin.submit()
    assert "Nothing was deleted" in str(admin.errors())
    assert (await rows_left(place))["launches"] == 1
    await admin.fill({"Type DELETE to confirm": "delete"})
    await admin.submit()

    assert "Everything was deleted" in admin.screen()
    await place.idle()
    assert set(await rows_left(place)) - {"people"} <= KEPT, "Home asks Slack again who looks at it"
    ((before, _),) = await audited(place, "data.deleted")
    assert before["rows"]["launches"] == 1
    assert len(place.ironclad.workflows) == 1
    await fill_and_submit(dana)
    assert "This form is no longer open" in dana.screen()
    await dana.close()
    await dana.command("/contract")
    assert "not connected" in dana.screen()
