"""The audit log, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InteractiveElement,
    Option,
    StaticSelectElement,
    UserSelectElement,
)

from bot import ids
from bot.blockkit import Screen, actions, alert, button, context, escape, inline, modal, plain, section
from bot.texts import Texts, phrase
from bot.usecases.auditing import AuditPage
from bot.views.message import moment, person
from storage.records import AuditEntry

CHANGES = 6  # lines of one entry
PERIODS = (
    ("", phrase("Any time")),
    ("1", phrase("Last 24 hours")),
    ("7", phrase("Last 7 days")),
    ("30", phrase("Last 30 days")),
)
_DONE = {
    "admins.set": phrase("changed the admins"),
    "api_key.made": phrase("made an API key"),
    "api_key.revoked": phrase("revoked an API key"),
    "approvals.changed": phrase("changed the approvals"),
    "app.installed": phrase("installed Slipway"),
    "app.removed": phrase("reported that Slipway was removed"),
    "channel.set": phrase("set the procurement channel"),
    "connection.connected": phrase("connected Ironclad"),
    "category_channels.set": phrase("changed the channels of categories"),
    "connection.approved": phrase("approved a connection"),
    "connection.declined": phrase("said *Not me* to a link for Ironclad"),
    "connection.disconnected": phrase("disconnected Ironclad"),
    "connection.published": phrase("published a connection for review"),
    "connection.put_in_use": phrase("put another connection in use"),
    "connection.reconnected": phrase("reconnected Ironclad"),
    "connection.returned": phrase("returned a connection"),
    "connection.saved": phrase("saved a connection"),
    "connection.secret_replaced": phrase("replaced the secret of Ironclad"),
    "connection.signed_in": phrase("signed in to Ironclad"),
    "connection.signed_out": phrase("signed out of Ironclad"),
    "data.deleted": phrase("deleted the data of this workspace"),
    "defaults.set": phrase("changed the defaults"),
    "identity.forgotten": phrase("unlinked somebody from Ironclad"),
    "identity.linked": phrase("said who somebody is in Ironclad"),
    "language.set": phrase("set the language of cards"),
    "mapping.saved": phrase("changed a mapping"),
    "offers.set": phrase("changed to whom a template is offered"),
    "reminders.changed": phrase("changed the reminders"),
    "request_form.changed": phrase("changed the form of requests"),
    "webhook.enabled": phrase("switched the webhook on"),
    "webhook.removed": phrase("removed the webhook"),
    "webhook.set": phrase("set the webhook"),
}
_WAYS = {
    "cli": phrase("command line"),
    "api": "API",
    "ironclad": "Ironclad",
    "web": phrase("web page"),
    "system": "Slipway",
}
_SLACK_ID = re.compile(r"[UWCG][A-Z0-9]{7,}")


def log(page: AuditPage, state: ids.AuditState, texts: Texts, *, notice: str = "") -> Screen:
    """The modal with filters, entries and the ways to others."""
    blocks: list[Block] = [alert(notice, "success")] if notice else []
    blocks.append(_filters(page.topics, state, texts))
    blocks += [_entry(entry, texts) for entry in page.entries]
    if not page.entries:
        filtered = state.topic or state.person or state.days
        nothing = texts.say("Nothing was changed yet.")
        blocks.append(section(texts.say("Nothing matches these filters.") if filtered else nothing))
    turning = []
    if state.trail:
        turning.append(button(texts.say("Newer"), ids.AUDIT_NEWER))
    if page.older and page.entries:
        turning.append(button(texts.say("Older"), ids.AUDIT_OLDER, str(page.entries[-1].n)))
    if turning:
        blocks.append(actions(*turning, block_id="audit.turn"))
    export = [
        button(texts.say("Export as CSV"), ids.AUDIT_CSV),
        button(texts.say("Export as JSON lines"), ids.AUDIT_JSONL),
    ]
    chained = texts.say(
        "An export has every entry that passes the filters. Entries are chained: `{command}` shows whether "
        "one was altered or removed.",
        command="slipway audit verify",
    )
    blocks += [actions(*export, block_id="audit.export"), context(chained)]
    title, close = texts.say("Audit log"), texts.say("Close")
    return modal(title, blocks, close=close, private_metadata=state.pack())


def _filters(topics: Sequence[str], state: ids.AuditState, texts: Texts) -> Block:
    # Topics are the words of the log and of its exports: the same in every language.
    shown = [("", texts.say("Everything")), *((topic, topic.capitalize()) for topic in topics[:90])]
    anybody = texts.say("Anybody")
    who = UserSelectElement(
        action_id=ids.AUDIT_PERSON, placeholder=plain(anybody), initial_user=state.person or None
    )
    chosen: list[InteractiveElement] = [
        _select(ids.AUDIT_TOPIC, shown, state.topic),
        who,
        _select(ids.AUDIT_PERIOD, [(days, texts.of(told)) for days, told in PERIODS], state.days),
    ]
    if state.person:
        chosen.append(button(anybody, ids.AUDIT_ANYBODY))
    # Another filter makes other blocks: Slack would keep what was picked before in the same ones.
    return ActionsBlock(block_id=f"audit.{state.topic}.{state.person}.{state.days}", elements=chosen)


def _select(action_id: str, choices: Sequence[tuple[str, str]], current: str) -> StaticSelectElement:
    options = [Option(value=value or "-", text=plain(text, 75)) for value, text in choices]
    picked = next((option for option in options if option.value == (current or "-")), options[0])
    return StaticSelectElement(action_id=action_id, options=options, initial_option=picked)


def _entry(entry: AuditEntry, texts: Texts) -> Block:
    known = _DONE.get(entry.action)
    done = texts.of(known) if known else f"`{inline(entry.action, 80)}`"
    way = f" · {texts.of(_WAYS[entry.origin])}" if entry.origin in _WAYS else ""
    lines = [
        f"*{entry.n}* · {person(entry.actor)} {done} · {inline(entry.subject, 150)}",
        f"{moment(entry.at, texts)}{way}",
        *_changes(entry, texts),
    ]
    return section("\n".join(lines))


def _changes(entry: AuditEntry, texts: Texts) -> list[str]:
    before, after = entry.before or {}, entry.after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    lines = [
        f"• {inline(name, 60)}: {_value(before.get(name))} → {_value(after.get(name))}"
        for name in names[:CHANGES]
    ]
    if len(names) > CHANGES:
        more = texts.count("and {n} more", "and {n} more", len(names) - CHANGES)
        lines.append(f"• … {more}")
    return lines


def _value(value: Any) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value[:5]) + (" …" if len(value) > 5 else "")
    if isinstance(value, str) and _SLACK_ID.fullmatch(value):
        return f"<#{value}>" if value[0] in "CG" else person(value)
    return inline(str(value), 150) or escape("“”")
