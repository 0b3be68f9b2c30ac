"""From a payload of Slack's, by whichever way it came, to the listener that answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from storage import Precedence


class Dispatch:
    """Gives payloads to Bolt. A person waits behind each, so they go before work that nobody waits for."""

    def __init__(self, app: AsyncApp, precedence: Precedence) -> None:
        self._app = app
        self._precedence = precedence

    async def __call__(
        self, payload: dict[str, Any], headers: Mapping[str, str | Sequence[str]]
    ) -> BoltResponse | None:
        """The listener's answer; None for a payload in which Bolt does not find whose it is."""
        try:
            # The mode in which Bolt takes what is parsed already. Its own parser would do all the work once
            # more, and loses a command whose text has the word "payload" in it.
            asked = AsyncBoltRequest(mode="socket_mode", body=payload, headers=dict(headers))
        except (TypeError, AttributeError, KeyError, ValueError):
            return None
        with self._precedence.somebody_waits():
            return await self._app.async_dispatch(asked)
