"""Ironclad's own launch form, filled as far as its address allows."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from bot.forms.content import Answers
from ironclad import Field

MOST_CHARACTERS = 2_900  # Slack takes addresses of 3,000 in a button
_PLAIN = frozenset({"string", "email"})  # how other types are written in the address is not documented


def prefilled(address: str, fields: Sequence[Field], answers: Answers) -> str:
    """The address with the texts that are answered behind it: `…#counterpartyName=Acme&region=EMEA`.

    A fragment stays in the browser: no server on the way sees it.
    """
    pairs: list[str] = []
    room = MOST_CHARACTERS - len(address)
    for field in fields:
        answer = answers.get(field.key)
        if field.type not in _PLAIN or not isinstance(answer, str) or not answer:
            continue
        pair = f"{quote(field.key, safe='')}={quote(answer, safe='')}"
        room -= len(pair) + 1
        if room < 0:
            break
        pairs.append(pair)
    return f"{address}#{'&'.join(pairs)}" if pairs else address
