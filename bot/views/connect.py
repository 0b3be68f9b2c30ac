"""The *Connect Ironclad* modal and what follows it."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
    UserSelectElement,
)

from bot import ids
from bot.blockkit import Screen, alert, clip, context, escape, modal, plain, section
from ironclad import Region
from storage.records import Connection

TITLE = "Connect Ironclad"
WHERE = "In Ironclad: Company Settings → API → Create new app (or your app)."


def connect(earlier: Connection | None = None, *, problem: str = "") -> Screen:
    """Ask for credentials; `earlier` is a try that failed, whose answers (not its secret) are filled in."""
    blocks: list[Block] = []
    if problem:
        blocks.append(alert(clip(problem, 200)))
        if len(problem) > 200:
            blocks.append(section(escape(problem)))
    blocks += [
        section(
            "Slipway launches each contract under its requester's own Ironclad name. For that it needs "
            "an Ironclad app with the *Client Credentials* grant."
        ),
        _text(ids.CLIENT_ID_BLOCK, "Client ID", WHERE, earlier.client_id if earlier else ""),
        _secret(earlier),
        _region(earlier),
        _acting_user(),
    ]
    return modal(
        TITLE,
        blocks,
        callback_id=ids.CONNECT,
        submit="Connect",
        close="Cancel",
        private_metadata=ids.ConnectState(connection=earlier.id if earlier else "").pack(),
    )


def _text(block: str, label: str, hint: str, filled: str) -> InputBlock:
    element = PlainTextInputElement(action_id=ids.CONNECT_INPUT, max_length=200, initial_value=filled or None)
    return InputBlock(block_id=block, label=plain(label), hint=plain(hint), element=element)


def _secret(earlier: Connection | None) -> InputBlock:
    hint = (
        "Shown once by Ironclad, when the app is made. Slipway keeps it encrypted and never shows it again."
    )
    if earlier:
        hint = "Leave empty to keep the one you typed, if client ID and region stay the same."
    block = _text(ids.CLIENT_SECRET_BLOCK, "Client secret", hint, "")
    block.optional = earlier is not None
    return block


def _region(earlier: Connection | None) -> InputBlock:
    options = [Option(text=plain(region.label), value=region.value) for region in Region]
    chosen = next((o for o in options if earlier and o.value == earlier.region), None)
    return InputBlock(
        block_id=ids.REGION_BLOCK,
        label=plain("Datacenter region"),
        hint=plain(
            "The address you log in to: ironcladapp.com, eu1.ironcladapp.com or demo.ironcladapp.com."
        ),
        element=StaticSelectElement(
            action_id=ids.CONNECT_INPUT,
            placeholder=plain("Choose a region"),
            options=options,
            initial_option=chosen,
        ),
    )


def _acting_user() -> InputBlock:
    return InputBlock(
        block_id=ids.ACTING_USER_BLOCK,
        label=plain("Acting user"),
        hint=plain(
            "Whose Ironclad account Slipway uses for itself, to look people up. Found by Slack e-mail."
        ),
        element=UserSelectElement(action_id=ids.CONNECT_INPUT, placeholder=plain("Choose a person")),
    )


def checking() -> Screen:
    """While the credentials are tried."""
    return modal(
        TITLE,
        [
            section("Trying these credentials with Ironclad…"),
            context("You can close this window; Home will tell."),
        ],
    )


def connected(found: str) -> Screen:
    """The credentials work; `found` sums up what they show."""
    return modal(
        TITLE,
        [
            alert("Connected.", "success"),
            section(escape(found)),
            context("People can now type /contract."),
        ],
    )


def refused(what: str, do: str) -> Screen:
    """Why this cannot be done."""
    return modal(TITLE, [alert(what, "warning"), section(escape(do))])
