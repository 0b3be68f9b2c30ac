"""What the listeners of each topic ask of Slipway, and through what they show it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.listeners import conditions, identities, mapping, systems, upkeep
from bot.slack.api import SlackApi
from bot.slack.requests import SlackRequestAnnouncer
from bot.slack.tokens import BotTokens
from bot.usecases.absences import Absences
from bot.usecases.admins import Admins
from bot.usecases.alarms import Alarms
from bot.usecases.approving import Approving
from bot.usecases.auditing import Auditing
from bot.usecases.checking import Checking
from bot.usecases.connecting import Connecting
from bot.usecases.defaults import Defaults
from bot.usecases.documents import Documents
from bot.usecases.drafting import Drafting
from bot.usecases.installing import Installing
from bot.usecases.languages import Languages
from bot.usecases.launching import Launching
from bot.usecases.listing import Listing
from bot.usecases.looking import Looking
from bot.usecases.nearby import Nearby
from bot.usecases.nudging import Nudging
from bot.usecases.offering import Offering
from bot.usecases.offers import Offers
from bot.usecases.overview import Overseeing
from bot.usecases.policies import Policies
from bot.usecases.ports import Homes
from bot.usecases.preflight import Preflight
from bot.usecases.records import Records
from bot.usecases.requesting import Requesting
from bot.usecases.versions import Versions


@dataclass(frozen=True, kw_only=True)
class Everywhere:
    """Every topic: the way to Slack, Home, who may see what, and in which language."""

    api: SlackApi
    homes: Homes
    overseeing: Overseeing
    languages: Languages


@dataclass(frozen=True, kw_only=True)
class Launches:
    """From the list of templates to a launch."""

    offering: Offering
    launching: Launching
    drafting: Drafting
    preflight: Preflight
    versions: Versions
    documents: Documents
    looking: Looking
    nearby: Nearby
    records: Records


@dataclass(frozen=True, kw_only=True)
class Requests:
    """Requests, who approves them, who is reminded."""

    requesting: Requesting
    approving: Approving
    announcer: SlackRequestAnnouncer
    listing: Listing
    policies: Policies
    nudging: Nudging
    absences: Absences


@dataclass(frozen=True, kw_only=True)
class Connections:
    """The connection to Ironclad, and the install in Slack."""

    connecting: Connecting
    checking: Checking
    alarms: Alarms
    installing: Installing
    tokens: BotTokens


@dataclass(frozen=True, kw_only=True)
class Administration:
    """What admins do besides."""

    rules: conditions.Shared
    systems: systems.Desk
    mappings: mapping.Desk
    identities: identities.Desk
    upkeep: upkeep.Desk
    auditing: Auditing
    admins: Admins
    defaults: Defaults
    offers: Offers
