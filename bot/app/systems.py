"""Other systems put together: the intake API, the keys to it, the webhook that tells of requests."""

from __future__ import annotations

from dataclasses import dataclass

from bot.api import IntakeApi
from bot.app.ground import Ground
from bot.listeners.systems import Desk
from bot.slack.outbound import SlackDirectory, SlackPermalinks
from bot.slack.systems import SlackSystems
from bot.usecases.api_keys import ApiKeys
from bot.usecases.handing_over import HandingOver
from bot.usecases.outside import RELAY
from bot.usecases.relaying import Relaying
from bot.usecases.requesting import Requesting
from bot.usecases.standing import Standings


@dataclass(frozen=True)
class BuiltSystems:
    """What the listeners ask, and what other systems reach."""

    desk: Desk
    intake: IntakeApi


def build(ground: Ground, requesting: Requesting) -> BuiltSystems:
    """The topic, with its durable work."""
    database, work, people, api = ground.database, ground.work, ground.people, ground.api
    address = ground.settings.public_url or ""
    standings = Standings(database, SlackPermalinks(api), public_url=address)
    keys = ApiKeys(database, people, per_minute=ground.settings.api_requests_per_minute)
    handing_over = HandingOver(database, requesting, people, SlackDirectory(api))
    relaying = Relaying(
        database,
        work,
        people,
        outgoing=ground.outside.systems,
        standings=standings,
        screen=SlackSystems(database, api, ground.languages, address=address),
    )
    work.handles(RELAY, relaying.relay)
    intake = IntakeApi(keys, handing_over, standings, public_url=address)
    return BuiltSystems(Desk(api, keys, relaying, ground.homes, address), intake)
