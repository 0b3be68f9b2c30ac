"""Drafts that wait: their owners are told, in time, and what nobody wants any more is deleted."""

from __future__ import annotations

from datetime import datetime

from bot.usecases.drafting import KEPT_FOR, WARNED_BEFORE, note_key, start_note
from bot.usecases.ports import DraftTeller, TryLater
from storage import Database, Store
from storage.work import Later, Payload, Work


class Reminding:
    """Keeps the direct messages about drafts true, and drafts from staying for ever."""

    CRON = "41 6 * * *"  #: when drafts are looked through, in UTC

    def __init__(self, database: Database, work: Work, teller: DraftTeller) -> None:
        self._database = database
        self._work = work
        self._teller = teller

    async def tell(self, payload: Payload) -> Later | None:
        """The durable work: say how a draft stands. What was said before is edited."""
        team, user, draft_id = payload["team"], payload["user"], payload["draft"]
        async with self._database.reading() as store:
            draft = await store.drafts.get(team, draft_id)
            launch = await store.launches.of_draft(team, draft_id)
            told = await store.posts.get(team, note_key(draft_id)) is not None
        try:
            if draft is not None and draft.submitted_at is None and (draft.left_at or draft.warned_at):
                await self._teller.waiting(draft)
            elif told and (draft is None or draft.submitted_at is not None):
                await self._teller.gone(team, user, draft_id, launch)
        except TryLater as busy:
            return Later(busy.seconds)
        return None

    async def look_through(self) -> None:
        """Every day: warn of drafts that will be deleted soon, and delete those whose time is over."""
        async with self._database.reading() as store:
            now = await store.now()
            teams = [workspace.team for workspace in await store.workspaces.all()]
        for team in teams:
            # A workspace at a time, so that nobody waits long for the one writer of a SQLite file.
            async with self._database.transaction() as store:
                await self._look_through(store, team, now)

    async def _look_through(self, store: Store, team: str, now: datetime) -> None:
        for draft in await store.drafts.untouched(team, now - KEPT_FOR + WARNED_BEFORE):
            visible = draft.saved_at is not None and draft.submitted_at is None
            if now - draft.updated_at >= KEPT_FOR and (draft.warned_at or not visible):
                await store.drafts.delete(team, draft.id)
            elif visible and draft.warned_at is None:
                await store.drafts.warned(team, draft.id)
            else:
                continue
            if visible:
                await start_note(self._work, store, team, draft.user, draft.id)
