"""Reminders and being away: snoozing, the rules, one's own absence."""

from __future__ import annotations

from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.language import texts_of, told
from bot.listeners.payload import Body, element_of, text_in, view_of, who
from bot.listeners.requests import Desk
from bot.usecases.absences import Absences
from bot.usecases.calendar import Reminders
from bot.usecases.errors import Refusal
from bot.usecases.nudging import Nudging
from bot.usecases.policies import Policies
from bot.usecases.ports import Homes
from bot.views import reminders as views

_NUMBERS = {
    "first_hours": ids.FIRST_BLOCK,
    "at_most": ids.MOST_BLOCK,
    "start": ids.START_BLOCK,
    "end": ids.END_BLOCK,
    "digest_hour": ids.DIGEST_BLOCK,
    "escalate_days": ids.ESCALATE_DAYS_BLOCK,
}


async def snooze(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, nudging: Nudging
) -> None:
    """*Remind me on the next working day*."""
    team, user = who(context)
    count = await nudging.snooze(team, user)
    await desk.api.whisper(team, context.channel_id or user, user, views.snoozed(count, texts_of(context)))
    await ack()


async def open_rules(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, policies: Policies
) -> None:
    """*Change* beside *Reminders* on Home."""
    team, user = who(context)
    await desk.show(team, body, views.settings(await policies.reminders(team, user), texts_of(context)))
    await ack()


async def save_rules(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, policies: Policies, homes: Homes
) -> None:
    """The rules of reminding were changed."""
    (team, user), view = who(context), view_of(body)
    numbers = {name: int(text_in(view, block) or 0) for name, block in _NUMBERS.items()}
    if numbers["end"] <= numbers["start"]:
        await ack(
            response_action="errors",
            errors={ids.END_BLOCK: texts_of(context).say("This is not after the beginning.")},
        )
        return
    days = [int(one["value"]) for one in element_of(view, ids.DAYS_BLOCK).get("selected_options") or []]
    changed: dict[str, Any] = {
        **numbers,
        "on": bool(element_of(view, ids.OPTIONS_BLOCK).get("selected_options")),
        "days": sorted(days),
        "escalate_to": str(element_of(view, ids.ESCALATE_BLOCK).get("selected_user") or ""),
    }
    await policies.save_reminders(team, user, Reminders.model_validate(changed))
    await homes.publish(team, user)
    await ack()


async def open_away(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, absences: Absences
) -> None:
    """*I am away…* on Home."""
    team, user = who(context)
    await desk.show(team, body, views.away(await absences.mine(team, user), texts_of(context)))
    await ack()


async def leave(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, absences: Absences, homes: Homes
) -> None:
    """Somebody will be away."""
    (team, user), view = who(context), view_of(body)
    delegate = str(element_of(view, ids.PERSON_BLOCK).get("selected_user") or "")
    try:
        await absences.leave(team, user, _day(view, ids.SINCE_BLOCK), _day(view, ids.UNTIL_BLOCK), delegate)
    except Refusal as refusal:
        block = ids.PERSON_BLOCK if delegate == user else ids.UNTIL_BLOCK
        await ack(response_action="errors", errors={block: told(refusal, texts_of(context))})
        return
    await homes.publish(team, user)
    await ack()


async def back(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, absences: Absences, homes: Homes
) -> None:
    """*I am back*."""
    team, user = who(context)
    await absences.back(team, user)
    await homes.publish(team, user)
    await desk.show(team, body, views.away(None, texts_of(context)))
    await ack()


def _day(view: Any, block: str) -> date:
    return date.fromisoformat(str(element_of(view, block).get("selected_date")))
