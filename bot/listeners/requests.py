"""Asking for a contract, looking at a request, changing it, calling it off."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import forms, ids
from bot.blockkit import Screen
from bot.listeners.language import texts_of
from bot.listeners.payload import (
    Body,
    button_in,
    channel_of,
    element_of,
    state_in,
    team_of,
    text_in,
    view_of,
    who,
)
from bot.listeners.picker import Picker
from bot.listeners.windows import show
from bot.slack.api import SlackApi
from bot.texts import ENGLISH, Texts
from bot.usecases import intake
from bot.usecases.approving import Approving
from bot.usecases.form import asking_for
from bot.usecases.overview import Overseeing
from bot.usecases.ports import Where
from bot.usecases.requesting import NewRequest, Requesting
from bot.views import requests as views

_REQUEST = re.compile(r"^REQ-(\d{1,9})$", re.IGNORECASE)


@dataclass(frozen=True)
class Desk:
    """What the listeners of requests share."""

    api: SlackApi
    requesting: Requesting
    approving: Approving
    overseeing: Overseeing

    async def show(self, team: str, body: Body, view: Screen) -> None:
        """Show a modal: in place of the one a button was pressed in, or as a new one."""
        await show(self.api, team, body, view)

    async def details(self, team: str, user: str, request_id: str, texts: Texts = ENGLISH) -> Screen:
        """A request as this person may see it."""
        picture = await self.requesting.seen(team, user, request_id)
        admin = await self.overseeing.is_admin(team, user)
        return views.details(picture, user, admin=admin, texts=texts)

    async def opened(self, word: str, trigger: str, team: str, user: str, texts: Texts) -> bool:
        """See `bot.listeners.picker.Requests`."""
        if word.casefold() in ("new", "request"):
            await self.ask_for_one(trigger, team, texts)
            return True
        if number := _REQUEST.match(word):
            request = await self.requesting.by_number(team, int(number[1]))
            await self.api.open_view(team, trigger, await self.details(team, user, request.id, texts))
            return True
        return False

    async def ask_for_one(self, trigger: str, team: str, texts: Texts) -> None:
        """See `bot.listeners.picker.Requests`."""
        await self.ask(trigger, team, fresh_state("command"), {}, texts)

    async def ask(
        self,
        trigger: str,
        team: str,
        state: ids.NewRequestState,
        values: Mapping[str, Any],
        texts: Texts = ENGLISH,
    ) -> None:
        """Open the form of a new request."""
        form = await self.requesting.form(team)
        await self.api.open_view(team, trigger, views.new_request(form, state, values, texts))


def fresh_state(source: Any, **more: Any) -> ids.NewRequestState:
    """The state of a form that is opened now: whatever comes of it comes of it once."""
    return ids.NewRequestState(source=source, origin=secrets.token_urlsafe(12), **more)


async def shortcut(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Start a contract request* from the lightning menu."""
    await desk.ask(str(body["trigger_id"]), team_of(context), fresh_state("shortcut"), {}, texts_of(context))
    await ack()


async def from_message(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Start a contract request* from a message: its text becomes the description, its files come along."""
    message: Mapping[str, Any] = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id") or "")
    files = tuple(
        ids.FileRef(
            name=str(one.get("name") or "file")[:80],
            url=_address(one)[:300],
            id=_file(one)["id"],
            size=_file(one)["size"],
        )
        for one in (message.get("files") or [])[:5]
        if isinstance(one, Mapping)
    )
    state = fresh_state("message", channel=channel, ts=str(message.get("ts") or ""), files=files)
    values = {"description": str(message.get("text") or "")[:3000]}
    await desk.ask(str(body["trigger_id"]), team_of(context), state, values, texts_of(context))
    await ack()


async def start(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*New request* on Home, or in the template list."""
    form = await desk.requesting.form(team_of(context))
    await desk.show(
        team_of(context), body, views.new_request(form, fresh_state("home"), {}, texts_of(context))
    )
    await ack()


async def submitted(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """A new request's form was sent."""
    (team, user), view = who(context), view_of(body)
    state = state_in(body, ids.NewRequestState)
    read = await _read(desk, team, user, view)
    if read.problems:
        await ack(response_action="errors", errors=_beside(read.problems))
        return
    link = await desk.api.permalink(team, state.channel, state.ts) if state.channel and state.ts else None
    files = [*(one.model_dump() for one in state.files), *_files(view)]
    request = await desk.requesting.accept(
        team,
        NewRequest(user, state.source, read.values, f"form:{state.origin}", files=files, link=link or ""),
    )
    await ack(response_action="update", view=views.accepted(request, texts_of(context)))


async def review(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Details* or *Review and decide*."""
    team, user = who(context)
    view = await desk.details(team, user, request_in(body), texts_of(context))
    await desk.show(team_of(context), body, view)
    await ack()


async def edit(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Edit*, or *Edit and answer*."""
    picture = await desk.requesting.editing(*who(context), request_in(body))
    await desk.show(team_of(context), body, views.edit_request(picture, texts_of(context)))
    await ack()


async def edited(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """A changed request was sent."""
    (team, user), view = who(context), view_of(body)
    state = state_in(body, ids.EditState)
    read = await _read(desk, team, user, view)
    if read.problems:
        await ack(response_action="errors", errors=_beside(read.problems))
        return
    course = await desk.requesting.change(
        team,
        user,
        state.request,
        read.values,
        answer=text_in(view, ids.REASON_BLOCK),
        revision=state.revision,
    )
    await ack(
        response_action="update", view=await desk.details(team, user, course.request.id, texts_of(context))
    )


async def cancel(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Cancel request*: ask first."""
    picture = await desk.requesting.editing(*who(context), request_in(body))
    await desk.show(team_of(context), body, views.cancel(picture.request, texts_of(context)))
    await ack()


async def cancelled(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Cancel request*, confirmed."""
    (team, user), view = who(context), view_of(body)
    state = state_in(body, ids.EditState)
    await desk.requesting.cancel(team, user, state.request, text_in(view, ids.REASON_BLOCK))
    await ack(response_action="update", view=await desk.details(team, user, state.request, texts_of(context)))


async def launch(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, picker: Picker) -> None:
    """*Launch contract*: the template list, for this request."""
    (team, user), request_id = who(context), request_in(body)
    await desk.requesting.may_launch(team, user, request_id)
    where = Where(request_id, channel_of(body))
    await picker.show(body, team, user, where, texts=texts_of(context))
    await ack()


# Reading ----------------------------------------------------------------------------------------------


def request_in(body: Body) -> str:
    """Which request a pressed button is about. Raises `Refusal` for one that is not understood."""
    return button_in(body, ids.RequestButton).request


async def _read(desk: Desk, team: str, user: str, view: Mapping[str, Any]) -> intake.Read:
    """The answers in a form, with what is wrong beside their blocks."""
    form = await desk.requesting.form(team)
    person = await desk.overseeing.person(team, user)
    typed, asking = forms.typed_of(view.get("state")), asking_for(person)
    reading = forms.read_whole(views.fields_of_intake(form, asking.texts), typed, asking)
    raw: dict[str, Any] = dict(reading.content.answers)
    for question in views.people_of_intake(form):
        raw[question.key] = element_of(view, views.person_block(question.key)).get("selected_user")
    read = intake.read(form, raw)
    if reading.problems:
        return intake.Read(read.values, {**read.problems, **reading.problems})
    return read


def _beside(problems: Mapping[str, str]) -> dict[str, str]:
    """Problems by block: those of the form engine are so already, ours are by field."""
    return {views.block_of(key): said for key, said in problems.items()}


def _files(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    files = element_of(view, ids.FILES_BLOCK).get("files")
    found = [one for one in files if isinstance(one, Mapping)] if isinstance(files, list) else []
    return [_file(one) for one in found]


def _file(told: Mapping[str, Any]) -> dict[str, Any]:
    """A file in Slack, as a request keeps it: with its id it can go into a contract's form."""
    size = told.get("size")
    return {
        "name": str(told.get("name") or "file"),
        "url": _address(told),
        "id": str(told.get("id") or "")[:30],
        "size": size if isinstance(size, int) else 0,
        "mimetype": str(told.get("mimetype") or "")[:100],
    }


def _address(told: Mapping[str, Any]) -> str:
    return str(told.get("permalink") or told.get("url_private") or "")
