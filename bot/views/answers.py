"""Short private answers to a command or a button."""

from __future__ import annotations

from collections.abc import Sequence

from bot import ids
from bot.blockkit import bare, inline, section
from bot.texts import ENGLISH, Texts
from bot.usecases.courses import Picture
from bot.usecases.errors import Refusal
from bot.views import lists
from bot.views.message import Message, message, moment, name_of, spoken, standing_of
from storage.records import Launch


def help_text(texts: Texts) -> Message:
    """What the command can do."""
    command = ids.COMMAND
    lines = (
        texts.say(
            "`{command}` launches a contract: pick an Ironclad template and fill its form.", command=command
        ),
        texts.say(
            "`{command} new` asks for a contract; `{command} REQ-12` opens a request.", command=command
        ),
        texts.say(
            "`{command} status` shows your launches; `{command} status REQ-12` or `IC-12` shows one.",
            command=command,
        ),
        texts.say("`{command} resume` shows your drafts.", command=command),
        texts.say("`{command} help` shows this.", command=command),
    )
    return message("\n".join(lines), [section("\n".join(lines))])


def unknown(typed: str, texts: Texts) -> Message:
    """A word after the command that means nothing here."""
    text = texts.say(
        "Slipway does not know “{typed}”. Type `{command} help` to see what it does.",
        typed=inline(typed, 60),
        command=ids.COMMAND,
    )
    return message(text, [section(text)])


def status(launches: Sequence[Launch], texts: Texts, requests: Sequence[Picture] = ()) -> Message:
    """How somebody's requests and launches stand."""
    if not launches and not requests:
        text = texts.say(
            "You have not launched anything yet. Type `{command}` to start.", command=ids.COMMAND
        )
        return message(text, [section(text)])
    blocks = [section(lists.status_line(picture, texts)) for picture in requests]
    told = {picture.request.id for picture in requests}
    blocks += [section(_line(launch, texts)) for launch in launches if launch.request_id not in told]
    return message(texts.say("Your launches"), blocks)


def _line(launch: Launch, texts: Texts) -> str:
    name = f"<{launch.url}|{bare(name_of(launch))}>" if launch.url else f"*{name_of(launch)}*"
    return f"{name}\n{standing_of(launch, texts)} · {moment(launch.created_at, texts)}"


def refused(refusal: Refusal, texts: Texts = ENGLISH) -> Message:
    """What happened and what to do next."""
    text = f"{spoken(texts.of(refusal.what))} {spoken(texts.of(refusal.do))}"
    return message(text, [section(text)])
