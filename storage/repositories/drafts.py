"""Half-filled forms, sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, and_, bindparam, delete, func, insert, select, update

from storage.models import (
    ConnectionRow,
    DraftRow,
    PersonRow,
    SettingsRow,
    SubmittedDraftRow,
    TemplateRow,
)
from storage.records import Draft, OpenDraft, Person, StoredTemplate, WorkspaceSettings
from storage.repositories.base import Repository, columns_of, moment, new_id, present, split, table_of
from storage.repositories.connections import CONNECTION_COLUMNS, READY, connection_of
from storage.repositories.people import PERSON_COLUMNS
from storage.repositories.settings import SETTINGS_COLUMNS
from storage.repositories.templates import TEMPLATE_COLUMNS
from storage.sealing import Owner

_DRAFTS = table_of(DraftRow)
_SUBMITTED = table_of(SubmittedDraftRow)
_TEMPLATES = table_of(TemplateRow)
_PEOPLE = table_of(PersonRow)
_CONNECTIONS = table_of(ConnectionRow)
_SETTINGS = table_of(SettingsRow)

_COLUMNS = columns_of(_DRAFTS, Draft)
_NAMES = [column.name for column in _COLUMNS]
_OF_TEAM = select(*_COLUMNS).where(_DRAFTS.c.team == bindparam("team"))
_ONE = _OF_TEAM.where(_DRAFTS.c.id == bindparam("id"))
_OPEN = _OF_TEAM.where(_DRAFTS.c.submitted_at.is_(None), _DRAFTS.c.user == bindparam("user"))
_LAST_TOUCHED_FIRST = (_DRAFTS.c.updated_at.desc(), _DRAFTS.c.id)
_MINE = _OPEN.where(_DRAFTS.c.saved_at.is_not(None)).order_by(*_LAST_TOUCHED_FIRST)
_CORRECTING = _OPEN.where(_DRAFTS.c.launch_id == bindparam("launch_id")).order_by(*_LAST_TOUCHED_FIRST)
_BECAME = (
    select(_SUBMITTED.c.draft_id)
    .where(_SUBMITTED.c.team == bindparam("team"), _SUBMITTED.c.launch_id == bindparam("launch_id"))
    .scalar_subquery()
)
_SUBMITTED_LAST = (
    _OF_TEAM.where(_DRAFTS.c.id.in_(_BECAME)).order_by(_DRAFTS.c.submitted_at.desc(), _DRAFTS.c.id).limit(1)
)
_OPENED = (
    select(*_COLUMNS, *TEMPLATE_COLUMNS, *PERSON_COLUMNS, *CONNECTION_COLUMNS, *SETTINGS_COLUMNS)
    .select_from(
        _DRAFTS.outerjoin(
            _TEMPLATES, and_(_TEMPLATES.c.team == _DRAFTS.c.team, _TEMPLATES.c.id == _DRAFTS.c.template_id)
        )
        .outerjoin(_PEOPLE, and_(_PEOPLE.c.team == _DRAFTS.c.team, _PEOPLE.c.user == _DRAFTS.c.user))
        .outerjoin(_CONNECTIONS, and_(_CONNECTIONS.c.team == _DRAFTS.c.team, READY))
        .outerjoin(_SETTINGS, _SETTINGS.c.team == _DRAFTS.c.team)
    )
    .where(_DRAFTS.c.team == bindparam("team"), _DRAFTS.c.id == bindparam("id"))
)
_LENGTHS = [len(each) for each in (_COLUMNS, TEMPLATE_COLUMNS, PERSON_COLUMNS, CONNECTION_COLUMNS)]
_UNTOUCHED: Select[Any] = _OF_TEAM.where(_DRAFTS.c.updated_at < bindparam("since"))


class Drafts(Repository):
    """Kept until launched, deleted or expired."""

    async def start(
        self,
        team: str,
        user: str,
        template_id: str,
        template_name: str,
        launch_id: str | None = None,
        *,
        request_id: str | None = None,
        answers: Mapping[str, Any] | None = None,
        state: Mapping[str, Any] | None = None,
        fingerprint: str | None = None,
    ) -> Draft:
        """A draft nobody has typed into.

        `launch_id` names the refused launch that it is to correct, `request_id` the request it launches.
        """
        draft_id = new_id()
        statement = insert(_DRAFTS).values(
            team=team,
            id=draft_id,
            user=user,
            template_id=template_id,
            template_name=template_name,
            launch_id=launch_id,
            request_id=request_id,
            answers=self._seal_json(_owner(team, draft_id), dict(answers or {})),
            state=self._seal_json(_state_of(team, draft_id), dict(state or {})),
            fingerprint=fingerprint,
            created_at=(now := self._now()),
            updated_at=now,
        )
        return self._draft((await self._execution.execute(statement.returning(*_COLUMNS))).one())

    async def get(self, team: str, draft_id: str) -> Draft | None:
        """A draft of this workspace, or None if it is gone."""
        row = await self._first(_ONE, team=team, id=draft_id)
        return None if row is None else self._draft(row)

    async def opened(self, team: str, draft_id: str) -> OpenDraft | None:
        """A draft with what its form is made from, in one query: each page that is turned reads it."""
        row = await self._first(_OPENED, team=team, id=draft_id)
        if row is None:
            return None
        draft, template, person, connection, settings = split(row, *_LENGTHS)
        return OpenDraft(
            self._draft(draft),
            template=None if template[0] is None else StoredTemplate(*template),
            person=None if person[0] is None else Person(*person),
            connection=None if connection[0] is None else connection_of(connection),
            settings=WorkspaceSettings() if settings[0] is None else WorkspaceSettings(*settings),
        )

    async def save(
        self,
        team: str,
        draft_id: str,
        answers: Mapping[str, Any],
        *,
        state: Mapping[str, Any] | None = None,
        fingerprint: str | None = None,
    ) -> bool:
        """Keep what the person typed. False if the draft is gone or was submitted.

        What is not given stays as it is. A draft that is saved is not left, and begins to age anew.
        """
        kept = None if state is None else self._seal_json(_state_of(team, draft_id), dict(state))
        values = {
            "of_team": team,
            "of_id": draft_id,
            "answers": self._seal_json(_owner(team, draft_id), dict(answers)),
            "given_state": kept,
            "given_fingerprint": fingerprint,
        }
        return await self._changed(_saving(self._execution.dialect), **values, **present(self._execution))

    async def move(
        self, team: str, draft_id: str, *, template_id: str, template_name: str, fingerprint: str
    ) -> bool:
        """Let a draft be one of another template. False as in `save`."""
        facts = {"template_id": template_id, "template_name": template_name, "fingerprint": fingerprint}
        return await self._change(team, draft_id, **facts, updated_at=self._now())

    async def leave(self, team: str, draft_id: str) -> bool:
        """Its form was closed. False as in `save`."""
        return await self._change(team, draft_id, left_at=self._now())

    async def warned(self, team: str, draft_id: str) -> bool:
        """Its owner is told that it will be deleted. False as in `save`."""
        return await self._change(team, draft_id, warned_at=self._now())

    async def submitted(self, team: str, draft_id: str) -> bool:
        """It became a launch. False if it had before, or is gone."""
        return await self._change(team, draft_id, submitted_at=self._now())

    async def mine(self, team: str, user: str) -> list[Draft]:
        """What a person has typed and not launched, the last touched first."""
        return [self._draft(row) for row in await self._rows(_MINE, team=team, user=user)]

    async def correcting(self, team: str, user: str, launch_id: str) -> Draft | None:
        """The form in which somebody corrects a refused launch, if they have begun."""
        row = await self._first(_CORRECTING.limit(1), team=team, user=user, launch_id=launch_id)
        return None if row is None else self._draft(row)

    async def submitted_last(self, team: str, launch_id: str) -> Draft | None:
        """The form that a launch was last made from."""
        row = await self._first(_SUBMITTED_LAST, team=team, launch_id=launch_id)
        return None if row is None else self._draft(row)

    async def untouched(self, team: str, since: datetime) -> list[Draft]:
        """The drafts of a workspace that nobody has touched since then, submitted ones among them."""
        return [self._draft(row) for row in await self._rows(_UNTOUCHED, team=team, since=since)]

    async def delete(self, team: str, draft_id: str) -> bool:
        """Forget a draft. False if it is gone already."""
        return await self._changed(delete(_DRAFTS).where(_is(team, draft_id)))

    async def delete_of_launch(self, team: str, launch_id: str) -> None:
        """Forget the forms that a launch was made from: its workflow exists."""
        became = select(_SUBMITTED.c.draft_id).where(
            _SUBMITTED.c.team == team, _SUBMITTED.c.launch_id == launch_id
        )
        mine = and_(_DRAFTS.c.team == team, _DRAFTS.c.id.in_(became))
        await self._execution.execute(delete(_DRAFTS).where(mine))

    async def _change(self, team: str, draft_id: str, **values: Any) -> bool:
        unsubmitted = and_(_is(team, draft_id), _DRAFTS.c.submitted_at.is_(None))
        return await self._changed(update(_DRAFTS).where(unsubmitted).values(**values))

    def _draft(self, row: Sequence[Any]) -> Draft:
        known = dict(zip(_NAMES, row, strict=True))
        team, draft_id, state = known["team"], known["id"], known["state"]
        known["answers"] = self._open_json(_owner(team, draft_id), known["answers"])
        known["state"] = {} if state is None else self._open_json(_state_of(team, draft_id), state)
        return Draft(**known)


@cache
def _saving(dialect: str) -> Update:
    """Built once: it is executed with every page that is turned."""
    now = moment(dialect)
    return (
        update(_DRAFTS)
        .where(
            _DRAFTS.c.team == bindparam("of_team"),
            _DRAFTS.c.id == bindparam("of_id"),
            _DRAFTS.c.submitted_at.is_(None),
        )
        .values(
            answers=bindparam("answers"),
            state=func.coalesce(bindparam("given_state"), _DRAFTS.c.state),
            fingerprint=func.coalesce(bindparam("given_fingerprint"), _DRAFTS.c.fingerprint),
            updated_at=now,
            saved_at=now,
            left_at=None,
            warned_at=None,
        )
    )


def _is(team: str, draft_id: str) -> Any:
    return and_(_DRAFTS.c.team == team, _DRAFTS.c.id == draft_id)


def _owner(team: str, draft_id: str) -> Owner:
    return Owner(team, "drafts", "answers", draft_id)


def _state_of(team: str, draft_id: str) -> Owner:
    return Owner(team, "drafts", "state", draft_id)
