"""The messages about a launch: its card in the channel, its line in the thread, the direct message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, ConfirmObject

from bot import ids
from bot.blockkit import actions, button, clip, context, escape, inline, plain, section
from bot.views.message import Message, message, moment, name_of, person, standing_of
from storage.records import Launch

MAX_CANDIDATES = 10
MAX_NAMED_FIELDS = 15


def card(launch: Launch) -> Message:
    """The launch's card in the procurement channel."""
    blocks: list[Block] = [
        section(f"*{name_of(launch)}*\n{standing_of(launch)}"),
        context(f"Requested by {person(launch.requester)} · {moment(launch.created_at)}"),
    ]
    if launch.state == "launched" and launch.url:
        blocks.append(actions(_open(launch), block_id="open"))
    return message(f"{name_of(launch)}: {standing_of(launch)}", blocks)


def note(launch: Launch, labels: Mapping[str, str]) -> Message:
    """The line in the card's thread, edited as the launch goes on. `labels` names fields by key."""
    return _BY_STATE[launch.state](launch, labels)


def direct(launch: Launch, labels: Mapping[str, str], *, link: str | None, why: str | None = None) -> Message:
    """What the requester is told directly; `link` leads to the thread, `why` says why there is none."""
    told = note(launch, labels)
    lead = f"*{name_of(launch)}*" + (f" · <{link}|open the thread>" if link else "")
    blocks = [section(lead).to_dict(), *told.blocks]
    if why:
        blocks.append(context(escape(why)).to_dict())
    return Message(f"{name_of(launch)}: {told.text}", blocks)


def _launching(launch: Launch, labels: Mapping[str, str]) -> Message:
    waiting = (launch.problem or {}).get("waiting")
    if waiting:
        text = f"{escape(waiting)} Slipway keeps trying; nothing is lost and nothing will be sent twice."
    else:
        text = f"Launching *{inline(launch.template_name)}* in Ironclad for {person(launch.requester)}…"
    return message(text, [section(text)])


def _launched(launch: Launch, labels: Mapping[str, str]) -> Message:
    title = inline(launch.title or launch.template_name)
    known = [inline(part, 60) for part in (launch.ironclad_id, launch.step and f"step {launch.step}") if part]
    text = f"Launched *{title}*" + (f" · {' · '.join(known)}" if known else "")
    by = f"By {person(launch.requester)}" + (f" · {moment(launch.finished_at)}" if launch.finished_at else "")
    if launch.acting_user:
        by += f" · in Ironclad as {inline(launch.acting_user, 100)}"
    blocks: list[Block] = [section(text), context(by)]
    if launch.url:
        blocks.append(actions(_open(launch), block_id="open"))
    return message(text, blocks)


def _refused(launch: Launch, labels: Mapping[str, str]) -> Message:
    problem = launch.problem or {}
    text = f"*Not launched.* {escape(str(problem.get('what', '')))} {escape(str(problem.get('do', '')))}"
    blocks: list[Block] = [section(text)]
    named = list((problem.get("fields") or {}).items())
    if named:
        lines = [f"• {inline(labels.get(key, key), 120)}: {escape(mark)}" for key, mark in named]
        more = len(lines) - MAX_NAMED_FIELDS
        shown = lines[:MAX_NAMED_FIELDS] + ([f"• and {more} more"] if more > 0 else [])
        blocks.append(section("\n".join(shown)))
    if problem.get("said"):
        blocks.append(context(f"Ironclad says: {inline(str(problem['said']), 300)}"))
    buttons = [button("Edit and resubmit", ids.EDIT_AND_RESUBMIT, _value(launch), style="primary")]
    if problem.get("link"):
        buttons.append(button("Finish in Ironclad", ids.OPEN_LINK, url=str(problem["link"])))
    blocks.append(actions(*buttons, block_id="refused"))
    return message(text, blocks)


def _asking(launch: Launch, labels: Mapping[str, str]) -> Message:
    found = (launch.candidates or [])[:MAX_CANDIDATES]
    who = person(launch.requester)
    text = (
        f"*{who}, please decide.* Ironclad's answer was lost, so Slipway does not know for certain whether "
        "the contract exists. Nothing more is sent until you decide."
    )
    blocks: list[Block] = [section(text)]
    blocks.extend(_candidate(launch, one, place) for place, one in enumerate(found))
    if not found:
        blocks.append(section("Slipway could not look in Ironclad's list itself. Please look there first."))
    again = button("Launch again", ids.LAUNCH_AGAIN, _value(launch), style="danger")
    again.confirm = ConfirmObject(
        title=plain("Launch again?"),
        text=plain("This makes a new workflow in Ironclad. Do it only if none of those shown is yours."),
        confirm=plain("Launch again"),
        deny=plain("Not now"),
    )
    blocks.append(actions(again, block_id="again"))
    return message(f"{who}, please decide whether this contract exists already.", blocks)


def _candidate(launch: Launch, found: Mapping[str, Any], place: int) -> Block:
    known = " · ".join(inline(str(found[part]), 80) for part in ("ironclad_id", "step") if found.get(part))
    value = ids.LaunchButton(launch=launch.id, workflow=str(found["workflow_id"])).pack()
    title = inline(str(found.get("title") or "Workflow"))
    linked = f"<{found['url']}|{title}>" if found.get("url") else f"*{title}*"
    return section(
        f"{linked}\n{known}",
        accessory=button("It is this one", ids.IT_IS_THIS_ONE, value),
        block_id=f"candidate:{place}",
    )


def _value(launch: Launch) -> str:
    return ids.LaunchButton(launch=launch.id).pack()


def _open(launch: Launch) -> Any:
    return button("Open in Ironclad", ids.OPEN_LINK, url=clip(launch.url or "", 3000))


_BY_STATE = {"launching": _launching, "launched": _launched, "refused": _refused, "asking": _asking}
