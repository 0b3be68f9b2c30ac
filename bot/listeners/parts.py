"""Parts of a form that have screens and buttons of their own: rows of tables, files taken from Slack."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import forms, ids
from bot.forms import kept
from bot.forms.kinds import NotAnAnswerError, kind_of
from bot.forms.kinds.documents import HAS, attached
from bot.forms.kinds.references import is_record_id, no_record, record_option
from bot.forms.kinds.tables import REMOVE, ROW, rows_of
from bot.listeners.filling import Filling
from bot.listeners.language import texts_of
from bot.listeners.payload import STALE, Body, options_in, pressed, text_in, view_of, who
from bot.listeners.stack import (
    Window,
    keep,
    keep_below,
    part_in,
    pressed_in,
    reading_of,
    row_in,
    show,
    typed_in,
    window_in,
)
from bot.texts import Texts, phrase
from bot.usecases.documents import Documents
from bot.usecases.errors import Refusal
from bot.usecases.nearby import Nearby
from bot.usecases.ports import FileUnreadable, TryLater
from bot.usecases.records import Records
from bot.views import parts as views
from bot.wire import wire
from ironclad import Field

Json = Any


# Rows ---------------------------------------------------------------------------------------------


async def add_row(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Add a row*."""
    window = await typed_in(body, context, filling)
    table, _ = pressed_in(window, body)
    await _open_row(body, filling, window, table, "")
    await ack()


async def row_menu(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Edit* or *Remove* in the menu beside a row, or a row picked in the list of many."""
    window = await typed_in(body, context, filling)
    table, part = pressed_in(window, body)
    value = str((pressed(body).get("selected_option") or {}).get("value") or "")
    row_id = part.removeprefix(ROW) if part.startswith(ROW) else value
    if part.startswith(ROW) and value == REMOVE:
        await show(body, filling, window.without(table, row_id))
    else:
        await _open_row(body, filling, window, table, row_id)
    await ack()


async def _open_row(body: Body, filling: Filling, window: Window, table: Field, row_id: str) -> None:
    """Keep what is typed below, then open the row on top of it."""
    row = window.answered(table, _with_ids(window.answer(table))).opening(table, row_id)
    await keep(filling, row)
    await filling.api.push_view(row.form.draft.team, str(body["trigger_id"]), row.drawn())


def _with_ids(answer: Json) -> list[Json]:
    """The rows of a table, each with an id: those that came with the template or a request have none."""
    rows = rows_of(answer)
    return [row if kept.row_id(row) else kept.row(secrets.token_hex(4), row) for row in rows]


async def save_row(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """A row was submitted: problems go beside its fields, a good one is kept at once."""
    row = await row_in(body, context, filling)
    reading = reading_of(row, body)
    problems = dict(reading.problems)
    if not problems:
        reading, problems = await _look(filling, row, reading, body)
    if problems:
        await ack(response_action="errors", errors=problems)
        return
    await keep_below(body, filling, _saved(row, reading.content.answers))
    await ack()


async def _look(
    filling: Filling, row: Window, reading: forms.Reading, body: Body
) -> tuple[forms.Reading, dict[str, str]]:
    """What only Slack can tell of the files of a row, beside their inputs."""
    shown = forms.on_screen(row.fields, forms.typed_of(view_of(body).get("state")))
    team, texts = row.form.draft.team, row.asking.texts
    answers, unfit = await filling.looking.into_files(team, reading.content.answers, list(shown.values()))
    problems = {block: texts.of(unfit[field.key]) for block, field in shown.items() if field.key in unfit}
    return replace(reading, content=replace(reading.content, answers=answers)), problems


def _saved(row: Window, answers: forms.Answers) -> Window:
    """The window below, with the row in its table."""
    below, table = row.below, row.table
    if below is None or table is None:
        raise STALE
    cells = {column.key: answers.get(column.key) for column in row.fields}
    new = kept.row(row.row, {key: cell for key, cell in cells.items() if cell is not None})
    rows = rows_of(below.answer(table))
    rows = [new if kept.row_id(one) == row.row else one for one in rows] if row.saved else [*rows, new]
    return below.answered(table, rows_of(rows)).closing()


async def remove_row(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Remove this row* on the row's own screen: the window below takes its place."""
    below, table, row_id = await part_in(body, context, filling)
    await keep_below(body, filling, below.without(table, row_id))
    # Nothing but a submit closes a window in Slack, so this one says that its row is gone.
    this = str(view_of(body).get("id") or "")
    gone = views.row_gone(table, below.asking.texts)
    await filling.api.update_view(below.form.draft.team, this, gone)
    await ack()


# Files --------------------------------------------------------------------------------------------


async def remove_file(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Remove* beside an attached file."""
    window = await typed_in(body, context, filling)
    field, part = pressed_in(window, body)
    files = attached(window.answer(field))
    left = [file.kept() for file in files if file.id != part.removeprefix(HAS)]
    await show(body, filling, window.answered(field, left))
    await ack()


async def take_file(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling, nearby: Nearby
) -> None:
    """*Take a file from Slack*: asks for its link, or which of those in the request's threads it is."""
    window = await typed_in(body, context, filling)
    form, (field, _) = window.form, pressed_in(window, body)
    await keep(filling, window)
    draw = partial(views.take_file, window.at(field), field, window.asking.texts)
    request = await nearby.request_of(form)
    first = draw(looking_at=request.label if request else "")
    screen_id = await filling.api.push_view(form.draft.team, str(body["trigger_id"]), first)
    if request:  # shown at once: the trigger would not wait for Slack's answers
        found = await nearby.look(request, form.draft.user)
        has = [file.id for file in attached(window.answer(field))]
        await filling.api.update_view(form.draft.team, screen_id, draw(found=found, attached=has))
    await ack()


async def took_file(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling, documents: Documents
) -> None:
    """Files were chosen, or a link submitted: they are attached, or it is said beside it why not."""
    window, field, _ = await part_in(body, context, filling)
    team, user = who(context)
    chosen = options_in(view_of(body), ids.THREAD_FILES_BLOCK)
    link = text_in(view_of(body), ids.FILE_LINK_BLOCK)
    beside = ids.THREAD_FILES_BLOCK if chosen else ids.FILE_LINK_BLOCK
    try:
        found = await documents.chosen(team, user, chosen)
        if len(found) < len(chosen):
            raise Refusal(phrase("A file is no longer there."), phrase("Close this window and look again."))
        if link or not chosen:
            beside = ids.FILE_LINK_BLOCK
            found += await documents.taken(team, user, link)
        files = {file.id: file for file in (*attached(window.answer(field)), *found)}
        answer = [file.kept() for file in files.values()]
        _check(window, field, answer)
        if wrong := await documents.look(team, found):
            raise Refusal(next(iter(wrong.values())), "")
    except (Refusal, NotAnAnswerError, FileUnreadable, TryLater) as problem:
        told = _told(problem, window.asking.texts)
        await ack(response_action="errors", errors={beside: told})
        return
    await keep_below(body, filling, window.answered(field, answer))
    await ack()


def _told(problem: Exception, texts: Texts) -> str:
    if isinstance(problem, Refusal):
        return f"{texts.of(problem.what)} {texts.of(problem.do)}".strip()
    if isinstance(problem, (NotAnAnswerError, FileUnreadable)):
        return texts.of(problem.what)
    return texts.say("Slack does not answer at the moment. Try again.")


def _check(window: Window, field: Field, answer: Json) -> None:
    if kind := kind_of(field, window.asking.room):
        kind.check(field, answer, window.asking)


# Searching ------------------------------------------------------------------------------------------


async def search_choices(
    ack: AsyncAck, body: Body, payload: Mapping[str, Any], context: AsyncBoltContext, *, filling: Filling
) -> None:
    """The choices of one field as somebody types, in the form or in a row."""
    window = await window_in(body, context, filling)
    block, text = str(payload.get("block_id")), str(payload.get("value") or "")
    found = forms.find_options(window.fields, block, text, window.asking)
    await ack(options=wire(found))


async def search_records(
    ack: AsyncAck, payload: Mapping[str, Any], context: AsyncBoltContext, *, records: Records
) -> None:
    """Ironclad's records as somebody types."""
    text = str(payload.get("value") or "").strip()
    found = await records.search(*who(context), text)
    options = [record_option(one.ironclad_id or one.id, one.name) for one in found.records]
    if not options and found.note:
        typed = text.partition(" · ")[0].upper()
        options = [
            record_option(typed, texts_of(context).say("as typed"))
            if is_record_id(typed)
            else no_record(texts_of(context).of(found.note))
        ]
    await ack(options=wire(options))
