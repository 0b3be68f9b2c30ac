"""The rules of a template as a whole: their versions, and files of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slack_sdk.models.blocks import Block, InputBlock
from slack_sdk.models.blocks.block_elements import FileInputElement

from bot import ids
from bot.blockkit import MAX_LABEL, Screen, alert, button, clip, context, inline, modal, plain, section
from bot.texts import Texts
from bot.usecases.ruling import VERSIONS_SHOWN, History, QuestionBook
from bot.views.conditions import sentence
from bot.views.message import moment, person
from ironclad import Field

RULES_SHOWN = 3  # of each kind, with a version: enough to know it again


def history(shown: History, texts: Texts, *, notice: str = "") -> Screen:
    """The versions of a template's rules; each may be put in force again."""
    book = shown.book
    blocks: list[Block] = [alert(notice, "success")] if notice else []
    blocks.append(section(f"*{inline(book.template_name)}*"))
    for place, version in enumerate(shown.versions):
        in_force = version.number == book.version
        head = texts.say("*Version {version}*", version=version.number)
        if in_force:
            head += " · " + texts.say("in force")
        head += " · " + texts.count("{n} rule", "{n} rules", len(version.rules))
        by = f"{person(version.changed_by)} {moment(version.changed_at, texts)}"
        again = button(texts.say("Restore"), ids.RULES_RESTORE, str(version.number))
        blocks.append(
            section(
                "\n".join([head, by, *_changes(shown, place, texts)]),
                accessory=None if in_force else again,
                block_id=f"version:{version.number}",
            )
        )
    if len(shown.known) > VERSIONS_SHOWN:
        blocks.append(context(texts.say("Older versions are kept, too, but not shown here.")))
    return modal(
        texts.say("History"),
        blocks,
        close=texts.say("Back"),
        private_metadata=ids.RuleState(template=book.template_id, version=book.version).pack(),
    )


def _changes(shown: History, place: int, texts: Texts) -> Iterator[str]:
    """What a version is different in, in a few lines."""
    known: Mapping[str, Field] = {field.key: field for field in shown.book.fields}
    brought, took = shown.changes(place)
    for word, rules in ((texts.say("New:"), brought), (texts.say("Gone:"), took)):
        yield from (f"{word} {clip(sentence(rule, known, texts), 300)}" for rule in rules[:RULES_SHOWN])
        more = len(rules) - RULES_SHOWN
        if more > 0:
            yield f"{word} {texts.count('{n} more rule', '{n} more rules', more)}"


# Files --------------------------------------------------------------------------------------------


def exporting(book: QuestionBook, texts: Texts) -> Screen:
    """The file is being sent."""
    return _export(
        texts.say("The rules of *{template}* are on their way …", template=inline(book.template_name)), texts
    )


def exported(book: QuestionBook, texts: Texts) -> Screen:
    """The file was sent."""
    return _export(
        texts.say(
            "The rules of *{template}* are in your messages with Slipway.",
            template=inline(book.template_name),
        ),
        texts,
    )


def not_exported(texts: Texts) -> Screen:
    """Slack did not take the file."""
    return _export(texts.say("Slack does not take the file at the moment. Go back, and export again."), texts)


def _export(text: str, texts: Texts) -> Screen:
    return modal(texts.say("Export"), [section(text)], close=texts.say("Back"))


def import_form(book: QuestionBook, texts: Texts) -> Screen:
    """Asks for a file."""
    lead = texts.say(
        "The rules you import take the place of all rules of *{template}*. History brings those back.",
        template=inline(book.template_name),
    )
    file = InputBlock(
        block_id=ids.RULES_FILE_BLOCK,
        label=plain(texts.say("File of rules")),
        hint=plain(texts.say("A file as Export sends it, YAML or JSON."), MAX_LABEL),
        element=FileInputElement(
            action_id=ids.RULE_PART, filetypes=["yaml", "yml", "json", "txt"], max_files=1
        ),
    )
    return modal(
        texts.say("Import"),
        [section(lead), file],
        callback_id=ids.IMPORT_RULES,
        submit=texts.say("Import"),
        close=texts.say("Back"),
        private_metadata=ids.RuleState(template=book.template_id, version=book.version).pack(),
    )
