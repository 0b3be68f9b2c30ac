"""The life of a form: begun, filled page by page, left, resumed, corrected, forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex
from typing import Any

from bot import forms
from bot.texts import Catalogue, phrase
from bot.usecases import course
from bot.usecases.access import IroncladAccess
from bot.usecases.courses import unknown
from bot.usecases.errors import Refusal, not_connected
from bot.usecases.form import Form, Replaced, Schemas, Submitted, asking_for
from bot.usecases.links import Links
from bot.usecases.offering import Offering
from bot.usecases.people import People
from bot.usecases.permissions import READ_RECORDS, has
from bot.usecases.ports import Where
from bot.usecases.prefilling import PreFilling
from bot.usecases.ruling import rules_of
from bot.usecases.states import REFUSED, told
from bot.usecases.versions import successor_of
from ironclad import fields_of
from storage import Database, Draft, Launch, Offer, Person, Store, StoredTemplate
from storage.work import Work

KEPT_FOR = timedelta(days=30)  #: since the person last touched it
WARNED_BEFORE = timedelta(days=4)
PATIENCE_SECONDS = 1.5  #: for Ironclad, while somebody waits for a window that Slack gives three seconds
DRAFT_NOTE = "draft"  #: the kind of durable work that keeps the message about a draft true


def note_key(draft_id: str) -> str:
    """The key of the message about a draft: see `bot.slack.posts`."""
    return f"draft:{draft_id}"


async def start_note(work: Work, store: Store, team: str, user: str, draft_id: str) -> None:
    """Have the message about a draft written, or brought up to date."""
    # Asked for anew each time: what is told depends on how the draft stands by then.
    key = f"draft:{team}:{draft_id}:{token_hex(4)}"
    await work.start(store, DRAFT_NOTE, key, {"team": team, "user": user, "draft": draft_id})


def no_longer_open() -> Refusal:
    """The form is gone, or is somebody else's."""
    return Refusal(phrase("This form is no longer open."), phrase("Type /contract to start again."))


def no_such_draft() -> Refusal:
    """The draft is gone, or is somebody else's."""
    return Refusal(phrase("This draft is gone."), phrase("Type /contract resume to see those that are left."))


class Drafting:
    """Begins forms and keeps what is typed into them."""

    def __init__(
        self,
        database: Database,
        work: Work,
        access: IroncladAccess,
        people: People,
        links: Links,
        offering: Offering,
        prefilling: PreFilling,
        catalogue: Catalogue,
    ) -> None:
        self._database = database
        self._work = work
        self._offering = offering
        self._prefilling = prefilling
        self._schemas = Schemas()
        self._access = access
        self._people = people
        self._links = links
        self._catalogue = catalogue

    async def begin(
        self,
        team: str,
        user: str,
        template_id: str,
        where: Where,
    ) -> Form:
        """Start a form, which launches a request if it was asked for from one. Raises `Refusal`.

        It is filled with what the request, the mapping and the person's last launch say.
        """
        request_id = where.request
        await self._offering.only_offered(team, user, template_id, where)
        person = await self._people.person(team, user)
        ahead = await self._prefilling.ahead(person, template_id, request_id)
        async with self._database.transaction() as store:
            template = await template_of(store, team, template_id)
            if request_id:
                course.launchable(await _course(store, team, request_id), user)
            fields, asking = self._schemas.of(template).fields, await self._asking(store, person)
            content = forms.begun(fields, ahead.answers, asking)
            content = replace(content, origins=ahead.origins_in(content.answers, asking.texts))
            draft = await store.drafts.start(
                team,
                user,
                template.id,
                template.name,
                request_id=request_id or None,
                answers=content.answers,
                state=content.state(),
                fingerprint=template.fingerprint,
            )
        return await self.open(team, user, draft.id)

    async def open(self, team: str, user: str, draft_id: str) -> Form:
        """A form that somebody has open. Raises `Submitted`, or `Refusal` when it is not theirs."""
        async with self._database.reading() as store:
            found = await store.drafts.opened(team, draft_id)
            if found is None or found.draft.submitted_at is not None:
                launch = await store.launches.of_draft(team, draft_id)
                if launch and launch.requester == user:
                    raise Submitted(launch)
                raise no_longer_open()
            draft, template = found.draft, found.template
            if draft.user != user:
                raise no_longer_open()
            if template is None:
                raise _no_longer_offered()
            launch = await store.launches.get(team, draft.launch_id) if draft.launch_id else None
            kept, now = await store.conditions.of(team, template.id, template.name), await store.now()
        person = await self._people.known(found.person, now) or await self._people.person(team, user)
        if found.connection is None:
            raise not_connected(admin=False)
        content, connection = forms.Content.load(draft.answers, draft.state), found.connection
        asking = asking_for(person, self._catalogue.texts(person.locale), found.settings.currency)
        form = Form(
            draft=draft,
            person=person,
            connection=connection,
            template=template,
            schema=self._schemas.of(template),
            content=content,
            asking=replace(asking, searches_records=has(READ_RECORDS, connection.scopes)),
            launch=launch,
            ironclad_form=self._links.launch_form(connection, template.id),
            rules=rules_of(kept),
        )
        return form if draft.fingerprint in (None, template.fingerprint) else await self._caught_up(form)

    async def resume(self, team: str, user: str, draft_id: str) -> Form:
        """A form that was left. Raises `Replaced` when its template is gone, else as `open`."""
        return await self._still_offered(await self.open(team, user, draft_id))

    async def _still_offered(self, form: Form) -> Form:
        """The form, or `Replaced` where Ironclad offers its template no more."""
        team, user = form.draft.team, form.draft.user
        offer = await self._offered(team, user)
        if offer is None or any(template_id == form.template.id for template_id, _ in offer.items):
            return form
        async with self._database.reading() as store:
            successor = await successor_of(store, team, form.template, offer)
        raise Replaced(form, successor)

    async def _offered(self, team: str, user: str) -> Offer | None:
        """What this person may launch, from Ironclad if need be; None when that is not known in time."""
        person, connection = await self._people.person(team, user), await self._access.current(team)
        acting_user = await self._access.acting_user(connection, person)
        async with self._database.reading() as store:
            offer = await store.templates.offered(team, acting_user)
        if offer is None:
            with suppress(Refusal, TimeoutError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    offer = await self._offering.renew(team, user)
        return offer

    async def adopt(self, team: str, user: str, draft_id: str) -> Form:
        """Go on with the template that took the place of this draft's. Raises `Refusal`."""
        try:
            return await self.resume(team, user, draft_id)
        except Replaced as replaced:
            form, successor = replaced.form, replaced.successor
            if successor is None:
                raise
        fields = fields_of(successor.schema)
        content, _ = forms.carry(form.content, form.fields, fields, form.asking)
        async with self._database.transaction() as store:
            await store.drafts.save(
                team, draft_id, content.answers, state={**form.draft.state, **content.state()}
            )
            await store.drafts.move(
                team,
                draft_id,
                template_id=successor.id,
                template_name=successor.name,
                fingerprint=successor.fingerprint,
            )
        return replace(await self.open(team, user, draft_id), drift=forms.compare(form.fields, fields))

    async def keep(self, form: Form, *, at: Mapping[str, Any] | None = None) -> None:
        """Keep what a form holds; `at` is where in it the person is. Raises `Refusal` when it is gone."""
        draft, kept = form.draft, form.kept(at)
        async with self._database.transaction() as store:
            saved = await store.drafts.save(
                draft.team, draft.id, kept.answers, state=kept.state, fingerprint=kept.fingerprint
            )
        if not saved:
            await self.open(draft.team, draft.user, draft.id)
            raise no_longer_open()

    async def _asking(self, store: Store, person: Person) -> forms.Asking:
        usual = await store.settings.get(person.team)
        return asking_for(person, self._catalogue.texts(person.locale), usual.currency)

    # Leaving and coming back ----------------------------------------------------------------------

    async def leave(self, team: str, user: str, draft_id: str) -> None:
        """A form was closed. One that nobody typed into is forgotten; of another its owner is told."""
        async with self._database.transaction() as store:
            draft = await store.drafts.get(team, draft_id)
            if draft is None or draft.user != user or draft.submitted_at is not None:
                return
            untouched = draft.saved_at is None or forms.Content.load(draft.answers, draft.state).is_empty
            if untouched and not await store.posts.get(team, note_key(draft_id)):
                await store.drafts.delete(team, draft_id)
                return
            await store.drafts.leave(team, draft_id)
            await start_note(self._work, store, team, user, draft_id)

    async def mine(self, team: str, user: str) -> Sequence[Draft]:
        """One's own drafts, the last touched first."""
        async with self._database.reading() as store:
            return await store.drafts.mine(team, user)

    async def delete(self, team: str, user: str, draft_id: str) -> None:
        """Forget a draft. Raises `Refusal` when it is gone, or is somebody else's."""
        async with self._database.transaction() as store:
            draft = await store.drafts.get(team, draft_id)
            if draft is None or draft.user != user or draft.submitted_at is not None:
                raise no_such_draft()
            await store.drafts.delete(team, draft_id)
            if await store.posts.get(team, note_key(draft_id)):
                await start_note(self._work, store, team, user, draft_id)

    # Correcting -----------------------------------------------------------------------------------

    async def reopen(self, team: str, user: str, launch_id: str) -> Form:
        """The form of a refused launch with everything typed, and marks at what Ironclad named.

        Raises `Refusal` when the launch moved on or is somebody else's.
        """
        async with self._database.transaction() as store:
            launch = await theirs(store, team, user, launch_id)
            if launch.state != REFUSED:
                raise Refusal(told(launch), phrase("There is nothing to correct here."))
            template = await template_of(store, team, launch.template_id)
            draft = await store.drafts.correcting(team, user, launch.id)
            draft = draft or await self._correction(store, launch, template)
        return await self.resume(team, user, draft.id)

    async def _correction(self, store: Store, launch: Launch, template: StoredTemplate) -> Draft:
        sent = await store.drafts.submitted_last(launch.team, launch.id)
        # Also what was not sent, because it was not asked at the time, is kept.
        answers = {**(sent.answers if sent else {}), **launch.attributes}
        content = forms.Content.load(answers, sent.state if sent else {})
        content = replace(content, marks={}, typed={})
        marks = (launch.problem or {}).get("fields") or {}
        content = content.asked_for({str(key): str(mark) for key, mark in marks.items()})
        return await store.drafts.start(
            launch.team,
            launch.requester,
            template.id,
            template.name,
            launch.id,
            answers=content.answers,
            state=content.state(),
            fingerprint=template.fingerprint,
        )

    async def _caught_up(self, form: Form) -> Form:
        """The form as the template is now, where that changed since the person last saw it."""
        draft = form.draft
        async with self._database.reading() as store:
            version = await store.versions.get(draft.team, draft.template_id, draft.fingerprint or "")
        if version is None:
            return form
        before = fields_of(version.schema)
        content, drift = forms.carry(form.content, before, form.fields, form.asking)
        keys = {field.key for field in form.fields}
        former = [field for field in before if field.key not in keys]
        return replace(form, content=content, drift=drift or None, former=former)


async def template_of(store: Store, team: str, template_id: str) -> StoredTemplate:
    """A template as it was fetched last. Raises `Refusal` for one that was never offered."""
    template = await store.templates.get(team, template_id)
    if template is None:
        raise _no_longer_offered()
    return template


def _no_longer_offered() -> Refusal:
    return Refusal(phrase("This template is no longer offered."), phrase("Pick another one."), again=True)


async def _course(store: Store, team: str, request_id: str) -> course.Course:
    request = await store.requests.get(team, request_id)
    if request is None:
        raise unknown()
    return course.Course(request, await store.tasks.of(team, request_id))


async def theirs(store: Store, team: str, user: str, launch_id: str) -> Launch:
    """A launch of this person. Raises `Refusal` for somebody else's."""
    launch = await store.launches.get(team, launch_id)
    if launch is None:
        raise Refusal(told(None), phrase("Type /contract status to see your launches."))
    if launch.requester != user:
        raise Refusal(
            phrase("Only the person who launched this can decide it."), phrase("Ask them in this thread.")
        )
    return launch
