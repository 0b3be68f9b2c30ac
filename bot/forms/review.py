"""Every value as it will be sent, in the order of the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.forms.content import Content
from bot.forms.kinds import Asking, label_of, shown
from bot.forms.pages import Layout, Page


@dataclass(frozen=True)
class Line:
    """One question: label, value in words (empty for none), what is wrong with it, where it comes from."""

    key: str
    label: str
    value: str
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
            value = shown(field, answer, asking)
            origin = content.origins.of(field.key, content.answers)
            said = origin.said if origin else ""
            lines.append(Line(field.key, label_of(field), value, problems.get(field.key, ""), said))
    return Part(number, page.shelf.value, tuple(lines), len(page.fields) - len(lines))
