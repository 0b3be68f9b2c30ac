"""The review of a form: every value as it will be sent, with a way back to each page."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot import forms, ids
from bot.blockkit import Screen, actions, alert, button, clip, context, escape, inline, modal, packed, section
from bot.usecases.form import Form
from bot.views.drift import in_a_form

BLOCKS_A_SCREEN = 60
SAVED = f"Saved. You can close this window: `{ids.COMMAND} resume` brings you back here."
SCREEN_CHARACTERS = 60_000  # Slack takes views of 250 kB, and people's text may take four bytes a character


def review(form: Form, at: ids.FormState, *, saved: bool = False) -> Screen:
    """All values, screen by screen where they are many; *Launch* is on the last one."""
    screens = screens_of(form)
    number = min(at.page, len(screens) - 1)
    last = number == len(screens) - 1
    good = not form.problems and not form.layout.blocked
    blocks: list[Block] = []
    if form.problems:
        blocks.append(alert(_to_correct(len(form.problems)), "warning"))
    blocks.append(section(_headline(form, number, len(screens))))
    blocks.extend(in_a_form(form.drift))
    blocks.extend(context(escape(note)) for note in form.notes)
    blocks.extend(screens[number])
    blocks.append(actions(*_ways(form, number), block_id="ways"))
    if saved:
        blocks.append(context(SAVED))
    return modal(
        form.template.name,
        blocks,
        callback_id=ids.REVIEW_FORM,
        submit="Launch" if last and good else None if last else "Next",
        close="Close",
        private_metadata=at.pack(),
        notify_on_close=True,
    )


def last_screen(form: Form) -> int:
    """The number of the screen that *Launch* is on."""
    return len(screens_of(form)) - 1


def screens_of(form: Form) -> list[list[Block]]:
    """What is reviewed, divided into screens; at least one."""
    return _screens(review_blocks(forms.review(form.layout, form.content, form.problems, form.asking)))


def _headline(form: Form, number: int, count: int) -> str:
    text = f"*{inline(form.template.name)}*\nReview: this is what Ironclad gets."
    return text + (f" Screen {number + 1} of {count}." if count > 1 else "")


def _to_correct(count: int) -> str:
    asked = "1 question needs" if count == 1 else f"{count} questions need"
    return f"{asked} a look before this can be launched."


def _ways(form: Form, number: int) -> list[ButtonElement]:
    if number:
        back = ids.Turn(at="review", page=number - 1)
    else:
        back = ids.Turn(at="page", page=len(form.layout.pages) - 1)
    ways = [button("Back", ids.FORM_BACK, back.pack())]
    if wrong := first_problem(form):
        ways.append(button("Go to the first problem", ids.FORM_JUMP, wrong.pack(), style="primary"))
    if len(form.layout.pages) > 1:
        ways.append(button("All questions", ids.FORM_INDEX, ids.Turn(at="index").pack()))
    ways.append(button("Save draft", ids.FORM_SAVE, ids.Turn(at="review", page=number).pack()))
    return ways


def first_problem(form: Form) -> ids.Turn | None:
    """Where the first question is that needs a look."""
    for field in form.layout.fields:
        if field.key in form.problems:
            return ids.Turn(at="page", page=form.layout.page_of(field.key) or 0)
    return None


def review_blocks(
    parts: Sequence[forms.Part], *, without: Collection[str] = (), change: bool = True
) -> list[Block]:
    """The lines of every page that has any; with `change` each page with a button that leads there."""
    blocks: list[Block] = []
    for part in parts:
        lines = [_line(line) for line in part.lines if line.key not in without]
        if part.empty:
            lines.append(
                "_1 question left empty_" if part.empty == 1 else f"_{part.empty} questions left empty_"
            )
        for place, text in enumerate(packed(lines)):
            lead_there = button("Change", ids.FORM_CHANGE, ids.Turn(at="page", page=part.number).pack())
            accessory = lead_there if change and not place else None
            blocks.append(section(text, accessory=accessory, block_id=f"part:{part.number}:{place}"))
    return blocks


def _line(line: forms.Line) -> str:
    text = f"*{inline(line.label, 200)}:* {inline(line.value, 1000)}".rstrip()
    if line.origin:
        text += f" _(from {escape(line.origin)})_"
    return f"{text}\n  *Needs a look:* {escape(clip(line.problem, 300))}" if line.problem else text


def _screens(blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks of each screen: as many as Slack shows, and people can look through."""
    screens: list[list[Block]] = [[]]
    characters = 0
    for block in blocks:
        size = len(str(getattr(block, "text", None) and block.to_dict()["text"]["text"]))
        if len(screens[-1]) >= BLOCKS_A_SCREEN or (screens[-1] and characters + size > SCREEN_CHARACTERS):
            screens.append([])
            characters = 0
        screens[-1].append(block)
        characters += size
    return screens
