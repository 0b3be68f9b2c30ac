"""The form in which the engine stores things, and what it may say."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from storage.work.plumbing import PlainJSON, quieten


@pytest.fixture
def engine_log() -> Iterator[logging.Logger]:
    """The engine's logger, put back afterwards."""
    logger = logging.getLogger("dbos")
    before = (logger.level, logger.handlers[:], logger.filters[:], logger.propagate)
    yield logger
    logger.level, logger.handlers, logger.filters, logger.propagate = before


def test_json_comes_back() -> None:
    data = {"args": ["v1.key.text", 3], "kwargs": {}}
    assert PlainJSON().deserialize(PlainJSON().serialize(data)) == data


def test_of_an_error_only_the_type_is_kept() -> None:
    stored = PlainJSON().serialize(KeyError("xoxb-secret"))
    assert "secret" not in stored
    assert str(PlainJSON().deserialize(stored)) == "KeyError"


def test_nothing_is_pickled() -> None:
    with pytest.raises(TypeError):
        PlainJSON().serialize(object())


def test_the_engine_speaks_through_the_handlers_of_the_process(
    engine_log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    own = logging.StreamHandler()
    engine_log.addHandler(own)
    engine_log.propagate = False
    for _ in range(2):
        quieten()
    engine_log.info("DBOS launched! https://console.example")
    engine_log.warning("Workflow a#0 outcome was not recorded: the workflow is no longer owned by this")
    engine_log.warning("Database connection failed")
    assert [record.message for record in caplog.records] == ["Database connection failed"]
    assert own not in engine_log.handlers
