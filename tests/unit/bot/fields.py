"""Any field that a template can have, and any answer to it: strategies for property-based tests."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot import forms
from bot.forms.contents import ANY_KINDS, DRAFT_KINDS
from bot.forms.kept import KeptFile, person, record, row
from ironclad import Field, Options, Required

ZONE = ZoneInfo("Asia/Kathmandu")
LOCALES = ("en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "pt-BR", "ja-JP", "en-IN", "ar-EG", "pl-PL", "xx-YY")
LETTERS = string.ascii_letters + string.digits
HOSTILE = st.sampled_from(
    [
        "<!channel>",
        "*bold* _x_ `y` <@U1>",
        "حقل باللغة العربية",
        "שדה חשוב",
        "👩🏽‍⚖️ 法務 🏳️‍🌈",
        "&amp; <b>",
        "a" * 400,
        "x\ty",
        "‮evil",
        ":smile:",
        "f:q:own",
        "…",
    ]
)
TEXTS = HOSTILE | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=400)
LABELS = TEXTS
SOME = TEXTS.filter(lambda text: text.strip() != "")
KEYS = st.text(LETTERS + "_", min_size=1, max_size=40) | st.text(min_size=1, max_size=250)
KINDS = (
    *("string", "choice", "choice or text", "several", "several or text", "texts", "boolean", "number"),
    *("email", "date", "monetaryAmount", "duration", "address", "documents", "linkedRecord", "user"),
)


def askings() -> st.SearchStrategy[forms.Asking]:
    """People of all languages."""
    return st.builds(forms.Asking, st.just(ZONE), st.sampled_from(LOCALES), epoch=st.integers(0, 3))


def options(*, free: bool, most: int = 130) -> st.SearchStrategy[Options]:
    """Choices, each once even when blanks around them are taken off."""
    values = st.lists(SOME, min_size=1, max_size=most, unique_by=str.strip)
    return values.map(lambda one: Options(values=tuple(one), free_text=free))


def field_of(kind: str, **more: Any) -> st.SearchStrategy[Field]:
    """A field of one kind; `more` are strategies for the rest of it."""
    array: Callable[[str], Any] = lambda type: st.just(Field(key="element", type=type))  # noqa: E731
    types: dict[str, dict[str, Any]] = {
        "choice": {"type": st.just("string"), "options": options(free=False)},
        "choice or text": {"type": st.just("string"), "options": options(free=True)},
        "several": {"type": st.just("array"), "element": array("string"), "options": options(free=False)},
        "several or text": {
            "type": st.just("array"),
            "element": array("string"),
            "options": options(free=True),
        },
        "texts": {"type": st.just("array"), "element": array("string")},
        "documents": {"type": st.just("array"), "element": array("document")},
    }
    if kind == "several or text":
        types[kind] = {**types["several"], "options": options(free=True)}
    rest = types.get(kind, {"type": st.just(kind)})
    common = {"key": KEYS, "label": LABELS, "required": st.sampled_from(Required)}
    return st.builds(Field, **{**common, **rest, **more})


@st.composite
def fields(draw: st.DrawFn, depth: int = 2) -> Field:
    """A field of any kind, tables and objects of such fields among them."""
    kind = draw(st.sampled_from([*KINDS, *(["object", "table"] if depth else [])]))
    if kind not in ("object", "table"):
        return draw(field_of(kind))
    inner = tuple(
        draw(st.lists(fields(depth=depth - 1), min_size=1, max_size=4, unique_by=lambda one: one.key))
    )
    if kind == "object":
        return draw(field_of("object", fields=st.just(inner)))
    element = Field(key="element", type="object", fields=inner)
    return draw(field_of("array", element=st.just(element), fields=st.just(inner)))


@st.composite
def tables(draw: st.DrawFn) -> Field:
    """A table whose rows may hold tables, objects and files."""
    columns = tuple(draw(st.lists(fields(depth=1), min_size=1, max_size=4, unique_by=lambda one: one.key)))
    element = Field(key="element", type="object", fields=columns)
    return draw(field_of("array", element=st.just(element), fields=st.just(columns)))


SCHEMAS = st.lists(fields(), max_size=12, unique_by=lambda field: field.key)


# Answers ------------------------------------------------------------------------------------------

AMOUNTS = st.integers(-(10**12), 10**12) | st.decimals(-(10**9), 10**9, places=2).map(float)
NUMBERS = AMOUNTS | st.floats(-1e15, 1e15, allow_nan=False).map(lambda one: one if one % 1 else int(one))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
LINE = st.text(LETTERS + " äß-,.", min_size=1, max_size=60).map(str.strip).filter(bool)
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "GBP", "BRL", "KWD"])
EMAILS = st.from_regex(r"[a-z]{1,10}(\.[a-z]{1,8})?@[a-z]{2,10}\.example", fullmatch=True)
RECORD_IDS = st.integers(1, 10**6).map(lambda n: f"IC-{n}")
DURATIONS = st.dictionaries(
    st.sampled_from(["years", "months", "weeks", "days"]), st.integers(1, 999), min_size=1
).map(lambda one: {unit: one[unit] for unit in ("years", "months", "weeks", "days") if unit in one})
PARAGRAPHS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=9000)


def midnight(day: date) -> str:
    """A date as Ironclad takes it."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).isoformat()


@st.composite
def addresses(draw: st.DrawFn) -> dict[str, Any]:
    """Addresses by Ironclad's rules."""
    country = draw(st.sampled_from(["Ireland", "United States", "USA", "Germany", "Japan", "Narnia"]))
    lines = draw(st.lists(LINE, min_size=1, max_size=4))
    rest = {part: draw(LINE) for part in ("region", "postcode") if country in ("United States", "USA")}
    return {"lines": lines, "locality": draw(LINE), **rest, "country": country}


def _money(asked: tuple[float, str]) -> dict[str, Any]:
    amount, currency = asked
    whole = int(amount) if currency == "JPY" or not amount % 1 else amount
    return {"currency": currency, "amount": whole}


def _files(field: Field) -> st.SearchStrategy[Any]:
    ending = st.sampled_from(DRAFT_KINDS if field.key == "draft" else ANY_KINDS)
    name = st.tuples(LINE, ending).map(".".join)
    ids = st.text(string.ascii_uppercase, min_size=5, max_size=11).map("F".__add__)
    file = st.builds(KeptFile, ids, name, st.integers(1, 10**8))
    return st.lists(file, min_size=1, max_size=9, unique_by=lambda one: one.id).map(
        lambda files: [one.kept() for one in files]
    )


def answer_to(field: Field) -> st.SearchStrategy[Any]:
    """What a draft may keep for this field."""
    own = LINE.filter(lambda text: field.options is None or text not in field.options.values)
    values = st.sampled_from(field.options.values) if field.options and field.options.values else own
    if field.type == "object":
        return _parts(field, complete=True).filter(bool)
    if field.type == "array" and field.element and field.element.type == "object":
        numbered = st.tuples(st.from_regex(r"[0-9a-f]{8}", fullmatch=True), _parts(field).filter(bool))
        rows = st.lists(numbered, min_size=1, max_size=8, unique_by=lambda one: one[0])
        return rows.map(lambda some: [row(*one) for one in some])
    if field.type == "array" and field.element and field.element.type == "document":
        return _files(field)
    if field.type == "array":
        free = field.options is None or field.options.free_text
        return st.lists(values | own if free else values, min_size=1, max_size=6, unique=True).map(
            lambda some: _in_order(field, some)
        )
    if field.type == "string":
        listed = field.options is not None
        return values if listed and not field.options.free_text else values | own if listed else _text()  # type: ignore[union-attr]
    return _SIMPLE[field.type]


def _text() -> st.SearchStrategy[str]:
    return (SOME | PARAGRAPHS).map(str.strip).filter(bool)


def _in_order(field: Field, some: list[str]) -> list[str]:
    listed = field.options.values if field.options else ()
    return [*(one for one in listed if one in some), *(one for one in some if one not in listed)]


@st.composite
def _parts(draw: st.DrawFn, field: Field, *, complete: bool = False) -> dict[str, Any]:
    needed = [part for part in field.fields if part.required is Required.ALWAYS or draw(st.booleans())]
    return {part.key: draw(answer_to(part)) for part in needed}


_SIMPLE: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "number": NUMBERS,
    "email": EMAILS,
    "date": DAYS.map(midnight),
    "monetaryAmount": st.tuples(AMOUNTS, CURRENCIES).map(_money),
    "duration": DURATIONS,
    "address": addresses(),
    "linkedRecord": RECORD_IDS | st.builds(record, RECORD_IDS, LINE),
    "user": EMAILS | st.just(person("U0DANA001", email="dana@example.com", name="Dana")),
}
