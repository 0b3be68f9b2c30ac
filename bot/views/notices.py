"""What people are told about connections: direct messages, and the mail with an approval link."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape as html

from slack_sdk.models.blocks import Block

from bot import ids
from bot.blockkit import actions, button, escape, inline, section
from bot.texts import Texts
from bot.usecases.notices import Letter, Notice
from bot.views.connections import name
from bot.views.message import Message, message, person
from ironclad import Region
from storage.records import Connection


def draw(notice: Notice, texts: Texts) -> Message:
    """The message of a notice, as things stand now."""
    if notice.connection is None:
        gone = texts.say("This connection was removed or replaced, so nothing is left to do here.")
        return _said(gone)
    return _BY_OCCASION[notice.occasion](notice, notice.connection, texts)


def _said(text: str, *buttons: Block) -> Message:
    return message(text, [section(text), *buttons])


def _button(label: str, action: str, connection: Connection) -> Block:
    value = ids.ConnectionButton(connection=connection.id).pack()
    return actions(button(label, action, value), block_id="do")


def _link(notice: Notice, connection: Connection, texts: Texts) -> Message:
    called = name(connection, texts)
    if not notice.url:
        used = texts.say("{connection}: the link that was here has been used or replaced.", connection=called)
        return _said(used)
    text = texts.say(
        "{connection}: one step is left. Open the link and approve, then Slipway connects. It works once and "
        "for 30 minutes. If you did not ask for this, open it and press *Not me*.",
        connection=called,
    )
    label = texts.say("Open the approval page")
    open_it = button(label, ids.OPEN_LINK, url=notice.url, style="primary")
    return _said(text, actions(open_it, block_id="do"))


def _verified(notice: Notice, connection: Connection, texts: Texts) -> Message:
    told = inline(texts.of(notice.text))
    return _said(
        texts.say("{connection} is connected. {told}.", connection=name(connection, texts), told=told)
    )


def _failed(notice: Notice, connection: Connection, texts: Texts) -> Message:
    why = escape(texts.of(notice.text))
    text = texts.say(
        "{connection} could not be connected. {why}", connection=name(connection, texts), why=why
    )
    if connection.state != "failed":
        return _said(text)
    return _said(text, _button(texts.say("Correct it"), ids.CHANGE_CONNECTION, connection))


def _review(notice: Notice, connection: Connection, texts: Texts) -> Message:
    by, called = person(connection.created_by), name(connection, texts)
    if connection.state == "review":
        text = texts.say(
            "{person} asks for your review: {connection}. The secret is not shown to you.",
            person=by,
            connection=called,
        )
        return _said(text, _button(texts.say("Review"), ids.OPEN_REVIEW, connection))
    places = {"connection": called, "person": by, "reviewer": person(connection.reviewed_by or "")}
    if connection.state == "returned":
        return _said(texts.say("{connection}, published by {person}: returned by {reviewer}.", **places))
    return _said(texts.say("{connection}, published by {person}: approved by {reviewer}.", **places))


def _reviewed(notice: Notice, connection: Connection, texts: Texts) -> Message:
    who, called = person(connection.reviewed_by or ""), name(connection, texts)
    if connection.state == "returned":
        text = texts.say(
            "{connection}: {person} returned it. {why}",
            connection=called,
            person=who,
            why=escape(texts.of(connection.problem or "")),
        )
        return _said(text, _button(texts.say("Correct it"), ids.CHANGE_CONNECTION, connection))
    return _said(
        texts.say(
            "{connection}: {person} approved it. The link to verify it follows.",
            connection=called,
            person=who,
        )
    )


def _broken(notice: Notice, connection: Connection, texts: Texts) -> Message:
    if connection.broken_at is None:
        return _mended(notice, connection, texts)
    text = texts.say(
        "{connection} *needs you*. {why} Nothing is lost.",
        connection=name(connection, texts),
        why=escape(texts.of(notice.text)),
    )
    return _said(text, _button(texts.say("Manage"), ids.MANAGE_CONNECTION, connection))


def _mended(notice: Notice, connection: Connection, texts: Texts) -> Message:
    return _said(
        texts.say(
            "{connection} works again. What waited for it goes on by itself.",
            connection=name(connection, texts),
        )
    )


def _signed_in(notice: Notice, connection: Connection, texts: Texts) -> Message:
    return _said(
        texts.say(
            "{connection}: you are signed in as {account}. Contracts that you launch now carry your own "
            "name.",
            connection=name(connection, texts),
            account=inline(notice.text),
        )
    )


def _signed_out(notice: Notice, connection: Connection, texts: Texts) -> Message:
    text = texts.say(
        "{connection}: {why} Sign in again, and what waits goes on by itself.",
        connection=name(connection, texts),
        why=escape(texts.of(notice.text)),
    )
    return _said(text, _button(texts.say("Sign in"), ids.SIGN_IN, connection))


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
