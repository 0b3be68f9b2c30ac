"""The log as a file."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from bot.usecases.auditing import written
from storage import AuditEntry
from tests.unit.bot.values import THEN

ENTRY = AuditEntry("T1", 1, THEN, "U1", "slack", "channel.set", "x", {"a": 1}, None, "", "d")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_is_a_formula(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(written([replace(ENTRY, subject=text)], "csv"), newline=""))
    assert row["subject"] == f"'{text}"


def test_commas_quotes_and_lines_survive() -> None:
    (row,) = csv.DictReader(io.StringIO(written([replace(ENTRY, subject='a,"b"\nc')], "csv"), newline=""))
    assert row["subject"] == 'a,"b"\nc'
