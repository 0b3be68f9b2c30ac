"""A page of a form as Block Kit, filled with what the draft holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, InputBlock, Option

from bot.blockkit import context, escape, header, plain
from bot.forms.content import Answers, Content
from bot.forms.kinds import Asking, kind_of
from bot.forms.kinds.base import default_of
from bot.forms.origins import draw_below, draw_locked
from bot.forms.pages import Page, Shelf, heading, lay_out
from ironclad import Field, Required

#: What Slack tells of an input, and how the input is told what to begin with.
_BEGINS = {
    "value": "initial_value",
    "selected_date": "initial_date",
    "selected_user": "initial_user",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
}


def draw_page(page: Page, content: Content, asking: Asking) -> list[Block]:
    """The inputs of a page under their headings."""
    blocks: list[Block] = []
    for shelf, fields in page.parts:
        if blocks and shelf is not Shelf.REQUIRED:
            blocks.append(header(heading(shelf, asking.texts)))
        for field in fields:
            blocks.extend(draw_field(field, content, asking))
    return blocks


def draw_whole(fields: Sequence[Field], answers: Answers, asking: Asking | None = None) -> list[Block]:
    """A form that is short enough for one page, whatever its questions."""
    content = Content(answers)
    pages = lay_out(fields, unfolded=True).pages
    return [block for page in pages for block in draw_page(page, content, asking or Asking())]


def draw_marked(fields: Sequence[Field], content: Content, asking: Asking) -> list[Block]:
    """Only the questions that somebody must look at again; none of them may stay empty."""
    asked = [field.model_copy(update={"required": Required.ALWAYS}) for field in fields]
    return [block for field in asked for block in draw_field(field, content, asking)]


def draw_field(field: Field, content: Content, asking: Asking) -> list[Block]:
    """One question, with what was said about it below."""
    kind = kind_of(field, asking.room)
    if kind is None:
        return []
    origins, answers = content.origins, content.answers
    origin = origins.of(field.key, answers)
    if origin and origins.locked(field.key, answers, content.marks):
        return draw_locked(field, answers[field.key], origin, asking)
    unseen = default_of(field) if field.required is Required.CONDITIONAL else None
    blocks = list(kind.ask(field, content.answers.get(field.key, unseen), asking))
    if content.typed:
        _put_back(blocks, content, asking)
    blocks.extend(draw_below(field.key, answers, origins, asking.texts))
    if field.key in content.marks:
        mark = escape(asking.texts.of(content.marks[field.key]))
        blocks.append(context(f"*{asking.texts.say('Needs a look:')}* {mark}"))
    return blocks


def _put_back(blocks: Sequence[Block], content: Content, asking: Asking) -> None:
    """Fill inputs with what was typed and could not be read."""
    prefix = f"f{asking.epoch or ''}:"
    for block in blocks:
        if isinstance(block, InputBlock) and (block.block_id or "").startswith(prefix):
            kept = content.typed.get("f:" + str(block.block_id).removeprefix(prefix))
            raw = next(iter(kept.values()), None) if kept else None
            if isinstance(raw, Mapping):
                _clear(block.element, raw)
                _fill(block.element, raw)


def _clear(element: Any, raw: Mapping[str, Any]) -> None:
    """Let an input that was emptied begin empty, not with what is usual there, such as a currency."""
    for told, begins in _BEGINS.items():
        if told in raw and not raw[told] and hasattr(element, begins):
            setattr(element, begins, None)


def _fill(element: Any, raw: Mapping[str, Any]) -> None:
    """Let an input begin with a raw state; what it cannot begin with is left out."""
    text = raw.get("value")
    if isinstance(text, str) and text and hasattr(element, "initial_value"):
        element.initial_value = text
    elif isinstance(raw.get("selected_date"), str) and hasattr(element, "initial_date"):
        element.initial_date = raw["selected_date"]
    elif isinstance(raw.get("selected_user"), str) and hasattr(element, "initial_user"):
        element.initial_user = raw["selected_user"]
    elif isinstance(raw.get("selected_option"), Mapping) and hasattr(element, "initial_option"):
        element.initial_option = _offered(element, raw["selected_option"])
    elif isinstance(raw.get("selected_options"), list) and hasattr(element, "initial_options"):
        element.initial_options = [
            found for one in raw["selected_options"] if (found := _offered(element, one)) is not None
        ] or None


def _offered(element: Any, raw: Mapping[str, Any]) -> Option | None:
    """The option behind a raw one: Slack takes only what is offered, word for word."""
    offered = getattr(element, "options", None)
    if offered is not None:
        return next((one for one in offered if one.value == raw.get("value")), None)
    text = raw.get("text")
    shown = text.get("text") if isinstance(text, Mapping) else None
    value = raw.get("value")
    return Option(text=plain(str(shown or value)), value=value) if isinstance(value, str) else None
