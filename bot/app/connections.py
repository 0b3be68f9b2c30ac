"""The connection to Ironclad put together: making it, watching it, hearing through it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app.ground import Ground
from bot.listeners.topics import Connections
from bot.slack.notices import SlackConnectionViews
from bot.slack.outbound import SlackChannels
from bot.usecases.checking import Checking
from bot.usecases.connecting import Connecting
from bot.usecases.credentials import Review
from bot.usecases.following import FOLLOW, Following
from bot.usecases.following import SCHEDULE as FOLLOWING
from bot.usecases.hearing import NEWS, Hearing
from bot.usecases.rotating import KIND as ROTATE
from bot.usecases.rotating import Rotating
from bot.usecases.verifying import Verifying

DAILY_CHECK = "41 5 * * *"  # UTC; an odd minute, when fewer others ask Ironclad


@dataclass(frozen=True)
class BuiltConnections:
    """What the listeners ask, what browsers and Ironclad reach, and who follows workflows."""

    asked: Connections
    hearing: Hearing
    verifying: Verifying
    following: Following


def build(ground: Ground) -> BuiltConnections:
    """The topic, with its durable work."""
    database, behind, work = ground.database, ground.behind, ground.work
    access, dialling, people = ground.access, ground.dialling, ground.people
    hearing = Hearing(database, work, access, public_url=ground.settings.public_url)
    connecting = _connecting(ground, hearing)
    views = SlackConnectionViews(ground.api, ground.homes, ground.languages)
    checking = Checking(behind, work, access, dialling, connecting, ground.alarms, views)
    work.handles(Checking.KIND, checking.perform)
    work.every(Checking.DAILY, DAILY_CHECK, checking.check_all)
    work.handles(ROTATE, Rotating(behind, work).perform)
    asked = Connections(
        connecting=connecting,
        checking=checking,
        alarms=ground.alarms,
        installing=ground.installing,
        tokens=ground.tokens,
    )
    verifying = Verifying(database, people, dialling, connecting, ground.notifying)
    return BuiltConnections(asked, hearing, verifying, _following(ground, hearing))


def _connecting(ground: Ground, hearing: Hearing) -> Connecting:
    return Connecting(
        ground.database,
        ground.access,
        ground.people,
        ground.dialling,
        ground.notifying,
        hearing=hearing,
        channels=SlackChannels(ground.api),
        public_url=ground.settings.public_url,
        review=Review(always=ground.settings.connection_review == "always"),
    )


def _following(ground: Ground, hearing: Hearing) -> Following:
    work, seconds = ground.work, ground.settings.follow_seconds
    following = Following(ground.behind, work, ground.access, ground.links, hearing, seconds=seconds)
    work.handles(FOLLOW, following.follow)
    work.handles(NEWS, following.news)
    if seconds:
        work.every(FOLLOWING, following.cron, following.look)
    return following
