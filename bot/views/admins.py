"""Naming admins."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import InputBlock, UserMultiSelectElement

from bot import ids
from bot.blockkit import Screen, modal, plain, section
from storage.records import Admin


def name_admins(named: Sequence[Admin]) -> Screen:
    """Who may set Slipway up, besides the workspace's owners and admins."""
    people = UserMultiSelectElement(
        action_id=ids.ADMINS_INPUT,
        placeholder=plain("Nobody else"),
        initial_users=[admin.user for admin in named] or None,
        max_selected_items=50,
    )
    blocks = [
        section(
            "Owners and admins of the Slack workspace run Slipway anyway. People named here see the set-up "
            "on their Home tab, too, and may change everything there."
        ),
        InputBlock(
            block_id=ids.ADMINS_BLOCK, label=plain("Admins besides them"), element=people, optional=True
        ),
    ]
    return modal("Admins", blocks, callback_id=ids.ADMINS_FORM, submit="Save", close="Cancel")
