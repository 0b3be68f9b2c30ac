"""What people are told about a connection: who, which occasion, drawn anew whenever things move on.

A notice is durable work. Its `post` names the Slack message that it draws, so that telling again edits that
message: a link that was used says so, and nobody is told the same thing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.usecases.ports import CannotTell, Homes, TryLater
from storage import Connection, Database, Store, Ticket
from storage.work import Later, Payload, Work

Occasion = Literal[
    "link", "verified", "failed", "review", "reviewed", "broken", "mended", "signed_in", "signed_out"
]
LINK_SECONDS = 30 * 60
MAIL_AGAIN_SECONDS = 60.0


@dataclass(frozen=True)
class Notice:
    """One message to one person; `connection` is None once it is gone."""

    team: str
    user: str
    post: str
    occasion: Occasion
    connection: Connection | None
    url: str = ""  #: where the link leads; empty once it no longer does
    text: str = ""  #: what happened, in words for people


@dataclass(frozen=True)
class Letter:
    """A mail with an approval link."""

    to: str
    name: str
    connection: Connection
    url: str
    asked_by: str


class Teller(Protocol):
    """Brings notices to people in Slack."""

    async def tell(self, notice: Notice) -> None:
        """Draw the message of this notice. Raises `TryLater` or `CannotTell`."""
        ...


class CannotMail(Exception):
    """The mail server refuses; the text says why, in words for an admin. `again`: later it may not."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.why = why
        self.again = again


class Post(Protocol):
    """Brings letters to people's mail."""

    async def send(self, letter: Letter) -> None:
        """Send it. Raises `CannotMail`."""
        ...


class Notifying:
    """Starts notices in the transaction of the fact, and brings them out as durable work."""

    KIND = "connection.notice"
    MAIL = "connection.mail"

    def __init__(
        self, database: Database, work: Work, teller: Teller, homes: Homes, post: Post | None
    ) -> None:
        self._database = database
        self._work = work
        self._teller = teller
        self._homes = homes
        self._post = post

    @property
    def mails(self) -> bool:
        """Whether mail is set up."""
        return self._post is not None

    async def start(
        self,
        store: Store,
        connection: Connection,
        user: str,
        occasion: Occasion,
        *,
        post: str,
        turn: str = "",
        text: str = "",
        url: str = "",
        token: str = "",
    ) -> None:
        """Promise a notice. `post` names its message, `turn` this telling; `token` is what its link holds."""
        payload: Payload = {
            "team": connection.team,
            "user": user,
            "connection": connection.id,
            "occasion": occasion,
            "post": post,
            "text": text,
            "url": url,
            "token": token,
        }
        await self._work.start(store, self.KIND, f"notice:{connection.team}:{post}:{turn}", payload)

    async def start_mail(
        self, store: Store, connection: Connection, user: str, *, to: str, name: str, url: str, token: str
    ) -> None:
        """Promise a mail with the link."""
        payload: Payload = {
            "team": connection.team,
            "user": user,
            "connection": connection.id,
            "to": to,
            "name": name,
            "url": url,
            "token": token,
        }
        stub = store.tickets.stub(token)
        key = f"mail:{connection.team}:{stub.ticket if stub else ''}"
        await self._work.start(store, self.MAIL, key, payload)

    async def perform(self, payload: Payload) -> Later | None:
        """Draw a notice as things stand now, and its reader's Home."""
        team = payload["team"]
        async with self._database.reading() as store:
            connection = await store.connections.get(team, payload["connection"])
            ticket = await _ticket(store, payload["token"])
            now = await store.now()
        open_link = ticket is not None and ticket.used_at is None and ticket.expires_at > now
        notice = Notice(
            team=team,
            user=payload["user"],
            post=payload["post"],
            occasion=payload["occasion"],
            connection=connection,
            url=payload["url"] if open_link else "",
            text=payload["text"],
        )
        try:
            await self._teller.tell(notice)
            await self._homes.publish(team, payload["user"])
        except TryLater as busy:
            return Later(busy.seconds)
        except CannotTell:
            return None  # Slack will not take it: Home says the same
        return None

    async def mail(self, payload: Payload) -> Later | None:
        """Send a mail while its link is good; note on the connection when that is not possible."""
        team = payload["team"]
        async with self._database.reading() as store:
            connection = await store.connections.get(team, payload["connection"])
            ticket = await _ticket(store, payload["token"])
            now = await store.now()
        over = ticket is None or ticket.used_at is not None or ticket.expires_at <= now
        if self._post is None or connection is None or over:
            return None
        letter = Letter(
            payload["to"], payload["name"], connection, payload["url"], asked_by=connection.created_by
        )
        try:
            await self._post.send(letter)
        except CannotMail as failed:
            if not connection.verified:
                async with self._database.transaction() as store:
                    problem = f"The mail with the link could not be sent. {failed.why} Use the one in Slack."
                    await store.connections.note_problem(team, connection.id, problem)
            return Later(MAIL_AGAIN_SECONDS) if failed.again else None
        return None


async def _ticket(store: Store, token: str) -> Ticket | None:
    stub = store.tickets.stub(token) if token else None
    return None if stub is None else await store.tickets.get(*stub)


def link_post(connection_id: str, user: str, token: str) -> str:
    """The name of the message that brought a link."""
    return f"link:{connection_id}:{user}:{token[-12:]}"


def broken_post(connection: Connection) -> str:
    """The name of the message about one breakdown; it is edited when that is over."""
    since = connection.broken_at
    return f"broken:{connection.id}:{since:%Y%m%dT%H%M%S}" if since else f"broken:{connection.id}"
