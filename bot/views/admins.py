"""Naming admins."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import UserMultiSelectElement

from bot import ids
from bot.blockkit import Screen, modal, plain, section
from bot.texts import Texts
from bot.views.inputs import asked
from storage.records import Admin


def name_admins(named: Sequence[Admin], texts: Texts) -> Screen:
    """Who may set Slipway up, besides the workspace's owners and admins."""
    people = UserMultiSelectElement(
        action_id=ids.ADMINS_INPUT,
        placeholder=plain(texts.say("Nobody else")),
        initial_users=[admin.user for admin in named] or None,
        max_selected_items=50,
    )
    anyway = texts.say(
        "Owners and admins of the Slack workspace run Slipway anyway. People named here see the set-up on "
        "their Home tab, too, and may change everything there."
    )
    return modal(
        texts.say("Admins"),
        [section(anyway), asked(ids.ADMINS_BLOCK, texts.say("Admins besides them"), people)],
        callback_id=ids.ADMINS_FORM,
        submit=texts.say("Save"),
        close=texts.say("Cancel"),
    )
