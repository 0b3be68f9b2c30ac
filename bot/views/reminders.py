"""What somebody whose turn it is hears again, and the window in which admins decide when."""

from __future__ import annotations

from collections.abc import Sequence

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
from bot.usecases.calendar import Reminders
from bot.usecases.courses import Picture
from bot.views import lists
from bot.views.message import Message, message, moment, person
from storage import Absence

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def reminder(shown: Sequence[Picture], *, late: str, link: str | None) -> Message:
    """One message about everything that waits."""
    if late:
        lead = f"{person(late)} has not acted on this yet. An admin can reassign it."
    elif len(shown) == 1:
        lead = "This still waits for you."
    else:
        lead = f"{len(shown)} things wait for you."
    blocks: list[Block] = [section(lead)]
    for one in shown:
        value = ids.RequestButton(request=one.request.id).pack()
        blocks.append(section(lists.line(one), accessory=button("Details", ids.REVIEW, value)))
    if link:
        blocks.append(context(f"<{link}|Open the thread>"))
    if not late:
        blocks.append(actions(button("Remind me on the next working day", ids.SNOOZE), block_id="snooze"))
    return message(f"{lead} {', '.join(one.request.label for one in shown)}", blocks)


def snoozed(count: int) -> Message:
    """Answer to *Remind me on the next working day*."""
    text = f"You are reminded on the next working day. {count} waiting."
    return message(text, [section(text)])


def summary(rules: Reminders) -> str:
    """The rules in one line, for Home."""
    if not rules.on:
        return "Nobody is reminded."
    escalated = (
        f" · {person(rules.escalate_to)} hears after {rules.escalate_days} days" if rules.escalate_to else ""
    )
    return (
        f"First after {rules.first_hours} h, then more seldom, {rules.at_most} at most · "
        f"{rules.start}:00 to {rules.end}:00 where people are{escalated}"
    )


def settings(rules: Reminders) -> Screen:
    """When people are reminded."""
    on = Option(text=plain("Remind people whose turn it is"), value="on")
    days = [Option(text=plain(name), value=str(n)) for n, name in enumerate(_DAYS)]
    return modal(
        "Reminders",
        [
            _input(
                ids.OPTIONS_BLOCK,
                "Reminders",
                CheckboxesElement(
                    action_id=ids.CONNECT_INPUT, options=[on], initial_options=[on] if rules.on else None
                ),
                optional=True,
            ),
            _number(ids.FIRST_BLOCK, "First after so many hours", rules.first_hours, 1, 336),
            _number(ids.MOST_BLOCK, "At most", rules.at_most, 0, 50),
            _number(ids.START_BLOCK, "Working hours from", rules.start, 0, 23),
            _number(ids.END_BLOCK, "to", rules.end, 1, 24),
            _input(
                ids.DAYS_BLOCK,
                "Working days",
                StaticMultiSelectElement(
                    action_id=ids.CONNECT_INPUT,
                    options=days,
                    initial_options=[days[n] for n in rules.days] or None,
                ),
            ),
            _number(
                ids.DIGEST_BLOCK, "Hour of the daily message when several wait", rules.digest_hour, 0, 23
            ),
            _input(
                ids.ESCALATE_BLOCK,
                "Who hears when somebody does not act",
                UserSelectElement(
                    action_id=ids.CONNECT_INPUT,
                    placeholder=plain("Nobody"),
                    initial_user=rules.escalate_to or None,
                ),
                optional=True,
            ),
            _number(ids.ESCALATE_DAYS_BLOCK, "After so many days", rules.escalate_days, 1, 60),
            context("All hours are those of the person's own time zone."),
        ],
        callback_id=ids.REMINDERS_FORM,
        submit="Save",
        close="Cancel",
    )


def _number(block: str, label: str, value: int, least: int, most: int) -> InputBlock:
    element = NumberInputElement(
        action_id=ids.CONNECT_INPUT,
        is_decimal_allowed=False,
        min_value=str(least),
        max_value=str(most),
        initial_value=str(value),
    )
    return _input(block, label, element)


def _input(block: str, label: str, element: object, *, optional: bool = False) -> InputBlock:
    return InputBlock(block_id=block, label=plain(label), element=element, optional=optional)  # type: ignore[arg-type]


# Being away -----------------------------------------------------------------------------------------


def away_text(absence: Absence | None) -> str:
    """Whether somebody is away, for their own Home."""
    if absence is None:
        return "Going away? Somebody else can decide for you meanwhile."
    days = f"from {moment(absence.since)} until {moment(absence.until)}"
    return f"{person(absence.delegate)} decides for you {days}."


def away(absence: Absence | None) -> Screen:
    """From when until when somebody is away, and who decides meanwhile."""
    since = absence.since.date().isoformat() if absence else None
    until = absence.until.date().isoformat() if absence else None
    blocks: list[Block] = [
        _input(
            ids.SINCE_BLOCK, "First day", DatePickerElement(action_id=ids.CONNECT_INPUT, initial_date=since)
        ),
        _input(
            ids.UNTIL_BLOCK, "Last day", DatePickerElement(action_id=ids.CONNECT_INPUT, initial_date=until)
        ),
        _input(
            ids.PERSON_BLOCK,
            "Who decides for you",
            UserSelectElement(
                action_id=ids.CONNECT_INPUT,
                placeholder=plain("Choose a person"),
                initial_user=absence.delegate if absence else None,
            ),
        ),
        context("What waits for you already stays with you: delegate it from its thread."),
    ]
    if absence is not None:
        blocks.append(actions(button("I am back", ids.BACK_AGAIN), block_id="back"))
    return modal("Away", blocks, callback_id=ids.AWAY_FORM, submit="Save", close="Cancel")
