"""Launch forms as Ironclad might have them, for property-based tests of whole forms."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import strategies as st

from bot import forms
from bot.forms.kinds import KINDS
from bot.usecases.form import Form, Schema
from ironclad import Field, Options, Required
from storage import StoredTemplate
from tests.unit.bot.values import THEN, a_connection, a_draft, a_person

HOSTILE = ["<!channel>", "<@U1>", "*bold*", "", " ", "\u202etfel", "\U0001f600" * 30, "&" * 200, "x" * 400]
LABELS = st.one_of(st.text(st.characters(codec="utf-8"), max_size=400), st.sampled_from(HOSTILE))
KEYS = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=40)
CHOICES = st.lists(LABELS.filter(str.strip), min_size=1, max_size=12, unique=True)
TYPES = [*sorted({name.partition(":")[0] for name in KINDS}), "object", "whoKnows"]
DEFAULTS: st.SearchStrategy[Any] = st.sampled_from(
    [None, "x", True, 3, 2.5, {"days": 0}, [{}], [], "2026-05-11", "a@b.example"]
)


@st.composite
def fields(draw: st.DrawFn, *, depth: int = 2) -> Field:
    """A question of any type, with a label of any kind; tables and objects are within one another."""
    kind = draw(st.sampled_from([one for one in TYPES if depth or one != "object"]))
    options = None
    if kind in ("string", "array") and draw(st.booleans()):
        options = Options(values=tuple(draw(CHOICES)), free_text=draw(st.booleans()))
    parts: tuple[Field, ...] = ()
    element = None
    if kind == "array":
        of = draw(st.sampled_from(["string", "document", *(["object"] if depth else [])]))
        element = Field(key="items", type=of, options=options)
    if kind == "object" or (element and element.type == "object"):
        inside = st.lists(fields(depth=depth - 1), max_size=3, unique_by=lambda field: field.key)
        parts = tuple(draw(inside))
    return Field(
        key=draw(KEYS),
        type=kind,
        label=draw(LABELS),
        required=draw(st.sampled_from(Required)),
        options=options,
        default=draw(DEFAULTS),
        element=element,
        fields=parts,
    )


def schemas(most: int) -> st.SearchStrategy[list[Field]]:
    """Launch forms of up to so many questions."""
    return st.lists(fields(), min_size=1, max_size=most, unique_by=lambda field: field.key)


def long_schema(count: int = 300, required: int = 80) -> list[Field]:
    """A long form of simple questions of every plain type."""
    kinds: list[dict[str, Any]] = [
        {"type": "string"},
        {"type": "string", "options": Options(values=("EMEA", "AMER", "APAC"), free_text=False)},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "date"},
        {"type": "email"},
    ]
    return [
        Field(
            key=f"q{number}",
            label=f"Question {number}",
            required=Required.ALWAYS if number < required else Required.NEVER,
            **kinds[number % len(kinds)],
        )
        for number in range(count)
    ]


def a_form(schema: list[Field], content: forms.Content | None = None) -> Form:
    """A form of this schema as a listener has it."""
    return Form(
        draft=a_draft(),
        person=a_person(),
        connection=a_connection(),
        template=StoredTemplate("t1", "Order & <form>", "{}", "f1", THEN),
        schema=Schema(schema),
        content=content or forms.begun(schema, {}, forms.Asking()),
        asking=forms.Asking(),
        launch=None,
        ironclad_form="https://ic.example/c/1",
    )
