"""Requests put together: asking, approving, telling, reminding."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app.ground import Ground
from bot.listeners.topics import Requests
from bot.slack.reminders import SlackReminder
from bot.slack.requests import Locks, SlackRequestAnnouncer
from bot.usecases.absences import Absences
from bot.usecases.approving import Approving
from bot.usecases.courses import ANNOUNCE
from bot.usecases.nudging import CRON, REMIND, SCHEDULE, Nudging
from bot.usecases.policies import Policies
from bot.usecases.requesting import ROUTE, Requesting
from bot.usecases.telling import Telling


@dataclass(frozen=True)
class BuiltRequests:
    """What the listeners ask, and who tells of a request behind everybody's back."""

    asked: Requests
    telling: SlackRequestAnnouncer


def build(ground: Ground) -> BuiltRequests:
    """The topic, with its durable work."""
    database, behind, work, people = ground.database, ground.behind, ground.work, ground.people
    drawing = Locks()  # a card is drawn by one of the two at a time
    telling = SlackRequestAnnouncer(behind, ground.api, drawing, ground.languages)
    nudging = Nudging(behind, work, people, SlackReminder(behind, ground.api, ground.languages))
    requesting = Requesting(database, work, people, ground.groups)
    work.handles(ANNOUNCE, Telling(telling).tell)
    work.handles(ROUTE, requesting.route)
    work.handles(REMIND, nudging.remind)
    work.every(SCHEDULE, CRON, nudging.look)
    asked = Requests(
        requesting=requesting,
        approving=Approving(database, work, people),
        announcer=SlackRequestAnnouncer(database, ground.api, drawing, ground.languages),
        listing=ground.listing,
        policies=Policies(database, people, ground.groups, ground.groups),
        nudging=nudging,
        absences=Absences(database, people),
    )
    return BuiltRequests(asked, telling)
