"""The review of a form: every value as it will be sent, with a way back to each page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from textwrap import wrap

from slack_sdk.models.blocks import Block, ButtonElement

from bot import forms, ids
from bot.blockkit import (
    LINE,
    PACKED,
    Screen,
    actions,
    alert,
    button,
    clip,
    context,
    escape,
    exactly,
    literal,
    modal,
    packed,
    section,
)
from bot.texts import Texts
from bot.usecases.form import Form
from bot.views.drift import in_a_form
from bot.views.message import demo_mark
from bot.wire import wire

BLOCKS_A_SCREEN = 60
SCREEN_CHARACTERS = 60_000  # Slack takes views of 250 kB, and people's text may take four bytes a character


def saved_now(texts: Texts) -> str:
    """Said once after saving."""
    return texts.say(
        "Saved. You can close this window: `{command} resume` brings you back here.", command=ids.COMMAND
    )


def review(form: Form, at: ids.FormState, *, saved: bool = False) -> Screen:
    """All values, screen by screen where they are many; *Launch* is on the last one."""
    screens = screens_of(form)
    number = min(at.page, len(screens) - 1)
    last = number == len(screens) - 1
    good = not form.problems and not form.layout.blocked
    blocks: list[Block] = demo_mark(form.texts, demo=form.demo)
    if form.findings:
        blocks.append(alert(_warning(form), "warning"))
    blocks.append(section(_headline(form, number, len(screens))))
    blocks.extend(in_a_form(form.drift, form.texts))
    blocks.extend(context(escape(form.texts.of(note))) for note in form.notes)
    blocks.extend(screens[number])
    blocks.append(actions(*_ways(form, number), block_id="ways"))
    if saved:
        blocks.append(context(saved_now(form.texts)))
    onward = form.texts.say("Next")
    if last:
        onward = form.texts.say("Launch") if good else ""
    return modal(
        form.template.name,
        blocks,
        callback_id=ids.REVIEW_FORM,
        submit=onward or None,
        close=form.texts.say("Close"),
        private_metadata=at.pack(),
        notify_on_close=True,
    )


def last_screen(form: Form) -> int:
    """The number of the screen that *Launch* is on."""
    return len(screens_of(form)) - 1


def screens_of(form: Form) -> list[list[Block]]:
    """What is reviewed, divided into screens; at least one."""
    return _screens(
        review_blocks(forms.review(form.layout, form.content, form.findings, form.asking), form.texts)
    )


def _warning(form: Form) -> str:
    if form.problems:
        return form.texts.count(
            "{n} question needs a look before this can be launched.",
            "{n} questions need a look before this can be launched.",
            len(form.problems),
        )
    return form.texts.count("{n} question to look at", "{n} questions to look at", len(form.findings))


def _headline(form: Form, number: int, count: int) -> str:
    text = _bold(form.template.name) + "\n" + form.texts.say("Review: this is what Ironclad gets.")
    if count > 1:
        text += " " + form.texts.say("Screen {screen} of {screens}.", screen=number + 1, screens=count)
    return text


def _ways(form: Form, number: int) -> list[ButtonElement]:
    texts = form.texts
    if number:
        back = ids.Turn(at="review", page=number - 1)
    else:
        back = ids.Turn(at="page", page=len(form.layout.pages) - 1)
    ways = [button(texts.say("Back"), ids.FORM_BACK, back.pack())]
    if wrong := first_problem(form):
        there = texts.say("Go to the first problem")
        ways.append(button(there, ids.FORM_JUMP, wrong.pack(), style="primary"))
    if len(form.layout.pages) > 1:
        ways.append(button(texts.say("All questions"), ids.FORM_INDEX, ids.Turn(at="index").pack()))
    ways.append(button(texts.say("Save draft"), ids.FORM_SAVE, ids.Turn(at="review", page=number).pack()))
    return ways


def first_problem(form: Form) -> ids.Turn | None:
    """Where the first question is that needs a look."""
    for field in form.layout.fields:
        if field.key in form.findings:
            return ids.Turn(at="page", page=form.layout.page_of(field.key) or 0)
    return None


def review_blocks(
    parts: Sequence[forms.Part], texts: Texts, *, without: Collection[str] = (), change: bool = True
) -> list[Block]:
    """The lines of every page that has any; with `change` each page with a button that leads there."""
    blocks: list[Block] = []
    for part in parts:
        lines = [text for line in part.lines if line.key not in without for text in _lines(line, texts)]
        if part.empty:
            empty = texts.count("{n} question left empty", "{n} questions left empty", part.empty)
            lines.append(f"_{empty}_")
        for place, text in enumerate(packed(lines)):
            turn = ids.Turn(at="page", page=part.number)
            lead_there = button(texts.say("Change"), ids.FORM_CHANGE, turn.pack())
            accessory = lead_there if change and not place else None
            blocks.append(section(text, accessory=accessory, block_id=f"part:{part.number}:{place}"))
    return blocks


def _lines(line: forms.Line, texts: Texts) -> Iterator[str]:
    """A question and everything that is sent for it, each line short enough for a section."""
    label = _bold(line.label, ":")
    values = [literal(piece) for text in line.value for piece in _pieces(text)] or [""]
    if line.origin:
        values[-1] += f" _({texts.say('from {origin}', origin=escape(texts.of(line.origin)))})_"
    if len(label) + len(values[0]) < PACKED:
        label = f"{label} {values.pop(0)}".rstrip()
    yield label
    yield from values
    if line.problem:
        yield f"  *{texts.say('Needs a look:')}* {escape(clip(texts.of(line.problem), 300))}"


def _bold(name: str, end: str = "") -> str:
    return f"*{exactly(name)}{end}*"


def _pieces(text: str) -> Sequence[str]:
    """A line as it is, or cut between words where no section would hold it."""
    if len(escape(text)) <= LINE:
        return [text]
    pieces = wrap(text, LINE)
    return pieces if all(len(escape(one)) <= LINE for one in pieces) else wrap(text, LINE // len("&amp;"))


def _screens(blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks of each screen: as many as Slack shows, and people can look through."""
    screens: list[list[Block]] = [[]]
    characters = 0
    for block in blocks:
        size = len(str(getattr(block, "text", None) and wire(block)["text"]["text"]))
        if len(screens[-1]) >= BLOCKS_A_SCREEN or (screens[-1] and characters + size > SCREEN_CHARACTERS):
            screens.append([])
            characters = 0
        screens[-1].append(block)
        characters += size
    return screens
