"""Other systems on the Home tab: keys of the intake API, and the webhook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject, PlainTextInputElement

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
from bot.views.inputs import asked
from bot.views.message import moment, person
from bot.views.topics import needs_a_look, topic
from storage.records.intake import ApiKey, Hook


@dataclass(frozen=True)
class Systems:
    """What the topic shows: `api` is where the intake API is reached, or empty."""

    keys: Sequence[ApiKey]
    hook: Hook | None
    api: str


def _title(texts: Texts) -> str:
    return texts.say("Other systems")


def row(seen: Overview, texts: Texts) -> list[Block]:
    """The topic on the Home tab."""
    keys = texts.say("no key")
    if seen.api_keys:
        keys = texts.count("{n} key", "{n} keys", seen.api_keys)
    return topic(
        _title(texts),
        f"{texts.say('Intake API')}: {keys} · {_hook_state(seen.hook, texts)}",
        ids.OPEN_SYSTEMS,
        label=texts.say("Keys and webhook"),
        problem=_trouble(seen.hook, texts),
    )


def _hook_state(hook: Hook | None, texts: Texts) -> str:
    if hook is None:
        return texts.say("no webhook")
    return texts.say("webhook on") if hook.enabled else texts.say("webhook *off*")


def _trouble(hook: Hook | None, texts: Texts) -> str | None:
    if hook is None:
        return None
    why = texts.of(hook.problem or "")
    if not hook.enabled:
        off = texts.say("The webhook was switched off, because its messages did not arrive. {why}", why=why)
        return needs_a_look(off, texts)
    if hook.problem:
        told = texts.say("The webhook's last message did not arrive. {why} Slipway keeps trying.", why=why)
        return needs_a_look(told, texts)
    return None


def systems(seen: Systems, texts: Texts, told: str = "") -> Screen:
    """Keys and webhook, with what can be done about each; `told` is said on top."""
    blocks: list[Block] = [alert(told, "info")] if told else []
    blocks += [header(texts.say("Intake API")), *_api(seen.api, texts)]
    blocks += [_key(key, texts) for key in seen.keys]
    blocks.append(actions(button(texts.say("Make a key"), ids.NEW_KEY), block_id="keys"))
    blocks += [divider(), header("Webhook"), *_hook(seen.hook, texts)]
    return modal(_title(texts), blocks, close=texts.say("Close"))


def _api(address: str, texts: Texts) -> list[Block]:
    if not address:
        how = texts.say("Requests can be handed over once SLIPWAY_PUBLIC_URL says where Slipway is reached.")
        return [section(how)]
    call, described = f"`POST {escape(address)}/api/v1/requests`", f"{escape(address)}/api/openapi.json"
    return [
        section(texts.say("{call} hands over a request.", call=call)),
        context(texts.say("What it takes and gives: {address}", address=described)),
    ]


def _key(key: ApiKey, texts: Texts) -> Block:
    used = texts.say("never used")
    if key.used_at:
        used = texts.say("last used {moment}", moment=moment(key.used_at, texts))
    when = moment(key.made_at, texts)
    made = texts.say("Made by {person} {moment}", person=person(key.made_by), moment=when)
    revoke = button(texts.say("Revoke"), ids.REVOKE_KEY, ids.KeyButton(key=key.id).pack(), style="danger")
    sure = texts.say("What uses it is refused from now on. This cannot be undone.")
    return section(
        f"*{inline(key.name)}* · {used}\n{made}",
        accessory=_sure(revoke, texts.say("Revoke this key?"), sure, texts.say("Revoke"), texts),
        block_id=f"key:{key.id}",
    )


def _hook(hook: Hook | None, texts: Texts) -> list[Block]:
    if hook is None:
        what = texts.say("Tells another system what happens to each request, in signed messages.")
        return [section(what), actions(button(texts.say("Set a webhook"), ids.NEW_HOOK), block_id="hook")]
    state = texts.say("*switched off*, because its messages did not arrive")
    if hook.enabled:
        state = texts.say("on")
    last = texts.say("nothing sent so far")
    if hook.delivered_at:
        last = texts.say("last message taken {moment}", moment=moment(hook.delivered_at, texts))
    when = moment(hook.set_at, texts)
    blocks: list[Block] = [
        section(f"{escape(hook.url)}\n{state} · {last}"),
        context(texts.say("Set by {person} {moment}", person=person(hook.set_by), moment=when)),
    ]
    if hook.problem:
        blocks.append(section(f"{needs_a_look(hook.problem, texts)} {_not_taken(hook, texts)}"))
    return [*blocks, actions(*_hook_buttons(hook, texts), block_id="hook")]


def _not_taken(hook: Hook, texts: Texts) -> str:
    if not hook.failing_since:
        return texts.say("Not taken.")
    return texts.count(
        "Not taken, {n} in a row since {moment}.",
        "Not taken, {n} in a row since {moment}.",
        hook.failures,
        moment=moment(hook.failing_since, texts),
    )


def _hook_buttons(hook: Hook, texts: Texts) -> list[ButtonElement]:
    remove = _sure(
        button(texts.say("Remove"), ids.REMOVE_HOOK, style="danger"),
        texts.say("Remove the webhook?"),
        texts.say("Messages that were not taken yet are dropped, and the secret is forgotten."),
        texts.say("Remove"),
        texts,
    )
    on = button(texts.say("Switch on"), ids.ENABLE_HOOK, style="primary")
    return [
        *([] if hook.enabled else [on]),
        button(texts.say("Send a test"), ids.TEST_HOOK),
        button(texts.say("Replace"), ids.NEW_HOOK),
        remove,
    ]


def _sure(pressed: ButtonElement, title: str, text: str, yes: str, texts: Texts) -> ButtonElement:
    pressed.confirm = ConfirmObject(
        title=plain(title), text=plain(text), confirm=plain(yes), deny=plain(texts.say("Cancel"))
    )
    return pressed


def key_form(texts: Texts) -> Screen:
    """Asks for the name of a new key."""
    name = PlainTextInputElement(
        action_id=ids.SYSTEMS_INPUT, max_length=MAX_NAME, placeholder=plain("Zip"), focus_on_load=True
    )
    return modal(
        _title(texts),
        [asked(ids.KEY_NAME_BLOCK, texts.say("What will use this key?"), name, optional=False)],
        callback_id=ids.KEY_FORM,
        submit=texts.say("Make the key"),
        close=texts.say("Cancel"),
    )


def new_key(made: NewKey, texts: Texts) -> Screen:
    """The key, for the only time."""
    return _once(
        texts.say("This is the key of *{name}*.", name=inline(made.key.name)),
        made.token,
        texts.say(
            "It is shown only now, and Slipway keeps no copy. Put it into the other system's settings."
        ),
        texts,
    )


def hook_form(hook: Hook | None, texts: Texts) -> Screen:
    """Asks where messages go."""
    url = PlainTextInputElement(
        action_id=ids.SYSTEMS_INPUT,
        max_length=MAX_URL,
        placeholder=plain("https://"),
        initial_value=hook.url if hook else None,
        focus_on_load=True,
    )
    hint = texts.say("https only; redirects are not followed; not inside a private network.")
    blocks: list[Block] = [asked(ids.HOOK_URL_BLOCK, texts.say("Address"), url, hint=hint, optional=False)]
    if hook:
        anew = texts.say("Replacing it makes a new secret; messages not taken yet are dropped.")
        blocks.append(context(anew))
    return modal(
        _title(texts),
        blocks,
        callback_id=ids.HOOK_FORM,
        submit=texts.say("Set"),
        close=texts.say("Cancel"),
    )


def new_hook(made: NewHook, texts: Texts) -> Screen:
    """The signing secret, for the only time."""
    return _once(
        texts.say("Messages go to {address} and are signed with this secret.", address=escape(made.hook.url)),
        made.secret,
        texts.say(
            "It is shown only now. Signatures follow Standard Webhooks, so ready-made libraries check them."
        ),
        texts,
    )


def _once(lead: str, secret: str, tail: str, texts: Texts) -> Screen:
    copied = button(texts.say("I have copied it"), ids.OPEN_SYSTEMS)
    return modal(
        _title(texts),
        [
            section(lead),
            section(f"```{secret}```"),
            section(tail),
            actions(copied, block_id="back"),
        ],
        close=texts.say("Close"),
    )
