"""Times are aware, texts are storable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from storage.columns import PlainText, UtcDateTime

DIALECTS: list[Dialect] = [SQLiteDialect_pysqlite(), PGDialectAsync_psycopg()]  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@given(moment=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])))
def test_a_moment_comes_back_in_utc(dialect: Dialect, moment: datetime) -> None:
    if not timedelta(days=1) < moment.replace(tzinfo=None) - datetime.min:  # noqa: DTZ901
        return  # no such moment in UTC
    column = UtcDateTime()
    back = column.process_result_value(column.process_bind_param(moment, dialect), dialect)
    assert back == moment
    assert back is not None
    assert back.tzinfo is UTC


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_naive_time_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 24), dialect)  # noqa: DTZ001


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert PlainText().process_bind_param(text, DIALECTS[0]) == text


@given(st.text(st.characters(codec=None)))
def test_any_text_becomes_storable(text: str) -> None:
    kept = PlainText().process_bind_param(text, DIALECTS[0])
    assert kept is not None
    assert "\0" not in kept
    kept.encode("utf-8")


def test_what_cannot_be_stored_is_replaced() -> None:
    assert PlainText().process_bind_param("a\0b\ud800c", DIALECTS[0]) == "a\ufffdb\ufffdc"
