"""Decisions on requests: approve, reject, ask for changes, hand on. Once each, whoever presses when."""

from __future__ import annotations

from bot.texts import phrase
from bot.usecases import course as courses
from bot.usecases.course import Course, Setting
from bot.usecases.courses import Courses
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from bot.usecases.turned_away import not_asked, why_closed
from storage import Database, Store, Task, Verdict
from storage.work import Work


class Approving:
    """Takes what people press about an open task."""

    def __init__(self, database: Database, work: Work, people: People) -> None:
        self._database = database
        self._people = people
        self._courses = Courses(database, work)

    async def decide(
        self, team: str, user: str, task_id: str, verdict: Verdict, *, revision: int, reason: str = ""
    ) -> Course:
        """Approve or reject; a rejection has its reason. Raises `Refusal` when that is not possible (now)."""
        if verdict == "rejected" and not reason.strip():
            raise Refusal(
                phrase("A rejection needs a reason."), phrase("Say why, so that the requester knows.")
            )

        async def decide(store: Store, before: Course, at: Setting) -> Course:
            return courses.decide(before, user, task_id, verdict, reason.strip(), revision, at)

        return await self._courses.move_task(team, task_id, decide, event=verdict, by=user)

    async def may_decide(self, team: str, user: str, task_id: str) -> Course:
        """The request behind a task that waits for this person's decision. Raises `Refusal`."""
        course = await self._course(team, task_id)
        courses.asked_of(course, user, task_id)
        return course

    async def ask_for_changes(
        self, team: str, user: str, task_id: str, question: str, *, revision: int
    ) -> Course:
        """Ask the requester to change or explain something first. Raises `Refusal`."""
        if not question.strip():
            raise Refusal(phrase("There is no question."), phrase("Say what should be changed."))

        async def ask(store: Store, before: Course, at: Setting) -> Course:
            if before.request.revision != revision:
                raise Refusal(
                    phrase("{request} was changed while you were writing.", request=before.request.label),
                    phrase("Look again."),
                )
            return courses.ask_for_changes(before, user, task_id)

        detail = {"question": question.strip(), "revision": revision}
        return await self._courses.move_task(team, task_id, ask, event="changes", by=user, detail=detail)

    async def may_hand_on(self, team: str, user: str, task_id: str) -> Course:
        """The request behind an open task that this person may hand on. Raises `Refusal`."""
        course = await self._course(team, task_id)
        task = course.task(task_id)
        if task.state != "open":
            raise Refusal(why_closed(course.request, task), phrase("There is nothing to hand on."))
        admin = self._people.is_admin(await self._people.person(team, user))
        _place_of(course, task, user, admin=admin)
        return course

    async def hand_on(self, team: str, user: str, task_id: str, to: str, *, who: str = "") -> Course:
        """Let `to` take somebody's place: one's own, or for admins (and requesters: the contract) `who`'s.

        Raises `Refusal`.
        """
        person = await self._people.person(team, to)
        course = await self._course(team, task_id)
        task = course.task(task_id)
        admin = self._people.is_admin(await self._people.person(team, user))
        place = who if who and admin else _place_of(course, task, user, admin=admin)

        async def hand_on(store: Store, before: Course, at: Setting) -> Course:
            return courses.hand_on(before, task_id, place, person.user, at, by_admin=admin)

        detail = {"from": place, "to": to}
        return await self._courses.move_task(
            team, task_id, hand_on, event="handed_on", by=user, detail=detail
        )

    async def _course(self, team: str, task_id: str) -> Course:
        async with self._database.reading() as store:
            request_id = await store.tasks.request_of(team, task_id)
            request = await store.requests.get(team, request_id) if request_id else None
            if request is None:
                raise Refusal(
                    phrase("This is not known here."),
                    phrase("Type /contract status to see how things stand."),
                )
            return Course(request, await store.tasks.of(team, request.id))


def _place_of(course: Course, task: Task, user: str, *, admin: bool) -> str:
    """Whose place somebody may hand on: their own, or as an admin (or requester of a contract) another's."""
    if user in task.asked:
        return user
    if admin or (task.kind == "contract" and user == course.request.requester):
        return task.asked[0] if task.asked else ""
    raise Refusal(not_asked(task), phrase("Only they or an admin can hand it on."))
