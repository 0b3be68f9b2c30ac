"""What admins do on Home, put together: identities, mappings, rules, the audit log and the rest."""

from __future__ import annotations

from bot.app.ground import Ground, post
from bot.listeners import conditions, identities, mapping, systems, upkeep
from bot.listeners.topics import Administration, Requests
from bot.slack.identities import SlackPeople
from bot.slack.mail_screen import SlackMailScreen
from bot.slack.outbound import SlackChannels, SlackDirectory, SlackGroups
from bot.usecases.admins import Admins
from bot.usecases.auditing import Auditing
from bot.usecases.defaults import Defaults
from bot.usecases.erasing import Erasing
from bot.usecases.identifying import LINK_LINES, LINKED, Identifying
from bot.usecases.mappings import Mappings
from bot.usecases.offers import Offers
from bot.usecases.ruling import Ruling
from bot.usecases.trying_mail import TryingMail


def build(ground: Ground, asked: Requests, other: systems.Desk) -> Administration:
    """The topic, with its durable work."""
    database, work, people, api = ground.database, ground.work, ground.people, ground.api
    auditing = Auditing(database, work, people, ground.sender)
    work.handles(Auditing.KIND, auditing.send)
    mappings = Mappings(database, people, ground.facts)
    return Administration(
        rules=conditions.Shared(api, Ruling(database, people), ground.sender, ground.files),
        systems=other,
        mappings=mapping.Desk(api, mappings, ground.homes, ground.sender, ground.files),
        identities=_identities(ground, asked),
        upkeep=_upkeep(ground),
        auditing=auditing,
        admins=Admins(database, people),
        defaults=Defaults(database, people, SlackChannels(api)),
        offers=Offers(database, people, SlackGroups(api)),
    )


def _identities(ground: Ground, asked: Requests) -> identities.Desk:
    database, work, people, api = ground.database, ground.work, ground.people, ground.api
    screen = SlackPeople(database, api, ground.languages)
    identifying = Identifying(database, work, ground.access, people, SlackDirectory(api), screen)
    work.handles(LINK_LINES, identifying.link_many)
    work.handles(LINKED, identifying.tell)
    return identities.Desk(api, identifying, asked.requesting, asked.approving, ground.homes)


def _upkeep(ground: Ground) -> upkeep.Desk:
    database, work, people, api = ground.database, ground.work, ground.people, ground.api
    screen = SlackMailScreen(api, ground.languages)
    trying = TryingMail(database, work, people, post(ground.settings), screen)
    work.handles(TryingMail.KIND, trying.perform)
    return upkeep.Desk(api, trying, Erasing(database, people, ground.access), ground.homes)
