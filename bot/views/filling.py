"""The screens of a launch form: its pages, the questions to look at again, the overview of a long one."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ExternalDataSelectElement,
)

from bot import forms, ids
from bot.blockkit import (
    MAX_VIEW_BLOCKS,
    Screen,
    actions,
    alert,
    button,
    clip,
    context,
    divider,
    inline,
    modal,
    packed,
    plain,
    section,
)
from bot.usecases.form import Form
from bot.views.drift import in_a_form
from bot.views.review import SAVED, review_blocks

MAX_LISTED = 30
INDEX_FROM = 3  # pages; fewer are turned faster than looked up
UNSAVED = (
    "Slack does not tell Slipway what you typed on this page when you close the window. "
    "*Save draft* keeps it; turning the page does so too."
)


def page(form: Form, at: ids.FormState, *, notice: str = "", saved: bool = False) -> Screen:
    """One page of a form. `notice` stands on top."""
    layout, number = form.layout, form.layout.nearest(at.page)
    blocks: list[Block] = [alert(clip(notice, 200))] if notice else []
    blocks.append(_headline(form, number))
    blocks.extend(in_a_form(form.drift))
    if layout.blocked:
        blocks.extend(_left_out(form))
        return _modal(form, at, blocks, submit=None)
    blocks.extend(forms.draw_page(layout.pages[number], form.content, form.asking_in(at.epoch)))
    last = number == len(layout.pages) - 1
    if last:
        blocks.extend(_left_out(form))
    blocks.append(actions(*_ways(form, number), block_id="ways"))
    blocks.append(context(SAVED if saved else UNSAVED))
    submit = "Next" if not last else "Review" if number else "Launch"
    return _modal(form, at, blocks, submit=submit)


def _headline(form: Form, number: int) -> Block:
    """The template, how far the person is, and what is left to do."""
    layout = form.layout
    parts = []
    if len(layout.pages) > 1:
        parts = [f"Page {number + 1} of {len(layout.pages)}", layout.pages[number].shelf.value]
    if left := layout.left(form.content):
        parts.append(f"{left} required left")
    elif len(layout.pages) > 1:
        parts.append("nothing required left")
    text = f"*{inline(form.template.name)}*"
    if parts:
        text += "\n" + " · ".join(parts)
    if forms.reference_field(form.fields):
        text += "\nThe request number is filled in by Slipway."
    return section(text)


def _ways(form: Form, number: int) -> list[ButtonElement]:
    """Where one can go from a page, besides on."""
    layout = form.layout
    buttons = []
    if number:
        buttons.append(_go("Back", ids.FORM_BACK, at="page", page=number - 1))
    if len(layout.pages) >= INDEX_FROM:
        buttons.append(_go("All questions", ids.FORM_INDEX, at="index"))
    if folded := len(layout.folded):
        text = "1 question that may be needed" if folded == 1 else f"{folded} questions that may be needed"
        buttons.append(_go(f"Show {text}", ids.FORM_UNFOLD, at="page", page=number))
    if number < len(layout.pages) - 1 or not number:
        buttons.append(_go("Review", ids.FORM_REVIEW, at="review"))
    buttons.append(_go("Save draft", ids.FORM_SAVE, at="page", page=number))
    return buttons


def _go(text: str, action: str, *, at: ids.Where, page: int = 0) -> ButtonElement:
    return button(text, action, ids.Turn(at=at, page=page).pack())


def marked(form: Form, at: ids.FormState, *, notice: str = "", saved: bool = False) -> Screen:
    """Just the questions that Ironclad named, and below them everything else that was typed."""
    fields = form.marked
    blocks: list[Block] = [alert(clip(notice, 200), "warning")] if notice else []
    blocks.append(section(f"*{inline(form.template.name)}*\n{_to_look_at(len(fields))}"))
    blocks.extend(in_a_form(form.drift))
    blocks.extend(forms.draw_marked(fields, form.content, form.asking_in(at.epoch)))
    ways = [
        _go("All questions", ids.FORM_INDEX, at="index"),
        _go("Save draft", ids.FORM_SAVE, at="marked"),
    ]
    blocks.append(actions(*ways, block_id="ways"))
    blocks.append(context(SAVED if saved else UNSAVED))
    blocks.append(divider())
    blocks.append(section("*Everything else is kept*"))
    rest = forms.review(form.layout, form.content, {}, form.asking)
    named = {field.key for field in fields}
    blocks.extend(review_blocks(rest, without=named)[: MAX_VIEW_BLOCKS - len(blocks)])
    return _modal(form, at, blocks, submit="Launch")


def _to_look_at(count: int) -> str:
    return "1 question to look at" if count == 1 else f"{count} questions to look at"


def index(form: Form, at: ids.FormState) -> Screen:
    """Every page with how far it is filled, and a way to any question."""
    layout = form.layout
    left = layout.left(form.content)
    told = f"{left} required left" if left else "nothing required left"
    blocks: list[Block] = [
        section(f"*{inline(form.template.name)}*\n{len(layout.fields)} questions · {told}"),
        ActionsBlock(
            block_id="goto",
            elements=[
                ExternalDataSelectElement(
                    action_id=ids.FORM_GO_TO, placeholder=plain("Go to a question"), min_query_length=0
                )
            ],
        ),
    ]
    blocks.extend(in_a_form(form.drift))
    blocks.extend(_entry(form, number) for number in range(len(layout.pages)))
    blocks.append(actions(_go("Review", ids.FORM_REVIEW, at="review"), block_id="ways"))
    return _modal(form, at, blocks[:MAX_VIEW_BLOCKS], submit=None)


def _entry(form: Form, number: int) -> Block:
    shown = form.layout.pages[number]
    left, answered = shown.left(form.content), shown.answered(form.content)
    standing = (
        f"{left} required left" if left else "complete" if answered == len(shown.fields) else "can be sent"
    )
    names = ", ".join(inline(field.label or field.key, 40) for field in shown.fields[:4])
    more = len(shown.fields) - 4
    text = (
        f"*Page {number + 1} · {shown.shelf.value}* · {standing}, "
        f"{answered} of {len(shown.fields)} answered\n{names}" + (f" and {more} more" if more > 0 else "")
    )
    go = button("Go", ids.FORM_JUMP, ids.Turn(at="page", page=number).pack())
    return section(text, accessory=go, block_id=f"page:{number}")


def _left_out(form: Form) -> list[Block]:
    """Says which questions are not in this form, and where they can be answered."""
    left_out, blocked = form.layout.left_out, form.layout.blocked
    if not left_out:
        return []
    lines = [
        f"• {inline(missing.label, 120)}" + (" (required)" if missing.required else "")
        for missing in sorted(left_out, key=lambda missing: not missing.required)[:MAX_LISTED]
    ]
    if len(left_out) > MAX_LISTED:
        lines.append(f"• and {len(left_out) - MAX_LISTED} more")
    lead = (
        "This template always asks for things that Slipway cannot ask in Slack, so it has to be launched "
        "in Ironclad:"
        if blocked
        else "Not in this form, because Slipway cannot ask it in Slack:"
    )
    blocks: list[Block] = [divider(), *(section(text) for text in packed([lead, *lines]))]
    if form.ironclad_form:
        url = forms.prefilled(form.ironclad_form, form.fields, form.content.answers)
        link = button("Open Ironclad's form", ids.OPEN_LINK, url=url)
        blocks.append(actions(link, block_id="ironclad_form"))
    return blocks


def _modal(form: Form, at: ids.FormState, blocks: Sequence[Block], *, submit: str | None) -> Screen:
    return modal(
        form.template.name,
        blocks,
        callback_id=ids.FILL_FORM,
        submit=submit,
        close="Close",
        private_metadata=at.pack(),
        notify_on_close=True,
    )
