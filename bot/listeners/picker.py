"""From `/contract` to the list of templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot.blockkit import Screen
from bot.listeners.drafts import Drafts
from bot.listeners.language import texts_of
from bot.listeners.payload import Body, in_modal, where_of, who
from bot.slack.api import SlackApi
from bot.texts import ENGLISH, Texts
from bot.usecases.errors import Refusal
from bot.usecases.languages import Languages
from bot.usecases.offering import AskFirst, Offering
from bot.usecases.overview import Overseeing
from bot.usecases.ports import Offered, Where
from bot.views import answers, modals
from bot.views.message import Message
from bot.wire import wire
from storage import Launch

NOWHERE = Where()  # on Home: for a launch of its own, in no channel


@dataclass(frozen=True)
class Picker:
    """Opens the template list; `draw` makes the modal of an offer."""

    api: SlackApi
    offering: Offering
    requests: Requests
    draw: Callable[[Offered, str, Texts], Screen]

    async def open(
        self, trigger: str, team: str, user: str, where: Where = NOWHERE, *, texts: Texts = ENGLISH
    ) -> None:
        """Open a modal at once: the template list, a loading state, why there is none, or a request to fill.

        `where.request` is what the chosen template is going to launch, if not something of its own.
        """
        try:
            offer, screen = await self._first(team, user, where, texts)
        except AskFirst:
            await self.requests.ask_for_one(trigger, team, texts)
            return
        view = await self.api.open_view(team, trigger, screen)
        if offer is None:
            await self.offering.fetch_for(team, user, view, where)

    async def show(self, body: Body, team: str, user: str, where: Where, *, texts: Texts = ENGLISH) -> None:
        """The same from a button: in the modal that holds it, if one does."""
        here = in_modal(body)
        if not here:
            await self.open(str(body["trigger_id"]), team, user, where, texts=texts)
            return
        offer, screen = await self._first(team, user, where, texts)
        if await self.api.update_view(team, here, screen) and offer is None:
            await self.offering.fetch_for(team, user, here, where)

    async def _first(
        self, team: str, user: str, where: Where, texts: Texts
    ) -> tuple[Offered | bool | None, Screen]:
        """What is shown first; no offer means that it has yet to be fetched."""
        try:
            offer = await self.offering.opening(team, user, where, requested=bool(where.request))
        except Refusal as refusal:
            return False, modals.asked_from(modals.refused(refusal, where.request, texts), where)
        if offer is None:
            return None, modals.asked_from(modals.loading(where.request, texts), where)
        return offer, modals.asked_from(self.draw(offer, where.request, texts), where)


async def contract(
    ack: AsyncAck,
    command: dict[str, Any],
    context: AsyncBoltContext,
    *,
    picker: Picker,
    drafts: Drafts,
    overseeing: Overseeing,
    languages: Languages,
) -> None:
    """`/contract` and the words after it."""
    (team, user), trigger = who(context), str(command["trigger_id"])
    word, _, rest = str(command.get("text") or "").strip().partition(" ")
    texts = texts_of(context)
    if word and await picker.requests.opened(word, trigger, team, user, texts):
        await ack()
        return
    if not word:
        where = Where(channel=str(command.get("channel_id") or ""))
        await picker.open(trigger, team, user, where, texts=texts)
        await ack()
        return
    if word.casefold() == "resume":
        await drafts.open_list(trigger, team, user, texts)
        await ack()
        return
    texts = await languages.of(team, user)
    if word.casefold() == "help":
        told = answers.help_text(texts)
    elif word.casefold() == "status":
        told = await _status(overseeing, team, user, rest.strip(), texts)
    else:
        told = answers.unknown(word, texts)
    await ack(text=told.text, blocks=list(told.blocks))


async def _status(overseeing: Overseeing, team: str, user: str, number: str, texts: Texts) -> Message:
    asked_for = await overseeing.requests(team, user, number)
    launches: Sequence[Launch] = ()
    if not number:
        launches = await overseeing.mine(team, user)
    elif not asked_for:
        launches = [await overseeing.find(team, user, number)]
    return answers.status(launches, texts, asked_for)


async def start(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, picker: Picker) -> None:
    """The button on Home that does what `/contract` does."""
    team, user = who(context)
    await picker.open(str(body["trigger_id"]), team, user, texts=texts_of(context))
    await ack()


async def try_again(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, api: SlackApi, offering: Offering
) -> None:
    """*Try again* in a modal that could not show the templates."""
    (team, user), view, where = who(context), in_modal(body), where_of(body)
    loading = modals.asked_from(modals.loading(where.request, texts_of(context)), where)
    if await api.update_view(team, view, loading):
        await offering.fetch_for(team, user, view, where)
    await ack()


async def search_templates(
    ack: AsyncAck, body: Body, payload: dict[str, Any], context: AsyncBoltContext, *, offering: Offering
) -> None:
    """The template list as somebody types, when there are more than Slack shows at once."""
    offer = await offering.opening(*who(context), where_of(body))
    found = modals.matching_templates(offer, str(payload.get("value") or "")) if offer else []
    await ack(options=wire(found))


class Requests(Protocol):
    """What `/contract` leads to when it is about a request rather than a launch."""

    async def opened(self, word: str, trigger: str, team: str, user: str, texts: Texts) -> bool:
        """Open a request's window if that is what the word asks for."""
        ...

    async def ask_for_one(self, trigger: str, team: str, texts: Texts) -> None:
        """Open the form of a new request."""
        ...
