"""Other systems on the Home tab: keys of the intake API, and the webhook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject, InputBlock, PlainTextInputElement

from bot import ids
from bot.blockkit import (
    Screen,
    actions,
    alert,
    button,
    context,
    divider,
    escape,
    header,
    inline,
    modal,
    plain,
    section,
)
from bot.texts import Texts
from bot.usecases.api_keys import MAX_NAME, NewKey
from bot.usecases.overview import Overview
from bot.usecases.relaying import MAX_URL, NewHook
from bot.views.message import moment, person
from bot.views.topics import topic
from storage.records.intake import ApiKey, Hook

TITLE = "Other systems"


@dataclass(frozen=True)
class Systems:
    """What the topic shows: `api` is where the intake API is reached, or empty."""

    keys: Sequence[ApiKey]
    hook: Hook | None
    api: str


def row(seen: Overview, texts: Texts) -> list[Block]:
    """The topic on the Home tab."""
    keys = "no key" if not seen.api_keys else "1 key" if seen.api_keys == 1 else f"{seen.api_keys} keys"
    hook = "no webhook" if seen.hook is None else "webhook on" if seen.hook.enabled else "webhook *off*"
    off = None
    if seen.hook and not seen.hook.enabled:
        off = f"The webhook was switched off, because its messages did not arrive. {seen.hook.problem or ''}"
    elif seen.hook and seen.hook.problem:
        off = f"The webhook's last message did not arrive. {seen.hook.problem} Slipway keeps trying."
    return topic(
        "Other systems",
        f"Intake API: {keys} · {hook}",
        ids.OPEN_SYSTEMS,
        label="Keys and webhook",
        problem=off,
    )


def systems(seen: Systems, told: str = "") -> Screen:
    """Keys and webhook, with what can be done about each; `told` is said on top."""
    blocks: list[Block] = [alert(told, "info")] if told else []
    blocks += [header("Intake API"), *_api(seen.api)]
    blocks += [_key(key) for key in seen.keys]
    blocks.append(actions(button("Make a key", ids.NEW_KEY), block_id="keys"))
    blocks += [divider(), header("Webhook"), *_hook(seen.hook)]
    return modal(TITLE, blocks)


def _api(address: str) -> list[Block]:
    if not address:
        return [section("Requests can be handed over once SLIPWAY_PUBLIC_URL says where Slipway is reached.")]
    return [
        section(f"`POST {escape(address)}/api/v1/requests` hands over a request."),
        context(f"What it takes and gives: {escape(address)}/api/openapi.json"),
    ]


def _key(key: ApiKey) -> Block:
    used = f"last used {moment(key.used_at)}" if key.used_at else "never used"
    return section(
        f"*{inline(key.name)}* · {used}\nMade by {person(key.made_by)} {moment(key.made_at)}",
        accessory=_sure(
            button("Revoke", ids.REVOKE_KEY, ids.KeyButton(key=key.id).pack(), style="danger"),
            "Revoke this key?",
            "What uses it is refused from now on. This cannot be undone.",
            "Revoke",
        ),
        block_id=f"key:{key.id}",
    )


def _hook(hook: Hook | None) -> list[Block]:
    if hook is None:
        return [
            section("Tells another system what happens to each request, in signed messages."),
            actions(button("Set a webhook", ids.NEW_HOOK), block_id="hook"),
        ]
    state = "on" if hook.enabled else "*switched off*, because its messages did not arrive"
    last = f"last message taken {moment(hook.delivered_at)}" if hook.delivered_at else "nothing sent so far"
    blocks: list[Block] = [
        section(f"{escape(hook.url)}\n{state} · {last}"),
        context(f"Set by {person(hook.set_by)} {moment(hook.set_at)}"),
    ]
    if hook.problem:
        since = f", {hook.failures} in a row since {moment(hook.failing_since)}" if hook.failing_since else ""
        blocks.append(section(f"*Needs a look:* {escape(hook.problem)} Not taken{since}."))
    remove = _sure(
        button("Remove", ids.REMOVE_HOOK, style="danger"),
        "Remove the webhook?",
        "Messages that were not taken yet are dropped, and the secret is forgotten.",
        "Remove",
    )
    again = [] if hook.enabled else [button("Switch on", ids.ENABLE_HOOK, style="primary")]
    tools = [*again, button("Send a test", ids.TEST_HOOK), button("Replace", ids.NEW_HOOK), remove]
    return [*blocks, actions(*tools, block_id="hook")]


def _sure(pressed: ButtonElement, title: str, text: str, yes: str) -> ButtonElement:
    pressed.confirm = ConfirmObject(
        title=plain(title), text=plain(text), confirm=plain(yes), deny=plain("Cancel")
    )
    return pressed


def key_form() -> Screen:
    """Asks for the name of a new key."""
    name = PlainTextInputElement(
        action_id=ids.SYSTEMS_INPUT, max_length=MAX_NAME, placeholder=plain("Zip"), focus_on_load=True
    )
    return modal(
        TITLE,
        [InputBlock(block_id=ids.KEY_NAME_BLOCK, label=plain("What will use this key?"), element=name)],
        callback_id=ids.KEY_FORM,
        submit="Make the key",
        close="Cancel",
    )


def new_key(made: NewKey) -> Screen:
    """The key, for the only time."""
    return _once(
        f"This is the key of *{inline(made.key.name)}*.",
        made.token,
        "It is shown only now, and Slipway keeps no copy. Put it into the other system's settings.",
    )


def hook_form(hook: Hook | None) -> Screen:
    """Asks where messages go."""
    url = PlainTextInputElement(
        action_id=ids.SYSTEMS_INPUT,
        max_length=MAX_URL,
        placeholder=plain("https://"),
        initial_value=hook.url if hook else None,
        focus_on_load=True,
    )
    blocks: list[Block] = [
        InputBlock(
            block_id=ids.HOOK_URL_BLOCK,
            label=plain("Address"),
            element=url,
            hint=plain("https only; redirects are not followed; not inside a private network."),
        )
    ]
    if hook:
        blocks.append(context("Replacing it makes a new secret; messages not taken yet are dropped."))
    return modal(TITLE, blocks, callback_id=ids.HOOK_FORM, submit="Set", close="Cancel")


def new_hook(made: NewHook) -> Screen:
    """The signing secret, for the only time."""
    return _once(
        f"Messages go to {escape(made.hook.url)} and are signed with this secret.",
        made.secret,
        "It is shown only now. Signatures follow Standard Webhooks, so ready-made libraries check them.",
    )


def _once(lead: str, secret: str, tail: str) -> Screen:
    return modal(
        TITLE,
        [
            section(lead),
            section(f"```{secret}```"),
            section(tail),
            actions(button("I have copied it", ids.OPEN_SYSTEMS), block_id="back"),
        ],
    )
