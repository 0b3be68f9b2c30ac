"""What leaves storage cannot be changed and shows no secret."""

from __future__ import annotations

import dataclasses
import inspect

import pytest

from storage import records
from storage.records import StoredTokens

RECORDS = [
    record for _, record in inspect.getmembers(records, inspect.isclass) if dataclasses.is_dataclass(record)
]


def test_there_are_records() -> None:
    assert len(RECORDS) >= 21


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_records_are_frozen(record: type) -> None:
    value = record(**{field.name: None for field in dataclasses.fields(record)})
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(record)[0].name, "changed")


def test_tokens_are_not_shown() -> None:
    tokens = StoredTokens(1, "access-in-clear", "refresh-in-clear", None, "scope")
    assert "in-clear" not in repr(tokens)


def test_a_connection_has_no_secret_field() -> None:
    names = {field.name for field in dataclasses.fields(records.Connection)}
    assert not [name for name in names if "secret" in name or "token" in name]
