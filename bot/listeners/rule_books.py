"""The rules of a template as a whole: going back to an earlier version, files out and in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot import ids
from bot.forms.rule_files import MAX_BYTES, LineProblem
from bot.listeners.conditions import Shared, list_state, rule_state
from bot.listeners.incoming import attached_in, text_of
from bot.listeners.language import texts_of, told
from bot.listeners.payload import STALE, Body, pressed, team_of, who
from bot.texts import Texts
from bot.usecases.errors import Refusal
from bot.usecases.ports import TryLater
from bot.usecases.ruling import exported_book
from bot.views import rule_books as views

MOST_PROBLEMS = 10  # of a file, team_of, told at once, who


def register(app: AsyncApp, shared: Shared) -> None:
    """Attach the listeners."""
    app.action(ids.RULES_HISTORY)(partial(open_history, rules=shared))
    app.action(ids.RULES_RESTORE)(partial(restore, rules=shared))
    app.action(ids.EXPORT_RULES)(partial(export, rules=shared))
    app.action(ids.OPEN_IMPORT)(partial(open_import, rules=shared))
    app.view(ids.IMPORT_RULES)(partial(bring_in, rules=shared))


async def open_history(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*History*."""
    await ack()
    team, user = who(context)
    history = await rules.ruling.history(team, user, list_state(body).template)
    await rules.api.push_view(team, str(body["trigger_id"]), views.history(history, texts_of(context)))


async def restore(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Restore* beside a version: its rules are in force again, here and in the list below."""
    await ack()
    (team, user), texts = who(context), texts_of(context)
    state, wanted = rule_state(body), str(pressed(body).get("value") or "")
    if not wanted.isdecimal():
        raise STALE
    await rules.ruling.restore(team, user, state.template, int(wanted), version=state.version)
    notice = texts.say("Version {version} is in force again.", version=wanted)
    history = await rules.ruling.history(team, user, state.template)
    await rules.redraw(context, body, views.history(history, texts, notice=notice))
    await rules.redraw(context, body, await rules.list_of(context, state.template, notice=notice), root=True)


# Files --------------------------------------------------------------------------------------------


async def export(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Export*: a file, in the messages with Slipway."""
    await ack()
    (team, user), texts = who(context), texts_of(context)
    book = await rules.book(context, list_state(body).template)
    shown = await rules.api.push_view(team, str(body["trigger_id"]), views.exporting(book, texts))
    name, text = exported_book(book)
    title = texts.say("Rules of {template}", template=book.template_name)
    try:
        await rules.sender.send(team, user, name, text.encode(), title)
    except TryLater:
        await rules.api.update_view(team, shown, views.not_exported(texts))
        return
    await rules.api.update_view(team, shown, views.exported(book, texts))


async def open_import(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Import*."""
    await ack()
    book = await rules.book(context, list_state(body).template)
    await rules.api.push_view(
        team_of(context), str(body["trigger_id"]), views.import_form(book, texts_of(context))
    )


async def bring_in(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """A file was attached: what is wrong on which line, or the new rules."""
    (team, user), texts = who(context), texts_of(context)
    state = rule_state(body)
    try:
        text = await text_of(rules.files, team, attached_in(body, ids.RULES_FILE_BLOCK), most=MAX_BYTES)
    except Refusal as refusal:
        await ack(response_action="errors", errors={ids.RULES_FILE_BLOCK: told(refusal, texts)})
        return
    read = await rules.ruling.bring_in(team, user, state.template, text, version=state.version)
    if read.problems:
        await ack(response_action="errors", errors={ids.RULES_FILE_BLOCK: _told(read.problems, texts)})
        return
    await ack()
    notice = texts.count("Imported {n} rule.", "Imported {n} rules.", len(read.rules))
    await rules.redraw(context, body, await rules.list_of(context, state.template, notice=notice), root=True)


def _told(problems: Sequence[LineProblem], texts: Texts) -> str:
    lines = [
        texts.say("Line {line}: {what}", line=one.line, what=texts.of(one.what))
        for one in problems[:MOST_PROBLEMS]
    ]
    more = len(problems) - MOST_PROBLEMS
    if more > 0:
        lines.append(texts.count("and {n} more", "and {n} more", more))
    return "\n".join(lines)
