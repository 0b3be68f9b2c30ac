"""A Slack message, and the words that several of them share."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block

from bot.blockkit import alert, bare, clip, escape, exactly, inline
from bot.texts import ENGLISH, Texts
from bot.usecases.errors import MENTION
from bot.wire import wire
from storage.records import Launch

_NAMED = re.compile(MENTION.format("([A-Z0-9]+)"))
DEMO_MARK = "*DEMO*, not production"
MAX_MESSAGE_TEXT = 4000  # chat.update refuses more, although chat.postMessage takes it


@dataclass(frozen=True)
class Message:
    """A message: `text` is what notifications and screen readers say, `blocks` what is drawn."""

    text: str
    blocks: Sequence[dict[str, Any]]

    @property
    def digest(self) -> str:
        """Changes when the message does, so that an unchanged one is not drawn again."""
        return hashlib.sha256(json.dumps([self.text, self.blocks]).encode()).hexdigest()[:32]


def message(text: str, blocks: Sequence[Block]) -> Message:
    """A message made of blocks, with its plain text."""
    return Message(clip(bare(text), MAX_MESSAGE_TEXT), wire(list(blocks)))


def person(user: str) -> str:
    """A mention of somebody, by a Slack id that Slack itself gave us."""
    return f"<@{user}>" if user.isalnum() else inline(user)


def spoken(sentence: str) -> str:
    """A sentence of a refusal as mrkdwn, with those it names as mentions."""
    return _NAMED.sub(lambda found: person(found[1]), escape(sentence))


def moment(when: datetime, texts: Texts = ENGLISH) -> str:
    """A moment that Slack shows in the reader's own time zone and language."""
    shown = texts.say("{day} at {time}", day="{date_short_pretty}", time="{time}")
    return f"<!date^{int(when.timestamp())}^{shown}|{when:%Y-%m-%d %H:%M} UTC>"


def name_of(launch: Launch) -> str:
    """What a launch is called, as one escaped line: ``REQ-12 · Mutual NDA · Acme``."""
    counterparty = launch.attributes.get("counterpartyName")
    parts = [f"REQ-{launch.number}", exactly(launch.template_name, 120)]
    if isinstance(counterparty, str) and counterparty.strip():
        parts.append(exactly(counterparty, 120))
    return " · ".join(parts)


def demo_mark(texts: Texts, *, demo: bool) -> list[Block]:
    """What stands on top of every window about a connection to Ironclad's demo."""
    told = texts.say("DEMO: this goes to Ironclad's demo, not to production.")
    return [alert(told, "warning")] if demo else []


def standing_of(launch: Launch, texts: Texts = ENGLISH, *, step: bool = True) -> str:
    """How a launch stands, in a few words; what goes to Ironclad's demo is unmistakable."""
    mark = [texts.say("*DEMO*, not production")] if launch.demo else []
    return " · ".join([*mark, _standing(launch, texts, step)])


def _standing(launch: Launch, texts: Texts, with_step: bool) -> str:
    if launch.state == "launched" and (ended := _ended(launch, texts)):
        return " · ".join(part for part in (ended, inline(launch.ironclad_id or "", 40)) if part)
    if launch.state == "launched":
        known = launch.ironclad_id and texts.say("Launched as {id}", id=inline(launch.ironclad_id, 40))
        step = with_step and launch.step and texts.say("step {step}", step=inline(launch.step, 40))
        return " · ".join(part for part in (known or texts.say("Launched"), step) if part)
    if launch.state == "launching" and (launch.problem or {}).get("waiting"):
        return texts.say("Waiting for Ironclad")
    return {
        "launching": texts.say("Launching…"),
        "refused": texts.say("Needs correcting"),
        "asking": texts.say("Needs a decision"),
    }.get(launch.state, launch.state)


def _ended(launch: Launch, texts: Texts) -> str:
    """How a workflow stands that does not move; empty while it does."""
    return {
        "paused": texts.say("Paused in Ironclad"),
        "completed": texts.say("Completed in Ironclad"),
        "cancelled": texts.say("Cancelled in Ironclad"),
    }.get(launch.status or "", "")


def since(when: datetime | None, texts: Texts = ENGLISH) -> str:
    """How long ago something began, which Slack keeps true by itself."""
    if when is None:
        return ""
    fallback = texts.say("since {moment}", moment=f"{when:%Y-%m-%d %H:%M} UTC")
    return f"<!date^{int(when.timestamp())}^{{ago}}|{fallback}>"


def course_of(launch: Launch, texts: Texts = ENGLISH) -> str:
    """A workflow's line on its card: where it is in Ironclad, and for how long."""
    if launch.state != "launched" or not launch.step:
        return ""
    ended = {"completed": f"✓ *Ironclad*: {texts.say('completed')}"}
    ended["cancelled"] = f"✗ *Ironclad*: {texts.say('cancelled')}"
    if line := ended.get(launch.status or ""):
        return line + (f" · {moment(launch.changed_at, texts)}" if launch.changed_at else "")
    paused = f"{texts.say('paused')} · " if launch.status == "paused" else ""
    step = texts.say("step {step}", step=inline(launch.step, 40))
    since_when = since(launch.step_since, texts)
    return f"→ *Ironclad*: {paused}{step}" + (f" · {since_when}" if since_when else "")
