"""What `slipway serve` does not import: whoever serves keeps it in memory for good (docs/decisions/0020)."""

from __future__ import annotations

import subprocess
import sys

import psycopg

from storage.work.deferring import Deferred
from tests.sandbox.product import ROOT

NOT_TO_SERVE = {"alembic", "mako", "psycopg", "psycopg_binary", "pygments", "rich", "watchfiles"}
_SERVED_WITHOUT_SETTINGS = """
import sys
from bot.cli import main
sys.argv = ["slipway", "serve"]
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
_RECOGNISES_ERRORS = """
import storage.work, dbos._utils, dbos._sys_db, psycopg
assert dbos._utils.psycopg is not psycopg, "DBOS imported the driver itself"
assert dbos._utils.psycopg.OperationalError is psycopg.OperationalError
assert dbos._utils.psycopg.errors.ConnectionTimeout is psycopg.errors.ConnectionTimeout
assert dbos._sys_db.pg_errors.SerializationFailure is psycopg.errors.SerializationFailure
"""


def in_a_process_of_its_own(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd="/",
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_serving_imports_nothing_that_it_does_not_use() -> None:
    ended = in_a_process_of_its_own(_SERVED_WITHOUT_SETTINGS)
    imported = set(ended.stdout.split())

    assert {"bot", "dbos", "httpx", "structlog", "uvicorn"} <= imported, ended.stderr
    assert not imported & NOT_TO_SERVE


def test_durable_work_recognises_the_errors_of_a_driver_that_is_imported_later() -> None:
    ended = in_a_process_of_its_own(_RECOGNISES_ERRORS)

    assert ended.returncode == 0, ended.stderr


def test_a_deferred_module_is_the_module() -> None:
    assert Deferred("psycopg.errors").LockNotAvailable is psycopg.errors.LockNotAvailable
    assert not hasattr(Deferred("psycopg"), "__path__")


def test_who_uses_a_deferred_module_at_once_gets_it() -> None:
    ended = in_a_process_of_its_own(
        "import sys, storage.work.deferring as d\n"
        "with d.deferring('psycopg', 'errors'):\n"
        "    from psycopg import OperationalError\n"
        "import psycopg; assert OperationalError is psycopg.OperationalError"
    )

    assert ended.returncode == 0, ended.stderr
