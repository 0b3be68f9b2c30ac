"""Drafts: the list of one's own, the direct message about one, their part of Home."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from bot import ids
from bot.blockkit import Screen, actions, alert, button, context, exactly, header, modal, plain, section
from bot.texts import Texts
from bot.usecases.drafting import KEPT_FOR
from bot.usecases.matching import COUNTERPARTY
from bot.views.message import Message, message, moment
from storage.records import Draft, Launch

ON_HOME = 5
ON_A_SCREEN = 20


def name_of(draft: Draft) -> str:
    """What a draft is called, as one escaped line: ``Mutual NDA · Acme``."""
    counterparty = draft.answers.get(COUNTERPARTY)
    parts = [exactly(draft.template_name, 120)]
    if isinstance(counterparty, str) and counterparty.strip():
        parts.append(exactly(counterparty, 120))
    return " · ".join(parts)


def listed(drafts: Sequence[Draft], texts: Texts, page: int = 0, *, notice: str = "") -> Screen:
    """One's drafts, the last touched first, screen by screen."""
    last = max(0, (len(drafts) - 1) // ON_A_SCREEN)
    page = min(page, last)
    blocks: list[Block] = [alert(notice, "info")] if notice else []
    if not drafts:
        none = texts.say("You have no drafts. `{command}` starts a contract.", command=ids.COMMAND)
        blocks.append(section(none))
    for draft in drafts[page * ON_A_SCREEN : (page + 1) * ON_A_SCREEN]:
        blocks += [
            section(_line(draft, texts)),
            actions(*_buttons(draft, texts), block_id=f"draft:{draft.id}"),
        ]
    ways = [
        _to(texts.say("Newer"), ids.DRAFTS_NEWER, page - 1) if page else None,
        _to(texts.say("Older"), ids.DRAFTS_OLDER, page + 1) if page < last else None,
    ]
    if turns := [way for way in ways if way is not None]:
        blocks.append(actions(*turns, block_id="turns"))
    if drafts:
        kept = texts.count(
            "A draft is deleted {n} day after you last touched it.",
            "A draft is deleted {n} days after you last touched it.",
            KEPT_FOR.days,
        )
        blocks.append(context(kept))
    return modal(
        texts.say("Your drafts"),
        blocks,
        close=texts.say("Close"),
        private_metadata=ids.ListState(page=page).pack(),
    )


def _to(text: str, action: str, page: int) -> ButtonElement:
    return button(text, action, ids.ListState(page=page).pack())


def on_home(drafts: Sequence[Draft], texts: Texts) -> list[Block]:
    """The drafts on Home: the latest, and a way to the others. Nothing when there are none."""
    if not drafts:
        return []
    blocks: list[Block] = [header(texts.say("Your drafts"))]
    for draft in drafts[:ON_HOME]:
        blocks += [
            section(_line(draft, texts)),
            actions(*_buttons(draft, texts), block_id=f"draft:{draft.id}"),
        ]
    if len(drafts) > ON_HOME:
        see_all = button(texts.say("See all {n}", n=texts.number(len(drafts))), ids.DRAFTS_ALL)
        blocks.append(actions(see_all, block_id="drafts"))
    return blocks


def _line(draft: Draft, texts: Texts) -> str:
    parts = [texts.say("Saved {moment}", moment=moment(draft.updated_at, texts))]
    if draft.warned_at:
        until = moment(draft.updated_at + KEPT_FOR, texts)
        parts.append(texts.say("will be deleted {moment}", moment=until))
    return f"*{name_of(draft)}*\n" + " · ".join(parts)


def _buttons(draft: Draft, texts: Texts) -> list[ButtonElement]:
    value = ids.DraftButton(draft=draft.id).pack()
    delete = button(texts.say("Delete"), ids.DRAFT_DELETE, value)
    delete.confirm = ConfirmObject(
        title=plain(texts.say("Delete this draft?"), 100),
        text=plain(texts.say("What you typed into it is gone then."), 300),
        confirm=plain(texts.say("Delete"), 30),
        deny=plain(texts.say("Keep it"), 30),
    )
    return [button(texts.say("Resume"), ids.DRAFT_RESUME, value, style="primary"), delete]


def direct(draft: Draft, texts: Texts) -> Message:
    """What its owner is told of a draft that was left, or that will be deleted soon."""
    if draft.warned_at:
        text = texts.say(
            "Your draft *{name}* will be deleted {moment}, because nobody has touched it.",
            name=name_of(draft),
            moment=moment(draft.updated_at + KEPT_FOR, texts),
        )
        blocks: list[Block] = [section(text)]
    else:
        text = texts.say(
            "You closed *{name}* before it was launched. Your draft is kept.", name=name_of(draft)
        )
        since_the_last_turn = texts.say(
            "What you typed on the open page after the last *Next*, *Back* or *Save draft* is not in it: "
            "Slack does not tell Slipway when a window is closed."
        )
        blocks = [section(text), context(since_the_last_turn)]
    blocks.append(actions(*_buttons(draft, texts), block_id=f"draft:{draft.id}"))
    return message(text, blocks)


def gone(launch: Launch | None, texts: Texts) -> Message:
    """What stands in that message once the draft is gone."""
    text = texts.say("This draft was deleted.")
    if launch:
        text = texts.say("This draft became {request}.", request=launch.label)
    return message(text, [section(text)])
