"""Tables: the form shows their rows, each row is a small form of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    Option,
    OverflowMenuElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.blocks.block_elements import InteractiveElement

from bot import ids
from bot.blockkit import MAX_OPTION, MAX_OPTIONS, MAX_TEXT, button, clip, exactly, mrkdwn, plain, section
from bot.forms import kept
from bot.forms.kinds.base import (
    MOST_IN_HEADING,
    Asking,
    FieldKind,
    Json,
    NotAnAnswerError,
    Typed,
    block_id,
    is_required,
    label_of,
    one_line,
)
from bot.texts import phrase
from ironclad import Field

KindOf: TypeAlias = Callable[[Field, int], FieldKind | None]
MOST_ROWS = MAX_OPTIONS
ROWS_IN_FULL = 5  # as blocks of their own with a menu; more rows become lines, with one menu for all
ROW, ROWS = "row.", "rows"  # parts: a row with its menu, what stands below the rows
EDIT, REMOVE = "edit", "remove"  # option values of a row's menu


def rows_of(answer: Json) -> list[dict[str, Json]]:
    """The rows of an answer that hold something: an unset table may read `[{}]` (facts §4.3)."""
    rows = answer if isinstance(answer, list) else []
    return [dict(row) for row in rows if isinstance(row, Mapping) and _holds_something(row)]


def _holds_something(row: Mapping[str, Json]) -> bool:
    return any(cell is not None for key, cell in row.items() if not key.startswith(kept.MARK))


@dataclass(frozen=True)
class Tables:
    """Tables whose columns are asked as `kind_of` says of a column and the room for windows on top."""

    kind_of: KindOf

    @property
    def kind(self) -> FieldKind:
        """The kind of field that a table is."""
        return FieldKind(ask=self._ask, read=self._read, show=self._show, check=self._check)

    def line(self, field: Field, row: Mapping[str, Json], asking: Asking) -> str:
        """A row as one line."""
        inside = asking.on_top
        shown = [
            f"{label_of(column)}: {kind.show(column, row[column.key], inside)}"
            for column in field.fields
            if row.get(column.key) is not None and (kind := self.kind_of(column, inside.room))
        ]
        return " · ".join(shown) or asking.texts.say("(empty)")

    def _ask(self, field: Field, answer: Json, asking: Asking) -> list[Block]:
        lines = [(kept.row_id(row), self.line(field, row, asking)) for row in rows_of(answer)]
        label = f"*{exactly(label_of(field), MOST_IN_HEADING)}*"
        if not is_required(field):
            label = asking.texts.say("{field} (optional)", field=label)
        if not lines:
            label += "\n" + asking.texts.say("No rows yet.")
        top = section(label, block_id=block_id(field, "label", asking))
        if len(lines) <= ROWS_IN_FULL:
            middle = [_with_menu(field, n, *one, asking) for n, one in enumerate(lines, 1)]
        else:
            middle = _as_lines(field, [text for _, text in lines], asking)
        return [top, *middle, _below(field, lines, asking)]

    def _read(self, typed: Typed) -> Json:
        return rows_of(typed.kept) or None  # a row is kept at once when it is edited

    def _show(self, field: Field, answer: Json, asking: Asking) -> str:
        rows = rows_of(answer)
        if not rows:
            return ""
        many = asking.texts.count("{n} row", "{n} rows", len(rows))
        return one_line(f"{many}: " + "; ".join(self.line(field, row, asking) for row in rows))

    def _check(self, field: Field, answer: Json, asking: Asking) -> None:
        rows = rows_of(answer)
        if not rows and is_required(field):
            raise NotAnAnswerError(phrase("Add a row."))
        if len(rows) > MOST_ROWS:
            raise NotAnAnswerError(phrase("Slipway sends {rows} rows at most.", rows=MOST_ROWS), good=rows)
        for n, row in enumerate(rows, 1):
            for column in field.fields:
                try:
                    self._check_cell(column, row.get(column.key), asking.on_top)
                except NotAnAnswerError as wrong:
                    where = {"number": n, "column": label_of(column)}
                    what = phrase("Row {number}, {column}: {what}", **where, what=wrong.what)
                    raise NotAnAnswerError(what, good=rows) from None

    def _check_cell(self, column: Field, cell: Json, asking: Asking) -> None:
        kind = self.kind_of(column, asking.room)
        if kind is not None and cell is not None:
            kind.check(column, cell, asking)
        elif is_required(column):
            raise NotAnAnswerError(phrase("Ironclad always asks for this. Edit the row."))


def _with_menu(field: Field, n: int, row_id: str, line: str, asking: Asking) -> Block:
    menu = OverflowMenuElement(
        action_id=ids.ROW_MENU,
        options=[
            Option(text=plain(asking.texts.say("Edit")), value=EDIT),
            Option(text=plain(asking.texts.say("Remove")), value=REMOVE),
        ],
    )
    return SectionBlock(
        block_id=block_id(field, ROW + row_id, asking),
        text=mrkdwn(f"*{n}.* {exactly(line, 600)}"),
        accessory=menu,
    )


def _as_lines(field: Field, lines: Sequence[str], asking: Asking) -> list[Block]:
    """All rows in as few sections as hold them."""
    texts, room = [""], MAX_TEXT
    for n, line in enumerate(lines, 1):
        text = f"*{n}.* {exactly(line, 200)}\n"
        if len(texts[-1]) + len(text) > room:
            texts.append("")
        texts[-1] += text
    return [section(text, block_id=block_id(field, f"lines.{n}", asking)) for n, text in enumerate(texts)]


def _below(field: Field, lines: Sequence[tuple[str, str]], asking: Asking) -> Block:
    elements: list[InteractiveElement] = []
    if len(lines) < MOST_ROWS:
        elements.append(button(asking.texts.say("Add a row"), ids.ADD_ROW, about=label_of(field)))
    if len(lines) > ROWS_IN_FULL:
        options = [
            Option(text=plain(clip(f"{n}. {line}", MAX_OPTION)), value=row_id)
            for n, (row_id, line) in enumerate(lines, 1)
        ]
        choose = plain(asking.texts.say("Edit or remove a row"))
        elements.append(
            StaticSelectElement(action_id=ids.PICK_ROW, placeholder=choose, options=options[:MAX_OPTIONS])
        )
    return ActionsBlock(block_id=block_id(field, ROWS, asking), elements=elements)
