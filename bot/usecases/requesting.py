"""Requests: accepting one from wherever it comes, changing it, calling it off.

`Requesting.accept` is the only way in: the form in Slack, a message and the intake API all end there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.texts import phrase
from bot.usecases import course as courses
from bot.usecases import intake
from bot.usecases.course import Course, Setting
from bot.usecases.courses import Courses, Picture, intake_of, picture, policy_of, promise, setting, unknown
from bot.usecases.errors import Refusal, mention
from bot.usecases.people import People
from bot.usecases.policy import Members, groups_needed, plan
from bot.usecases.ports import Groups, TryLater
from storage import Database, Request, Store
from storage.work import Later, Payload, Work

ROUTE = "route"  #: the kind of durable work that looks up groups before approvers can be asked
GROUPS_AGAIN_SECONDS = 15.0


@dataclass(frozen=True)
class NewRequest:
    """A request as it comes in. `values` have been read by `bot.usecases.intake.read`.

    `origin_key` names what it was made from (a form, a call with its idempotency key): the same one makes
    one request. `link` leads back to where it came from; `files` are ``{"name", "url", …}``.
    """

    requester: str
    source: str
    values: Mapping[str, Any]
    origin_key: str
    files: Sequence[Mapping[str, Any]] = ()
    link: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


#: Something else to write in the transaction that accepts a request.
Beside = Callable[[Store, Request], Awaitable[None]]


class Requesting:
    """Accepts requests and takes what their requesters do with them."""

    def __init__(self, database: Database, work: Work, people: People, groups: Groups) -> None:
        self._database = database
        self._work = work
        self._people = people
        self._groups = groups
        self._courses = Courses(database, work)

    # Accepting ------------------------------------------------------------------------------------

    async def form(self, team: str) -> intake.Intake:
        """How this workspace asks for requests."""
        async with self._database.reading() as store:
            return await intake_of(store, team)

    async def accept(self, team: str, new: NewRequest, *, beside: Beside | None = None) -> Request:
        """Accept a request for good: numbered, on its way, its card promised.

        The same `origin_key` again gives the request it made the first time; `beside` is not called then.
        """
        async with self._database.transaction() as store:
            earlier = await store.requests.by_origin(team, new.origin_key)
            if earlier is not None:
                return earlier
            request = await self._accepted(store, team, new)
            if beside is not None:
                await beside(store, request)
        return request

    async def _accepted(self, store: Store, team: str, new: NewRequest) -> Request:
        details = {"values": dict(new.values), "files": [dict(one) for one in new.files], **new.more}
        request = await store.requests.add(
            team,
            new.requester,
            str(new.values.get("what") or "Request"),
            state="routing",
            source=new.source,
            origin_key=new.origin_key,
            category=new.values.get("category"),
            details={**details, "link": new.link} if new.link else details,
        )
        words = intake.words_of(await intake_of(store, team), new.values)
        await store.requests.index(team, request.number, words)
        at = await setting(store, team)
        await store.events.add(team, request.id, "created", new.requester, at=at.now)
        policy = await policy_of(store, team)
        if groups_needed(policy, request.values):
            await self._route_later(store, request, ())
            await promise(store, self._work, request)
            return request
        planned = plan(policy, request.values, request.requester, {})
        begun = courses.begin(request, planned, at)
        await store.tasks.save(team, request.id, (), begun.tasks)
        await store.requests.save(team, begun.request)
        await promise(store, self._work, begun.request)
        return begun.request

    # Finding out who is in which group --------------------------------------------------------------

    async def _route_later(self, store: Store, request: Request, changed: Sequence[str]) -> None:
        key = f"route:{request.team}:{request.id}:{request.revision}"
        payload = {
            "team": request.team,
            "request": request.id,
            "revision": request.revision,
            "changed": list(changed),
        }
        await self._work.start(store, ROUTE, key, payload)

    async def route(self, payload: Payload) -> Later | None:
        """The durable work that looks up the groups a request needs and then begins its approvals."""
        team, request_id = payload["team"], payload["request"]
        async with self._database.reading() as store:
            request = await store.requests.get(team, request_id)
            policy = await policy_of(store, team)
        if request is None or request.state != "routing" or request.revision != payload["revision"]:
            return None
        members: dict[tuple[str, str], Sequence[str] | None] = {}
        try:
            for group in groups_needed(policy, request.values):
                members[group.kind, group.id] = await self._groups.members(team, group.kind, group.id)
        except TryLater as busy:
            return Later(max(busy.seconds, GROUPS_AGAIN_SECONDS))
        await self._routed(team, request_id, payload, members)
        return None

    async def _routed(self, team: str, request_id: str, payload: Payload, members: Members) -> None:
        async def begin(store: Store, before: Course, at: Setting) -> Course:
            request = before.request
            if request.state != "routing" or request.revision != payload["revision"]:
                raise Refusal(phrase("It moved on."), "")
            policy = await policy_of(store, team)
            # A policy saved meanwhile may name further groups: those are looked up as if they were gone.
            planned = plan(policy, request.values, request.requester, members)
            return courses.planned(before, frozenset(payload["changed"]), planned, at)

        try:
            await self._courses.move(team, request_id, begin)
        except Refusal:
            return

    async def by_number(self, team: str, number: int) -> Request:
        """The request that people call REQ-`number`. Raises `Refusal`."""
        async with self._database.reading() as store:
            request = await store.requests.by_number(team, number)
        if request is None:
            raise unknown()
        return request

    # Looking --------------------------------------------------------------------------------------

    async def seen(self, team: str, user: str, request_id: str) -> Picture:
        """A request as this person may see it. Raises `Refusal` for one that is not here."""
        async with self._database.reading() as store:
            found = await picture(store, team, request_id)
        if found is None:
            raise unknown()
        if found.involved(user) or self._people.is_admin(await self._people.person(team, user)):
            return found
        return masked(found)

    async def may_launch(self, team: str, user: str, request_id: str) -> Request:
        """A request that this person may launch now. Raises `Refusal`."""
        async with self._database.reading() as store:
            found = await picture(store, team, request_id)
        if found is None:
            raise unknown()
        courses.launchable(found.course, user)
        _not_launching(found)
        return found.request

    # Changing -------------------------------------------------------------------------------------

    async def editing(self, team: str, user: str, request_id: str) -> Picture:
        """A request that this person may change. Raises `Refusal`."""
        found = await self.seen(team, user, request_id)
        await self._may_change(team, user, found.request)
        courses.editable(found.course)
        _not_launching(found)
        return found

    async def change(
        self, team: str, user: str, request_id: str, values: Mapping[str, Any], *, answer: str, revision: int
    ) -> Course:
        """Change what is asked for, or answer a question about it, or both. Raises `Refusal`.

        `revision` is what the person had before them when they began.
        """
        found = await self.editing(team, user, request_id)
        changed = courses.values_changed(found.request.values, values)
        if not changed and found.request.state != "changes":
            raise Refusal(phrase("Nothing was changed."), phrase("Change something, or close the window."))

        async def change(store: Store, before: Course, at: Setting) -> Course:
            courses.editable(before)
            if before.request.revision != revision:
                raise Refusal(
                    phrase("Somebody else changed this request meanwhile."), phrase("Open it again.")
                )
            details = {**before.request.details, "values": dict(values)}
            request = replace(
                before.request,
                title=str(values.get("what") or before.request.title),
                category=values.get("category"),
                details=details,
            )
            form, policy = await intake_of(store, team), await policy_of(store, team)
            words, former = intake.words_of(form, values), intake.words_of(form, before.request.values)
            await store.requests.index(team, request.number, words, former)
            if groups_needed(policy, values):
                routing = replace(request, revision=request.revision + 1, state="routing")
                await self._route_later(store, routing, changed)
                return replace(before, request=routing)
            return courses.revise(before, request, changed, plan(policy, values, request.requester, {}), at)

        return await self._courses.move(
            team,
            request_id,
            change,
            event="changed",
            by=user,
            detail={"changed": list(changed), "answer": answer, "revision": revision + 1},
        )

    async def cancel(self, team: str, user: str, request_id: str, reason: str) -> Course:
        """Call a request off. Raises `Refusal`."""
        found = await self.seen(team, user, request_id)
        await self._may_change(team, user, found.request)

        async def cancel(store: Store, before: Course, at: Setting) -> Course:
            launch = await store.launches.of_request(team, request_id)
            if launch is not None and launch.state in ("launching", "asking"):
                raise Refusal(
                    phrase("{request} is being launched.", request=before.request.label),
                    phrase("Cancel the contract in Ironclad."),
                )
            return courses.cancel(before, at.now)

        return await self._courses.move(
            team, request_id, cancel, event="cancelled", by=user, detail={"reason": reason}
        )

    async def _may_change(self, team: str, user: str, request: Request) -> None:
        if user == request.requester:
            return
        if not self._people.is_admin(await self._people.person(team, user)):
            raise Refusal(
                phrase(
                    "Only {person} or an admin can do this with {request}.",
                    person=mention(request.requester),
                    request=request.label,
                ),
                phrase("Ask them in the request's thread."),
            )


def _not_launching(found: Picture) -> None:
    if found.launch is not None and found.launch.state != "abandoned":
        raise Refusal(
            phrase("{request} is being launched, so what it asks for stands.", request=found.request.label),
            phrase("Change the contract itself, in its form or in Ironclad."),
        )


def masked(found: Picture) -> Picture:
    """A picture without what the channel does not show."""
    private = set(found.intake.private)
    values = {key: value for key, value in found.request.values.items() if key not in private}
    details = {**found.request.details, "values": values}
    return replace(found, request=replace(found.request, details=details))
