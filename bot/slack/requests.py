"""Keeps every message about a request true: its card, its thread, and what people are told directly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from weakref import WeakValueDictionary

import structlog
from slack_sdk.errors import SlackApiError

from bot.slack.api import ChannelClosedError, SlackApi, code_of
from bot.slack.posts import Posts
from bot.texts import Texts, phrase
from bot.usecases.courses import Picture, picture
from bot.usecases.following import WORKFLOW
from bot.usecases.languages import Languages
from bot.usecases.ports import CannotTell, TryLater
from bot.views import cards, direct, notes
from bot.views.message import Message
from storage import Database, Post, Task

log = structlog.stdlib.get_logger("slipway.request")

NO_CHANNEL = phrase(
    "No procurement channel is chosen yet, so you get this directly. "
    "An admin chooses one on Slipway's Home tab."
)
DIRECTLY_AT_MOST = 15  # of a larger group nobody is pinged one by one: the thread names them
ENDED = ("completed", "cancelled")
DRAWN_AT_MOST = 5  # times in one run, while the request keeps changing

#: One drawing of a request at a time in this process, so that an older picture never covers a newer one.
Locks = WeakValueDictionary[tuple[str, str], asyncio.Lock]


class SlackRequestAnnouncer:
    """Draws a request from what is written down, until what is drawn is what is written."""

    def __init__(self, database: Database, api: SlackApi, locks: Locks, languages: Languages) -> None:
        self._database = database
        self._api = api
        self._locks = locks
        self._languages = languages

    async def announce(self, team: str, request_id: str) -> None:
        """See `bot.usecases.ports.RequestAnnouncer`."""
        try:
            async with self._locks.setdefault((team, request_id), asyncio.Lock()):
                for _ in range(DRAWN_AT_MOST):
                    shown = await self._picture(team, request_id)
                    if shown is None:
                        return
                    await self._draw(shown)
                    # Another replica may have drawn something older over this.
                    now = await self._picture(team, request_id)
                    if now is None or now.request.version == shown.request.version:
                        return
        except SlackApiError as refused:
            raise CannotTell(code_of(refused)) from refused

    async def card(self, team: str, request_id: str) -> tuple[Post | None, str | None]:
        """Draw the card alone. Gives its message, or why there is none."""
        async with self._locks.setdefault((team, request_id), asyncio.Lock()):
            shown = await self._picture(team, request_id)
            return (None, None) if shown is None else await self._card(shown)

    async def at_once(self, team: str, request_id: str, task_id: str) -> None:
        """Draw the message somebody pressed a button in, while they look; the work does it for certain."""
        try:
            async with asyncio.timeout(1.5), self._locks.setdefault((team, request_id), asyncio.Lock()):
                shown = await self._picture(team, request_id)
                task = next((one for one in shown.tasks if one.id == task_id), None) if shown else None
                posts = Posts(self._database, team, self._api)
                known = await posts.known(f"task:{task_id}")
                if shown and task and known and known.ts:
                    note = notes.task_note(shown, task, await self._languages.common(team))
                    await posts.draw(known.key, known.channel, note)
        except (TimeoutError, TryLater, ChannelClosedError, SlackApiError) as silent:
            log.info("the pressed message is drawn later", why=type(silent).__name__)

    # Drawing --------------------------------------------------------------------------------------

    async def _picture(self, team: str, request_id: str) -> Picture | None:
        async with self._database.reading() as store:
            return await picture(store, team, request_id)

    async def _draw(self, shown: Picture) -> None:
        card, why = await self._card(shown)
        posts = Posts(self._database, shown.request.team, self._api)
        link = None
        if card is not None and card.ts:
            try:
                await self._thread(posts, shown, card)
                if _tells_itself(shown):
                    return
                link = await self._api.permalink(shown.request.team, card.channel, card.ts)
            except ChannelClosedError as closed:
                why = str(closed)
        await self._milestones(posts, shown, link)
        if shown.request.source != "launch":
            await self._directly(posts, shown, link, why)

    async def _milestones(self, posts: Posts, shown: Picture, link: str | None) -> None:
        """Tell the requester how their contract ended."""
        texts = await self._languages.of(posts.team, shown.request.requester)
        for event in shown.events:
            if event.kind == WORKFLOW and event.detail.get("to") in ENDED:
                key = f"ended:{shown.request.id}:{event.n}"
                told = notes.milestone(shown, event, texts, link)
                await self._tell(posts, key, shown.request.requester, told, only_new=True)

    async def _card(self, shown: Picture) -> tuple[Post | None, str | None]:
        team, key = shown.request.team, f"card:{shown.request.id}"
        posts = Posts(self._database, team, self._api)
        async with self._database.reading() as store:
            workspace = await store.workspaces.get(team)
            by_category = await store.settings.category_channels(team)
        usual = workspace.channel if workspace else None
        channel = by_category.get(shown.request.category or "") or usual
        if channel is None and await posts.known(key) is None:
            return None, NO_CHANNEL
        try:
            card = await posts.draw(key, channel or "", cards.card(shown, await self._languages.common(team)))
        except ChannelClosedError as closed:
            if channel == usual:
                await self._note_problem(team, str(closed))
            return None, str(closed)
        if workspace and workspace.channel_problem and card.channel == usual:
            await self._note_problem(team, None)
        return card, None

    async def _note_problem(self, team: str, problem: str | None) -> None:
        async with self._database.transaction() as store:
            await store.workspaces.note_channel_problem(team, problem)

    async def _thread(self, posts: Posts, shown: Picture, card: Post) -> None:
        for key, note in _notes(shown, await self._languages.common(posts.team)):
            await posts.draw(key, card.channel, note, thread=card.ts)

    async def _directly(self, posts: Posts, shown: Picture, link: str | None, why: str | None) -> None:
        request = shown.request
        texts = await self._languages.of(posts.team, request.requester)
        first = direct.received(shown, link, why, texts)
        await self._tell(posts, f"told:{request.id}", request.requester, first)
        for task in shown.tasks:
            if task.opened_at is not None:
                await self._turns(posts, shown, task, link)
        for event in shown.events:
            if event.kind == "changes":
                key = f"asked:{request.id}:{event.n}"
                asked = direct.asked_for_changes(shown, event, link, texts)
                await self._tell(posts, key, request.requester, asked)
        if self._has_outcome(shown):
            key = f"outcome:{request.id}:{request.state}:{request.revision}"
            await self._tell(posts, key, request.requester, direct.outcome(shown, link, texts), only_new=True)

    async def _turns(self, posts: Posts, shown: Picture, task: Task, link: str | None) -> None:
        """Tell everybody whose turn it is, again after each change; what they were told before stays true."""
        few = task.state == "open" and len(task.asked) <= DIRECTLY_AT_MOST
        changes = [event for event in shown.events if event.kind == "changed"]
        for ask in task.asks:
            keys = [(f"turn:{task.id}:{ask.user}", True)]
            for event in changes:
                again = event is changes[-1] and ask.opened_at < event.at and task.kind == "approval"
                keys.append((f"again:{task.id}:{ask.user}:{event.n}", again))
            for key, wanted in keys:
                if (few and wanted and ask.state == "open") or await posts.known(key):
                    texts = await self._languages.of(posts.team, ask.user)
                    await self._tell(posts, key, ask.user, direct.turn(shown, task, ask.user, link, texts))

    def _has_outcome(self, shown: Picture) -> bool:
        """Whether the requester has to be told that it is decided, not being the one who acts next."""
        request, task = shown.request, shown.course.current
        if request.state == "rejected":
            return True
        if request.state == "cancelled":
            return any(event.kind == "cancelled" and event.by != request.requester for event in shown.events)
        approved = any(one.state == "approved" for one in shown.tasks)
        return bool(request.state == "contract" and approved and task and request.requester not in task.asked)

    async def _tell(
        self, posts: Posts, key: str, user: str, told: Message, *, only_new: bool = False
    ) -> None:
        known = await posts.known(key)
        if only_new and known is not None:
            return
        try:
            channel = known.channel if known else await self._api.direct_channel(posts.team, user)
            await posts.draw(key, channel, told)
        except (SlackApiError, ChannelClosedError) as unreachable:
            # Somebody who left, or does not let apps write: the thread still says it to everybody else.
            log.warning("could not tell a person directly", key=key, why=type(unreachable).__name__)


def _tells_itself(shown: Picture) -> bool:
    """Whether nobody has to be told directly: a launch of its own does that, until its workflow has ended."""
    ended = any(event.kind == WORKFLOW for event in shown.events)
    return shown.request.source == "launch" and not ended


def _notes(shown: Picture, texts: Texts) -> Iterable[tuple[str, Message]]:
    """The messages of the thread in the order in which they came to be."""
    told = [
        (task.opened_at, f"task:{task.id}", notes.task_note(shown, task, texts))
        for task in shown.tasks
        if task.opened_at is not None
    ]
    for event in shown.events:
        note = notes.event_note(shown, event, texts)
        if note is not None:
            told.append((event.at, f"event:{shown.request.id}:{event.n}", note))
    return [(key, note) for _, key, note in sorted(told, key=lambda one: (one[0], one[1]))]
