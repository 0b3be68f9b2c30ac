"""Our own look at a launch before it is sent: Ironclad itself answers only to the launch."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.texts import phrase
from bot.usecases.access import IroncladAccess
from bot.usecases.drafting import PATIENCE_SECONDS, Drafting
from bot.usecases.form import Form
from bot.usecases.people import People
from ironclad import Forbidden, IroncladError, NotFound, RateLimited, Template
from storage import Database, TemplateFacts

FRESH = timedelta(minutes=1)
WRITES_A_MINUTE = 40  #: of the whole company, for launches, comments, approvals and cancels together

CHECKED = phrase("Slipway's own check: the template is published and you may launch it.")
GONE = phrase("This template is no longer published in Ironclad. Save the draft and resume it to go on.")
NOT_YOU = phrase("Ironclad does not let you launch this template. Ask your Ironclad administrator.")
BUSY = phrase("Ironclad is busy with your company's other requests. The launch waits its turn.")
NO_ANSWER = phrase("Ironclad did not answer in time, so only the values were checked.")
MANY = phrase(
    "Slipway has sent as many requests in the last minute as Ironclad takes. The launch waits its turn."
)


class Preflight:
    """Looks whether the template is there, whether the person may launch it, and whether there is room."""

    def __init__(
        self, database: Database, access: IroncladAccess, people: People, drafting: Drafting
    ) -> None:
        self._database = database
        self._access = access
        self._people = people
        self._drafting = drafting

    async def look(self, form: Form) -> Form:
        """The form with findings; drawn anew where the template changed. Ironclad gets a moment to answer."""
        team, user = form.draft.team, form.draft.user
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                template = await self._template(form)
        except TimeoutError:
            return replace(form, notes=[NO_ANSWER])
        except NotFound:
            return replace(form, notes=[GONE])
        except Forbidden:
            return replace(form, notes=[NOT_YOU])
        except RateLimited:
            return replace(form, notes=[BUSY])
        except IroncladError:
            return replace(form, notes=[NO_ANSWER])
        if dict(template.raw) != form.template.schema:
            facts = TemplateFacts(template.id, template.name, dict(template.raw), template.may_launch)
            async with self._database.transaction() as store:
                await store.templates.renew(team, [facts])
            form = await self._drafting.open(team, user, form.draft.id)
        notes = [CHECKED if template.may_launch else NOT_YOU]
        if await self._sent_lately(team) >= WRITES_A_MINUTE:
            notes.append(MANY)
        return replace(form, notes=notes)

    async def _template(self, form: Form) -> Template:
        person = await self._people.person(form.draft.team, form.draft.user)
        connection = await self._access.current(form.draft.team)
        client = await self._access.client(
            connection, as_user=await self._access.acting_user(connection, person)
        )
        return await client.template(form.template.id)

    async def _sent_lately(self, team: str) -> int:
        async with self._database.reading() as store:
            return await store.launches.attempts_since(team, await store.now() - FRESH)
