"""Drafts: closing a form, coming back to it, deleting it."""

from __future__ import annotations

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.filling import Filling, screen
from bot.listeners.language import texts_of
from bot.listeners.payload import (
    Body,
    button_in,
    in_modal,
    state_in,
    version_of,
    view_of,
    who,
)
from bot.listeners.windows import show
from bot.slack.api import SlackApi
from bot.texts import ENGLISH, Texts
from bot.usecases.drafting import Drafting
from bot.usecases.form import Replaced
from bot.usecases.ports import Homes
from bot.views import drafts as views
from bot.views.changes import replaced


@dataclass(frozen=True)
class Drafts:
    """What the listeners of drafts share."""

    api: SlackApi
    drafting: Drafting
    filling: Filling
    homes: Homes

    async def open_list(self, trigger: str, team: str, user: str, texts: Texts = ENGLISH) -> None:
        """Open the list of one's drafts."""
        view = views.listed(await self.drafting.mine(team, user), texts)
        await self.api.open_view(team, trigger, view)


async def closed(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, drafting: Drafting) -> None:
    """A form was closed. Slack does not say what had been typed on its page since the last turn."""
    state = state_in(body, ids.FormState)
    await drafting.leave(*who(context), state.draft)
    await ack()


async def resume(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, drafts: Drafts) -> None:
    """*Resume*: the form where it was left, in place of the list or in a new window."""
    team, user = who(context)
    try:
        form = await drafts.drafting.resume(team, user, _draft_in(body))
        view = screen(form, ids.FormState.at_place(form.draft.id, form.draft.state.get("at")))
    except Replaced as gone:
        view = replaced(gone)
    await show(drafts.api, team, body, view, version=version_of(body))
    await ack()


async def adopt(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, drafts: Drafts) -> None:
    """*Go on with the new version* of a template that was published again."""
    team, user = who(context)
    form = await drafts.drafting.adopt(team, user, _draft_in(body))
    view = screen(form, ids.FormState(draft=form.draft.id))
    await drafts.api.update_view(team, in_modal(body), view, version=version_of(body))
    await ack()


async def delete(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, drafts: Drafts) -> None:
    """*Delete*, confirmed."""
    team, user = who(context)
    await drafts.drafting.delete(team, user, _draft_in(body))
    if here := in_modal(body):
        texts = texts_of(context)
        mine, notice = await drafts.drafting.mine(team, user), texts.say("Draft deleted.")
        left = views.listed(mine, texts, _page_of(body), notice=notice)
        await drafts.api.update_view(team, here, left, version=version_of(body))
    elif view_of(body):
        await drafts.homes.publish(team, user)
    await ack()


async def see_all(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, drafts: Drafts) -> None:
    """*See all* on Home."""
    team, user = who(context)
    await drafts.open_list(str(body["trigger_id"]), team, user, texts_of(context))
    await ack()


async def turned(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, drafts: Drafts) -> None:
    """*Newer* or *Older* in the list."""
    team, user = who(context)
    page = button_in(body, ids.ListState).page
    view = views.listed(await drafts.drafting.mine(team, user), texts_of(context), page)
    await drafts.api.update_view(team, in_modal(body), view, version=version_of(body))
    await ack()


def _page_of(body: Body) -> int:
    """The screen of the list that is shown."""
    try:
        return ids.ListState.unpack(str(view_of(body).get("private_metadata") or "")).page
    except ids.StaleStateError:
        return 0


def _draft_in(body: Body) -> str:
    return button_in(body, ids.DraftButton).draft
