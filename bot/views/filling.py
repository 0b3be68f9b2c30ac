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
    exactly,
    modal,
    packed,
    plain,
    section,
)
from bot.texts import Texts
from bot.usecases.form import Form
from bot.views.drift import in_a_form
from bot.views.message import demo_mark
from bot.views.review import review_blocks, saved_now

MAX_LISTED = 30
INDEX_FROM = 3  # pages; fewer are turned faster than looked up


def page(form: Form, at: ids.FormState, *, notice: str = "", saved: bool = False) -> Screen:
    """One page of a form. `notice` stands on top."""
    layout, number = form.layout, form.layout.nearest(at.page)
    blocks: list[Block] = [alert(clip(notice, 200))] if notice else []
    blocks.append(_headline(form, number))
    blocks.extend(in_a_form(form.drift, form.texts))
    if layout.blocked:
        blocks.extend(_left_out(form))
        return _modal(form, at, blocks, submit=None)
    blocks.extend(forms.draw_page(layout.pages[number], form.content, form.asking_in(at.epoch)))
    last = number == len(layout.pages) - 1
    if last:
        blocks.extend(_left_out(form))
    blocks.append(actions(*_ways(form, number), block_id="ways"))
    blocks.append(context(_kept(form, saved)))
    texts = form.texts
    submit = texts.say("Launch")
    if number or not last:
        submit = texts.say("Review") if last else texts.say("Next")
    return _modal(form, at, blocks, submit=submit)


def _kept(form: Form, done: bool) -> str:
    """What closing the window costs."""
    if done:
        return saved_now(form.texts)
    return form.texts.say(
        "Slack does not tell Slipway what you typed on this page when you close the window. "
        "*Save draft* keeps it; turning the page does so too."
    )


def _left(count: int, texts: Texts) -> str:
    """How much must still be answered."""
    if not count:
        return texts.say("nothing required left")
    return texts.count("{n} required left", "{n} required left", count)


def _headline(form: Form, number: int) -> Block:
    """The template, how far the person is, and what is left to do."""
    layout, texts = form.layout, form.texts
    parts = []
    pages = len(layout.pages)
    if pages > 1:
        turned = texts.say("Page {page} of {pages}", page=number + 1, pages=pages)
        parts = [turned, forms.heading(layout.pages[number].shelf, texts)]
    if (left := layout.left(form.content)) or pages > 1:
        parts.append(_left(left, texts))
    text = f"*{exactly(form.template.name)}*"
    if parts:
        text += "\n" + " · ".join(parts)
    if layout.reference:
        text += "\n" + texts.say("The request number is filled in by Slipway.")
    return section(text)


def _ways(form: Form, number: int) -> list[ButtonElement]:
    """Where one can go from a page, besides on."""
    layout, texts = form.layout, form.texts
    buttons = []
    if number:
        buttons.append(_go(texts.say("Back"), ids.FORM_BACK, at="page", page=number - 1))
    if len(layout.pages) >= INDEX_FROM:
        buttons.append(_go(texts.say("All questions"), ids.FORM_INDEX, at="index"))
    if folded := len(layout.folded):
        show = texts.count(
            "Show {n} question that may be needed", "Show {n} questions that may be needed", folded
        )
        buttons.append(_go(show, ids.FORM_UNFOLD, at="page", page=number))
    if number < len(layout.pages) - 1 or not number:
        buttons.append(_go(texts.say("Review"), ids.FORM_REVIEW, at="review"))
    buttons.append(_go(texts.say("Save draft"), ids.FORM_SAVE, at="page", page=number))
    return buttons


def _go(text: str, action: str, *, at: ids.Where, page: int = 0) -> ButtonElement:
    return button(text, action, ids.Turn(at=at, page=page).pack())


def marked(form: Form, at: ids.FormState, *, notice: str = "", saved: bool = False) -> Screen:
    """Just the questions that Ironclad named, and below them everything else that was typed."""
    fields = form.marked
    blocks: list[Block] = [alert(clip(notice, 200), "warning")] if notice else []
    texts = form.texts
    asked = texts.count("{n} question to look at", "{n} questions to look at", len(fields))
    blocks.append(section(f"*{exactly(form.template.name)}*\n{asked}"))
    blocks.extend(in_a_form(form.drift, form.texts))
    blocks.extend(forms.draw_marked(fields, form.content, form.asking_in(at.epoch)))
    ways = [
        _go(texts.say("All questions"), ids.FORM_INDEX, at="index"),
        _go(texts.say("Save draft"), ids.FORM_SAVE, at="marked"),
    ]
    blocks.append(actions(*ways, block_id="ways"))
    blocks.append(context(_kept(form, saved)))
    blocks.append(divider())
    blocks.append(section(f"*{texts.say('Everything else is kept')}*"))
    rest = forms.review(form.layout, form.content, {}, form.asking)
    named = {field.key for field in fields}
    blocks.extend(review_blocks(rest, texts, without=named)[: MAX_VIEW_BLOCKS - len(blocks)])
    return _modal(form, at, blocks, submit=texts.say("Launch"))


def index(form: Form, at: ids.FormState) -> Screen:
    """Every page with how far it is filled, and a way to any question."""
    layout, texts = form.layout, form.texts
    told = _left(layout.left(form.content), texts)
    count = texts.count("{n} question", "{n} questions", len(layout.fields))
    blocks: list[Block] = [
        section(f"*{exactly(form.template.name)}*\n{count} · {told}"),
        ActionsBlock(
            block_id="goto",
            elements=[
                ExternalDataSelectElement(
                    action_id=ids.FORM_GO_TO,
                    placeholder=plain(texts.say("Go to a question")),
                    min_query_length=0,
                )
            ],
        ),
    ]
    blocks.extend(in_a_form(form.drift, form.texts))
    blocks.extend(_entry(form, number) for number in range(len(layout.pages)))
    blocks.append(actions(_go(texts.say("Review"), ids.FORM_REVIEW, at="review"), block_id="ways"))
    return _modal(form, at, blocks[:MAX_VIEW_BLOCKS], submit=None)


def _entry(form: Form, number: int) -> Block:
    shown, texts = form.layout.pages[number], form.texts
    answered, asked = shown.answered(form.content), len(shown.fields)
    standing = _left(shown.left(form.content), texts)
    if not shown.left(form.content):
        standing = texts.say("complete") if answered == asked else texts.say("can be sent")
    names = ", ".join(exactly(field.label or field.key, 40) for field in shown.fields[:4])
    if (more := asked - 4) > 0:
        names += " " + texts.count("and {n} more", "and {n} more", more)
    page_number = texts.say("Page {page}", page=number + 1)
    filled = texts.say("{answered} of {asked} answered", answered=answered, asked=asked)
    title = f"*{page_number} · {forms.heading(shown.shelf, texts)}* · {standing}, {filled}"
    go = button(texts.say("Go"), ids.FORM_JUMP, ids.Turn(at="page", page=number).pack())
    return section(f"{title}\n{names}", accessory=go, block_id=f"page:{number}")


def _left_out(form: Form) -> list[Block]:
    """Says which questions are not in this form, and where they can be answered."""
    left_out, blocked = form.layout.left_out, form.layout.blocked
    if not left_out:
        return []
    texts = form.texts
    needed = f" ({texts.say('required')})"
    lines = [
        f"• {exactly(missing.label, 120)}" + (needed if missing.required else "")
        for missing in sorted(left_out, key=lambda missing: not missing.required)[:MAX_LISTED]
    ]
    if len(left_out) > MAX_LISTED:
        lines.append("• " + texts.count("and {n} more", "and {n} more", len(left_out) - MAX_LISTED))
    lead = texts.say("Not in this form, because Slipway cannot ask it in Slack:")
    if blocked:
        lead = texts.say(
            "This template always asks for things that Slipway cannot ask in Slack, so it has to be launched "
            "in Ironclad:"
        )
    blocks: list[Block] = [divider(), *(section(text) for text in packed([lead, *lines]))]
    if form.ironclad_form:
        url = forms.prefilled(form.ironclad_form, form.fields, form.content.answers)
        link = button(texts.say("Open Ironclad's form"), ids.OPEN_LINK, url=url)
        blocks.append(actions(link, block_id="ironclad_form"))
    return blocks


def _modal(form: Form, at: ids.FormState, blocks: Sequence[Block], *, submit: str | None) -> Screen:
    marked = [*demo_mark(form.texts, demo=form.demo), *blocks]
    return modal(
        form.template.name,
        marked[:MAX_VIEW_BLOCKS],
        callback_id=ids.FILL_FORM,
        submit=submit,
        close=form.texts.say("Close"),
        private_metadata=at.pack(),
        notify_on_close=True,
    )
