"""What the engine is plugged into: connections, the form of what it stores, and the log."""

from __future__ import annotations

import json
import logging
from typing import Any

from dbos import Serializer
from dbos import error as dbos_error
from sqlalchemy import Engine, create_engine, event


class PlainJSON(Serializer):
    """What the engine stores: JSON, never pickle.

    It stores the sealed payload and a count. Payloads are sealed before, for their own key, because
    a serializer does not know whose data it is given. Errors keep nothing but the name of their type.
    """

    def serialize(self, data: Any) -> str:
        """The JSON of `data`. Raises TypeError for what is not JSON."""
        if isinstance(data, BaseException):
            data = {"error": type(data).__name__}
        return json.dumps(data)

    def deserialize(self, serialized_data: str) -> Any:
        """The data again; an error comes back as a RuntimeError."""
        data = json.loads(serialized_data)
        return RuntimeError(data["error"]) if isinstance(data, dict) and "error" in data else data

    def name(self) -> str:
        """Stored with each value: another name would mean another form."""
        return "slipway_json"


def synchronous_engine(url: str, *, connections: int) -> Engine:
    """Connections for the engine's threads."""
    if not url.startswith("sqlite"):
        # Ends the transaction of a process that froze in it, and with it its locks.
        frozen = {"options": "-c idle_in_transaction_session_timeout=60000"}
        return create_engine(
            url,
            pool_size=5,
            max_overflow=connections,
            pool_pre_ping=True,
            connect_args=frozen,
            hide_parameters=True,
        )
    engine = create_engine(url, pool_size=5, max_overflow=connections, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # As DBOS prepares the connections that it makes itself (SQLiteSystemDatabase._create_engine),
    # and with the journal of `storage.engines`, should the engine come first to a new file.
    connection.isolation_level = "IMMEDIATE"
    # The cache of each may grow to so many KiB; SQLite would take 2000, and the system keeps the file anyway.
    small = "cache_size=-256"
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", small):
        connection.execute(f"PRAGMA {pragma}")


class Needless(logging.Filter):
    """Drops the engine's alarms about what we did on purpose: cancel, cut off, refuse to open."""

    _LINES = (
        "Asyncio task cancelled",
        "was cancelled during execution",
        "outcome was not recorded: the workflow is no longer owned",
    )

    # The second one reaches whoever opens the work, as `NotMigrated`.
    _ERRORS = (dbos_error.DBOSAwaitedWorkflowCancelledError, dbos_error.DBOSInitializationError)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is worth keeping."""
        if record.exc_info and isinstance(record.exc_info[1], self._ERRORS):
            return False
        return not any(line in record.getMessage() for line in self._LINES)


def quieten() -> None:
    """Send the engine's warnings, and nothing less, through the process's own log handlers."""
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.WARNING)
    logger.handlers.clear()
    logger.propagate = True
    if not any(isinstance(present, Needless) for present in logger.filters):
        logger.addFilter(Needless())
