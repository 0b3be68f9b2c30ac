"""No secret reaches a log line: by name, by shape, by exact text, in tracebacks, from any logger."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import HIDDEN
from tests.place import logging_to_text

OURS = "9f86d081884c7d659a2feaa0c55ad015"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    with logging_to_text([OURS]) as out:
        yield out


@pytest.mark.parametrize(
    "secret",
    [
        OURS,
        "xoxb-1234-5678-abcdef",
        "xapp-1-A012-345-abc",
        "Bearer abcdefgh12345678",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "https://hooks.slack.com/commands/T1/1/abc",
        "https://slipway.example/ironclad/callback?code=abc123&state=def456",
        'body: {"client_secret":"s3cr3t-value"}',
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(lines: io.StringIO, secret: str) -> None:
    log = structlog.stdlib.get_logger("slipway.test")
    log.info(f"event {secret}", detail=[{"deep": secret}])
    logging.getLogger("somebody.else").warning("their line %s", secret)
    try:
        raise RuntimeError(f"broke with {secret}")
    except RuntimeError:
        log.exception("failed")

    written = lines.getvalue()
    assert written.count("\n") == 3
    assert HIDDEN in written
    for part in (secret, secret.split("=")[-1], "abc123", "s3cr3t-value", "T1/1/abc"):
        assert part not in written


@pytest.mark.parametrize("name", ["client_secret", "access_token", "Authorization", "password", "api_key"])
def test_a_value_is_hidden_by_its_name(lines: io.StringIO, name: str) -> None:
    structlog.stdlib.get_logger("slipway.test").info(
        "stored", **{name: "plainword", "nested": {name: "plainword"}}
    )

    assert "plainword" not in lines.getvalue()


def test_ordinary_facts_stay_readable(lines: io.StringIO) -> None:
    structlog.stdlib.get_logger("slipway.test").info("launched", number=12, ironclad_id="IC-12")

    assert '"number": 12' in lines.getvalue()
    assert "IC-12" in lines.getvalue()


def test_libraries_that_write_payloads_are_kept_from_debug(lines: io.StringIO) -> None:
    for name in ("httpx", "slack_sdk.web.async_client", "slack_bolt.AsyncApp"):
        logging.getLogger(name).debug("typed value: hush")

    assert "hush" not in lines.getvalue()
