"""`slipway doctor`: is this set-up going to work, and what to do where it is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import BadSettingsError, Settings, read_settings
from bot.slack.api import code_of
from bot.slack.scopes import BOT_SCOPES
from ironclad import Http, NotSent, Region, open_http, reach
from storage import BadDatabaseUrlError, BadKeyError, Database, SchemaState, SealedValueError, Sealing

SECONDS = 10  # for each answer from outside


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `told` is the state of it or, if not `good`, what to do."""

    name: str
    good: bool
    told: str


async def examine() -> list[Finding]:
    """Look at everything that can be looked at, in the order in which one would mend it."""
    try:
        settings = read_settings()
    except BadSettingsError as wrong:
        return [Finding("settings", False, str(problem)) for problem in wrong.problems]
    missing = [Finding("settings", False, str(problem)) for problem in settings.missing_to_serve()]
    findings = missing or [Finding("settings", True, "everything needed is set")]
    findings.append(_public_url(settings))
    findings += [finding async for finding in _database(settings)]
    if settings.slack_bot_token.get_secret_value():
        findings += [finding async for finding in _slack(settings)]
    if settings.slack_app_token.get_secret_value():
        findings += [finding async for finding in _socket(settings)]
    findings += [finding async for finding in _ironclad(settings)]
    return findings


def _public_url(settings: Settings) -> Finding:
    if settings.public_url is None:
        return Finding(
            "public address",
            False,
            "SLIPWAY_PUBLIC_URL is not set. Put the https address there that Slack sends its requests to.",
        )
    return Finding("public address", True, settings.public_url)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    if not settings.keys:
        return
    try:
        database = Database(settings.database_url.get_secret_value(), Sealing(settings.keys))
    except BadKeyError as bad:
        yield Finding("encryption keys", False, str(bad))
        return
    except BadDatabaseUrlError as bad:
        yield Finding("database", False, f"SLIPWAY_DATABASE_URL is not usable. {bad}")
        return
    try:
        state = await asyncio.wait_for(database.schema_state(), SECONDS)
    except Exception as error:  # whatever the driver raises: the person needs the sentence, not the type
        yield Finding("database", False, _unreachable(settings, error))
        return
    else:
        yield _schema(state)
        if state is SchemaState.CURRENT:
            yield await _keys(database)
            if settings.installs:
                async for finding in _installs(settings, database):
                    yield finding
    finally:
        await database.close()


def _unreachable(settings: Settings, error: Exception) -> str:
    url = urlsplit(settings.database_url.get_secret_value())
    where = f"{url.hostname}:{url.port or 5432}" if url.hostname else url.path.removeprefix("/")
    return (
        f"cannot be opened at {where} ({type(error).__name__}). Check SLIPWAY_DATABASE_URL, that the folder "
        "exists and may be written to, or that the database server runs and lets Slipway in."
    )


def _schema(state: SchemaState) -> Finding:
    told = {
        SchemaState.EMPTY: "is empty. Run `slipway migrate`.",
        SchemaState.OLD: "is not up to date. Run `slipway migrate`.",
        SchemaState.NEWER: "was brought up to date by a newer Slipway. Run that version.",
        SchemaState.CURRENT: "is up to date",
    }
    return Finding("database", state is SchemaState.CURRENT, told[state])


async def _keys(database: Database) -> Finding:
    """Whether the secrets that are stored open with the keys that are set."""
    async with database.reading() as store:
        for workspace in await store.workspaces.all():
            connection = await store.connections.current(workspace.team)
            if connection is None:
                continue
            try:
                await store.connections.client_secret(workspace.team, connection.id)
            except SealedValueError:
                return Finding(
                    "encryption keys",
                    False,
                    "do not open what is stored. Put the earlier key back into SLIPWAY_ENCRYPTION_KEYS, "
                    "after the new one.",
                )
    return Finding("encryption keys", True, "open everything that is stored")


async def _installs(settings: Settings, database: Database) -> AsyncIterator[Finding]:
    """Where the app is installed, and whether it may do there what it needs."""
    async with database.reading() as store:
        installs = await store.installs.all()
    if not installs:
        told = f"nobody has installed the app yet. Open {settings.public_url}/slack/install."
        yield Finding("installs", True, told)
    for install in installs:
        name = f"install in {install.name or install.team}"
        missing = sorted(BOT_SCOPES - set(install.scopes))
        if install.problem:
            yield Finding(name, False, install.problem)
        elif missing:
            told = f"lacks {', '.join(missing)}. Install again and allow it."
            yield Finding(name, False, told)
        else:
            yield Finding(
                name, True, "for the whole organisation" if install.org_wide else "has all it needs"
            )


async def _socket(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the app token opens sockets; the address it gives is not used."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            base_url=settings.slack_api_url, session=session, timeout=SECONDS, retry_handlers=[]
        )
        token = settings.slack_app_token.get_secret_value()
        try:
            await client.api_call("apps.connections.open", json={"token": token})
        except SlackApiError as error:
            told = (
                f"Slack does not accept it ({code_of(error)}). Make an app-level token with "
                "connections:write on Basic Information, and switch Socket Mode on."
            )
            yield Finding("Slack app token", False, told)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            host = urlsplit(settings.slack_api_url).hostname
            yield Finding("Slack app token", False, f"{host} cannot be reached ({type(error).__name__}).")
        else:
            yield Finding("Slack app token", True, "opens sockets")


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=session,
            timeout=SECONDS,
            retry_handlers=[],
        )
        try:
            answer = await client.auth_test()
        except SlackApiError as error:
            yield _refused_by_slack(settings, code_of(error))
            return
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            host = urlsplit(settings.slack_api_url).hostname
            yield Finding(
                "Slack",
                False,
                f"cannot be reached at {host} ({type(error).__name__}). Check the network, a proxy, and "
                "SLIPWAY_SLACK_API_URL.",
            )
            return
    yield Finding("Slack token", True, f"for {answer.get('team')} as {answer.get('user')}")
    yield _scopes(str(answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes") or ""))


def _refused_by_slack(settings: Settings, code: str) -> Finding:
    if not code:
        host = urlsplit(settings.slack_api_url).hostname
        return Finding("Slack", False, f"{host} does not answer as Slack does. Check SLIPWAY_SLACK_API_URL.")
    told = (
        f"Slack does not accept it ({code}). Copy the Bot User OAuth Token (xoxb-…) "
        "again from OAuth & Permissions, after installing the app into the workspace."
    )
    return Finding("Slack token", False, told)


def _scopes(granted: str) -> Finding:
    missing = sorted(BOT_SCOPES - set(granted.replace(",", " ").split()))
    if missing:
        return Finding(
            "Slack permissions",
            False,
            f"missing: {', '.join(missing)}. Add them under OAuth & Permissions (or update the app from "
            "manifest.yml) and reinstall the app.",
        )
    return Finding("Slack permissions", True, "all granted")


async def _ironclad(settings: Settings) -> AsyncIterator[Finding]:
    hosts = [settings.ironclad_url] if settings.ironclad_url else [region.url for region in Region]
    async with open_http() as http:
        for host in hosts:
            yield await _reachable(http, host)


async def _reachable(http: Http, host: str) -> Finding:
    try:
        await reach(http, host, seconds=SECONDS)
    except NotSent:
        told = f"{host} cannot be reached. Check the network, a proxy, and SLIPWAY_IRONCLAD_URL."
        return Finding("Ironclad", False, told)
    return Finding("Ironclad", True, f"{host} answers")
