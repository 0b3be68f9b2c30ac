"""Parts of a form that have screens and buttons of their own: rows of tables, files taken from Slack."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import forms, ids
from bot.forms import kept
from bot.forms.kinds import NotAnAnswerError, columns_of, kind_of, option_id, part_of
from bot.forms.kinds.documents import HAS, attached
from bot.forms.kinds.references import is_record_id, no_record, record_option
from bot.forms.kinds.tables import REMOVE, ROW, rows_of
from bot.listeners.filling import Filling, screen
from bot.listeners.language import texts_of
from bot.listeners.payload import STALE, Body, options_in, pressed, text_in, view_of
from bot.texts import Texts, phrase
from bot.usecases.documents import Documents
from bot.usecases.errors import Refusal
from bot.usecases.form import Form
from bot.usecases.nearby import Nearby
from bot.usecases.ports import FileUnreadable, TryLater
from bot.usecases.records import Records
from bot.views import parts as views
from ironclad import Field

Json = Any


@dataclass(frozen=True)
class Part:
    """A screen on top of a form: the form below, where it stands, which field and row it is about."""

    form: Form
    at: ids.PartState
    field: Field

    @property
    def answer(self) -> Json:
        """What the form holds for the field."""
        return self.form.content.answers.get(self.field.key)

    def answering(self, answer: Json) -> Form:
        """The form with another answer to the field, and nothing said about it any more."""
        return answered(self.form, self.field, answer)


def answered(form: Form, field: Field, answer: Json) -> Form:
    """The form with another answer, and nothing said about it any more."""
    marks = {key: mark for key, mark in form.content.marks.items() if key != field.key}
    answers = {**form.content.answers, field.key: answer or None}
    return form.holding(replace(form.content, answers=answers, marks=marks))


def field_behind(form: Form, body: Body) -> tuple[Field, str]:
    """The field that a pressed button belongs to, and the part of it. Raises `Refusal` when it is gone."""
    block = str(pressed(body).get("block_id") or "")
    for field in form.fields:
        if (part := part_of(field, block)) is not None:
            return field, part
    raise STALE


async def opened(body: Body, context: AsyncBoltContext, filling: Filling) -> Part:
    """The screen that a payload comes from. Raises `Refusal`."""
    try:
        at = ids.PartState.unpack(str(view_of(body).get("private_metadata") or ""))
    except ids.StaleStateError:
        raise STALE from None
    form = await filling.drafting.open(context.team_id or "", context.user_id or "", at.form.draft)
    for field in form.fields:
        if option_id(field.key) == at.field:
            return Part(form, at, field)
    gone = phrase("This question is no longer asked.")
    raise Refusal(gone, phrase("Close this window and go on with the form."))


async def keep_below(body: Body, filling: Filling, form: Form, below: ids.FormState) -> None:
    """Keep a form and draw it again under the screen that is about to close."""
    await filling.drafting.keep(form, at=below.place)
    view = view_of(body)
    under = str(view.get("previous_view_id") or view.get("root_view_id") or "")
    if under and under != view.get("id"):
        await filling.api.update_view(form.draft.team, under, screen(form, below))


# Rows ---------------------------------------------------------------------------------------------


async def add_row(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Add a row*."""
    form, here = await filling.typed(body, context)
    field, _ = field_behind(form, body)
    await _edit_row(body, filling, form, here, field, "")
    await ack()


async def row_menu(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Edit* or *Remove* in the menu beside a row, or a row picked in the list of many."""
    form, here = await filling.typed(body, context)
    field, part = field_behind(form, body)
    value = str((pressed(body).get("selected_option") or {}).get("value") or "")
    row_id = part.removeprefix(ROW) if part.startswith(ROW) else value
    if part.startswith(ROW) and value == REMOVE:
        await filling.show(body, _without_row(form, field, row_id), here)
    else:
        await _edit_row(body, filling, form, here, field, row_id)
    await ack()


async def _edit_row(
    body: Body, filling: Filling, form: Form, here: ids.FormState, field: Field, row_id: str
) -> None:
    """Keep what is typed below, then open the row on top of it."""
    form = answered(form, field, _with_ids(form.content.answers.get(field.key)))
    await filling.drafting.keep(form, at=here.place)
    rows = rows_of(form.content.answers.get(field.key))
    cells = next((row for row in rows if kept.row_id(row) == row_id), {})
    at = ids.PartState(form=here, field=option_id(field.key), row=row_id or secrets.token_hex(4))
    view = views.row(form, at, field, cells, new=not row_id)
    await filling.api.push_view(form.draft.team, str(body["trigger_id"]), view)


def _with_ids(answer: Json) -> list[Json]:
    """The rows of a table, each with an id: those that came with the template or a request have none."""
    rows = rows_of(answer)
    return [row if kept.row_id(row) else kept.row(secrets.token_hex(4), row) for row in rows]


async def save_row(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """A row was submitted: problems go beside its fields, a good one is kept at once."""
    part = await opened(body, context, filling)
    columns, rows = columns_of(part.field), rows_of(part.answer)
    before = next((row for row in rows if kept.row_id(row) == part.at.row), {})
    state = forms.typed_of(view_of(body).get("state"))
    reading = forms.read_page(columns, forms.Content(before), state, part.form.asking)
    missing = forms.missing_on(columns, reading.content, state, part.form.asking)
    if problems := {**missing, **reading.problems}:
        await ack(response_action="errors", errors=problems)
        return
    cells = {column.key: reading.content.answers.get(column.key) for column in columns}
    row = kept.row(part.at.row, {key: cell for key, cell in cells.items() if cell is not None})
    rows = [row if kept.row_id(one) == part.at.row else one for one in rows] if before else [*rows, row]
    await keep_below(body, filling, part.answering(rows_of(rows)), part.at.form)
    await ack()


async def remove_row(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Remove this row* on the row's own screen: the form below takes its place."""
    part = await opened(body, context, filling)
    form = _without_row(part.form, part.field, part.at.row)
    await filling.drafting.keep(form, at=part.at.form.place)
    await keep_below(body, filling, form, part.at.form)
    # Nothing but a submit closes a window in Slack, so this one says that its row is gone.
    this = str(view_of(body).get("id") or "")
    await filling.api.update_view(form.draft.team, this, views.row_gone(part.field, form.asking.texts))
    await ack()


def _without_row(form: Form, field: Field, row_id: str) -> Form:
    rows = rows_of(form.content.answers.get(field.key))
    return answered(form, field, [row for row in rows if kept.row_id(row) != row_id])


# Files --------------------------------------------------------------------------------------------


async def remove_file(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Remove* beside an attached file."""
    form, here = await filling.typed(body, context)
    field, part = field_behind(form, body)
    files = attached(form.content.answers.get(field.key))
    left = [file.kept() for file in files if file.id != part.removeprefix(HAS)]
    await filling.show(body, answered(form, field, left), here)
    await ack()


async def take_file(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling, nearby: Nearby
) -> None:
    """*Take a file from Slack*: asks for its link, or which of those in the request's threads it is."""
    form, here = await filling.typed(body, context)
    field, _ = field_behind(form, body)
    await filling.drafting.keep(form, at=here.place)
    draw = partial(
        views.take_file, ids.PartState(form=here, field=option_id(field.key)), field, form.asking.texts
    )
    request = await nearby.request_of(form)
    first = draw(looking_at=request.label if request else "")
    screen_id = await filling.api.push_view(form.draft.team, str(body["trigger_id"]), first)
    if request:  # shown at once: the trigger would not wait for Slack's answers
        found = await nearby.look(request, form.draft.user)
        has = [file.id for file in attached(form.content.answers.get(field.key))]
        await filling.api.update_view(form.draft.team, screen_id, draw(found=found, attached=has))
    await ack()


async def took_file(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling, documents: Documents
) -> None:
    """Files were chosen, or a link submitted: they are attached, or it is said beside it why not."""
    part = await opened(body, context, filling)
    team, user = context.team_id or "", context.user_id or ""
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
        files = {file.id: file for file in (*attached(part.answer), *found)}
        answer = [file.kept() for file in files.values()]
        _check(part, answer)
        if wrong := await documents.look(team, found):
            raise Refusal(next(iter(wrong.values())), "")
    except (Refusal, NotAnAnswerError, FileUnreadable, TryLater) as problem:
        told = _told(problem, part.form.asking.texts)
        await ack(response_action="errors", errors={beside: told})
        return
    await keep_below(body, filling, part.answering(answer), part.at.form)
    await ack()


def _told(problem: Exception, texts: Texts) -> str:
    if isinstance(problem, Refusal):
        return f"{texts.of(problem.what)} {texts.of(problem.do)}".strip()
    if isinstance(problem, (NotAnAnswerError, FileUnreadable)):
        return texts.of(problem.what)
    return texts.say("Slack does not answer at the moment. Try again.")


def _check(part: Part, answer: Json) -> None:
    if kind := kind_of(part.field):
        kind.check(part.field, answer, part.form.asking)


# Searching ------------------------------------------------------------------------------------------


async def search_choices(
    ack: AsyncAck, body: Body, payload: Mapping[str, Any], context: AsyncBoltContext, *, filling: Filling
) -> None:
    """The choices of one field as somebody types, in the form or in a row."""
    if view_of(body).get("callback_id") == ids.ROW_FORM:
        part = await opened(body, context, filling)
        fields, asking = columns_of(part.field), part.form.asking
    else:
        form, here = await filling.opened(body, context)
        fields, asking = list(form.fields), form.asking_in(here.epoch)
    found = forms.find_options(fields, str(payload.get("block_id")), str(payload.get("value") or ""), asking)
    await ack(options=[option.to_dict() for option in found])


async def search_records(
    ack: AsyncAck, payload: Mapping[str, Any], context: AsyncBoltContext, *, records: Records
) -> None:
    """Ironclad's records as somebody types."""
    text = str(payload.get("value") or "").strip()
    found = await records.search(context.team_id or "", context.user_id or "", text)
    options = [record_option(one.ironclad_id or one.id, one.name) for one in found.records]
    if not options and found.note:
        typed = text.partition(" · ")[0].upper()
        options = [
            record_option(typed, texts_of(context).say("as typed"))
            if is_record_id(typed)
            else no_record(texts_of(context).of(found.note))
        ]
    await ack(options=[option.to_dict() for option in options])
