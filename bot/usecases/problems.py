"""Why Ironclad refused a launch, as sentences: for the thread, and beside the fields that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.forms.kept import files_in
from bot.forms.kinds import label_of
from bot.texts import phrase
from bot.usecases.errors import explain
from ironclad import Field, NotFound, Refused, Rejected

CORRECT = phrase("Press Edit and resubmit: everything you typed is kept.")
MISSING = phrase("Ironclad asks for this here. Fill it in.")
GO_ON = phrase("Press Edit and resubmit: everything you typed is kept, and you see what took its place.")
NOT_ACCEPTED = phrase("Ironclad does not accept this value.")
_VIRUS = re.compile("virus", re.I)


def problem_of(
    refused: Refused, attributes: Mapping[str, Any], fields: Sequence[Field] = (), form: str | None = None
) -> dict[str, Any]:
    """A refusal as the launch keeps it: sentences, and what each named field needs.

    `attributes` are the answers that were sent, `fields` the template's questions, `form` is the address of
    Ironclad's own form.
    """
    if not isinstance(refused, Rejected):
        refusal, gone = explain(refused), isinstance(refused, NotFound)
        return {
            "what": refusal.what,
            "do": GO_ON if gone else refusal.do,
            "code": "",
            "fields": {},
            "said": refused.message,
            "link": None if gone else form,
        }
    what, marks = _told(refused, attributes, fields)
    return {
        "what": what,
        "do": CORRECT,
        "code": refused.code or "",
        "fields": marks,
        "said": refused.message,
        "link": refused.redirect_url or form,
    }


def unfit_files(marks: Mapping[str, str], form: str | None) -> dict[str, Any]:
    """Files that cannot be sent, as the launch keeps it: what each field needs."""
    several = phrase("Some attached files cannot be sent.")
    what = next(iter(marks.values())) if len(marks) == 1 else several
    return {"what": what, "do": CORRECT, "code": "", "fields": dict(marks), "said": "", "link": form}


def _told(
    refused: Rejected, attributes: Mapping[str, Any], fields: Sequence[Field]
) -> tuple[str, dict[str, str]]:
    if refused.code == "VIRUS_DETECTED" or _VIRUS.search(refused.message):
        return _infected(refused, attributes)
    if refused.code == "CONTENT_UNAVAILABLE":
        why = phrase("Ironclad could not read a file. Attach it again, or another version of it.")
        return why, dict.fromkeys(_with_files(attributes), why)
    missing = refused.code == "MISSING_PARAM"
    named = [*refused.params, *([refused.key_path] if refused.key_path else [])]
    marks: dict[str, str] = {}
    for name in named:
        key, inside = _field_and_rest(name, attributes)
        if key != "attributes":
            mark = MISSING if missing else NOT_ACCEPTED
            marks.setdefault(key, _within(inside, mark, _named(key, fields)))
    return phrase("Ironclad asks for more.") if missing else phrase("Ironclad did not accept a value."), marks


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


def _within(inside: str, mark: str, whole: Field | None) -> str:
    """A sentence about a field, or about a cell of its rows: `0.price` is a cell of the first.

    A cell may hold rows of its own, and a part of an object (`sites.0.place`) may, too.
    """
    here, _, rest = inside.partition(".")
    if not here.isdecimal():
        part = _named(here, whole.fields if whole else ())
        what = _within(rest, mark, part) if rest else mark
        return phrase("{part}: {what}", part=label_of(part), what=what) if part else what
    column, _, deeper = rest.partition(".")
    if not column:
        return mark
    cell = _named(column, whole.fields if whole else ())
    what, called = _within(deeper, mark, cell), label_of(cell) if cell else column
    return phrase("Row {number}, {column}: {what}", number=int(here) + 1, column=called, what=what)


def _named(key: str, fields: Sequence[Field]) -> Field | None:
    return next((field for field in fields if field.key == key), None)
