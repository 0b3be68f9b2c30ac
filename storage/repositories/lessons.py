"""What Ironclad's refusals taught about templates, sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from storage.models import LessonRow
from storage.records import Lesson
from storage.repositories.base import Found, Repository, columns_of, new_id, now, table_of
from storage.sealing import Owner

_LESSONS = table_of(LessonRow)

_COLUMNS = columns_of(_LESSONS, Lesson)
_OF_TEMPLATE = (
    select(*_COLUMNS)
    .where(_LESSONS.c.team == bindparam("team"), _LESSONS.c.template_name == bindparam("template_name"))
    .order_by(_LESSONS.c.learnt_at.desc(), _LESSONS.c.launch_id, _LESSONS.c.revision, _LESSONS.c.key)
)


class Lessons(Repository):
    """Kept by the template's name: its id changes when it is published again."""

    async def learn(
        self,
        team: str,
        launch_id: str,
        *,
        revision: int,
        template_id: str,
        template_name: str,
        attributes: Mapping[str, Any],
        codes: Mapping[str, str],
    ) -> None:
        """When these attributes were sent, Ironclad said a code of each of these fields.

        Learning the same of one revision of a launch again changes nothing.
        """
        moment = await now(self._execution)
        for key, code in sorted(codes.items()):
            lesson_id = new_id()
            fresh = self._insert(_LESSONS).values(
                team=team,
                id=lesson_id,
                launch_id=launch_id,
                revision=revision,
                key=key,
                code=code,
                template_id=template_id,
                template_name=template_name,
                answers=self._seal_json(_owner(team, lesson_id), dict(attributes)),
                learnt_at=moment,
            )
            await self._execution.execute(fresh.on_conflict_do_nothing())

    async def of(self, team: str, template_name: str, limit: int = 200) -> list[Lesson]:
        """What was learnt of the templates with this name, the latest first."""
        rows = await self._rows(_OF_TEMPLATE.limit(limit), team=team, template_name=template_name)
        return [self._lesson(team, row) for row in rows]

    def _lesson(self, team: str, row: Found) -> Lesson:
        return Lesson(**{**row._mapping, "answers": self._open_json(_owner(team, row.id), row.answers)})


def _owner(team: str, lesson_id: str) -> Owner:
    return Owner(team, "template_lessons", "answers", lesson_id)
