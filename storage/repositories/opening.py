"""The first screen of `/contract`, in one query: Slack waits three seconds, the trigger less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, case, func, literal, select

from storage.execution import Execution
from storage.models import ConnectionRow, OfferRow, PersonRow, TokensRow, WorkspaceRow
from storage.records import Opening, Person, Workspace
from storage.repositories.base import table_of
from storage.repositories.connections import CONNECTION_COLUMNS, READY, connection_of
from storage.repositories.people import PERSON_COLUMNS
from storage.repositories.templates import OFFER_COLUMNS, offer_of
from storage.repositories.workspaces import WORKSPACE_COLUMNS

_WORKSPACES = table_of(WorkspaceRow)
_CONNECTIONS = table_of(ConnectionRow)
_PEOPLE = table_of(PersonRow)
_OFFERS = table_of(OfferRow)
_SIGN_INS = table_of(TokensRow)

_TEAM: BindParameter[str] = bindparam("team")
_ONE_ROW = select(literal(1).label("one")).subquery("one_row")
# Under client credentials a call acts as the person who asks. Otherwise as the account that they signed in
# with, or else as that of whoever connected.
_ACTING_USER = case(
    (_CONNECTIONS.c.grant == "client_credentials", _PEOPLE.c.email),
    else_=func.coalesce(_SIGN_INS.c.account, func.nullif(_CONNECTIONS.c.acting_user, ""), "-"),
)
_OPENING = select(*WORKSPACE_COLUMNS, *CONNECTION_COLUMNS, *PERSON_COLUMNS, *OFFER_COLUMNS).select_from(
    _ONE_ROW.outerjoin(_WORKSPACES, _WORKSPACES.c.team == _TEAM)
    .outerjoin(_CONNECTIONS, and_(_CONNECTIONS.c.team == _TEAM, READY))
    .outerjoin(_PEOPLE, and_(_PEOPLE.c.team == _TEAM, _PEOPLE.c.user == bindparam("user")))
    .outerjoin(
        _SIGN_INS,
        and_(
            _SIGN_INS.c.team == _TEAM,
            _SIGN_INS.c.connection_id == _CONNECTIONS.c.id,
            _SIGN_INS.c.holder == bindparam("user"),
        ),
    )
    .outerjoin(
        _OFFERS,
        and_(
            _OFFERS.c.team == _TEAM,
            _CONNECTIONS.c.id.is_not(None),
            _OFFERS.c.acting_user == _ACTING_USER,
        ),
    )
)


async def read_opening(execution: Execution, team: str, user: str) -> Opening:
    """Workspace, ready connection, person, and what that person may be offered, each if we have it.

    The offer is the one of the person's e-mail when the connection's grant is client credentials, else the
    one of the account they signed in with or, without, of the connection's acting user (``-`` for none).
    """
    row = (await execution.execute(_OPENING, {"team": team, "user": user})).one()
    parts = _split(row, len(WORKSPACE_COLUMNS), len(CONNECTION_COLUMNS), len(PERSON_COLUMNS))
    workspace, connection, person, offer = parts
    return Opening(
        workspace=None if workspace[0] is None else Workspace(*workspace),
        connection=None if connection[0] is None else connection_of(connection),
        person=None if person[0] is None else Person(*person),
        offer=None if offer[0] is None else offer_of(offer),
    )


def _split(row: Sequence[Any], *lengths: int) -> list[Sequence[Any]]:
    """Cut `row` into parts of these lengths, and one with the rest."""
    parts, place = [], 0
    for length in lengths:
        parts.append(row[place : place + length])
        place += length
    return [*parts, row[place:]]
