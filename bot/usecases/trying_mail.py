"""Sending an admin a mail, to see whether mail works."""

from __future__ import annotations

from secrets import token_hex
from typing import Protocol

from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.notices import CannotMail
from bot.usecases.people import People
from bot.usecases.ports import SETTLED_SECONDS
from storage import Database
from storage.work import Later, Payload, Work


class TestPost(Protocol):
    """Brings a mail that says that mail works."""

    async def try_out(self, to: str, name: str) -> None:
        """Send it. Raises `CannotMail`."""
        ...


class MailScreen(Protocol):
    """The window in which an admin waits for how it went."""

    async def tried(self, team: str, user: str, view: str, to: str, problem: str) -> None:
        """Say that the mail was sent, or why not."""
        ...


class TryingMail:
    """Mail servers take their time, so that it is durable work; it is tried once, and told as it went."""

    KIND = "mail.try"

    def __init__(
        self, database: Database, work: Work, people: People, post: TestPost | None, screen: MailScreen
    ) -> None:
        self._database = database
        self._work = work
        self._people = people
        self._post = post
        self._screen = screen

    async def address(self, team: str, user: str) -> str:
        """Where the mail would go. Raises `Refusal` for who is no admin, without an address or a server."""
        await self._people.only_admins(team, user)
        if self._post is None:
            raise Refusal(
                phrase("No mail server is set, so Slipway tells everything in Slack."),
                phrase("Whoever runs Slipway sets SLIPWAY_SMTP_URL and SLIPWAY_MAIL_FROM, and restarts it."),
            )
        person = await self._people.person(team, user)
        if not person.email:
            raise Refusal(
                phrase("Slack does not tell Slipway your e-mail address."),
                phrase("Add one to your Slack profile, or ask another admin to try."),
            )
        return person.email

    async def start(self, team: str, user: str, view: str) -> None:
        """Send it, and say in the modal `view` how it went. Raises `Refusal` as `address`."""
        payload: Payload = {"team": team, "user": user, "view": view, "to": await self.address(team, user)}
        async with self._database.transaction() as store:
            key = f"mail.try:{team}:{user}:{token_hex(6)}"  # asked for anew each time
            await self._work.start(store, self.KIND, key, payload, after=SETTLED_SECONDS)

    async def perform(self, payload: Payload) -> Later | None:
        """The durable work behind `start`."""
        team, user, to = payload["team"], payload["user"], payload["to"]
        problem = ""
        try:
            if self._post is not None:
                await self._post.try_out(to, (await self._people.person(team, user)).name)
        except CannotMail as failed:
            problem = failed.why
        await self._screen.tried(team, user, payload["view"], to, problem)
        return None
