"""Which bot token speaks for a workspace."""

from __future__ import annotations

from typing import Protocol


class BotTokens(Protocol):
    """Knows the bot token of each workspace."""

    async def of(self, team: str) -> str:
        """The token that speaks for Slipway in the workspace `team`."""
        ...


class OneToken:
    """The one token of a deployment that serves one workspace."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def of(self, team: str) -> str:
        """See `BotTokens`."""
        return self._token
