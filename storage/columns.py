"""Column types that hold what we promise on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator


def whole(text: str) -> str:
    """`text` with what no database can keep replaced: NUL and lone surrogates become U+FFFD."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and always in UTC; a naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what is not a moment; SQLite keeps no zone, so it gets UTC without one."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a stored time must know its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC, whatever zone the database speaks."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """Text of any length. NUL and lone surrogates become U+FFFD.

    PostgreSQL refuses the one and both drivers the other, and such text comes from outside: a forged id
    must find nothing rather than break the query.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what no database can keep."""
        return None if value is None else whole(value)


class SealedText(PlainText):
    """A text of `storage.sealing`. The type is what marks a column as one that keys are rotated for."""

    cache_ok = True
