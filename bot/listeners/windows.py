"""Where a modal appears."""

from __future__ import annotations

from bot.blockkit import Screen
from bot.listeners.payload import Body, in_modal
from bot.slack.api import SlackApi


async def show(api: SlackApi, team: str, body: Body, view: Screen, *, version: str = "") -> None:
    """Show a modal: in place of the one a button was pressed in, or as a new one.

    With `version` an open one is only replaced while it is the one in which the button was pressed.
    """
    if here := in_modal(body):
        await api.update_view(team, here, view, version=version)
    else:
        await api.open_view(team, str(body["trigger_id"]), view)
