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
    form, successor = gone.form, gone.successor
    value = ids.DraftButton(draft=form.draft.id).pack()
    delete = button("Delete this draft", ids.DRAFT_DELETE, value)
    delete.confirm = ConfirmObject(
        title=plain("Delete this draft?"),
        text=plain("What you typed into it is gone then."),
        confirm=plain("Delete"),
        deny=plain("Keep it"),
    )
    if successor is None:
        blocks: list[Block] = [
            alert("This template is no longer published in Ironclad.", "warning"),
            section(
                f"*{inline(form.template.name)}* cannot be launched any more. This is what you had typed:"
            ),
        ]
        typed = forms.review(form.layout, form.content, {}, form.asking)
        blocks += [*review_blocks(typed, change=False)[:80], actions(delete, block_id="gone")]
        return modal("Your drafts", blocks)
    lines = told(gone.drift) or ["• Its questions are the same."]
    lead = f"*{inline(form.template.name)}* was published again in Ironclad"
    if successor.name != form.template.name:
        lead += f", as *{inline(successor.name)}*"
    blocks = [
        alert("The template of this draft was replaced.", "info"),
        *(section(text) for text in packed([f"{lead}. What is different:", *lines])),
        context("What still fits is kept. What does not is shown beside its question."),
        actions(
            button("Go on with the new version", ids.DRAFT_ADOPT, value, style="primary"),
            delete,
            block_id="gone",
        ),
    ]
    return modal("Your drafts", blocks)


def home_topic(seen: Overview) -> list[Block]:
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
