"""The approval link by mail, read from a real SMTP server."""

from __future__ import annotations

import email
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from bot.settings import Settings
from tests.journeys.browsing import LINK, Browser
from tests.journeys.connecting import SECRET, at_home, registered, save
from tests.place import Blank, Place, logging_to_text, opened
from tests.sandbox.serving import free_port


class Mailbox:
    """What the mail server took; `refuses` makes it answer with that instead."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        if self.refuses:
            return self.refuses
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 taken"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def mailing(blank: Blank, tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[Place]:
    """Slipway with a mail server."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(28000))
    controller.start()
    try:
        url = f"smtp://127.0.0.1:{controller.port}"
        sender = "Slipway <slipway@example.com>"
        async with opened(blank, tmp_path, smtp_url=url, mail_from=sender) as place:
            registered(place, secret=SECRET)
            yield place
    finally:
        controller.stop()


async def test_the_link_comes_by_mail_and_works(mailing: Place, mailbox: Mailbox) -> None:
    admin = await at_home(mailing, "priya")
    with logging_to_text(mailing.settings.secrets) as logged:
        in_slack = await save(mailing, admin)
        await mailing.idle()

    (mail,) = mailbox.mails
    assert mail["To"] == "priya.nair@example.com"
    assert mail["From"] == "Slipway <slipway@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    (link,) = LINK.findall(plain.get_content())
    assert link == in_slack
    assert link in html.get_content()
    assert "DEMO" in plain.get_content()
    assert "DEMO" in html.get_content()
    assert SECRET not in mail.as_string()
    # The mail server of this test logs through the same root; what it says is not ours.
    ours = [line for line in logged.getvalue().splitlines() if '"logger": "mail' not in line]
    assert "connect/v1." not in "".join(ours)
    assert "Ironclad is connected" in await Browser(mailing).press("approve", link)


async def test_a_mail_server_that_refuses_is_said_and_slack_has_the_link(
    mailing: Place, mailbox: Mailbox
) -> None:
    mailbox.refuses = "554 no thanks"
    admin = await at_home(mailing, "priya")

    link = await save(mailing, admin)
    await mailing.idle()
    async with mailing.app.database.reading() as store:
        (waiting,) = await store.connections.all(mailing.team)

    assert waiting.problem is not None
    assert "refused it (554). Use the one in Slack" in waiting.problem
    assert "Ironclad is connected" in await Browser(mailing).press("approve", link)


def test_a_mail_server_needs_a_sender() -> None:
    settings = Settings(_env_file=None, smtp_url="smtp://mail.example.com")

    assert "SLIPWAY_MAIL_FROM" in " ".join(str(problem) for problem in settings.missing_to_serve())
    with pytest.raises(ValueError, match="must look like smtp"):
        Settings(_env_file=None, smtp_url="mail.example.com")
