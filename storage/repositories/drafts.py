"""Half-filled forms, sealed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update

from storage.models import DraftRow
from storage.records import Draft
from storage.repositories.base import Found, Repository, columns_of, new_id, table_of
from storage.sealing import Owner

_DRAFTS = table_of(DraftRow)

_COLUMNS = columns_of(_DRAFTS, Draft)
_ONE = select(*_COLUMNS).where(_DRAFTS.c.team == bindparam("team"), _DRAFTS.c.id == bindparam("id"))
_MINE = (
    select(*_COLUMNS)
    .where(_DRAFTS.c.team == bindparam("team"), _DRAFTS.c.user == bindparam("user"))
    .order_by(_DRAFTS.c.updated_at.desc(), _DRAFTS.c.id)
)


class Drafts(Repository):
    """Kept until launched or deleted."""

    async def start(
        self, team: str, user: str, template_id: str, template_name: str, launch_id: str | None = None
    ) -> Draft:
        """An empty draft; `launch_id` names the refused launch that it is to correct."""
        draft_id = new_id()
        statement = insert(_DRAFTS).values(
            team=team,
            id=draft_id,
            user=user,
            template_id=template_id,
            template_name=template_name,
            launch_id=launch_id,
            answers=self._seal_json(_owner(team, draft_id), {}),
            created_at=(now := self._now()),
            updated_at=now,
        )
        return self._draft((await self._execution.execute(statement.returning(*_COLUMNS))).one())

    async def get(self, team: str, draft_id: str) -> Draft | None:
        """A draft of this workspace, or None if it is gone."""
        row = await self._first(_ONE, team=team, id=draft_id)
        return None if row is None else self._draft(row)

    async def save(self, team: str, draft_id: str, answers: dict[str, Any]) -> bool:
        """Replace the answers. False if the draft is gone."""
        sealed = self._seal_json(_owner(team, draft_id), answers)
        return await self._changed(
            update(_DRAFTS).where(_is(team, draft_id)).values(answers=sealed, updated_at=self._now())
        )

    async def mine(self, team: str, user: str) -> list[Draft]:
        """A person's drafts, the last touched first."""
        return [self._draft(row) for row in await self._rows(_MINE, team=team, user=user)]

    async def delete(self, team: str, draft_id: str) -> bool:
        """Forget a draft. False if it is gone already."""
        return await self._changed(delete(_DRAFTS).where(_is(team, draft_id)))

    def _draft(self, row: Found) -> Draft:
        answers = self._open_json(_owner(row.team, row.id), row.answers)
        return Draft(**{**row._mapping, "answers": answers})


def _is(team: str, draft_id: str) -> Any:
    return and_(_DRAFTS.c.team == team, _DRAFTS.c.id == draft_id)


def _owner(team: str, draft_id: str) -> Owner:
    return Owner(team, "drafts", "answers", draft_id)
