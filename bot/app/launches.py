"""Launches put together: offering templates, filling forms, creating workflows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.app.ground import Ground
from bot.listeners.topics import Launches
from bot.slack.notes import SlackDraftTeller
from bot.slack.outbound import SlackAnnouncer, SlackGroups
from bot.slack.requests import SlackRequestAnnouncer
from bot.usecases.documents import Documents
from bot.usecases.drafting import DRAFT_NOTE, Drafting
from bot.usecases.launching import KIND, Launching
from bot.usecases.looking import Looking
from bot.usecases.nearby import Nearby
from bot.usecases.offering import Offering
from bot.usecases.offers import Audience
from bot.usecases.performing import Performing
from bot.usecases.prefilling import PreFilling
from bot.usecases.preflight import Preflight
from bot.usecases.records import Records
from bot.usecases.reminding import Reminding
from bot.usecases.versions import Versions


@dataclass(frozen=True)
class BuiltLaunches:
    """What the listeners ask, and who looks through drafts."""

    asked: Launches
    reminding: Reminding


def build(ground: Ground, telling: SlackRequestAnnouncer) -> BuiltLaunches:
    """The topic, with its durable work. `telling` draws the card of what is launched."""
    database, work, access, people = ground.database, ground.work, ground.access, ground.people
    audience = Audience(database, SlackGroups(ground.api))
    offering = Offering(database, work, access, people, ground.screens, ground.alarms, audience)
    work.handles(Offering.KIND, offering.fetch)
    drafting = Drafting(
        database,
        work,
        access,
        people,
        ground.links,
        offering,
        PreFilling(database, ground.facts),
        ground.catalogue,
    )
    versions = Versions(database, access, people)
    work.every("templates", Versions.CRON, versions.look)
    documents = Documents(ground.files)
    work.handles(KIND, _performing(ground, telling, documents).perform)
    asked = Launches(
        offering=offering,
        launching=Launching(database, work, access),
        drafting=drafting,
        preflight=Preflight(database, access, people, drafting),
        versions=versions,
        documents=documents,
        looking=Looking(documents, people),
        nearby=Nearby(database, people, ground.files),
        records=Records(access, people),
    )
    return BuiltLaunches(asked, _reminding(ground))


def _performing(ground: Ground, telling: SlackRequestAnnouncer, documents: Documents) -> Performing:
    return Performing(
        ground.behind,
        ground.access,
        SlackAnnouncer(ground.behind, ground.api, telling, ground.languages),
        ground.screens,
        ground.links,
        documents,
        ground.alarms,
        settle=timedelta(seconds=ground.settings.launch_settle_seconds),
        work=ground.work,
    )


def _reminding(ground: Ground) -> Reminding:
    teller = SlackDraftTeller(ground.behind, ground.api, ground.languages)
    reminding = Reminding(ground.behind, ground.work, teller)
    ground.work.handles(DRAFT_NOTE, reminding.tell)
    ground.work.every("drafts", Reminding.CRON, reminding.look_through)
    return reminding
