"""What only Slack can tell of a form's answers: who its people are, and what its files are inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.forms import kept
from bot.forms.kinds import NotAnAnswerError, kind_of
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

        Also what is wrong with `fields`, by key.
        """
        form, fields = await self.named(form), list(fields)
        problems = {field.key: wrong for field in fields if (wrong := _wrong(form, field))}
        answers = dict(form.content.answers)
        new = {file.id: file for field in fields for file in kept.files_in(answers.get(field.key))}
        unfit = await self._documents.look(form.draft.team, new.values()) if new else {}
        for field in fields:
            files = list(kept.files_in(answers.get(field.key)))
            if bad := [file for file in files if file.id in unfit]:
                answers[field.key] = [file.kept() for file in files if file not in bad] or None
                problems[field.key] = form.asking.texts.of(unfit[bad[0].id])
        return form.holding(replace(form.content, answers=answers)), problems

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
    kind, answer = kind_of(field), form.content.answers.get(field.key)
    if kind is None or answer is None:
        return None
    try:
        kind.check(field, answer, form.asking)
    except NotAnAnswerError as wrong:
        return form.asking.texts.of(wrong.what)
    return None
