"""Tickets: leave to do one thing in a browser, once.

The address holds a token, sealed and so signed with our keys: it names workspace, ticket and a secret. The
row keeps only a digest of the secret, so that whoever reads the database cannot make the address again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, insert, select, update

from storage.errors import NotFoundError
from storage.models import ConnectionRow, TicketRow
from storage.records import Ticket, TicketPurpose, TicketStage
from storage.repositories.base import Repository, columns_of, new_id, table_of
from storage.sealing import Owner, SealedValueError

_TICKETS = table_of(TicketRow)
_CONNECTIONS = table_of(ConnectionRow)
_COLUMNS = columns_of(_TICKETS, Ticket)
_ONE = select(*_COLUMNS, _TICKETS.c.digest).where(
    _TICKETS.c.team == bindparam("team"), _TICKETS.c.id == bindparam("id")
)
_CONNECTION = select(_CONNECTIONS.c.id).where(
    _CONNECTIONS.c.team == bindparam("team"), _CONNECTIONS.c.id == bindparam("id")
)
_TOKEN = Owner("-", "tickets", "token", "-")
_LONGEST_TOKEN = 1000  # ours have about 200 characters


class Stub(NamedTuple):
    """What a genuine token says of itself."""

    team: str
    ticket: str
    secret: str


class Tickets(Repository):
    """Each is for one workspace, one connection and one person, until its time is up or it is used."""

    async def issue(
        self,
        team: str,
        *,
        purpose: TicketPurpose,
        stage: TicketStage,
        connection_id: str,
        user: str,
        seconds: float,
        session: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> tuple[Ticket, str]:
        """A new ticket, and the token that goes into an address. Raises `NotFoundError`."""
        if await self._first(_CONNECTION, team=team, id=connection_id) is None:
            raise NotFoundError("no such connection")
        ticket_id, secret = new_id(), secrets.token_urlsafe(24)
        statement = insert(_TICKETS).values(
            team=team,
            id=ticket_id,
            purpose=purpose,
            stage=stage,
            connection_id=connection_id,
            user=user,
            digest=digest_of(secret),
            session=None if session is None else digest_of(session),
            details=details or {},
            issued_at=self._now(),
            expires_at=self._now(ahead=seconds),
        )
        row = (await self._execution.execute(statement.returning(*_COLUMNS))).one()
        return Ticket(*row), self._sealing.seal(_TOKEN, json.dumps([team, ticket_id, secret]))

    def stub(self, token: str) -> Stub | None:
        """What `token` names, or None when it is not one of ours. Nothing is looked up."""
        if len(token) > _LONGEST_TOKEN:
            return None
        try:
            team, ticket, secret = json.loads(self._sealing.open(_TOKEN, token))
        except (SealedValueError, ValueError, TypeError):
            return None
        return Stub(str(team), str(ticket), str(secret))

    async def get(self, team: str, ticket_id: str, secret: str) -> Ticket | None:
        """The ticket, if the secret is its own; whether its time is up is for the caller to see."""
        row = await self._first(_ONE, team=team, id=ticket_id)
        if row is None or not hmac.compare_digest(row.digest, digest_of(secret)):
            return None
        return Ticket(*row[:-1])

    async def use(self, team: str, ticket_id: str) -> bool:
        """Spend it. True for one caller, and only in time."""
        fresh = and_(_TICKETS.c.used_at.is_(None), _TICKETS.c.expires_at > self._now())
        return await self._changed(
            update(_TICKETS).where(_one(team, ticket_id), fresh).values(used_at=self._now())
        )

    async def give_back(self, team: str, ticket_id: str) -> bool:
        """What it was used for did not come about: it may be used again until its time is up."""
        used = _TICKETS.c.used_at.is_not(None)
        return await self._changed(update(_TICKETS).where(_one(team, ticket_id), used).values(used_at=None))

    async def void(self, team: str, connection_id: str, user: str) -> bool:
        """End the time of what somebody holds for a connection: a newer one is on its way."""
        theirs = and_(
            _TICKETS.c.team == team,
            _TICKETS.c.connection_id == connection_id,
            _TICKETS.c.user == user,
            _TICKETS.c.used_at.is_(None),
        )
        return await self._changed(update(_TICKETS).where(theirs).values(expires_at=self._now()))

    async def sweep(self, team: str, seconds: float) -> bool:
        """Forget those whose time was up `seconds` ago."""
        over = and_(_TICKETS.c.team == team, _TICKETS.c.expires_at < self._now(ahead=-seconds))
        return await self._changed(delete(_TICKETS).where(over))


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _one(team: str, ticket_id: str) -> Any:
    return and_(_TICKETS.c.team == team, _TICKETS.c.id == ticket_id)
