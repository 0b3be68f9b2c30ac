"""What the use-cases ask of Slack, carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from time import monotonic

from slack_sdk.errors import SlackApiError

from bot.slack.api import ChannelClosedError, SlackApi, code_of
from bot.slack.posts import Posts
from bot.slack.requests import SlackRequestAnnouncer
from bot.usecases.errors import Refusal
from bot.usecases.languages import Languages
from bot.usecases.overview import Overseeing
from bot.usecases.ports import CannotTell, Offered, Profile, Standing, TryLater, Where
from bot.views import modals, threads
from bot.views.home import build_home, refused_home
from ironclad import fields_of
from storage import Database, Launch

LINKS_KEPT = 10_000  # about 1 MB
FOUND_SECONDS = 300
APP_SECONDS = 2.0


class SlackProfiles:
    """Looks people up."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    async def profile(self, team: str, user: str) -> Profile:
        """See `bot.usecases.ports.Profiles`."""
        return await self._api.profile(team, user)

    async def admins(self, team: str) -> list[str]:
        """See `bot.usecases.ports.Profiles`."""
        return await self._api.admins(team)


class SlackGroups:
    """Knows Slack's user groups, and people by their e-mail."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    async def members(self, team: str, group: str) -> Sequence[str] | None:
        """See `bot.usecases.ports.UserGroups`."""
        try:
            answer = await self._api.read(team, "usergroups.users.list", usergroup=group)
        except SlackApiError:
            return None  # deleted, or not visible to us: whoever stands in is asked instead
        return [str(user) for user in answer.get("users") or []]

    async def all(self, team: str) -> Sequence[tuple[str, str]]:
        """See `bot.usecases.ports.UserGroups`."""
        try:
            answer = await self._api.read(team, "usergroups.list")
        except (SlackApiError, TryLater):
            return []  # workspaces on a free plan have none
        found = answer.get("usergroups") or []
        return [(str(one["id"]), str(one.get("name") or one.get("handle") or "")) for one in found]

    async def by_email(self, team: str, email: str) -> str | None:
        """See `bot.usecases.ports.UserGroups`."""
        try:
            answer = await self._api.read(team, "users.lookupByEmail", email=email)
        except SlackApiError:
            return None
        return str((answer.get("user") or {}).get("id") or "") or None


class SlackChannels:
    """Knows where the app may post."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    async def standing(self, team: str, channel: str) -> Standing:
        """See `bot.usecases.ports.Channels`."""
        return await self._api.standing(team, channel)


class SlackDirectory:
    """Finds people by their e-mail address; who was found is remembered for a few minutes."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._known: dict[tuple[str, str], tuple[float, str]] = {}

    async def user_by_email(self, team: str, email: str) -> str | None:
        """See `bot.usecases.ports.Directory`."""
        asked, now = (team, email.casefold()), monotonic()
        since, user = self._known.get(asked, (now - FOUND_SECONDS, ""))
        if now - since < FOUND_SECONDS:
            return user
        try:
            found = await self._api.user_by_email(team, email)
        except SlackApiError as refused:
            raise TryLater(60) from refused  # a permission is missing: an admin has to mend that first
        if found is not None:
            if len(self._known) >= LINKS_KEPT:
                self._known.clear()
            self._known[asked] = (now, found)
        return found


class SlackApps:
    """Knows what Slack calls this app: asked for once in each workspace."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._known: dict[str, str] = {}

    async def id_in(self, team: str) -> str:
        """See `bot.usecases.ports.Apps`."""
        if team not in self._known:
            try:
                async with asyncio.timeout(APP_SECONDS):
                    me = await self._api.read(team, "auth.test")
                    bot = await self._api.read(team, "bots.info", bot=str(me.get("bot_id") or ""))
            except (SlackApiError, TryLater, TimeoutError):
                return ""  # a way back that ends one click short is better than none
            self._known[team] = str((bot.get("bot") or {}).get("app_id") or "")
        return self._known[team]


class SlackPermalinks:
    """Knows the addresses of messages: asked for once each, because they do not change."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._known: dict[tuple[str, str, str], str] = {}

    async def of(self, team: str, channel: str, ts: str) -> str | None:
        """See `bot.usecases.ports.Permalinks`."""
        where = (team, channel, ts)
        if where not in self._known:
            found = await self._api.permalink(team, channel, ts)
            if found is None:
                return None
            if len(self._known) >= LINKS_KEPT:
                self._known.clear()
            self._known[where] = found
        return self._known[where]


class SlackScreens:
    """Changes open modals; closing one early is normal."""

    def __init__(self, api: SlackApi, languages: Languages) -> None:
        self._api = api
        self._languages = languages

    async def templates(self, team: str, user: str, view: str, offered: Offered, where: Where) -> None:
        """See `bot.usecases.ports.Screens`."""
        list_ = modals.pick_template(offered, where.request, await self._languages.of(team, user))
        await self._api.update_view(team, view, modals.asked_from(list_, where))

    async def refused(self, team: str, user: str, view: str, refusal: Refusal, where: Where) -> None:
        """See `bot.usecases.ports.Screens`."""
        told = modals.refused(refusal, where.request, await self._languages.of(team, user))
        await self._api.update_view(team, view, modals.asked_from(told, where))

    async def launch(self, team: str, view: str, launch: Launch) -> None:
        """See `bot.usecases.ports.Screens`."""
        await self._api.update_view(
            team, view, modals.result(launch, await self._languages.of(team, launch.requester))
        )


class SlackHomes:
    """Draws Home tabs."""

    def __init__(self, api: SlackApi, overseeing: Overseeing, languages: Languages) -> None:
        self._api = api
        self._overseeing = overseeing
        self._languages = languages

    async def publish(self, team: str, user: str) -> None:
        """See `bot.usecases.ports.Homes`."""
        try:
            seen = await self._overseeing.overview(team, user)
            view = build_home(seen, await self._languages.of(team, user))
        except Refusal as refusal:
            view = refused_home(refusal, await self._languages.known(team, user))
        await self._api.publish_home(team, user, view)


class SlackAnnouncer:
    """Keeps every message about a launch true: card, thread, direct messages."""

    def __init__(
        self, database: Database, api: SlackApi, requests: SlackRequestAnnouncer, languages: Languages
    ) -> None:
        self._database = database
        self._api = api
        self._requests = requests
        self._languages = languages

    async def announce(self, launch: Launch) -> None:
        """See `bot.usecases.ports.Announcer`."""
        try:
            await self._announce(launch)
        except SlackApiError as refused:
            raise CannotTell(code_of(refused)) from refused

    async def _announce(self, launch: Launch) -> None:
        posts = Posts(self._database, launch.team, self._api)
        labels = await self._labels(launch)
        thread, why = await self._in_channel(posts, launch, labels)
        await self._directly(posts, launch, labels, thread, why)

    async def _in_channel(
        self, posts: Posts, launch: Launch, labels: Mapping[str, str]
    ) -> tuple[str | None, str | None]:
        """Card and thread. Gives the thread's address, or why there is none."""
        card, why = await self._requests.card(launch.team, launch.request_id)
        if card is None:
            return None, why
        try:
            note = threads.note(launch, labels, await self._languages.common(launch.team))
            await posts.draw(f"note:{launch.id}", card.channel, note, thread=card.ts)
        except ChannelClosedError as closed:
            return None, str(closed)
        return await self._api.permalink(launch.team, card.channel, card.ts or ""), None

    async def _directly(
        self, posts: Posts, launch: Launch, labels: Mapping[str, str], thread: str | None, why: str | None
    ) -> None:
        """Tell the requester what needs them, and keep what they were told earlier true."""
        texts = await self._languages.of(launch.team, launch.requester)
        message = threads.direct(launch, labels, texts, link=thread, why=why)
        current = f"direct:{launch.id}:{launch.revision}"
        needed = launch.state in {"refused", "asking"} or thread is None
        for revision in range(1, launch.revision + 1):
            key = f"direct:{launch.id}:{revision}"
            if await posts.known(key) or (key == current and needed):
                await posts.draw(key, await self._api.direct_channel(launch.team, launch.requester), message)

    async def _labels(self, launch: Launch) -> dict[str, str]:
        async with self._database.reading() as store:
            template = await store.templates.get(launch.team, launch.template_id)
        if template is None:
            return {}
        return {field.key: field.label or field.key for field in fields_of(template.schema)}
