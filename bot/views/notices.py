"""What people are told about connections: direct messages, and the mail with an approval link."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape as html

from slack_sdk.models.blocks import Block

from bot import ids
from bot.blockkit import actions, button, escape, inline, section
from bot.usecases.notices import Letter, Notice
from bot.views.connections import name
from bot.views.message import Message, message, person
from ironclad import Region
from storage.records import Connection


def draw(notice: Notice) -> Message:
    """The message of a notice, as things stand now."""
    if notice.connection is None:
        return _said("This connection was removed or replaced, so nothing is left to do here.")
    return _BY_OCCASION[notice.occasion](notice, notice.connection)


def _said(text: str, *buttons: Block) -> Message:
    return message(text, [section(text), *buttons])


def _button(label: str, action: str, connection: Connection) -> Block:
    value = ids.ConnectionButton(connection=connection.id).pack()
    return actions(button(label, action, value), block_id="do")


def _link(notice: Notice, connection: Connection) -> Message:
    if not notice.url:
        return _said(f"{name(connection)}: the link that was here has been used or replaced.")
    text = (
        f"{name(connection)}: one step is left. Open the link and approve, then Slipway connects. "
        "It works once and for 30 minutes. If you did not ask for this, open it and press *Not me*."
    )
    open_it = button("Open the approval page", ids.OPEN_LINK, url=notice.url, style="primary")
    return _said(text, actions(open_it, block_id="do"))


def _verified(notice: Notice, connection: Connection) -> Message:
    return _said(f"{name(connection)} is connected. {inline(notice.text)}.")


def _failed(notice: Notice, connection: Connection) -> Message:
    text = f"{name(connection)} could not be connected. {escape(notice.text)}"
    if connection.state != "failed":
        return _said(text)
    return _said(text, _button("Correct it", ids.CHANGE_CONNECTION, connection))


def _review(notice: Notice, connection: Connection) -> Message:
    by = person(connection.created_by)
    if connection.state == "review":
        text = f"{by} asks for your review: {name(connection)}. The secret is not shown to you."
        return _said(text, _button("Review", ids.OPEN_REVIEW, connection))
    who = person(connection.reviewed_by or "")
    verdict = "returned" if connection.state == "returned" else "approved"
    return _said(f"{name(connection)}, published by {by}: {verdict} by {who}.")


def _reviewed(notice: Notice, connection: Connection) -> Message:
    who = person(connection.reviewed_by or "")
    if connection.state == "returned":
        text = f"{name(connection)}: {who} returned it. {escape(connection.problem or '')}"
        return _said(text, _button("Correct it", ids.CHANGE_CONNECTION, connection))
    return _said(f"{name(connection)}: {who} approved it. The link to verify it follows.")


def _broken(notice: Notice, connection: Connection) -> Message:
    if connection.broken_at is None:
        return _mended(notice, connection)
    text = f"{name(connection)} *needs you*. {escape(notice.text)} Nothing is lost."
    return _said(text, _button("Manage", ids.MANAGE_CONNECTION, connection))


def _mended(notice: Notice, connection: Connection) -> Message:
    return _said(f"{name(connection)} works again. What waited for it goes on by itself.")


def _signed_in(notice: Notice, connection: Connection) -> Message:
    return _said(
        f"{name(connection)}: you are signed in as {inline(notice.text)}. Contracts that you launch now "
        "carry your own name."
    )


def _signed_out(notice: Notice, connection: Connection) -> Message:
    text = f"{name(connection)}: {escape(notice.text)} Sign in again, and what waits goes on by itself."
    return _said(text, _button("Sign in", ids.SIGN_IN, connection))


_BY_OCCASION = {
    "link": _link,
    "verified": _verified,
    "failed": _failed,
    "review": _review,
    "reviewed": _reviewed,
    "broken": _broken,
    "mended": _mended,
    "signed_in": _signed_in,
    "signed_out": _signed_out,
}


@dataclass(frozen=True)
class Mail:
    """A mail in both of its forms."""

    subject: str
    text: str
    html: str


def mail(letter: Letter) -> Mail:
    """The mail that brings an approval link."""
    region = Region(letter.connection.region).label
    demo = "This is Ironclad's DEMO environment, not production.\n\n" if letter.connection.demo else ""
    subject = "Approve the connection of Slack to Ironclad"
    text = (
        f"Hello {letter.name},\n\n"
        f"you asked Slipway to connect your Slack workspace to Ironclad ({region}). Open this page to see "
        f"what is granted, and approve it there:\n\n{letter.url}\n\n{demo}"
        "The link works once and for 30 minutes. If you did not ask for this, open it and press Not me.\n\n"
        "Slipway\n"
    )
    marked = '<p style="color:#8a3b12"><strong>Ironclad\'s DEMO environment, not production.</strong></p>'
    body = (
        '<!doctype html><html lang="en"><body style="font:16px/1.5 sans-serif;color:#1d2733">'
        f"<p>Hello {html(letter.name)},</p><p>you asked Slipway to connect your Slack workspace to Ironclad "
        f"({html(region)}). Open the page to see what is granted, and approve it there.</p>"
        f"{marked if letter.connection.demo else ''}"
        f'<p><a href="{html(letter.url)}" style="display:inline-block;padding:12px 22px;border-radius:8px;'
        'background:#1f6f54;color:#ffffff;text-decoration:none;font-weight:600">Open the approval page</a>'
        "</p>"
        "<p>The link works once and for 30 minutes. If you did not ask for this, open it and press "
        "<em>Not me</em>.</p><p>Slipway</p></body></html>"
    )
    return Mail(subject, text, body)


def test_mail(name: str) -> Mail:
    """A mail that says that mail works."""
    told = "this is the test mail that you asked Slipway for. Approval links for Ironclad come this way, too."
    body = (
        '<!doctype html><html lang="en"><body style="font:16px/1.5 sans-serif;color:#1d2733">'
        f"<p>Hello {html(name)},</p><p>{told}</p><p>Slipway</p></body></html>"
    )
    return Mail("Mail from Slipway works", f"Hello {name},\n\n{told}\n\nSlipway\n", body)
