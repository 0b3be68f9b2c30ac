"""Short private answers to a command or a button."""

from __future__ import annotations

from collections.abc import Sequence

from bot import ids
from bot.blockkit import inline, section
from bot.usecases.errors import Refusal
from bot.views.message import Message, message, moment, name_of, spoken, standing_of
from storage.records import Launch


def help_text() -> Message:
    """What the command can do."""
    lines = (
        f"`{ids.COMMAND}` launches a contract: pick an Ironclad template and fill its form.",
        f"`{ids.COMMAND} status` shows your launches; `{ids.COMMAND} status REQ-12` or `IC-12` shows one.",
        f"`{ids.COMMAND} help` shows this.",
    )
    return message("\n".join(lines), [section("\n".join(lines))])


def unknown(typed: str) -> Message:
    """A word after the command that means nothing here."""
    text = f"Slipway does not know “{inline(typed, 60)}”. Type `{ids.COMMAND} help` to see what it does."
    return message(text, [section(text)])


def status(launches: Sequence[Launch]) -> Message:
    """How somebody's launches stand."""
    if not launches:
        text = f"You have not launched anything yet. Type `{ids.COMMAND}` to start."
        return message(text, [section(text)])
    blocks = [section(_line(launch)) for launch in launches]
    return message("Your launches", blocks)


def _line(launch: Launch) -> str:
    name = f"<{launch.url}|{name_of(launch)}>" if launch.url else f"*{name_of(launch)}*"
    return f"{name}\n{standing_of(launch)} · {moment(launch.created_at)}"


def refused(refusal: Refusal) -> Message:
    """What happened and what to do next."""
    text = f"{spoken(refusal.what)} {spoken(refusal.do)}"
    return message(text, [section(text)])
