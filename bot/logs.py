"""Structured logs, with redaction as the last step before the line is written.

Every logger of the process ends here: ours, Bolt's, the web server's and the engine's. Redaction
runs after tracebacks have become text, so that a secret inside an exception does not slip by.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"

_SECRET_NAMES = re.compile(
    r"secret|token|password|passwd|authorization|api_?key|encryption_?key|cookie|signature|client_assertion",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"xox[a-z]-[\w.-]+|xapp-[\w-]+|xoxe\.[\w.-]+"  # Slack's tokens
    r"|(?i:bearer|basic)\s+[\w.~+/=-]{8,}"
    r"|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"  # a JSON web token
    r"|(?<=hooks\.slack\.com/)[\w/-]+"
    r"|(?<=[?&]code=)[^&\s\"']+|(?<=[?&]state=)[^&\s\"']+"
    r"|(?<=client_secret=)[^&\s\"']+|(?<=refresh_token=)[^&\s\"']+|(?<=access_token=)[^&\s\"']+"
    r"|(?<=\"client_secret\":\")[^\"]+|(?<=\"refresh_token\":\")[^\"]+|(?<=\"access_token\":\")[^\"]+"
)


class Redaction:
    """A structlog processor that hides secrets by name, by shape and by exact text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Short settings (a one-letter password) would blank out half of every line.
        exact = sorted({re.escape(text) for text in secrets if len(text) >= 6}, key=len, reverse=True)
        self._exact = re.compile("|".join(exact)) if exact else None

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {name: self._value(name, value) for name, value in event.items()}

    def text(self, text: str) -> str:
        """`text` with every secret replaced."""
        if self._exact:
            text = self._exact.sub(HIDDEN, text)
        return _SECRET_TEXT.sub(HIDDEN, text)

    def _value(self, name: str, value: Any) -> Any:
        if _SECRET_NAMES.search(name) and value:
            return HIDDEN
        if isinstance(value, dict):
            return {str(key): self._value(str(key), inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._value("", inner) for inner in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return self.text(str(value))


def configure_logs(secrets: Iterable[str], *, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log record of this process, redacted, to `stream` (standard error by default)."""
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                Redaction(secrets),
                _renderer(out),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _through_the_root("uvicorn", "uvicorn.error", "uvicorn.access", "slack_bolt", "slack_sdk", "dbos")
    for chatty in ("httpx", "httpcore", "uvicorn.access", "alembic", "dbos"):
        # httpx writes whole URLs at INFO, and an OAuth callback's URL carries its code.
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for wordy in ("slack_bolt", "slack_sdk"):
        # These write whole payloads at DEBUG, and a payload holds what people typed.
        logging.getLogger(wordy).setLevel(logging.INFO)


def _through_the_root(*names: str) -> None:
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _renderer(out: TextIO) -> Processor:
    if out.isatty():
        # format_exc_info has already made the traceback text, and redaction has read it.
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer(ensure_ascii=False)
