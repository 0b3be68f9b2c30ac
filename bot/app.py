"""The composition root: the only place that constructs things and knows everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from starlette.applications import Starlette

from bot import listeners, web
from bot.api import IntakeApi, nowhere
from bot.api.events import IroncladEvents
from bot.bolt import bolt_app, slack_client
from bot.browser import IroncladPages
from bot.dispatch import Dispatch
from bot.installs import InstallPages
from bot.listeners.conditions import Shared as RulesDesk
from bot.listeners.identities import Desk as IdentityDesk
from bot.listeners.mapping import Desk as MappingDesk
from bot.listeners.systems import Desk as SystemsDesk
from bot.listeners.upkeep import Desk as UpkeepDesk
from bot.mail import SmtpPost
from bot.opening import refuse_old
from bot.outgoing import WebOutgoing, open_session
from bot.settings import Settings
from bot.slack.api import SlackApi
from bot.slack.files import SlackFiles
from bot.slack.identities import SlackPeople
from bot.slack.installer import SlackInstaller
from bot.slack.mail_screen import SlackMailScreen
from bot.slack.notes import SlackDraftTeller
from bot.slack.notices import SlackConnectionViews, SlackTeller
from bot.slack.outbound import (
    SlackAnnouncer,
    SlackApps,
    SlackChannels,
    SlackDirectory,
    SlackGroups,
    SlackHomes,
    SlackPermalinks,
    SlackProfiles,
    SlackScreens,
)
from bot.slack.reminders import SlackReminder
from bot.slack.requests import Locks, SlackRequestAnnouncer
from bot.slack.sending import SlackSender
from bot.slack.systems import SlackSystems
from bot.slack.tokens import BotTokens, InstalledTokens, OneToken
from bot.sockets import SocketMode
from bot.texts import Catalogue
from bot.usecases.absences import Absences
from bot.usecases.access import IroncladAccess
from bot.usecases.admins import Admins
from bot.usecases.alarms import Alarms
from bot.usecases.api_keys import ApiKeys
from bot.usecases.approving import Approving
from bot.usecases.auditing import Auditing
from bot.usecases.checking import Checking
from bot.usecases.connecting import Connecting
from bot.usecases.courses import ANNOUNCE
from bot.usecases.credentials import Review
from bot.usecases.defaults import Defaults
from bot.usecases.dialling import Dialling
from bot.usecases.documents import Documents
from bot.usecases.drafting import DRAFT_NOTE, Drafting
from bot.usecases.erasing import Erasing
from bot.usecases.facts import FactFinder
from bot.usecases.following import FOLLOW, Following
from bot.usecases.following import SCHEDULE as FOLLOWING
from bot.usecases.groups import FoundGroups
from bot.usecases.handing_over import HandingOver
from bot.usecases.hearing import NEWS, Hearing
from bot.usecases.identifying import LINK_LINES, LINKED, Identifying
from bot.usecases.installing import Installing
from bot.usecases.languages import Languages
from bot.usecases.launching import KIND, Launching
from bot.usecases.links import Links
from bot.usecases.listing import Listing
from bot.usecases.looking import Looking
from bot.usecases.mappings import Mappings
from bot.usecases.nearby import Nearby
from bot.usecases.notices import Notifying
from bot.usecases.nudging import CRON, REMIND, SCHEDULE, Nudging
from bot.usecases.offering import Offering
from bot.usecases.offers import Audience, Offers
from bot.usecases.outside import RELAY
from bot.usecases.overview import Overseeing
from bot.usecases.people import People
from bot.usecases.performing import Performing
from bot.usecases.policies import Policies
from bot.usecases.ports import Outgoing
from bot.usecases.prefilling import PreFilling
from bot.usecases.preflight import Preflight
from bot.usecases.records import Records
from bot.usecases.relaying import Relaying
from bot.usecases.reminding import Reminding
from bot.usecases.requesting import ROUTE, Requesting
from bot.usecases.rotating import KIND as ROTATE
from bot.usecases.rotating import Rotating
from bot.usecases.ruling import Ruling
from bot.usecases.standing import Standings
from bot.usecases.telling import Telling
from bot.usecases.trying_mail import TryingMail
from bot.usecases.verifying import Verifying
from bot.usecases.versions import Versions
from ironclad import Http, open_http
from storage import Database, Sealing
from storage.work import Work

DAILY_CHECK = "41 5 * * *"  # UTC; an odd minute, when fewer others ask Ironclad


@dataclass(frozen=True)
class Application:
    """Slipway, put together."""

    web: Starlette
    database: Database
    work: Work
    connecting: Connecting
    reminding: Reminding
    versions: Versions
    sockets: SocketMode | None
    requesting: Requesting
    approving: Approving
    announcer: SlackRequestAnnouncer
    rules: Policies
    nudging: Nudging
    checking: Checking
    following: Following


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Application]:
    """Slipway with every part connected but no work running. Raises `BadSettingsError`."""
    async with AsyncExitStack() as stack:
        sealing = Sealing(settings.keys)
        database = Database(settings.database_url.get_secret_value(), sealing)
        stack.push_async_callback(database.close)
        await refuse_old(database)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        http = await stack.enter_async_context(open_http())
        private = settings.webhook_private_targets
        outside = WebOutgoing(await stack.enter_async_context(open_session(private=private)), private=private)
        yield _put_together(settings, sealing, database, session, http, outside)


@asynccontextmanager
async def running(
    settings: Settings, *, perform: bool = True, listen: bool = True
) -> AsyncIterator[Application]:
    """Slipway with its durable work going on, unless `perform` is False.

    In Socket Mode it also listens to Slack, unless `listen` is False.
    """
    async with assembled(settings) as application:
        await application.work.open(run=perform)
        sockets = application.sockets if listen else None
        try:
            if sockets is not None:
                sockets.start()
            yield application
        finally:
            if sockets is not None:
                await sockets.stop()
            await application.work.close()


def _put_together(
    settings: Settings,
    sealing: Sealing,
    database: Database,
    session: aiohttp.ClientSession,
    http: Http,
    outside: Outgoing,
) -> Application:
    # Looking for due work costs a busy process time, and nobody notices a tenth of a second before a launch.
    work = Work(database, sealing, poll_seconds=0.2)
    behind = database.giving_way()
    tokens, installing = _installs(settings, behind, session)
    api = SlackApi(slack_client(settings, session), tokens)
    links = Links(settings.ironclad_url)
    people = People(database, SlackProfiles(api), settings.admins)
    callback = f"{settings.public_url}/ironclad/callback" if settings.public_url else None
    dialling = Dialling(http, links, callback=callback)
    access = IroncladAccess(database, dialling)
    catalogue = Catalogue()
    languages = Languages(database, people, catalogue)
    screens = SlackScreens(api, languages)
    listing = Listing(database, people)
    overseeing = Overseeing(database, people, listing)
    homes = SlackHomes(api, overseeing, languages)
    notifying = Notifying(database, work, SlackTeller(database, api), homes, _post(settings))
    alarms = Alarms(database, access, notifying)
    offering = Offering(database, work, access, people, screens, alarms, Audience(database, SlackGroups(api)))
    launching = Launching(database, work, access)
    facts = FactFinder(database, people)
    prefilling = PreFilling(database, facts)
    drafting = Drafting(database, work, access, people, links, offering, prefilling, catalogue)
    versions = Versions(database, access, people)
    work.every("templates", Versions.CRON, versions.look)
    files = SlackFiles(api, tokens, session, api_url=settings.slack_api_url)
    documents = Documents(files)
    sender = SlackSender(api, session)
    drawing = Locks()
    telling = SlackRequestAnnouncer(behind, api, drawing, languages)
    announcer = SlackRequestAnnouncer(database, api, drawing, languages)
    groups = FoundGroups(SlackGroups(api), access)
    nudging = Nudging(behind, work, people, SlackReminder(behind, api))
    rules = Policies(database, people, groups, groups)
    requesting = Requesting(database, work, people, groups)
    approving = Approving(database, work, people)
    performing = Performing(
        behind,
        access,
        SlackAnnouncer(behind, api, telling, languages),
        screens,
        links,
        documents,
        alarms,
        settle=timedelta(seconds=settings.launch_settle_seconds),
        work=work,
    )
    hearing = Hearing(database, work, access, public_url=settings.public_url)
    connecting = Connecting(
        database,
        access,
        people,
        dialling,
        notifying,
        hearing=hearing,
        channels=SlackChannels(api),
        public_url=settings.public_url,
        review=Review(always=settings.connection_review == "always"),
    )
    screen = SlackPeople(database, api, languages)
    identifying = Identifying(database, work, access, people, SlackDirectory(api), screen)
    work.handles(LINK_LINES, identifying.link_many)
    work.handles(LINKED, identifying.tell)
    mappings = Mappings(database, people, facts)
    systems = _other_systems(settings, database, work, api, people, requesting, homes, outside)
    work.handles(RELAY, systems.relaying.relay)
    checking = Checking(behind, work, access, dialling, connecting, alarms, SlackConnectionViews(api, homes))
    verifying = Verifying(database, people, dialling, connecting, notifying)
    work.handles(Offering.KIND, offering.fetch)
    work.handles(KIND, performing.perform)
    work.handles(ANNOUNCE, Telling(telling).tell)
    work.handles(ROUTE, requesting.route)
    work.handles(REMIND, nudging.remind)
    work.every(SCHEDULE, CRON, nudging.look)
    following = Following(behind, work, access, links, hearing, seconds=settings.follow_seconds)
    work.handles(FOLLOW, following.follow)
    work.handles(NEWS, following.news)
    if settings.follow_seconds:
        work.every(FOLLOWING, following.cron, following.look)
    reminding = Reminding(behind, work, SlackDraftTeller(behind, api, languages))
    work.handles(DRAFT_NOTE, reminding.tell)
    work.every("drafts", Reminding.CRON, reminding.look_through)
    work.handles(ROTATE, Rotating(behind, work).perform)
    work.handles(Notifying.KIND, notifying.perform)
    work.handles(Notifying.MAIL, notifying.mail)
    work.handles(Checking.KIND, checking.perform)
    work.every(Checking.DAILY, DAILY_CHECK, checking.check_all)
    bolt = bolt_app(slack_client(settings, session), tokens)
    listeners.register(
        bolt,
        api=api,
        offering=offering,
        launching=launching,
        overseeing=overseeing,
        connecting=connecting,
        drafting=drafting,
        preflight=Preflight(database, access, people, drafting),
        versions=versions,
        documents=documents,
        looking=Looking(documents, people),
        nearby=Nearby(database, people, files),
        records=Records(access, people),
        checking=checking,
        alarms=alarms,
        homes=homes,
        requesting=requesting,
        approving=approving,
        announcer=announcer,
        listing=listing,
        rules=rules,
        nudging=nudging,
        absences=Absences(database, people),
        languages=languages,
        systems=systems.desk,
        identity=IdentityDesk(api, identifying, requesting, approving, homes),
        mappings=MappingDesk(api, mappings, homes, sender, files),
        ruled=RulesDesk(api, Ruling(database, people), sender, files),
    )
    auditing = Auditing(database, work, people, sender)
    work.handles(Auditing.KIND, auditing.send)
    trying_mail = TryingMail(database, work, people, _post(settings), SlackMailScreen(api, languages))
    work.handles(TryingMail.KIND, trying_mail.perform)
    listeners.register_administration(
        bolt,
        api=api,
        auditing=auditing,
        admins=Admins(database, people),
        homes=homes,
        decided=Defaults(database, people, SlackChannels(api)),
        audiences=Offers(database, people, SlackGroups(api)),
        keeping=UpkeepDesk(api, trying_mail, Erasing(database, people, access), homes),
    )
    listeners.register_installs(bolt, installing=installing, tokens=tokens)
    if isinstance(tokens, InstalledTokens):
        work.every("renew bot tokens", "*/10 * * * *", tokens.renew_ahead)
    pages = InstallPages(installing, secure=str(settings.public_url).startswith("https://"))
    dispatch = Dispatch(bolt, database.precedence)
    edge = web.build(
        dispatch,
        pages=[
            *(pages.routes() if settings.installs else ()),
            *IroncladPages(verifying, SlackApps(api), public_url=settings.public_url).routes(),
            *systems.intake.routes,
            *IroncladEvents(hearing).routes,
        ],
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        database=database,
        work=work,
        nowhere={"/api/": nowhere},
    )
    sockets = None
    if app_token := settings.slack_app_token.get_secret_value():
        sockets = SocketMode(dispatch, slack_client(settings, session), session, app_token)
    return Application(
        web=edge,
        database=database,
        work=work,
        connecting=connecting,
        reminding=reminding,
        versions=versions,
        sockets=sockets,
        requesting=requesting,
        approving=approving,
        announcer=announcer,
        rules=rules,
        nudging=nudging,
        checking=checking,
        following=following,
    )


def _installs(
    settings: Settings, database: Database, session: aiohttp.ClientSession
) -> tuple[BotTokens, Installing]:
    """Where bot tokens come from: the settings, for one workspace, or installs by OAuth."""
    installer = SlackInstaller(
        slack_client(settings, session),
        client_id=settings.slack_client_id or "",
        client_secret=settings.slack_client_secret.get_secret_value(),
        redirect_uri=f"{settings.public_url}/slack/oauth_redirect",
    )
    installing = Installing(database, installer)
    if settings.installs:
        return InstalledTokens(database, installer), installing
    return OneToken(settings.slack_bot_token.get_secret_value()), installing


@dataclass(frozen=True)
class _Systems:
    """What other systems have to do with."""

    relaying: Relaying
    intake: IntakeApi
    desk: SystemsDesk


def _other_systems(
    settings: Settings,
    database: Database,
    work: Work,
    api: SlackApi,
    people: People,
    requesting: Requesting,
    homes: SlackHomes,
    outside: Outgoing,
) -> _Systems:
    address = settings.public_url or ""
    standings = Standings(database, SlackPermalinks(api), public_url=address)
    keys = ApiKeys(database, people, per_minute=settings.api_requests_per_minute)
    handing_over = HandingOver(database, requesting, people, SlackDirectory(api))
    screen = SlackSystems(database, api, address=address)
    relaying = Relaying(database, work, people, outgoing=outside, standings=standings, screen=screen)
    intake = IntakeApi(keys, handing_over, standings, public_url=address)
    return _Systems(relaying, intake, SystemsDesk(api, keys, relaying, homes, address))


def _post(settings: Settings) -> SmtpPost | None:
    """The way to people's mail, where one is set."""
    url = settings.smtp_url.get_secret_value()
    return SmtpPost(url, settings.mail_from or "") if url else None
