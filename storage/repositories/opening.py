"""The first screen of `/contract`, in one query: Slack waits three seconds, the trigger less."""

from __future__ import annotations

from sqlalchemy import BindParameter, and_, bindparam, case, exists, func, literal, select

from storage.execution import Execution
from storage.models import (
    ConnectionRow,
    OfferRow,
    PersonRow,
    TemplateRuleRow,
    TokensRow,
    WorkspaceRow,
)
from storage.models.requests import RulebookRow
from storage.records import Opening, Person, Workspace
from storage.records.requests import Rulebook
from storage.repositories.base import columns_of, split, table_of
from storage.repositories.connections import CONNECTION_COLUMNS, READY, connection_of
from storage.repositories.people import PERSON_COLUMNS
from storage.repositories.templates import OFFER_COLUMNS, offer_of
from storage.repositories.workspaces import WORKSPACE_COLUMNS

_WORKSPACES = table_of(WorkspaceRow)
_CONNECTIONS = table_of(ConnectionRow)
_PEOPLE = table_of(PersonRow)
_OFFERS = table_of(OfferRow)
_SIGN_INS = table_of(TokensRow)
_RULEBOOKS = table_of(RulebookRow)
_TEMPLATE_RULES = table_of(TemplateRuleRow)

_TEAM: BindParameter[str] = bindparam("team")
_ONE_ROW = select(literal(1).label("one")).subquery("one_row")
# Under client credentials a call acts as the person who asks. Otherwise as the account that they signed in
# with, or else as that of whoever connected.
_ACTING_USER = case(
    (_CONNECTIONS.c.grant == "client_credentials", _PEOPLE.c.email),
    else_=func.coalesce(_SIGN_INS.c.account, func.nullif(_CONNECTIONS.c.acting_user, ""), "-"),
)
_RULEBOOK_COLUMNS = columns_of(_RULEBOOKS, Rulebook)
_NEWEST_APPROVALS = (
    select(func.max(_RULEBOOKS.c.version))
    .where(_RULEBOOKS.c.team == _TEAM, _RULEBOOKS.c.kind == bindparam("kind"))
    .correlate(None)
    .scalar_subquery()
)
_LIMITED = exists().where(_TEMPLATE_RULES.c.team == _TEAM)
_OPENING = select(
    _LIMITED, *WORKSPACE_COLUMNS, *CONNECTION_COLUMNS, *PERSON_COLUMNS, *_RULEBOOK_COLUMNS, *OFFER_COLUMNS
).select_from(
    _ONE_ROW.outerjoin(_WORKSPACES, _WORKSPACES.c.team == _TEAM)
    .outerjoin(_CONNECTIONS, and_(_CONNECTIONS.c.team == _TEAM, READY))
    .outerjoin(_PEOPLE, and_(_PEOPLE.c.team == _TEAM, _PEOPLE.c.user == bindparam("user")))
    .outerjoin(
        _RULEBOOKS,
        and_(
            _RULEBOOKS.c.team == _TEAM,
            _RULEBOOKS.c.kind == bindparam("kind"),
            _RULEBOOKS.c.version == _NEWEST_APPROVALS,
        ),
    )
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

_LENGTHS = [len(each) for each in (WORKSPACE_COLUMNS, CONNECTION_COLUMNS, PERSON_COLUMNS, _RULEBOOK_COLUMNS)]


async def read_opening(execution: Execution, team: str, user: str, rules: str) -> Opening:
    """Workspace, ready connection, person, rules of a kind, and that person's offer, each if we have it.

    The offer is the one of the person's e-mail when the connection's grant is client credentials, else the
    one of the account they signed in with or, without, of the connection's acting user (``-`` for none).
    """
    row = (await execution.execute(_OPENING, {"team": team, "user": user, "kind": rules})).one()
    (limited,), workspace, connection, person, rulebook, offer = split(row, 1, *_LENGTHS)
    return Opening(
        workspace=None if workspace[0] is None else Workspace(*workspace),
        connection=None if connection[0] is None else connection_of(connection),
        person=None if person[0] is None else Person(*person),
        rules=None if rulebook[0] is None else Rulebook(*rulebook),
        offer=None if offer[0] is None else offer_of(offer),
        limited=bool(limited),
    )
