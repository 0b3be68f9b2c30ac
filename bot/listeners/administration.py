"""What admins do on Home besides connecting: the audit log, and who is an admin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.blockkit import Screen
from bot.listeners.language import texts_of
from bot.listeners.payload import Body, element_of, in_modal, pressed, state_in, view_of, who
from bot.slack.api import SlackApi
from bot.texts import Texts
from bot.usecases.admins import Admins
from bot.usecases.auditing import Auditing
from bot.usecases.ports import Homes
from bot.views import admins as admin_views
from bot.views import audit as audit_views
from storage import AuditFilter

LONGEST_TRAIL = 200  # pages back; their numbers travel with the modal


async def open_audit(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, api: SlackApi, auditing: Auditing
) -> None:
    """*Audit log* on Home."""
    team, user = who(context)
    view = await _drawn(auditing, team, user, ids.AuditState(), texts_of(context))
    await api.open_view(team, str(body["trigger_id"]), view)
    await ack()


async def change_audit(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, api: SlackApi, auditing: Auditing
) -> None:
    """Another filter or another page of the audit log."""
    team, user = who(context)
    state = state_in(body, ids.AuditState)
    view = await _drawn(auditing, team, user, _changed(state, pressed(body)), texts_of(context))
    await api.update_view(team, in_modal(body), view)
    await ack()


async def export_audit(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, api: SlackApi, auditing: Auditing
) -> None:
    """*Export*: what passes the filters comes as a file in a direct message."""
    team, user = who(context)
    state = state_in(body, ids.AuditState)
    form = "csv" if pressed(body).get("action_id") == ids.AUDIT_CSV else "jsonl"
    await auditing.export(team, user, _wanted(state), form)
    texts = texts_of(context)
    told = texts.say("The file comes as a direct message from Slipway.")
    view = await _drawn(auditing, team, user, state, texts, notice=told)
    await api.update_view(team, in_modal(body), view)
    await ack()


def _changed(state: ids.AuditState, element: Body) -> ids.AuditState:
    action = element.get("action_id")
    if action == ids.AUDIT_OLDER:
        n = str(element.get("value") or "")
        trail = (*state.trail, int(n)) if n.isascii() and n.isdigit() and len(n) < 10 else state.trail
        return state.model_copy(update={"trail": trail[-LONGEST_TRAIL:]})
    if action == ids.AUDIT_NEWER:
        return state.model_copy(update={"trail": state.trail[:-1]})
    picked: Any = element.get("selected_option") or {}
    value = str(picked.get("value") or "").removeprefix("-")[:64]
    changes: dict[Any, dict[str, str]] = {
        ids.AUDIT_TOPIC: {"topic": value},
        ids.AUDIT_PERIOD: {"days": value if value.isdigit() else ""},
        ids.AUDIT_PERSON: {"person": str(element.get("selected_user") or "")[:64]},
        ids.AUDIT_ANYBODY: {"person": ""},
    }
    return state.model_copy(update={**changes.get(action, {}), "trail": ()})


def _wanted(state: ids.AuditState) -> AuditFilter:
    since = datetime.now(UTC) - timedelta(days=int(state.days)) if state.days else None
    return AuditFilter(actor=state.person, action=state.topic, since=since)


async def _drawn(
    auditing: Auditing, team: str, user: str, state: ids.AuditState, texts: Texts, *, notice: str = ""
) -> Screen:
    before = state.trail[-1] if state.trail else None
    page = await auditing.page(team, user, _wanted(state), before_n=before)
    return audit_views.log(page, state, texts, notice=notice)


async def open_admins(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, api: SlackApi, admins: Admins
) -> None:
    """*Admins* on Home."""
    team, user = who(context)
    view = admin_views.name_admins(await admins.named(team, user), texts_of(context))
    await api.open_view(team, str(body["trigger_id"]), view)
    await ack()


async def name_admins(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, admins: Admins, homes: Homes
) -> None:
    """The admins were named."""
    team, user = who(context)
    named = element_of(view_of(body), ids.ADMINS_BLOCK).get("selected_users")
    await admins.name(team, user, [str(one) for one in named or ()])
    await homes.publish(team, user)
    await ack()
