"""Every value as it will be sent, in the order of the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.forms.content import Content
from bot.forms.kinds import Asking, Json, is_table, label_of, row_line, rows_of, shown
from bot.forms.pages import Layout, Page
from ironclad import Field


@dataclass(frozen=True)
class Line:
    """One question: label, value in words, line by line, what is wrong with it, where it comes from."""

    key: str
    label: str
    value: tuple[str, ...]
    problem: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Part:
    """The lines of one page. `empty` counts the questions left out because nothing was answered."""

    number: int
    shelf: str
    lines: tuple[Line, ...]
    empty: int


def review(layout: Layout, content: Content, problems: Mapping[str, str], asking: Asking) -> tuple[Part, ...]:
    """The form page by page; a question without value and without problem is only counted."""
    return tuple(_part(number, page, content, problems, asking) for number, page in enumerate(layout.pages))


def _part(number: int, page: Page, content: Content, problems: Mapping[str, str], asking: Asking) -> Part:
    lines = []
    for field in page.fields:
        answer = content.answers.get(field.key)
        if answer is not None or field.key in problems:
            value = tuple(_value(field, answer, asking))
            origin = content.origins.of(field.key, content.answers)
            said = origin.said if origin else ""
            lines.append(Line(field.key, label_of(field), value, problems.get(field.key, ""), said))
    return Part(number, page.shelf.value, tuple(lines), len(page.fields) - len(lines))


def _value(field: Field, answer: Json, asking: Asking) -> Iterator[str]:
    """Everything that is sent: each row of a table and each line of a text on a line of its own."""
    if is_table(field) and (rows := rows_of(answer)):
        yield asking.texts.count("{n} row", "{n} rows", len(rows))
        yield from (f"{n}. {row_line(field, row, asking)}" for n, row in enumerate(rows, 1))
    elif field.type == "string" and isinstance(answer, str):
        yield from answer.splitlines()
    else:
        yield shown(field, answer, asking)
