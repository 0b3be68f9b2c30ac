"""What changed in a template: told to the person whose draft it is, and to admins."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ConfirmObject

from bot import forms, ids
from bot.blockkit import (
    Screen,
    actions,
    alert,
    button,
    context,
    divider,
    inline,
    modal,
    packed,
    plain,
    section,
)
from bot.texts import Texts
from bot.usecases.form import Replaced
from bot.usecases.overview import Overview
from bot.usecases.versions import Change
from bot.views.drift import names, told
from bot.views.message import moment
from bot.views.review import review_blocks
from bot.views.topics import topic

SHOWN_AT_MOST = 20


def replaced(gone: Replaced) -> Screen:
    """The template of a draft is gone: what took its place, or what was typed, so that it is not lost."""
    form, successor, texts = gone.form, gone.successor, gone.form.texts
    value = ids.DraftButton(draft=form.draft.id).pack()
    delete = button(texts.say("Delete this draft"), ids.DRAFT_DELETE, value)
    delete.confirm = ConfirmObject(
        title=plain(texts.say("Delete this draft?"), 100),
        text=plain(texts.say("What you typed into it is gone then."), 300),
        confirm=plain(texts.say("Delete"), 30),
        deny=plain(texts.say("Keep it"), 30),
    )
    if successor is None:
        blocks: list[Block] = [
            alert(texts.say("This template is no longer published in Ironclad."), "warning"),
            section(
                texts.say(
                    "*{template}* cannot be launched any more. This is what you had typed:",
                    template=inline(form.template.name),
                )
            ),
        ]
        typed = forms.review(form.layout, form.content, {}, form.asking)
        blocks += [*review_blocks(typed, texts, change=False)[:80], actions(delete, block_id="gone")]
        return modal(texts.say("Your drafts"), blocks, close=texts.say("Close"))
    lines = told(gone.drift, texts) or [texts.say("• Its questions are the same.")]
    lead = texts.say("*{template}* was published again in Ironclad.", template=inline(form.template.name))
    if successor.name != form.template.name:
        lead += " " + texts.say("It is called *{name}* now.", name=inline(successor.name))
    blocks = [
        alert(texts.say("The template of this draft was replaced."), "info"),
        *(section(text) for text in packed([lead, texts.say("What is different:"), *lines])),
        context(texts.say("What still fits is kept. What does not is shown beside its question.")),
        actions(
            button(texts.say("Go on with the new version"), ids.DRAFT_ADOPT, value, style="primary"),
            delete,
            block_id="gone",
        ),
    ]
    return modal(texts.say("Your drafts"), blocks, close=texts.say("Close"))


def home_topic(seen: Overview, texts: Texts) -> list[Block]:
    """The row on an admin's Home; nothing while nothing changed."""
    if not seen.changes:
        return []
    count = len(seen.changes)
    state = "1 template changed" if count == 1 else f"{count} templates changed"
    which = names(list(dict.fromkeys(change.name for change in seen.changes)))
    return topic("Templates", f"{state}: {which}", ids.TEMPLATE_CHANGES, label="See what changed")


def listed(changes: Sequence[Change]) -> Screen:
    """Everything that changed since an admin last looked."""
    blocks: list[Block] = []
    for change in changes[:SHOWN_AT_MOST]:
        how = "published again" if change.republished else "changed"
        lead = f"*{inline(change.name)}* · {how} · noticed {moment(change.seen_at)}"
        lines = told(change.drift) or ["• Its questions are the same."]
        blocks += [*(section(text) for text in packed([lead, *lines])), divider()]
    if len(changes) > SHOWN_AT_MOST:
        blocks.append(context(f"And {len(changes) - SHOWN_AT_MOST} more."))
    if not changes:
        blocks.append(section("Nothing changed since an admin last looked."))
        return modal("Templates", blocks)
    blocks.append(context("Drafts follow by themselves. Check mappings and conditions of these templates."))
    return modal("Templates", blocks, callback_id=ids.CHANGES_SEEN, submit="Mark as seen")
