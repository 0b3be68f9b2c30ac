"""What Slack's client checks itself when a person submits, before the app hears of it (facts page A.4)."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from tests.sandbox.slack.element_rules import decimal
from tests.sandbox.slack.elements import Field, Files, Raw, Typed, current, fields_of
from tests.sandbox.slack.errors import Json

LARGEST_FILE = 10 * 1024 * 1024  # "There is a 10MB file size limit" (the file input's page)
REQUIRED = "Please complete this required field."


def refused_fields(blocks: list[Json], typed: Typed, files: Files) -> dict[str, str]:
    """The sentence shown under each input block that cannot be submitted, by block_id."""
    refused: dict[str, str] = {}
    for field in fields_of(blocks):
        if field.block["type"] != "input":
            continue
        raw = current(field, typed)
        sentence = _refusal(field, raw) or _too_large(field, raw, files)
        if sentence is not None:
            refused[field.block_id] = sentence
    return refused


def _too_large(field: Field, raw: Raw, files: Files) -> str | None:
    if field.kind != "file_input":
        return None
    sizes = [found["size"] for one in raw or [] if (found := files(one)) is not None]
    return "Files can be up to 10 MB." if any(size > LARGEST_FILE for size in sizes) else None


def _refusal(field: Field, raw: Raw) -> str | None:
    if raw in (None, "", []) or (isinstance(raw, str) and not raw.strip()):
        return REQUIRED if field.is_required else None
    check = _CHECKS.get(field.kind)
    if check is not None:
        return check(field.element, raw)
    return _too_many(field.element, raw) if isinstance(raw, list) else None


def _text(element: Json, raw: Raw) -> str | None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if len(raw) < shortest:
        return f"This must be at least {shortest} characters."
    if len(raw) > longest:
        return f"This must be {longest} characters or fewer."
    return None


def _email(element: Json, raw: Raw) -> str | None:
    sound = re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", raw)
    return None if sound else "Please enter a valid email address."


def _url(element: Json, raw: Raw) -> str | None:
    parts = urlsplit(raw)
    return None if parts.scheme in ("http", "https") and "." in parts.netloc else "Please enter a valid URL."


def _number(element: Json, raw: Raw) -> str | None:
    number = decimal(raw) if isinstance(raw, str) else None
    if number is None:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < (decimal(element["min_value"]) or 0):
        return f"Please enter a number that is at least {element['min_value']}."
    if "max_value" in element and number > (decimal(element["max_value"]) or 0):
        return f"Please enter a number that is at most {element['max_value']}."
    return None


def _files(element: Json, raw: Raw) -> str | None:
    most = element.get("max_files", 10)
    return f"You can upload up to {most} files." if len(raw) > most else None


def _too_many(element: Json, raw: Raw) -> str | None:
    most = element.get("max_selected_items", 100)
    return f"You can choose up to {most} items." if len(raw) > most else None


_CHECKS: Mapping[str, Callable[[Json, Raw], str | None]] = {
    "plain_text_input": _text,
    "email_text_input": _email,
    "url_text_input": _url,
    "number_input": _number,
    "file_input": _files,
}
