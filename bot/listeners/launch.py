"""From `/contract` to a submitted form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import forms, ids
from bot.blockkit import Screen
from bot.forms.form import typed_of
from bot.listeners.language import texts_of
from bot.listeners.payload import STALE, Body, in_modal, option_in, pressed, view_of
from bot.slack.api import SlackApi
from bot.texts import ENGLISH, Texts
from bot.usecases.access import IroncladAccess
from bot.usecases.errors import Refusal
from bot.usecases.languages import Languages
from bot.usecases.launching import Launching, Submission
from bot.usecases.links import Links
from bot.usecases.offering import Offering
from bot.usecases.overview import Overseeing
from bot.views import answers, modals
from ironclad import fields_of
from storage import Draft, Offer, StoredTemplate


@dataclass(frozen=True)
class Picker:
    """Opens the template list; `draw` makes the modal of an offer."""

    api: SlackApi
    offering: Offering
    draw: Callable[[Offer, str], Screen]

    async def open(
        self, trigger: str, team: str, user: str, request: str = "", *, texts: Texts = ENGLISH
    ) -> None:
        """Open a modal at once: the template list, a loading state, or why there is none.

        `request` is what the chosen template is going to launch, if not something of its own.
        """
        offer, screen = await self._first(team, user, request, texts)
        view = await self.api.open_view(team, trigger, screen)
        if offer is None:
            await self.offering.fetch_for(team, user, view, request)

    async def show(self, body: Body, team: str, user: str, request: str, *, texts: Texts = ENGLISH) -> None:
        """The same from a button: in the modal that holds it, if one does."""
        here = in_modal(body)
        if not here:
            await self.open(str(body["trigger_id"]), team, user, request, texts=texts)
            return
        offer, screen = await self._first(team, user, request, texts)
        if await self.api.update_view(team, here, screen) and offer is None:
            await self.offering.fetch_for(team, user, here, request)

    async def _first(
        self, team: str, user: str, request: str, texts: Texts
    ) -> tuple[Offer | bool | None, Screen]:
        """What is shown first; no offer means that it has yet to be fetched."""
        try:
            offer = await self.offering.opening(team, user)
        except Refusal as refusal:
            return False, modals.refused(refusal, request, texts)
        return offer, self.draw(offer, request) if offer else modals.loading(request)


async def contract(
    ack: AsyncAck,
    command: dict[str, Any],
    context: AsyncBoltContext,
    *,
    picker: Picker,
    overseeing: Overseeing,
    requests: Requests,
    languages: Languages,
) -> None:
    """`/contract` and the words after it."""
    team, user, trigger = context.team_id or "", context.user_id or "", str(command["trigger_id"])
    word, _, rest = str(command.get("text") or "").strip().partition(" ")
    if await requests.opened(word, trigger, team, user):
        await ack()
        return
    if not word:
        await picker.open(trigger, team, user, texts=texts_of(context))
        await ack()
        return
    texts = await languages.of(team, user)
    if word.casefold() == "help":
        told = answers.help_text(texts)
    elif word.casefold() == "status":
        found = (
            [await overseeing.find(team, user, rest)] if rest.strip() else await overseeing.mine(team, user)
        )
        told = answers.status(found, texts)
    else:
        told = answers.unknown(word, texts)
    await ack(text=told.text, blocks=list(told.blocks))


async def start(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, picker: Picker) -> None:
    """The button on Home that does what `/contract` does."""
    team, user = context.team_id or "", context.user_id or ""
    await picker.open(str(body["trigger_id"]), team, user, texts=texts_of(context))
    await ack()


async def try_again(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, api: SlackApi, offering: Offering
) -> None:
    """*Try again* in a modal that could not show the templates."""
    team, view, request = context.team_id or "", in_modal(body), request_of(body)
    if await api.update_view(team, view, modals.loading(request)):
        await offering.fetch_for(team, context.user_id or "", view, request)
    await ack()


async def search_templates(
    ack: AsyncAck, payload: dict[str, Any], context: AsyncBoltContext, *, offering: Offering
) -> None:
    """The template list as somebody types, when there are more than Slack shows at once."""
    offer = await offering.opening(context.team_id or "", context.user_id or "")
    found = modals.matching_templates(offer, str(payload.get("value") or "")) if offer else []
    await ack(options=[option.to_dict() for option in found])


class Requests(Protocol):
    """What `/contract` leads to when it is about a request rather than a launch."""

    async def opened(self, word: str, trigger: str, team: str, user: str) -> bool:
        """Open a request's window if that is what the word asks for."""
        ...


@dataclass(frozen=True)
class Forms:
    """What the listeners of a launch form share: where a form comes from and how it is drawn."""

    api: SlackApi
    launching: Launching
    access: IroncladAccess
    links: Links
    overseeing: Overseeing

    async def asking(self, draft: Draft) -> forms.Asking:
        """How the form is asked of the person it belongs to: in their language and time zone."""
        person = await self.overseeing.person(draft.team, draft.user)
        return forms.Asking(zone=zone_of(person.tz or "UTC"), locale=person.locale or "en-US")

    async def screen(self, draft: Draft, template: StoredTemplate, **more: Any) -> Screen:
        """The form of a draft, with a way to Ironclad's own form."""
        connection = await self.access.current(draft.team)
        link = self.links.launch_form(connection, template.id)
        asking = await self.asking(draft)
        return modals.fill_form(draft, fields_of(template.schema), asking, ironclad_form=link, **more)

    async def opened(self, body: Body, context: AsyncBoltContext) -> tuple[Draft, StoredTemplate]:
        """The draft and template of the form that a payload comes from. Raises `Refusal`."""
        try:
            state = ids.FormState.unpack(str(view_of(body).get("private_metadata") or ""))
        except ids.StaleStateError:
            raise STALE from None
        return await self.launching.draft(context.team_id or "", context.user_id or "", state.draft)


async def picked(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, form: Forms) -> None:
    """A template was chosen: its form takes the place of the list."""
    template_id = option_in(view_of(body), ids.TEMPLATE_BLOCK)
    draft, template = await form.launching.begin(
        context.team_id or "", context.user_id or "", template_id, request_of(body)
    )
    await ack(response_action="update", view=await form.screen(draft, template))


async def search_choices(
    ack: AsyncAck, body: Body, payload: dict[str, Any], context: AsyncBoltContext, *, form: Forms
) -> None:
    """The choices of one field as somebody types."""
    _, template = await form.opened(body, context)
    found = forms.find_options(
        fields_of(template.schema), str(payload.get("block_id")), str(payload.get("value") or "")
    )
    await ack(options=[option.to_dict() for option in found])


async def submitted(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, form: Forms) -> None:
    """A form was submitted: problems go beside their fields, a good one is accepted for good."""
    draft, template = await form.opened(body, context)
    fields = fields_of(template.schema)
    typed = typed_of(view_of(body).get("state"))
    reading = forms.read(fields, typed, await form.asking(draft), draft.answers)
    if reading.problems:
        await form.launching.save(draft, reading.answers)
        await ack(response_action="errors", errors=reading.problems)
        return
    launch = await form.launching.submit(
        submission_of(draft, template, reading), view=str(view_of(body).get("id") or "")
    )
    await ack(response_action="update", view=modals.progress(launch))


def submission_of(draft: Draft, template: StoredTemplate, reading: forms.Reading) -> Submission:
    """A read form as the use-case takes it."""
    fields = fields_of(template.schema)
    reference = forms.reference_field(fields)
    return Submission(
        draft=draft,
        attributes=reading.answers,
        reference_key=reference.key if reference else None,
    )


async def edit(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, form: Forms) -> None:
    """*Edit and resubmit*: the form again, with everything typed and what Ironclad said about it."""
    launch_id = launch_in(body).launch
    draft, template, launch = await form.launching.reopen(
        context.team_id or "", context.user_id or "", launch_id
    )
    problem = launch.problem or {}
    view = await form.screen(
        draft,
        template,
        marks=problem.get("fields") or {},
        notice=str(problem.get("what") or ""),
    )
    if here := in_modal(body):
        await form.api.update_view(draft.team, here, view)
    else:
        await form.api.open_view(draft.team, str(body["trigger_id"]), view)
    await ack()


def request_of(body: Body) -> str:
    """The request that a template list is shown for; empty for a launch of its own."""
    try:
        return ids.PickState.unpack(str(view_of(body).get("private_metadata") or "")).request
    except ids.StaleStateError:
        return ""  # opened by an earlier version, which knew only launches of their own


def launch_in(body: Body) -> ids.LaunchButton:
    """Which launch a pressed button is about. Raises `Refusal` for one that is not understood."""
    try:
        return ids.LaunchButton.unpack(str(pressed(body).get("value") or ""))
    except ids.StaleStateError:
        raise STALE from None


def zone_of(name: str) -> ZoneInfo:
    """The time zone a Slack profile names; UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
