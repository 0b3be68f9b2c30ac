"""The buttons of an open task: approve, reject, ask for changes, hand on."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.language import texts_of
from bot.listeners.payload import (
    Body,
    button_in,
    element_of,
    in_modal,
    state_in,
    team_of,
    text_in,
    view_of,
    who,
)
from bot.listeners.requests import Desk
from bot.slack.requests import SlackRequestAnnouncer
from bot.usecases.course import Course
from bot.views import requests as views


async def approve(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, announcer: SlackRequestAnnouncer
) -> None:
    """*Approve*: recorded at once, and the buttons are gone before the person looks again."""
    (team, user), button = who(context), task_in(body)
    course = await desk.approving.decide(team, user, button.task, "approved", revision=button.revision)
    if in_modal(body):
        await desk.show(
            team_of(context), body, await desk.details(team, user, course.request.id, texts_of(context))
        )
    await announcer.at_once(team, course.request.id, button.task)
    await ack()


async def open_reject(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Reject*: asks why."""
    course, button = await _undecided(body, context, desk)
    await desk.show(
        team_of(context), body, views.reject(course.request, course.task(button.task), texts_of(context))
    )
    await ack()


async def reject(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Reject*, with its reason."""
    (team, user), view = who(context), view_of(body)
    state = task_state(body)
    course = await desk.approving.decide(
        team,
        user,
        state.task,
        "rejected",
        revision=state.revision,
        reason=text_in(view, ids.REASON_BLOCK),
    )
    texts = texts_of(context)
    told = texts.say("You rejected {request}.", request=course.request.label)
    await ack(response_action="update", view=views.done(told, texts))


async def open_changes(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Ask for changes*: asks what."""
    course, button = await _undecided(body, context, desk)
    await desk.show(
        team_of(context),
        body,
        views.ask_for_changes(course.request, course.task(button.task), texts_of(context)),
    )
    await ack()


async def ask_changes(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Ask for changes*, with the question."""
    (team, user), view = who(context), view_of(body)
    state = task_state(body)
    course = await desk.approving.ask_for_changes(
        team, user, state.task, text_in(view, ids.REASON_BLOCK), revision=state.revision
    )
    texts, requester = texts_of(context), f"<@{course.request.requester}>"
    told = texts.say("{person} was asked. You are told when they answer.", person=requester)
    await ack(response_action="update", view=views.done(told, texts))


async def open_hand_on(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Delegate* or *Reassign*: asks to whom."""
    button = task_in(body)
    course = await desk.approving.may_hand_on(*who(context), button.task)
    await desk.show(
        team_of(context),
        body,
        views.hand_on(course.request, course.task(button.task), texts_of(context)),
    )
    await ack()


async def hand_on(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Delegate* or *Reassign*, with the person."""
    (team, user), view = who(context), view_of(body)
    to = str(element_of(view, ids.PERSON_BLOCK).get("selected_user") or "")
    course = await desk.approving.hand_on(team, user, task_state(body).task, to)
    texts = texts_of(context)
    told = texts.say("{request} is with {person} now.", request=course.request.label, person=f"<@{to}>")
    await ack(response_action="update", view=views.done(told, texts))


async def _undecided(body: Body, context: AsyncBoltContext, desk: Desk) -> tuple[Course, ids.TaskButton]:
    button = task_in(body)
    course = await desk.approving.may_decide(*who(context), button.task)
    return course, button


def task_in(body: Body) -> ids.TaskButton:
    """Which task a pressed button is about. Raises `Refusal` for one that is not understood."""
    return button_in(body, ids.TaskButton)


def task_state(body: Body) -> ids.TaskState:
    """Which task a form is about. Raises `Refusal`."""
    return state_in(body, ids.TaskState)
