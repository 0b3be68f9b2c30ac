"""The messages about a launch: its card in the channel, its line in the thread, the direct message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, ConfirmObject

from bot import ids
from bot.blockkit import actions, bare, button, clip, context, escape, inline, plain, section
from bot.forms.kept import KeptFile, files_in
from bot.forms.kinds.documents import size_of
from bot.texts import Texts
from bot.views.message import Message, course_of, message, moment, name_of, person, standing_of
from bot.wire import wire
from storage.records import Launch

MAX_CANDIDATES = 10
MAX_NAMED_FIELDS = 15
MAX_NAMED_FILES = 8
# https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
MAX_CONFIRM_TITLE, MAX_CONFIRM_TEXT, MAX_CONFIRM_BUTTON = 100, 300, 30


def card(launch: Launch, texts: Texts) -> Message:
    """The launch's card in the procurement channel."""
    standing = standing_of(launch, texts, step=False)
    by = texts.say("Requested by {person}", person=person(launch.requester))
    blocks: list[Block] = [section(f"*{name_of(launch)}*\n{standing}")]
    if line := course_of(launch, texts):
        blocks.append(section(line))
    blocks.append(context(f"{by} · {moment(launch.created_at, texts)}"))
    if launch.state == "launched" and launch.url:
        blocks.append(actions(_open(launch, texts), block_id="open"))
    return message(f"{name_of(launch)}: {standing}", blocks)


def note(launch: Launch, labels: Mapping[str, str], texts: Texts) -> Message:
    """The line in the card's thread, edited as the launch goes on. `labels` names fields by key."""
    return _BY_STATE[launch.state](launch, labels, texts)


def direct(
    launch: Launch, labels: Mapping[str, str], texts: Texts, *, link: str | None, why: str | None = None
) -> Message:
    """What the requester is told directly; `link` leads to the thread, `why` says why there is none."""
    told = note(launch, labels, texts)
    there = f"<{link}|{texts.say('open the thread')}>" if link else ""
    lead = f"*{name_of(launch)}*" + (f" · {there}" if there else "")
    blocks = [wire(section(lead)), *told.blocks]
    if why:
        blocks.append(wire(context(escape(texts.of(why)))))
    return Message(bare(f"{name_of(launch)}: {told.text}"), blocks)


def _launching(launch: Launch, labels: Mapping[str, str], texts: Texts) -> Message:
    waiting = (launch.problem or {}).get("waiting")
    if waiting:
        text = texts.say(
            "{why} Slipway keeps trying; nothing is lost and nothing will be sent twice.",
            why=escape(texts.of(waiting)),
        )
    else:
        text = texts.say(
            "Launching *{template}* in Ironclad for {person}…",
            template=inline(launch.template_name),
            person=person(launch.requester),
        )
    return message(text, [section(text)])


def _launched(launch: Launch, labels: Mapping[str, str], texts: Texts) -> Message:
    said = texts.say("Launched *{title}*", title=inline(launch.title or launch.template_name))
    known = [inline(launch.ironclad_id, 60)] if launch.ironclad_id else []
    text = " · ".join([said, *known])  # the step it comes to is on the card
    blocks: list[Block] = [section(text), context(" · ".join(_by_whom(launch, texts)))]
    if files := list(files_in(launch.attributes)):
        blocks.append(context(_with_files(files, texts)))
    if launch.url:
        blocks.append(actions(_open(launch, texts), block_id="open"))
    return message(text, blocks)


def _by_whom(launch: Launch, texts: Texts) -> Iterator[str]:
    yield texts.say("By {person}", person=person(launch.requester))
    if launch.finished_at:
        yield moment(launch.finished_at, texts)
    if launch.acting_user:
        yield texts.say("in Ironclad as {user}", user=inline(launch.acting_user, 100))


def _with_files(files: Sequence[KeptFile], texts: Texts) -> str:
    """The files that were sent, each with its checksum: what Ironclad got can be compared with it."""
    shown = [f"{inline(file.name, 80)} ({size_of(file.size)}, SHA-256 `{file.sha256}`)" for file in files]
    more = len(files) - MAX_NAMED_FILES
    if more > 0:
        shown = [*shown[:MAX_NAMED_FILES], texts.count("and {n} more", "and {n} more", more)]
    return texts.say("Sent with it: {files}", files=", ".join(shown))


def _refused(launch: Launch, labels: Mapping[str, str], texts: Texts) -> Message:
    problem = launch.problem or {}
    what, do = (escape(texts.of(str(problem.get(part, "")))) for part in ("what", "do"))
    text = f"*{texts.say('Not launched.')}* {what} {do}"
    blocks: list[Block] = [section(text)]
    named = list((problem.get("fields") or {}).items())
    if named:
        lines = [f"• {inline(labels.get(key, key), 120)}: {escape(texts.of(mark))}" for key, mark in named]
        more = len(lines) - MAX_NAMED_FIELDS
        rest = [f"• {texts.count('and {n} more', 'and {n} more', more)}"] if more > 0 else []
        blocks.append(section("\n".join(lines[:MAX_NAMED_FIELDS] + rest)))
    if problem.get("said"):
        blocks.append(context(texts.say("Ironclad says: {text}", text=inline(str(problem["said"]), 300))))
    edit = texts.say("Edit and resubmit")
    buttons = [button(edit, ids.EDIT_AND_RESUBMIT, _value(launch), style="primary")]
    if problem.get("link"):
        buttons.append(button(texts.say("Finish in Ironclad"), ids.OPEN_LINK, url=str(problem["link"])))
    blocks.append(actions(*buttons, block_id="refused"))
    return message(text, blocks)


def _asking(launch: Launch, labels: Mapping[str, str], texts: Texts) -> Message:
    found = (launch.candidates or [])[:MAX_CANDIDATES]
    who = person(launch.requester)
    asked = texts.say("{person}, please decide.", person=who)
    why = texts.say(
        "Ironclad's answer was lost, so Slipway does not know for certain whether the contract exists. "
        "Nothing more is sent until you decide."
    )
    blocks: list[Block] = [section(f"*{asked}* {why}")]
    blocks.extend(_candidate(launch, one, place, texts) for place, one in enumerate(found))
    if not found:
        look = texts.say("Slipway could not look in Ironclad's list itself. Please look there first.")
        blocks.append(section(look))
    again = button(texts.say("Launch again"), ids.LAUNCH_AGAIN, _value(launch), style="danger")
    again.confirm = ConfirmObject(
        title=plain(texts.say("Launch again?"), MAX_CONFIRM_TITLE),
        text=plain(
            texts.say("This makes a new workflow in Ironclad. Do it only if none of those shown is yours."),
            MAX_CONFIRM_TEXT,
        ),
        confirm=plain(texts.say("Launch again"), MAX_CONFIRM_BUTTON),
        deny=plain(texts.say("Not now"), MAX_CONFIRM_BUTTON),
    )
    blocks.append(actions(again, block_id="again"))
    short = texts.say("{person}, please decide whether this contract exists already.", person=who)
    return message(short, blocks)


def _candidate(launch: Launch, found: Mapping[str, Any], place: int, texts: Texts) -> Block:
    known = " · ".join(inline(str(found[part]), 80) for part in ("ironclad_id", "step") if found.get(part))
    value = ids.LaunchButton(launch=launch.id, workflow=str(found["workflow_id"])).pack()
    title = inline(str(found.get("title") or texts.say("Workflow")))
    linked = f"<{found['url']}|{title}>" if found.get("url") else f"*{title}*"
    return section(
        f"{linked}\n{known}",
        accessory=button(texts.say("It is this one"), ids.IT_IS_THIS_ONE, value),
        block_id=f"candidate:{place}",
    )


def _value(launch: Launch) -> str:
    return ids.LaunchButton(launch=launch.id).pack()


def _open(launch: Launch, texts: Texts) -> Any:
    return button(texts.say("Open in Ironclad"), ids.OPEN_LINK, url=clip(launch.url or "", 3000))


_BY_STATE = {"launching": _launching, "launched": _launched, "refused": _refused, "asking": _asking}
