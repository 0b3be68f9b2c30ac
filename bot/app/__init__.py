"""The composition root: the only place that constructs things and knows everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
from starlette.applications import Starlette

from bot import listeners, web
from bot.api import IntakeApi, nowhere
from bot.api.events import IroncladEvents
from bot.app import administration, connections, launches, requests, systems
from bot.app.connections import BuiltConnections
from bot.app.ground import Ground, Outside, laid
from bot.bolt import bolt_app, slack_client
from bot.browser import IroncladPages
from bot.dispatch import Dispatch
from bot.installs import InstallPages
from bot.opening import refuse_old
from bot.outgoing import WebOutgoing, open_session
from bot.settings import Settings
from bot.slack.outbound import SlackApps
from bot.slack.requests import SlackRequestAnnouncer
from bot.sockets import SocketMode
from bot.usecases.approving import Approving
from bot.usecases.checking import Checking
from bot.usecases.connecting import Connecting
from bot.usecases.following import Following
from bot.usecases.nudging import Nudging
from bot.usecases.policies import Policies
from bot.usecases.reminding import Reminding
from bot.usecases.requesting import Requesting
from bot.usecases.versions import Versions
from ironclad import open_http
from storage import Database, Sealing
from storage.work import Work


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
        private = settings.webhook_private_targets
        outside = Outside(
            slack=await stack.enter_async_context(aiohttp.ClientSession()),
            ironclad=await stack.enter_async_context(open_http()),
            systems=WebOutgoing(
                await stack.enter_async_context(open_session(private=private)), private=private
            ),
        )
        yield _put_together(laid(settings, sealing, database, outside))


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


def _put_together(ground: Ground) -> Application:
    asking = requests.build(ground)
    connected = connections.build(ground)
    launching = launches.build(ground, asking.telling)
    other = systems.build(ground, asking.asked.requesting)
    admins = administration.build(ground, asking.asked, other.desk)
    bolt = bolt_app(slack_client(ground.settings, ground.outside.slack), ground.tokens)
    listeners.register(bolt, ground.everywhere, launching.asked, asking.asked, connected.asked, admins)
    dispatch = Dispatch(bolt, ground.database.precedence)
    return Application(
        web=_edge(ground, dispatch, connected, other.intake),
        database=ground.database,
        work=ground.work,
        connecting=connected.asked.connecting,
        reminding=launching.reminding,
        versions=launching.asked.versions,
        sockets=_sockets(ground, dispatch),
        requesting=asking.asked.requesting,
        approving=asking.asked.approving,
        announcer=asking.asked.announcer,
        rules=asking.asked.policies,
        nudging=asking.asked.nudging,
        checking=connected.asked.checking,
        following=connected.following,
    )


def _edge(ground: Ground, dispatch: Dispatch, connected: BuiltConnections, intake: IntakeApi) -> Starlette:
    """What is reached by HTTP."""
    settings, address = ground.settings, ground.settings.public_url
    installs = InstallPages(ground.installing, secure=str(address).startswith("https://"))
    return web.build(
        dispatch,
        pages=[
            *(installs.routes() if settings.installs else ()),
            *IroncladPages(connected.verifying, SlackApps(ground.api), public_url=address).routes(),
            *intake.routes,
            *IroncladEvents(connected.hearing).routes,
        ],
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        database=ground.database,
        work=ground.work,
        nowhere={"/api/": nowhere},
    )


def _sockets(ground: Ground, dispatch: Dispatch) -> SocketMode | None:
    """Socket Mode, where its token is set."""
    token = ground.settings.slack_app_token.get_secret_value()
    session = ground.outside.slack
    return SocketMode(dispatch, slack_client(ground.settings, session), session, token) if token else None
