"""Small files of text that somebody attached to a form."""

from __future__ import annotations

import asyncio

from bot.listeners.payload import Body, element_of, view_of
from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.ports import Files, FileUnreadable, TryLater

PATIENCE = 2.0  # seconds that a submit waits for Slack to give the file out
_OURS = phrase("Choose a file that Slipway exported.")


def attached_in(body: Body, block: str) -> str:
    """The id of the one file in a file input; empty without one."""
    files = element_of(view_of(body), block).get("files")
    first = files[0] if isinstance(files, list) and files else {}
    return str(first.get("id") or "") if isinstance(first, dict) else ""


async def text_of(files: Files, team: str, file_id: str, *, most: int) -> str:
    """What is in a file of text, which has `most` bytes at most. Raises `Refusal`."""
    content = b""
    try:
        async with asyncio.timeout(PATIENCE):
            shared = await files.file(team, file_id)
            if shared is None or shared.file.size > most:
                raise Refusal(phrase("This is not a file of that kind."), _OURS)
            async with files.read(team, shared) as chunks:
                async for chunk in chunks:
                    content += chunk
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(phrase("The file is not text."), _OURS) from None
    except FileUnreadable as unreadable:
        raise Refusal(unreadable.what, "") from unreadable
    except (TryLater, TimeoutError) as late:
        raise Refusal(phrase("Slack does not give the file out right now."), phrase("Try again.")) from late
