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
from bot.usecases.auditing import AuditPage
from bot.views.message import moment, person
from storage.records import AuditEntry

CHANGES = 6  # lines of one entry
PERIODS = (("", "Any time"), ("1", "Last 24 hours"), ("7", "Last 7 days"), ("30", "Last 30 days"))
_DONE = {
    "admins.set": "changed the admins",
    "api_key.made": "made an API key",
    "api_key.revoked": "revoked an API key",
    "approvals.changed": "changed the approvals",
    "app.installed": "installed Slipway",
    "app.removed": "reported that Slipway was removed",
    "channel.set": "set the procurement channel",
    "connection.connected": "connected Ironclad",
    "category_channels.set": "changed the channels of categories",
    "connection.approved": "approved a connection",
    "connection.declined": "said *Not me* to a link for Ironclad",
    "connection.disconnected": "disconnected Ironclad",
    "connection.published": "published a connection for review",
    "connection.put_in_use": "put another connection in use",
    "connection.reconnected": "reconnected Ironclad",
    "connection.returned": "returned a connection",
    "connection.saved": "saved a connection",
    "connection.secret_replaced": "replaced the secret of Ironclad",
    "connection.signed_in": "signed in to Ironclad",
    "connection.signed_out": "signed out of Ironclad",
    "data.deleted": "deleted the data of this workspace",
    "defaults.set": "changed the defaults",
    "identity.forgotten": "unlinked somebody from Ironclad",
    "identity.linked": "said who somebody is in Ironclad",
    "language.set": "set the language of cards",
    "mapping.saved": "changed a mapping",
    "offers.set": "changed to whom a template is offered",
    "reminders.changed": "changed the reminders",
    "request_form.changed": "changed the form of requests",
    "webhook.enabled": "switched the webhook on",
    "webhook.removed": "removed the webhook",
    "webhook.set": "set the webhook",
}
_WAYS = {"cli": "command line", "api": "API", "ironclad": "Ironclad", "web": "web page", "system": "Slipway"}
_SLACK_ID = re.compile(r"[UWCG][A-Z0-9]{7,}")


def log(page: AuditPage, state: ids.AuditState, *, notice: str = "") -> Screen:
    """The modal with filters, entries and the ways to others."""
    blocks: list[Block] = [alert(notice, "success")] if notice else []
    blocks.append(_filters(page.topics, state))
    blocks += [_entry(entry) for entry in page.entries]
    if not page.entries:
        filtered = state.topic or state.person or state.days
        blocks.append(section("Nothing matches these filters." if filtered else "Nothing was changed yet."))
    turning = []
    if state.trail:
        turning.append(button("Newer", ids.AUDIT_NEWER))
    if page.older and page.entries:
        turning.append(button("Older", ids.AUDIT_OLDER, str(page.entries[-1].n)))
    if turning:
        blocks.append(actions(*turning, block_id="audit.turn"))
    export = [button("Export as CSV", ids.AUDIT_CSV), button("Export as JSON lines", ids.AUDIT_JSONL)]
    blocks += [
        actions(*export, block_id="audit.export"),
        context(
            "An export has every entry that passes the filters. Entries are chained: `slipway audit verify` "
            "shows whether one was altered or removed."
        ),
    ]
    return modal("Audit log", blocks, private_metadata=state.pack())


def _filters(topics: Sequence[str], state: ids.AuditState) -> Block:
    shown = [("", "Everything"), *((topic, topic.capitalize()) for topic in topics[:90])]
    who = UserSelectElement(
        action_id=ids.AUDIT_PERSON, placeholder=plain("Anybody"), initial_user=state.person or None
    )
    chosen: list[InteractiveElement] = [
        _select(ids.AUDIT_TOPIC, shown, state.topic),
        who,
        _select(ids.AUDIT_PERIOD, PERIODS, state.days),
    ]
    if state.person:
        chosen.append(button("Anybody", ids.AUDIT_ANYBODY))
    # Another filter makes other blocks: Slack would keep what was picked before in the same ones.
    return ActionsBlock(block_id=f"audit.{state.topic}.{state.person}.{state.days}", elements=chosen)


def _select(action_id: str, choices: Sequence[tuple[str, str]], current: str) -> StaticSelectElement:
    options = [Option(value=value or "-", text=plain(text, 75)) for value, text in choices]
    picked = next((option for option in options if option.value == (current or "-")), options[0])
    return StaticSelectElement(action_id=action_id, options=options, initial_option=picked)


def _entry(entry: AuditEntry) -> Block:
    done = _DONE.get(entry.action, f"`{inline(entry.action, 80)}`")
    way = f" · {_WAYS[entry.origin]}" if entry.origin in _WAYS else ""
    lines = [
        f"*{entry.n}* · {person(entry.actor)} {done} · {inline(entry.subject, 150)}",
        f"{moment(entry.at)}{way}",
        *_changes(entry),
    ]
    return section("\n".join(lines))


def _changes(entry: AuditEntry) -> list[str]:
    before, after = entry.before or {}, entry.after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    lines = [
        f"• {inline(name, 60)}: {_value(before.get(name))} → {_value(after.get(name))}"
        for name in names[:CHANGES]
    ]
    if len(names) > CHANGES:
        lines.append(f"• … and {len(names) - CHANGES} more")
    return lines


def _value(value: Any) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value[:5]) + (" …" if len(value) > 5 else "")
    if isinstance(value, str) and _SLACK_ID.fullmatch(value):
        return f"<#{value}>" if value[0] in "CG" else person(value)
    return inline(str(value), 150) or escape("“”")
