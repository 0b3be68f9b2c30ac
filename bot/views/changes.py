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
    gone = [change.name for change in seen.changes if change.gone]
    changed = [change.name for change in seen.changes if not change.gone]
    lines = []
    if changed:
        count = texts.count("{n} template changed", "{n} templates changed", len(changed))
        lines.append(f"{count}: {names(list(dict.fromkeys(changed)), texts)}")
    if gone:
        count = texts.count("{n} template is gone", "{n} templates are gone", len(gone))
        lines.append(f"{count}: {names(gone, texts)}")
    label = texts.say("See what changed")
    return topic(texts.say("Templates"), "\n".join(lines), ids.TEMPLATE_CHANGES, label=label)


def listed(changes: Sequence[Change], texts: Texts) -> Screen:
    """Everything that changed since an admin last looked."""
    title, close = texts.say("Templates"), texts.say("Close")
    if not changes:
        return modal(title, [section(texts.say("Nothing changed since an admin last looked."))], close=close)
    blocks: list[Block] = []
    for change in changes[:SHOWN_AT_MOST]:
        blocks += [*(section(text) for text in packed(_lines(change, texts))), divider()]
    if (more := len(changes) - SHOWN_AT_MOST) > 0:
        blocks.append(context(texts.count("and {n} more", "and {n} more", more)))
    blocks.append(
        context(texts.say("Drafts follow by themselves. Check mappings and conditions of these templates."))
    )
    return modal(title, blocks, callback_id=ids.CHANGES_SEEN, submit=texts.say("Mark as seen"), close=close)


def _lines(change: Change, texts: Texts) -> list[str]:
    how = texts.say("published again") if change.republished else texts.say("changed")
    if change.gone:
        how = texts.say("gone")
    noticed = texts.say("noticed {moment}", moment=moment(change.seen_at, texts))
    lead = f"*{inline(change.name)}* · {how} · {noticed}"
    if change.gone:
        return [
            lead,
            texts.say(
                "Ironclad does not list it to Slipway any more: it is not published, or the acting user may "
                "not see it. Its drafts show what was typed into them."
            ),
        ]
    return [lead, *(told(change.drift, texts) or [texts.say("• Its questions are the same.")])]
