"""Every listener speaks the language of the person it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncBoltContext

from bot.listeners.payload import who
from bot.texts import ENGLISH, Texts
from bot.usecases.errors import Refusal
from bot.usecases.languages import Languages

_TEXTS = "texts"


def told(refusal: Refusal, texts: Texts) -> str:
    """A refusal as one text, for the place beside an input."""
    return f"{texts.of(refusal.what)} {texts.of(refusal.do)}".strip()


async def choose(
    context: AsyncBoltContext, next_: Callable[[], Awaitable[Any]], *, languages: Languages
) -> Any:
    """Before any listener: look up in which language to answer."""
    context[_TEXTS] = await languages.known(*who(context))
    return await next_()


def texts_of(context: AsyncBoltContext) -> Texts:
    """The words for the person who is being answered."""
    texts = context.get(_TEXTS)
    return texts if isinstance(texts, Texts) else ENGLISH
