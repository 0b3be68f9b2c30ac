"""Drafts: the list of one's own, the direct message about one, their part of Home."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from bot import ids
from bot.blockkit import Screen, actions, alert, button, context, header, inline, modal, plain, section
from bot.usecases.drafting import KEPT_FOR
from bot.usecases.matching import COUNTERPARTY
from bot.views.message import Message, message, moment
from storage.records import Draft, Launch

TITLE = "Your drafts"
ON_HOME = 5
ON_A_SCREEN = 20
SINCE_THE_LAST_TURN = (
    "What you typed on the open page after the last *Next*, *Back* or *Save draft* is not in it: "
    "Slack does not tell Slipway when a window is closed."
)


def name_of(draft: Draft) -> str:
    """What a draft is called, as one escaped line: ``Mutual NDA · Acme``."""
    counterparty = draft.answers.get(COUNTERPARTY)
    parts = [inline(draft.template_name, 120)]
    if isinstance(counterparty, str) and counterparty.strip():
        parts.append(inline(counterparty, 120))
    return " · ".join(parts)


def listed(drafts: Sequence[Draft], page: int = 0, *, notice: str = "") -> Screen:
    """One's drafts, the last touched first, screen by screen."""
    last = max(0, (len(drafts) - 1) // ON_A_SCREEN)
    page = min(page, last)
    blocks: list[Block] = [alert(notice, "info")] if notice else []
    if not drafts:
        blocks.append(section(f"You have no drafts. `{ids.COMMAND}` starts a contract."))
    for draft in drafts[page * ON_A_SCREEN : (page + 1) * ON_A_SCREEN]:
        blocks += [section(_line(draft)), actions(*_buttons(draft), block_id=f"draft:{draft.id}")]
    ways = [
        _to("Newer", ids.DRAFTS_NEWER, page - 1) if page else None,
        _to("Older", ids.DRAFTS_OLDER, page + 1) if page < last else None,
    ]
    if turns := [way for way in ways if way is not None]:
        blocks.append(actions(*turns, block_id="turns"))
    if drafts:
        blocks.append(context(f"A draft is deleted {KEPT_FOR.days} days after you last touched it."))
    return modal(TITLE, blocks, private_metadata=ids.ListState(page=page).pack())


def _to(text: str, action: str, page: int) -> ButtonElement:
    return button(text, action, ids.ListState(page=page).pack())


def on_home(drafts: Sequence[Draft]) -> list[Block]:
    """The drafts on Home: the latest, and a way to the others. Nothing when there are none."""
    if not drafts:
        return []
    blocks: list[Block] = [header("Your drafts")]
    for draft in drafts[:ON_HOME]:
        blocks += [section(_line(draft)), actions(*_buttons(draft), block_id=f"draft:{draft.id}")]
    if len(drafts) > ON_HOME:
        see_all = button(f"See all {len(drafts)}", ids.DRAFTS_ALL)
        blocks.append(actions(see_all, block_id="drafts"))
    return blocks


def _line(draft: Draft) -> str:
    return f"*{name_of(draft)}*\nSaved {moment(draft.updated_at)}" + (
        f" · will be deleted {moment(draft.updated_at + KEPT_FOR)}" if draft.warned_at else ""
    )


def _buttons(draft: Draft) -> list[ButtonElement]:
    value = ids.DraftButton(draft=draft.id).pack()
    delete = button("Delete", ids.DRAFT_DELETE, value)
    delete.confirm = ConfirmObject(
        title=plain("Delete this draft?"),
        text=plain("What you typed into it is gone then."),
        confirm=plain("Delete"),
        deny=plain("Keep it"),
    )
    return [button("Resume", ids.DRAFT_RESUME, value, style="primary"), delete]


def direct(draft: Draft) -> Message:
    """What its owner is told of a draft that was left, or that will be deleted soon."""
    if draft.warned_at:
        when = moment(draft.updated_at + KEPT_FOR)
        text = f"Your draft *{name_of(draft)}* will be deleted {when}, because nobody has touched it."
        blocks: list[Block] = [section(text)]
    else:
        text = f"You closed *{name_of(draft)}* before it was launched. Your draft is kept."
        blocks = [section(text), context(SINCE_THE_LAST_TURN)]
    blocks.append(actions(*_buttons(draft), block_id=f"draft:{draft.id}"))
    return message(text, blocks)


def gone(launch: Launch | None) -> Message:
    """What stands in that message once the draft is gone."""
    text = f"This draft became {launch.label}." if launch else "This draft was deleted."
    return message(text, [section(text)])
