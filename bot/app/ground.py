"""What every topic stands on: the database, the ways to Slack and Ironclad, who people are."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp

from bot.bolt import slack_client
from bot.listeners.topics import Everywhere
from bot.mail import SmtpPost
from bot.settings import Settings
from bot.slack.api import SlackApi
from bot.slack.files import SlackFiles
from bot.slack.installer import SlackInstaller
from bot.slack.notices import SlackTeller
from bot.slack.outbound import SlackGroups, SlackHomes, SlackProfiles, SlackScreens
from bot.slack.sending import SlackSender
from bot.slack.tokens import BotTokens, InstalledTokens, OneToken
from bot.texts import Catalogue
from bot.usecases.access import IroncladAccess
from bot.usecases.alarms import Alarms
from bot.usecases.dialling import Dialling
from bot.usecases.facts import FactFinder
from bot.usecases.groups import FoundGroups
from bot.usecases.installing import Installing
from bot.usecases.languages import Languages
from bot.usecases.links import Links
from bot.usecases.listing import Listing
from bot.usecases.notices import Notifying
from bot.usecases.overview import Overseeing
from bot.usecases.people import People
from bot.usecases.ports import Outgoing
from ironclad import Http
from storage import Database, Sealing
from storage.work import Work


@dataclass(frozen=True)
class Outside:
    """The connections to the outside that are opened and closed with the process."""

    slack: aiohttp.ClientSession
    ironclad: Http
    systems: Outgoing


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What every topic stands on. `behind` is the database for work that nobody waits for."""

    settings: Settings
    database: Database
    behind: Database
    work: Work
    outside: Outside
    tokens: BotTokens
    installing: Installing
    api: SlackApi
    files: SlackFiles
    sender: SlackSender
    people: People
    groups: FoundGroups
    facts: FactFinder
    links: Links
    dialling: Dialling
    access: IroncladAccess
    catalogue: Catalogue
    languages: Languages
    screens: SlackScreens
    listing: Listing
    overseeing: Overseeing
    homes: SlackHomes
    notifying: Notifying
    alarms: Alarms

    @property
    def everywhere(self) -> Everywhere:
        """What the listeners of every topic use."""
        return Everywhere(
            api=self.api, homes=self.homes, overseeing=self.overseeing, languages=self.languages
        )


def laid(settings: Settings, sealing: Sealing, database: Database, outside: Outside) -> Ground:
    """The ground, from what has been opened."""
    # Looking for due work costs a busy process time, and nobody notices a tenth of a second before a launch.
    work = Work(database, sealing, poll_seconds=0.2)
    behind = database.giving_way()
    tokens, installing = _installs(settings, behind, outside.slack)
    if isinstance(tokens, InstalledTokens):
        work.every("renew bot tokens", "*/10 * * * *", tokens.renew_ahead)
    api = SlackApi(slack_client(settings, outside.slack), tokens)
    people = People(database, SlackProfiles(api), settings.admins)
    links = Links(settings.ironclad_url)
    callback = f"{settings.public_url}/ironclad/callback" if settings.public_url else None
    dialling = Dialling(outside.ironclad, links, callback=callback)
    access = IroncladAccess(database, dialling)
    catalogue = Catalogue()
    languages = Languages(database, people, catalogue)
    listing = Listing(database, people)
    overseeing = Overseeing(database, people, listing)
    homes = SlackHomes(api, overseeing, languages)
    notifying = Notifying(database, work, SlackTeller(database, api, languages), homes, post(settings))
    work.handles(Notifying.KIND, notifying.perform)
    work.handles(Notifying.MAIL, notifying.mail)
    return Ground(
        settings=settings,
        database=database,
        behind=behind,
        work=work,
        outside=outside,
        tokens=tokens,
        installing=installing,
        api=api,
        files=SlackFiles(api, tokens, outside.slack, api_url=settings.slack_api_url),
        sender=SlackSender(api, outside.slack),
        people=people,
        groups=FoundGroups(SlackGroups(api), access),
        facts=FactFinder(database, people),
        links=links,
        dialling=dialling,
        access=access,
        catalogue=catalogue,
        languages=languages,
        screens=SlackScreens(api, languages),
        listing=listing,
        overseeing=overseeing,
        homes=homes,
        notifying=notifying,
        alarms=Alarms(database, access, notifying),
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


def post(settings: Settings) -> SmtpPost | None:
    """The way to people's mail, where one is set."""
    url = settings.smtp_url.get_secret_value()
    return SmtpPost(url, settings.mail_from or "") if url else None
