"""DBOS without PostgreSQL's driver, until somebody uses that.

DBOS imports psycopg to recognise its errors, also where SQLite is used: 10 MB and a second TLS library. Here
DBOS is imported with modules in psycopg's place that import it at the first use. Nothing else sees those.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import Any


class Deferred(ModuleType):
    """A module that is imported when something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system looks at these, and uses nothing
            raise AttributeError(name)
        _take_away(self)
        return getattr(import_module(self.__name__), name)


def _take_away(module: ModuleType) -> None:
    if sys.modules.get(module.__name__) is module:
        del sys.modules[module.__name__]


@contextmanager
def deferring(package: str, module: str) -> Iterator[None]:
    """Within the block, `package` and its `module` are imported deferred, unless they are there already."""
    if package in sys.modules:
        yield
        return
    stand_in = Deferred(package)
    setattr(stand_in, module, Deferred(f"{package}.{module}"))
    sys.modules[package] = stand_in
    try:
        yield
    finally:
        _take_away(stand_in)


# A DBOS that needs more of psycopg than that is imported as it is, by whoever imports it next.
with suppress(ImportError), deferring("psycopg", "errors"):
    import dbos  # noqa: F401
