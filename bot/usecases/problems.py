"""Why Ironclad refused a launch, as sentences: for the thread, and beside the fields that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.forms.kept import files_in
from bot.texts import phrase
from bot.usecases.errors import explain
from ironclad import Refused, Rejected

CORRECT = phrase("Press Edit and resubmit: everything you typed is kept.")
MISSING = phrase("Ironclad asks for this here. Fill it in.")
NOT_ACCEPTED = phrase("Ironclad does not accept this value.")
_VIRUS = re.compile("virus", re.I)


def problem_of(refused: Refused, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """A refusal as the launch keeps it: sentences, and what each named field needs.

    `attributes` are the answers that were sent.
    """
    if not isinstance(refused, Rejected):
        refusal = explain(refused)
        return {
            "what": refusal.what,
            "do": refusal.do,
            "code": "",
            "fields": {},
            "said": refused.message,
            "link": None,
        }
    what, fields = _told(refused, attributes)
    return {
        "what": what,
        "do": CORRECT,
        "code": refused.code or "",
        "fields": fields,
        "said": refused.message,
        "link": refused.redirect_url,
    }


def _told(refused: Rejected, attributes: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    if refused.code == "VIRUS_DETECTED" or _VIRUS.search(refused.message):
        return _infected(refused, attributes)
    if refused.code == "CONTENT_UNAVAILABLE":
        why = phrase("Ironclad could not read a file. Attach it again, or another version of it.")
        return why, dict.fromkeys(_with_files(attributes), why)
    missing = refused.code == "MISSING_PARAM"
    named = [*refused.params, *([refused.key_path] if refused.key_path else [])]
    fields: dict[str, str] = {}
    for name in named:
        key, inside = _field_and_rest(name, attributes)
        if key != "attributes":
            mark = MISSING if missing else NOT_ACCEPTED
            fields[key] = _within(inside, mark)
    return phrase("Ironclad asks for more.") if missing else phrase(
        "Ironclad did not accept a value."
    ), fields


def _infected(refused: Rejected, attributes: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Which files carry a virus; all of them where Ironclad does not say."""
    fields: dict[str, str] = {}
    for key in _with_files(attributes):
        names = [file.name for file in files_in(attributes[key])]
        if bad := [name for name in names if name in refused.files or not refused.files]:
            which = ", ".join(f"“{name}”" for name in bad)
            fields[key] = phrase(
                "Ironclad found a virus in {files}. Remove it and attach a clean file.", files=which
            )
    return next(iter(fields.values()), phrase("Ironclad found a virus in a file.")), fields


def _with_files(attributes: Mapping[str, Any]) -> list[str]:
    return [key for key, answer in attributes.items() if any(files_in(answer))]


def _field_and_rest(name: str, attributes: Mapping[str, Any]) -> tuple[str, str]:
    """The field that a key path leads into, and the way inside it: `lineItems.0.price`."""
    key, _, inside = name.partition(".")
    return (key, inside) if name not in attributes and inside else (name, "")


def _within(inside: str, mark: str) -> str:
    """A sentence about a field, or about a cell of its rows: `0.price` is a cell of the first.

    A cell may hold rows of its own, and a part of an object (`sites.0.place`) may, too.
    """
    here, _, rest = inside.partition(".")
    if not rest:
        return mark
    if not here.isdecimal():
        return _within(rest, mark)
    column, _, deeper = rest.partition(".")
    what = _within(deeper, mark)
    return phrase("Row {number}, {column}: {what}", number=int(here) + 1, column=column, what=what)
