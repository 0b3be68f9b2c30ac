"""The windows of a form that ask: the form itself and, stacked on top of it, rows of its tables.

A row that is being edited is kept with the draft (`Content.rows`), since windows open on top of it, too.
It is in its table only when it is saved.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncBoltContext

from bot import forms, ids
from bot.blockkit import Screen
from bot.forms import kept
from bot.forms.kinds import columns_of, option_id
from bot.forms.kinds.base import inside, path_of
from bot.forms.kinds.tables import rows_of
from bot.forms.nested import answer_to, field_named, find_field, with_answer
from bot.listeners.filling import Filling, read, screen
from bot.listeners.payload import STALE, Body, in_modal, pressed, state_in, version_of, view_of, who
from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.form import Form
from bot.views import parts as views
from ironclad import Field

Json = Any


@dataclass(frozen=True)
class Window:
    """What one window of a form asks: the form, or the row that `table` and `row` name.

    `below` is the window under a row's: the form, or the row that its table stands in.
    """

    form: Form
    here: ids.FormState
    below: Window | None = None
    table: Field | None = None
    row: str = ""

    @property
    def fields(self) -> Sequence[Field]:
        """The questions it may ask."""
        return columns_of(self.table, self.asking) if self.table else self.form.fields

    @property
    def asking(self) -> forms.Asking:
        """How it asks."""
        return self.below.asking.on_top if self.below else self.form.asking_in(self.here.epoch)

    @property
    def content(self) -> forms.Content:
        """What it holds. A row that nobody has opened yet holds what its table has of it."""
        if self.below is None or self.table is None:
            return self.form.content
        return self.below.content.rows.get(self.row) or forms.Content(self.saved)

    @property
    def saved(self) -> Mapping[str, Json]:
        """What the table has of the row; nothing for a new one."""
        rows = rows_of(self.below.answer(self.table)) if self.below and self.table else []
        return next((row for row in rows if kept.row_id(row) == self.row), {})

    def answer(self, field: Field) -> Json:
        """The answer to one of its fields, or to a part of one."""
        return answer_to(self.content.answers, field)

    def holding(self, content: forms.Content) -> Window:
        """The same window with other content."""
        if self.below is None:
            return replace(self, form=self.form.holding(content))
        below = self.below.holding(replace(self.below.content, rows={self.row: content}))
        return replace(self, form=below.form, below=below)

    def answered(self, field: Field, answer: Json) -> Window:
        """The same window with another answer, and nothing said about it any more."""
        whole = path_of(field)[0]
        marks = {key: mark for key, mark in self.content.marks.items() if key != whole}
        answers = with_answer(self.content.answers, field, answer or None)
        return self.holding(replace(self.content, answers=answers, marks=marks))

    def opening(self, table: Field, row: str = "") -> Window:
        """The window of a row, as it is when it opens; of a new one without `row`."""
        window = Window(self.form, self.here, self, table, row or secrets.token_hex(4))
        return window.holding(forms.Content(window.saved))

    def without(self, table: Field, row: str) -> Window:
        """The same window without a row of one of its tables."""
        rows = [one for one in rows_of(self.answer(table)) if kept.row_id(one) != row]
        return self.answered(table, rows).closing()

    def closing(self) -> Window:
        """The same window without what was on top of it."""
        return self.holding(replace(self.content, rows={}))

    @property
    def within(self) -> tuple[ids.RowState, ...]:
        """The rows that it stands in, its own last."""
        if self.below is None or self.table is None:
            return ()
        return (*self.below.within, ids.RowState(field=option_id(self.table.key), row=self.row))

    def at(self, field: Field) -> ids.PartState:
        """The state of a window on top of this one that is about one of its fields."""
        return ids.PartState(form=self.here, field=option_id(field.key), within=self.within)

    def drawn(self) -> Screen:
        """It as Block Kit."""
        if self.below is None or self.table is None:
            return screen(self.form, self.here)
        at = self.below.at(self.table).model_copy(update={"row": self.row})
        table = inside(self.below.table, self.table) if self.below.table else self.table
        return views.row(self.form, at, table, self.content, self.asking, new=not self.saved)


def _named(window: Window, name: str) -> Field:
    if field := field_named(window.fields, name):
        return field
    gone = phrase("This question is no longer asked.")
    raise Refusal(gone, phrase("Close this window and go on with the form."))


async def part_in(body: Body, context: AsyncBoltContext, filling: Filling) -> tuple[Window, Field, str]:
    """For a window on top of another: that other one, the field it is about, and which row of it.

    Raises `Refusal`.
    """
    at = state_in(body, ids.PartState)
    form = await filling.drafting.open(*who(context), at.form.draft)
    window = Window(form, at.form)
    for one in at.within:
        window = Window(form, at.form, window, _named(window, one.field), one.row)
    return window, _named(window, at.field), at.row


async def row_in(body: Body, context: AsyncBoltContext, filling: Filling) -> Window:
    """The window of a row that a payload comes from. Raises `Refusal`."""
    below, table, row = await part_in(body, context, filling)
    return Window(below.form, below.here, below, table, row)


async def window_in(body: Body, context: AsyncBoltContext, filling: Filling) -> Window:
    """The window that a payload comes from. Raises `Refusal`."""
    if view_of(body).get("callback_id") == ids.ROW_FORM:
        return await row_in(body, context, filling)
    return Window(*await filling.opened(body, context))


async def typed_in(body: Body, context: AsyncBoltContext, filling: Filling) -> Window:
    """The window that a payload comes from, with what is typed in it taken over. Raises `Refusal`."""
    window = await window_in(body, context, filling)
    if window.below is None:
        return replace(window, form=read(window.form, window.here, body)[0])
    return window.holding(reading_of(window, body).content)


def reading_of(window: Window, body: Body) -> forms.Reading:
    """The window of a row with what is typed in it, and everything that is wrong with that."""
    state = forms.typed_of(view_of(body).get("state"))
    reading = forms.read_page(window.fields, window.content, state, window.asking)
    missing = forms.missing_on(window.fields, reading.content, state, window.asking)
    return replace(reading, problems={**missing, **reading.problems})


def pressed_in(window: Window, body: Body) -> tuple[Field, str]:
    """The field that a pressed button belongs to, and the part of it. Raises `Refusal` when it is gone."""
    block = str(pressed(body).get("block_id") or "")
    if found := find_field(window.fields, block):
        return found
    raise STALE


async def keep(filling: Filling, window: Window) -> None:
    """Keep a window with its draft."""
    await filling.drafting.keep(window.form, at=window.here.place)


async def show(body: Body, filling: Filling, window: Window) -> None:
    """Keep the window that a payload comes from and draw it, unless something newer was drawn since."""
    if window.below is None:
        await filling.show(body, window.form, window.here)
        return
    await keep(filling, window)
    team = window.form.draft.team
    await filling.api.update_view(team, in_modal(body), window.drawn(), version=version_of(body))


async def keep_below(body: Body, filling: Filling, window: Window) -> None:
    """Keep a window and draw it again under the one that is about to close."""
    await keep(filling, window)
    view = view_of(body)
    under = str(view.get("previous_view_id") or view.get("root_view_id") or "")
    if under and under != view.get("id"):
        await filling.api.update_view(window.form.draft.team, under, window.drawn())
