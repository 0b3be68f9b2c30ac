"""What only Slack can tell of a form's answers: who its people are, and what its files are inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.forms import Answers, kept
from bot.forms.kinds import NotAnAnswerError, kind_of
from bot.forms.nested import answer_to, with_answer
from bot.usecases.documents import Documents
from bot.usecases.errors import Refusal
from bot.usecases.form import Form
from bot.usecases.people import People
from bot.usecases.ports import TryLater
from ironclad import Field


class Looking:
    """Looks people and files up while somebody fills a form."""

    def __init__(self, documents: Documents, people: People) -> None:
        self._documents = documents
        self._people = people

    async def into(self, form: Form, fields: Iterable[Field]) -> tuple[Form, dict[str, str]]:
        """The form with its people known and without files that are not what they say.

        Also what is wrong with `fields`, which may be parts of objects, by key.
        """
        form, fields = await self.named(form), list(fields)
        problems = {field.key: wrong for field in fields if (wrong := _wrong(form, field))}
        answers, unfit = await self.into_files(form.draft.team, form.content.answers, fields)
        problems |= {key: form.asking.texts.of(what) for key, what in unfit.items()}
        return form.holding(replace(form.content, answers=answers)), problems

    async def into_files(
        self, team: str, answers: Answers, fields: Sequence[Field]
    ) -> tuple[Answers, dict[str, str]]:
        """The answers without files that are not what they say, and what is wrong with them, by field key."""
        files = {field.key: list(kept.files_in(answer_to(answers, field))) for field in fields}
        new = {file.id: file for some in files.values() for file in some}
        unfit = await self._documents.look(team, new.values()) if new else {}
        problems: dict[str, str] = {}
        for field in fields:
            if bad := [file for file in files[field.key] if file.id in unfit]:
                left = kept.without_files(answer_to(answers, field), unfit.keys())
                answers = with_answer(answers, field, left)
                problems[field.key] = unfit[bad[0].id]
        return answers, problems

    async def named(self, form: Form) -> Form:
        """The form with the e-mail addresses of the people picked in it."""
        unknown = set(kept.people_in(form.content.answers))
        if not unknown:
            return form
        known = {user: await self._person(form.draft.team, user) for user in unknown}
        answers = kept.with_people(dict(form.content.answers), {k: v for k, v in known.items() if v})
        return form.holding(replace(form.content, answers=answers))

    async def _person(self, team: str, user: str) -> dict[str, Any]:
        try:
            person = await self._people.person(team, user)
        except Refusal:
            return kept.person(user, email="")
        except TryLater:
            return {}  # looked up once more when the form is launched
        return kept.person(user, email=person.email, name=person.name)


def _wrong(form: Form, field: Field) -> str | None:
    kind, answer = kind_of(field), answer_to(form.content.answers, field)
    if kind is None or answer is None:
        return None
    try:
        kind.check(field, answer, form.asking)
    except NotAnAnswerError as wrong:
        return form.asking.texts.of(wrong.what)
    return None
