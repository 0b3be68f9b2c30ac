"""Text and e-mail."""

from __future__ import annotations

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email
from slack_sdk.models.blocks import Block, EmailInputElement, PlainTextInputElement

from bot import ids
from bot.blockkit import MAX_TEXT
from bot.forms.kinds.base import (
    MOST_CHARACTERS,
    Asking,
    FieldKind,
    Json,
    NotAnAnswerError,
    Typed,
    asked_in,
    label_of,
    one_line,
)
from bot.texts import phrase
from ironclad import Field

_LONG_TEXT = re.compile(
    r"descri|detail|paragraph|comment|notes?\b|terms|scope|purpose|summary|reason|why", re.I
)


# Text ---------------------------------------------------------------------------------------------


def _ask_text(field: Field, answer: Json, asking: Asking) -> list[Block]:
    text = answer if isinstance(answer, str) else ""
    # Ironclad gives short texts and paragraphs the same type, so the label decides how big the box is.
    long = bool(_LONG_TEXT.search(f"{field.label} {field.key}")) or "\n" in text or len(text) >= MAX_TEXT
    blocks: list[Block] = []
    for part, piece in _pieces(text):
        element = PlainTextInputElement(
            action_id=ids.FIELD, multiline=long or None, max_length=MAX_TEXT, initial_value=piece or None
        )
        label = asking.texts.say("{field}: continued", field=label_of(field)) if part else ""
        optional = True if part else None
        blocks.append(asked_in(field, element, asking, part=part, label=label, optional=optional))
    return blocks


def _pieces(text: str) -> list[tuple[str, str]]:
    """A text over the inputs that it takes: Slack's hold 3,000 characters, and a full one gets another."""
    starts = range(0, min(len(text), MOST_CHARACTERS - 1) + 1, MAX_TEXT)
    return [(f"{n + 1}" if n else "", text[start : start + MAX_TEXT]) for n, start in enumerate(starts)]


def _read_text(typed: Typed) -> Json:
    pieces = []
    for n in range(MOST_CHARACTERS // MAX_TEXT + 1):
        element = typed.element(f"{n + 1}" if n else "")
        if not element:
            break  # the text took no more inputs than those before
        piece = element.get("value")
        pieces.append(piece if isinstance(piece, str) else "")
    return "".join(pieces).strip() or None


def _show_text(field: Field, answer: Json, asking: Asking) -> str:
    return one_line(str(answer))


def check_text(field: Field, answer: Json, asking: Asking) -> None:
    """Refuse what Ironclad would only refuse when the contract is archived."""
    if not isinstance(answer, str):
        raise NotAnAnswerError(phrase("Enter a text."))
    if len(answer) > MOST_CHARACTERS:
        what = phrase(
            "Ironclad takes {most} characters; this has {here}.",
            most=asking.texts.number(MOST_CHARACTERS),
            here=asking.texts.number(len(answer)),
        )
        raise NotAnAnswerError(what)


TEXT = FieldKind(ask=_ask_text, read=_read_text, show=_show_text, check=check_text)


# E-mail -------------------------------------------------------------------------------------------


def _ask_email(field: Field, answer: Json, asking: Asking) -> list[Block]:
    filled = answer if isinstance(answer, str) and answer else None
    return [asked_in(field, EmailInputElement(action_id=ids.FIELD, initial_value=filled), asking)]


def _read_email(typed: Typed) -> Json:
    return typed.text() or None


def check_email(field: Field, answer: Json, asking: Asking) -> None:
    """Refuse what is no e-mail address."""
    if not _is_email(str(answer)):
        raise NotAnAnswerError(phrase("Enter an e-mail address, for example sam@example.com"))


@lru_cache(1024)  # every page turn looks at all the answers again
def _is_email(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


EMAIL = FieldKind(ask=_ask_email, read=_read_email, show=_show_text, check=check_email)
