"""`python -m tests.chaos.blind`: Slipway that never looks whether a lost workflow exists.

It shows that the storms can tell the difference: without the look-up, contracts are made twice.
"""

from __future__ import annotations

from bot import cli
from bot.usecases.matching import Found
from bot.usecases.performing import Performing


async def sees_nothing(*_: object) -> Found:
    """In place of the look-up."""
    return Found()


if __name__ == "__main__":
    Performing._look_up = sees_nothing  # type: ignore[method-assign, assignment]
    cli.main()
