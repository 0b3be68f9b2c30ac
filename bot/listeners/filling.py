"""A launch form: its pages turned in any order, searched, saved, reviewed and launched."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import forms, ids
from bot.blockkit import Screen
from bot.listeners.language import texts_of
from bot.listeners.payload import (
    Body,
    button_in,
    in_modal,
    launch_in,
    option_in,
    pressed,
    state_in,
    version_of,
    view_of,
    where_of,
    who,
)
from bot.listeners.windows import show
from bot.slack.api import SlackApi
from bot.texts import Texts
from bot.usecases.drafting import Drafting
from bot.usecases.errors import Refusal
from bot.usecases.form import Form, Replaced, Submitted
from bot.usecases.launching import Launching, Submission
from bot.usecases.looking import Looking
from bot.usecases.prefilling import worth_remembering
from bot.usecases.preflight import Preflight
from bot.views import filling as views
from bot.views import modals
from bot.views.changes import replaced
from bot.views.review import last_screen, review
from bot.wire import wire


@dataclass(frozen=True)
class Filling:
    """What the listeners of a form share: where forms come from, and how they are drawn."""

    api: SlackApi
    drafting: Drafting
    launching: Launching
    preflight: Preflight
    looking: Looking

    async def opened(self, body: Body, context: AsyncBoltContext) -> tuple[Form, ids.FormState]:
        """The form a payload comes from, and where in it the person is. Raises as `Drafting.open`."""
        here = state_in(body, ids.FormState)
        return await self.drafting.open(*who(context), here.draft), here

    async def typed(self, body: Body, context: AsyncBoltContext) -> tuple[Form, ids.FormState]:
        """The same, with what is typed on the screen taken over."""
        form, here = await self.opened(body, context)
        return read(form, here, body)[0], here

    async def look(self, form: Form, body: Body) -> tuple[Form, dict[str, str]]:
        """What only Slack can tell of the answers on the screen, and what is wrong with them, by block."""
        shown = forms.on_screen(form.layout.fields, forms.typed_of(view_of(body).get("state")))
        form, problems = await self.looking.into(form, shown.values())
        return form, {block: problems[field.key] for block, field in shown.items() if field.key in problems}

    async def show(self, body: Body, form: Form, there: ids.FormState, **more: Any) -> None:
        """Keep the form and draw it, unless something newer has been drawn since the click."""
        view = await self.at(form, there, **more)
        await self.api.update_view(form.draft.team, in_modal(body), view, version=version_of(body))

    async def at(self, form: Form, there: ids.FormState, **more: Any) -> Screen:
        """Keep the form, and draw this place of it while the disk is waited for."""
        keeping = self.drafting.keep(form, at=there.place)
        _, drawn = await asyncio.gather(keeping, self._drawn(form, there, **more))
        return drawn

    async def _drawn(self, form: Form, there: ids.FormState, **more: Any) -> Screen:
        if there.at == "review":
            form = await self.preflight.look(form)
        return screen(form, there, **more)


def screen(form: Form, at: ids.FormState, *, notice: str = "", saved: bool = False) -> Screen:
    """What is shown at a place of a form."""
    if at.at == "review":
        return review(form, at, saved=saved)
    if at.at == "index":
        return views.index(form, at)
    if at.at == "marked" and form.marked:
        return views.marked(form, at, notice=notice, saved=saved)
    return views.page(form, at, notice=notice, saved=saved)


def read(form: Form, here: ids.FormState, body: Body) -> tuple[Form, dict[str, str]]:
    """The form with what is typed on the screen, and what is wrong with that, by block."""
    state = forms.typed_of(view_of(body).get("state"))
    reading = forms.read_page([*form.fields, *form.former], form.content, state, form.asking_in(here.epoch))
    form = form.holding(reading.content)
    missing = forms.missing_on(form.layout.fields, form.content, state, form.asking_in(here.epoch))
    return form, {**missing, **reading.problems}


async def picked(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """A template was chosen: the first page of its form takes the place of the list."""
    template_id = option_in(view_of(body), ids.TEMPLATE_BLOCK)
    team, user = who(context)
    form = await filling.drafting.begin(team, user, template_id, where_of(body))
    await ack(response_action="update", view=screen(form, ids.FormState(draft=form.draft.id)))


async def edit(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Edit and resubmit*: just the questions that Ironclad named, with everything else kept."""
    (team, user), launch_id = who(context), launch_in(body).launch
    try:
        form = await filling.drafting.reopen(team, user, launch_id)
        notice = form.texts.of(str((form.launch.problem or {}).get("what") or "")) if form.launch else ""
        view = screen(form, ids.FormState(draft=form.draft.id, at="marked"), notice=notice)
    except Replaced as gone:
        view = replaced(gone)
    await show(filling.api, team, body, view, version=version_of(body))
    await ack()


async def submitted(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Next*, *Review* or *Launch* on a page: problems go beside their fields, else it goes on."""
    try:
        form, here = await filling.opened(body, context)
    except Submitted as done:
        await ack(response_action="update", view=modals.progress(done.launch, texts_of(context)))
        return
    asked = _keys_on(form, here)
    form, problems = read(form, here, body)
    if not problems:
        form, problems = await filling.look(form, body)
    if problems:
        await filling.drafting.keep(form, at=here.place)
        await ack(response_action="errors", errors=_said(problems, form.texts))
    elif _keys_on(form, here) - asked:
        # A text or a number brings questions up only now: Slack does not tell of each key that is pressed.
        await filling.drafting.keep(form, at=here.place)
        more = form.texts.say("Your answers bring up more questions on this page.")
        await ack(response_action="update", view=screen(form, here, notice=more))
    elif here.at == "page" and here.page < len(form.layout.pages) - 1:
        await _turn(ack, filling, form, here.turned(ids.Turn(at="page", page=here.page + 1)))
    elif here.at == "page" and here.page:
        await _turn(ack, filling, form, here.turned(ids.Turn(at="review")))
    else:
        await _launch(ack, body, filling, form, here)


def _said(problems: Mapping[str, str], texts: Texts) -> dict[str, str]:
    return {block: texts.of(what) for block, what in problems.items()}


def _keys_on(form: Form, here: ids.FormState) -> set[str]:
    """The questions of the page that is on the screen."""
    if here.at != "page":
        return set()
    return {field.key for field in form.layout.pages[form.layout.nearest(here.page)].fields}


async def reviewed(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Next* or *Launch* on the review."""
    try:
        form, here = await filling.opened(body, context)
    except Submitted as done:
        await ack(response_action="update", view=modals.progress(done.launch, texts_of(context)))
        return
    if here.page < last_screen(form):
        await _turn(ack, filling, form, here.turned(ids.Turn(at="review", page=here.page + 1)))
    else:
        await _launch(ack, body, filling, form, here)


async def _turn(ack: AsyncAck, filling: Filling, form: Form, there: ids.FormState) -> None:
    await ack(response_action="update", view=await filling.at(form, there))


async def _launch(ack: AsyncAck, body: Body, filling: Filling, form: Form, here: ids.FormState) -> None:
    """Accept the form for good, or show on the review what stands in the way."""
    # Days may have passed since a page was filled: a file may be gone, a person may have left.
    form, unfit = await filling.looking.into(form, form.layout.fields)
    form = form.holding(replace(form.content, marks={**form.content.marks, **unfit}))
    if unfit or form.problems or form.layout.blocked:
        await _turn(ack, filling, form, here.turned(ids.Turn(at="review")))
        return
    submission = submission_of(form, here)
    try:
        launch = await filling.launching.submit(submission, view=str(view_of(body).get("id") or ""))
    except Refusal:
        # What was typed on the last screen is nowhere else yet.
        with suppress(Refusal, Submitted):
            await filling.drafting.keep(form, at=here.place)
        raise
    await ack(response_action="update", view=modals.progress(launch, form.texts))


def submission_of(form: Form, here: ids.FormState) -> Submission:
    """A filled form as the use-case takes it."""
    reference, asked = form.layout.reference, {field.key for field in form.layout.fields}
    return Submission(
        draft=form.draft,
        person=form.person,
        connection=form.connection,
        attributes=forms.to_send(form.layout, form.content),
        reference_key=reference.key if reference else None,
        kept=form.kept(here.place),
        remember=worth_remembering(form.content, asked & form.schema.remembered),
    )


async def turned(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Back*, *Change*, *Review* and every other button that leads to a place of the form."""
    form, here = await filling.typed(body, context)
    turn = button_in(body, ids.Turn)
    await filling.show(body, form, here.turned(turn))
    await ack()


async def unfolded(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Show the questions that may be needed*: they join the form, which turns to the first of them."""
    form, here = await filling.typed(body, context)
    first = form.layout.folded[0].key if form.layout.folded else ""
    form = form.holding(replace(form.content, unfolded=True))
    page = form.layout.page_of(first)
    await filling.show(body, form, here.turned(ids.Turn(at="page", page=page if page else 0)))
    await ack()


async def saved(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """*Save draft*."""
    form, here = await filling.typed(body, context)
    await filling.show(body, form, here, saved=True)
    await ack()


async def acted(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """An answer on which other questions depend was changed: the same page, as things stand now."""
    form, here = await filling.typed(body, context)
    # In the same epoch, so that whatever is being typed elsewhere on the page stays.
    await filling.show(body, form, here)
    await ack()


async def went_to(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, filling: Filling) -> None:
    """A question was picked in *Go to a question*."""
    form, here = await filling.typed(body, context)
    option = pressed(body).get("selected_option") or {}
    page = forms.question_of(form.layout, str(option.get("value") or ""))
    await filling.show(body, form, here.turned(ids.Turn(at="page", page=page or 0)))
    await ack()


async def search_questions(
    ack: AsyncAck, body: Body, payload: dict[str, Any], context: AsyncBoltContext, *, filling: Filling
) -> None:
    """The questions of a long form as somebody types."""
    form, _ = await filling.opened(body, context)
    found = forms.find_questions(form.layout, str(payload.get("value") or ""))
    await ack(options=wire(found))
