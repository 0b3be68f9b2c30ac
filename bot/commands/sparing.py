"""Importing what is needed, and not what libraries would make use of only because it is installed."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager

#: What httpx, structlog and uvicorn take along for command lines of their own and for developers. It is
#: there because typer draws its help with it (rich), or comes with uvicorn (watchfiles).
NOT_TO_SERVE = ("pygments", "rich", "watchfiles")


@contextmanager
def without(names: Collection[str]) -> Iterator[None]:
    """Within the block those packages are as if they were not installed, unless they are imported already.

    None in `sys.modules` is Python's own way to say so: importing such a name raises ModuleNotFoundError.
    """
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # as the import system documents it
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
