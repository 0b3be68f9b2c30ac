"""The windows in which admins decide what a request asks."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, CheckboxesElement, Option, SectionBlock

from bot import ids
from bot.blockkit import Screen, actions, button, divider, inline, modal, plain, section
from bot.usecases.intake import CustomField, Intake, questions
from bot.views.inputs import asked, one_line, one_of, several_lines, some_of

_KINDS = {"text": "Text", "number": "Number", "choice": "Choice", "date": "Date", "person": "Person"}


def summary(intake: Intake) -> str:
    """The form in one line, for Home."""
    own = f"{len(intake.custom)} field{'s' if len(intake.custom) != 1 else ''} of your own"
    return f"{len(intake.categories)} categories · {own} · {len(intake.private)} private"


def form(intake: Intake) -> Screen:
    """What a request asks, and what the channel does not show."""
    offered = [(one.key, one.label) for one in questions(intake) if one.key != "what"]
    blocks: list[Block] = [
        asked(ids.CATEGORY_BLOCK, "Categories", several_lines(intake.categories), hint="One per line."),
        asked(
            ids.DEPARTMENT_BLOCK,
            "Departments",
            several_lines(intake.departments),
            hint="One per line. Empty: people type theirs.",
        ),
        asked(ids.REQUIRED_BLOCK, "Needed in every request", some_of(offered, intake.required)),
        asked(
            ids.PRIVATE_BLOCK,
            "Not shown in the channel",
            some_of(offered, intake.private),
            hint="Those involved see it behind a button.",
        ),
        divider(),
    ]
    for one in intake.custom:
        blocks.append(_custom_row(one))
    blocks.append(actions(button("Add a field", ids.ADD_FIELD), block_id="fields"))
    return modal("Request form", blocks, callback_id=ids.INTAKE_FORM, submit="Save", close="Cancel")


def _custom_row(one: CustomField) -> SectionBlock:
    choices = f": {inline(', '.join(one.choices), 120)}" if one.choices else ""
    needed = " · needed" if one.required else ""
    text = f"*{inline(one.label, 100)}* · {_KINDS[one.kind]}{choices}{needed}"
    remove = button("Remove", ids.REMOVE_FIELD, one.key)
    return section(text, accessory=remove, block_id=f"field:{one.key}")


def field() -> Screen:
    """The form of a field of one's own."""
    needed = Option(text=plain("Needed in every request"), value="required")
    return modal(
        "Add a field",
        [
            asked(ids.NAME_BLOCK, "Question", one_line("", 100), optional=False),
            asked(ids.RULE_BLOCK, "Kind of answer", one_of(list(_KINDS.items()), "text"), optional=False),
            asked(
                ids.CUSTOM_VALUES_BLOCK, "Choices", several_lines(()), hint="One per line. Only for a choice."
            ),
            asked(
                ids.OPTIONS_BLOCK,
                "Must it be answered?",
                CheckboxesElement(action_id=ids.CONNECT_INPUT, options=[needed]),
            ),
        ],
        callback_id=ids.FIELD_FORM,
        submit="Add",
        close="Cancel",
    )
