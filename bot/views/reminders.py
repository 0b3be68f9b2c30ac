"""What somebody whose turn it is hears again, and the window in which admins decide when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    InputBlock,
    NumberInputElement,
    Option,
    StaticMultiSelectElement,
    UserSelectElement,
)

from bot import ids
from bot.blockkit import Screen, actions, button, context, modal, plain, section
from bot.texts import Texts
from bot.usecases.calendar import Reminders
from bot.usecases.courses import Picture
from bot.views import lists
from bot.views.inputs import asked
from bot.views.message import Message, message, moment, person
from storage import Absence


def reminder(shown: Sequence[Picture], texts: Texts, *, late: str, link: str | None) -> Message:
    """One message about everything that waits."""
    if late:
        lead = texts.say("{person} has not acted on this yet. An admin can reassign it.", person=person(late))
    else:
        lead = texts.count("This still waits for you.", "{n} things wait for you.", len(shown))
    blocks: list[Block] = [section(lead)]
    for one in shown:
        value = ids.RequestButton(request=one.request.id).pack()
        details = button(texts.say("Details"), ids.REVIEW, value)
        blocks.append(section(lists.line(one, texts), accessory=details))
    if link:
        blocks.append(context(f"<{link}|{texts.say('Open the thread')}>"))
    if not late:
        snooze = button(texts.say("Remind me on the next working day"), ids.SNOOZE)
        blocks.append(actions(snooze, block_id="snooze"))
    return message(f"{lead} {', '.join(one.request.label for one in shown)}", blocks)


def snoozed(count: int, texts: Texts) -> Message:
    """Answer to *Remind me on the next working day*."""
    text = texts.count(
        "You are reminded on the next working day. {n} thing waits.",
        "You are reminded on the next working day. {n} things wait.",
        count,
    )
    return message(text, [section(text)])


def summary(rules: Reminders, texts: Texts) -> str:
    """The rules in one line, for Home."""
    if not rules.on:
        return texts.say("Nobody is reminded.")
    parts = [
        texts.say(
            "First after {hours} h, then more seldom, {most} at most",
            hours=texts.number(rules.first_hours),
            most=texts.number(rules.at_most),
        ),
        texts.say("{start}:00 to {end}:00 where people are", start=rules.start, end=rules.end),
    ]
    if rules.escalate_to:
        told = texts.count(
            "{person} hears after {n} day",
            "{person} hears after {n} days",
            rules.escalate_days,
            person=person(rules.escalate_to),
        )
        parts.append(told)
    return " · ".join(parts)


def settings(rules: Reminders, texts: Texts) -> Screen:
    """When people are reminded."""
    on = Option(text=plain(texts.say("Remind people whose turn it is")), value="on")
    switch = CheckboxesElement(
        action_id=ids.CONNECT_INPUT, options=[on], initial_options=[on] if rules.on else None
    )
    whom = UserSelectElement(
        action_id=ids.CONNECT_INPUT,
        placeholder=plain(texts.say("Nobody")),
        initial_user=rules.escalate_to or None,
    )
    digest = texts.say("Hour of the daily message when several wait")
    return modal(
        texts.say("Reminders"),
        [
            asked(ids.OPTIONS_BLOCK, texts.say("Reminders"), switch),
            _number(ids.FIRST_BLOCK, texts.say("First after so many hours"), rules.first_hours, 1, 336),
            _number(ids.MOST_BLOCK, texts.say("At most"), rules.at_most, 0, 50),
            _number(ids.START_BLOCK, texts.say("Working hours from"), rules.start, 0, 23),
            _number(ids.END_BLOCK, texts.say("to"), rules.end, 1, 24),
            asked(ids.DAYS_BLOCK, texts.say("Working days"), _days(rules, texts), optional=False),
            _number(ids.DIGEST_BLOCK, digest, rules.digest_hour, 0, 23),
            asked(ids.ESCALATE_BLOCK, texts.say("Who hears when somebody does not act"), whom),
            _number(ids.ESCALATE_DAYS_BLOCK, texts.say("After so many days"), rules.escalate_days, 1, 60),
            context(texts.say("All hours are those of the person's own time zone.")),
        ],
        callback_id=ids.REMINDERS_FORM,
        submit=texts.say("Save"),
        close=texts.say("Cancel"),
    )


def _days(rules: Reminders, texts: Texts) -> StaticMultiSelectElement:
    days = [Option(text=plain(texts.weekday(n)), value=str(n)) for n in range(7)]
    return StaticMultiSelectElement(
        action_id=ids.CONNECT_INPUT,
        options=days,
        initial_options=[days[n] for n in rules.days] or None,
    )


def _number(block: str, label: str, value: int, least: int, most: int) -> InputBlock:
    element = NumberInputElement(
        action_id=ids.CONNECT_INPUT,
        is_decimal_allowed=False,
        min_value=str(least),
        max_value=str(most),
        initial_value=str(value),
    )
    return asked(block, label, element, optional=False)


# Being away -----------------------------------------------------------------------------------------


def away_text(absence: Absence | None, texts: Texts) -> str:
    """Whether somebody is away, for their own Home."""
    if absence is None:
        return texts.say("Going away? Somebody else can decide for you meanwhile.")
    return texts.say(
        "{person} decides for you from {since} until {until}.",
        person=person(absence.delegate),
        since=moment(absence.since, texts),
        until=moment(absence.until, texts),
    )


def away(absence: Absence | None, texts: Texts) -> Screen:
    """From when until when somebody is away, and who decides meanwhile."""
    delegate = UserSelectElement(
        action_id=ids.CONNECT_INPUT,
        placeholder=plain(texts.say("Choose a person")),
        initial_user=absence.delegate if absence else None,
    )
    since, until = (absence.since, absence.until) if absence else (None, None)
    blocks: list[Block] = [
        asked(ids.SINCE_BLOCK, texts.say("First day"), _day(since), optional=False),
        asked(ids.UNTIL_BLOCK, texts.say("Last day"), _day(until), optional=False),
        asked(ids.PERSON_BLOCK, texts.say("Who decides for you"), delegate, optional=False),
        context(texts.say("What waits for you already stays with you: delegate it from its thread.")),
    ]
    if absence is not None:
        blocks.append(actions(button(texts.say("I am back"), ids.BACK_AGAIN), block_id="back"))
    return modal(
        texts.say("Away"),
        blocks,
        callback_id=ids.AWAY_FORM,
        submit=texts.say("Save"),
        close=texts.say("Cancel"),
    )


def _day(when: datetime | None) -> DatePickerElement:
    return DatePickerElement(
        action_id=ids.CONNECT_INPUT, initial_date=when.date().isoformat() if when else None
    )
