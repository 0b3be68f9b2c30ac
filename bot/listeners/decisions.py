"""The requester's answer to *is it this one?*"""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot.listeners.payload import Body, launch_in, who
from bot.usecases.launching import Launching


async def this_one(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, launching: Launching) -> None:
    """*It is this one*."""
    button = launch_in(body)
    await launching.this_one(*who(context), button.launch, button.workflow)
    await ack()


async def again(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, launching: Launching) -> None:
    """*Launch again*."""
    await launching.again(*who(context), launch_in(body).launch)
    await ack()
