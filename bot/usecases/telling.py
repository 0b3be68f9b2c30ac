"""The durable work that brings a request's messages up to date."""

from __future__ import annotations

from bot.usecases.ports import RequestAnnouncer, TryLater
from storage.work import Later, Payload


class Telling:
    """Every change of a request promises this; what is drawn is always the newest."""

    def __init__(self, announcer: RequestAnnouncer) -> None:
        self._announcer = announcer

    async def tell(self, payload: Payload) -> Later | None:
        """Bring every message about a request up to date."""
        try:
            await self._announcer.announce(payload["team"], payload["request"])
        except TryLater as busy:
            return Later(busy.seconds)
        return None
