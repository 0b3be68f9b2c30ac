"""What a change of a request promises to whoever wants to be told: see `bot.usecases.relaying`."""

from __future__ import annotations

from storage import Request, Store
from storage.work import Work

RELAY = "relay"  #: the kind of durable work that delivers one message


async def promise_to_relay(store: Store, work: Work, request: Request, *, told: str = "") -> None:
    """In the transaction that changes a request: have its new state told to whoever wants to know.

    The message is called by the state that the request is in, or else `told`.
    """
    hook = await store.hooks.get(request.team)
    if hook is None or not hook.enabled:
        return
    payload = {
        "team": request.team,
        "hook": hook.id,
        "request": request.id,
        "version": request.version,
        "at": (await store.now()).isoformat(),
        "told": told,
    }
    await work.start(store, RELAY, f"relay:{request.team}:{hook.id}:{request.id}:{request.version}", payload)
