"""The windows in which admins decide what a request asks."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, CheckboxesElement, Option, SectionBlock

from bot import ids
from bot.blockkit import Screen, actions, button, divider, inline, modal, plain, section
from bot.texts import Texts
from bot.usecases.intake import CustomField, Intake, questions
from bot.views.inputs import asked, one_line, one_of, several_lines, some_of


def _kinds(texts: Texts) -> dict[str, str]:
    return {
        "text": texts.say("Text"),
        "number": texts.say("Number"),
        "choice": texts.say("Choice"),
        "date": texts.say("Date"),
        "person": texts.say("Person"),
    }


def summary(intake: Intake, texts: Texts) -> str:
    """The form in one line, for Home."""
    parts = [
        texts.count("{n} category", "{n} categories", len(intake.categories)),
        texts.count("{n} field of your own", "{n} fields of your own", len(intake.custom)),
        texts.count("{n} private field", "{n} private fields", len(intake.private)),
    ]
    return " · ".join(parts)


def form(intake: Intake, texts: Texts) -> Screen:
    """What a request asks, and what the channel does not show."""
    offered = [(one.key, texts.of(one.label)) for one in questions(intake) if one.key != "what"]
    choose = texts.say("Choose")
    blocks: list[Block] = [
        asked(
            ids.CATEGORY_BLOCK,
            texts.say("Categories"),
            several_lines(intake.categories),
            hint=texts.say("One per line."),
        ),
        asked(
            ids.DEPARTMENT_BLOCK,
            texts.say("Departments"),
            several_lines(intake.departments),
            hint=texts.say("One per line. Empty: people type theirs."),
        ),
        asked(
            ids.REQUIRED_BLOCK,
            texts.say("Needed in every request"),
            some_of(offered, intake.required, choose),
        ),
        asked(
            ids.PRIVATE_BLOCK,
            texts.say("Not shown in the channel"),
            some_of(offered, intake.private, choose),
            hint=texts.say("Those involved see it behind a button."),
        ),
        divider(),
    ]
    for one in intake.custom:
        blocks.append(_custom_row(one, texts))
    blocks.append(actions(button(texts.say("Add a field"), ids.ADD_FIELD), block_id="fields"))
    return modal(
        texts.say("Request form"),
        blocks,
        callback_id=ids.INTAKE_FORM,
        submit=texts.say("Save"),
        close=texts.say("Cancel"),
    )


def _custom_row(one: CustomField, texts: Texts) -> SectionBlock:
    choices = f": {inline(', '.join(one.choices), 120)}" if one.choices else ""
    needed = f" · {texts.say('needed')}" if one.required else ""
    text = f"*{inline(one.label, 100)}* · {_kinds(texts)[one.kind]}{choices}{needed}"
    remove = button(texts.say("Remove"), ids.REMOVE_FIELD, one.key)
    return section(text, accessory=remove, block_id=f"field:{one.key}")


def field(texts: Texts) -> Screen:
    """The form of a field of one's own."""
    needed = Option(text=plain(texts.say("Needed in every request")), value="required")
    kinds = one_of(list(_kinds(texts).items()), "text")
    only = texts.say("One per line. Only for a choice.")
    must = CheckboxesElement(action_id=ids.CONNECT_INPUT, options=[needed])
    return modal(
        texts.say("Add a field"),
        [
            asked(ids.NAME_BLOCK, texts.say("Question"), one_line("", 100), optional=False),
            asked(ids.RULE_BLOCK, texts.say("Kind of answer"), kinds, optional=False),
            asked(ids.CUSTOM_VALUES_BLOCK, texts.say("Choices"), several_lines(()), hint=only),
            asked(ids.OPTIONS_BLOCK, texts.say("Must it be answered?"), must),
        ],
        callback_id=ids.FIELD_FORM,
        submit=texts.say("Add"),
        close=texts.say("Cancel"),
    )
