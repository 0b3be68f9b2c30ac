"""Other systems: making and revoking API keys, setting and trying the webhook."""

from __future__ import annotations

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.language import texts_of, told
from bot.listeners.payload import Body, button_in, in_modal, text_in, view_of, who
from bot.listeners.windows import show
from bot.slack.api import SlackApi
from bot.usecases.api_keys import ApiKeys
from bot.usecases.errors import Refusal
from bot.usecases.ports import Homes
from bot.usecases.relaying import Relaying
from bot.views import systems as views


@dataclass(frozen=True)
class Desk:
    """What these listeners share."""

    api: SlackApi
    keys: ApiKeys
    relaying: Relaying
    homes: Homes
    address: str

    async def seen(self, team: str, user: str) -> views.Systems:
        """What the topic shows. Raises `Refusal`."""
        keys, hook = await self.keys.in_use(team, user), await self.relaying.current(team, user)
        return views.Systems(keys, hook, self.address)

    async def show(self, body: Body, context: AsyncBoltContext, told: str = "") -> None:
        """The topic: in the modal that is open, or in a new one; Home follows."""
        (team, user), texts = who(context), texts_of(context)
        view = views.systems(await self.seen(team, user), texts, told)
        await show(self.api, team, body, view)
        if in_modal(body):
            await self.homes.publish(team, user)


async def opened(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Open* on Home, and *I have copied it*."""
    await desk.show(body, context)
    await ack()


async def ask_key(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Make a key*."""
    team, user = who(context)
    await desk.seen(team, user)
    await desk.api.update_view(team, in_modal(body), views.key_form(texts_of(context)))
    await ack()


async def make_key(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """The key's name was given: here is the key."""
    team, user = who(context)
    try:
        made = await desk.keys.make(team, user, text_in(view_of(body), ids.KEY_NAME_BLOCK))
    except Refusal as refusal:
        await ack(response_action="errors", errors={ids.KEY_NAME_BLOCK: told(refusal, texts_of(context))})
        return
    await ack(response_action="update", view=views.new_key(made, texts_of(context)))


async def revoke_key(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Revoke*, confirmed."""
    key = button_in(body, ids.KeyButton).key
    await desk.keys.revoke(*who(context), key)
    await desk.show(body, context)
    await ack()


async def ask_hook(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Set a webhook* or *Replace*."""
    team, user = who(context)
    hook = await desk.relaying.current(team, user)
    await desk.api.update_view(team, in_modal(body), views.hook_form(hook, texts_of(context)))
    await ack()


async def set_hook(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """The address was given: here is the secret."""
    team, user = who(context)
    try:
        made = await desk.relaying.set(team, user, text_in(view_of(body), ids.HOOK_URL_BLOCK))
    except Refusal as refusal:
        await ack(response_action="errors", errors={ids.HOOK_URL_BLOCK: told(refusal, texts_of(context))})
        return
    await ack(response_action="update", view=views.new_hook(made, texts_of(context)))


async def test_hook(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Send a test*."""
    await desk.relaying.test(*who(context), in_modal(body))
    await desk.show(body, context, texts_of(context).say("Sending a test…"))
    await ack()


async def enable_hook(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Switch on*."""
    await desk.relaying.enable(*who(context))
    await desk.show(body, context)
    await ack()


async def remove_hook(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Remove*, confirmed."""
    await desk.relaying.remove(*who(context))
    await desk.show(body, context)
    await ack()
