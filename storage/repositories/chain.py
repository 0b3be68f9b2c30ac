"""The chain of audit entries: what an entry's digest covers, and what is wrong with a chain."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC
from typing import Any

from storage.columns import whole
from storage.records import AuditEntry, AuditFault

LONGEST_TEXT = 1000
_SECRET = re.compile(r"secret|token|password|credential|api_?key", re.IGNORECASE)
_HIDDEN = "•••"
_COVERED = [field.name for field in fields(AuditEntry) if field.name != "digest"]


def digest_of(entry: AuditEntry) -> str:
    """The fingerprint of everything an entry says, the entry before included."""
    said = {name: getattr(entry, name) for name in _COVERED}
    said["at"] = entry.at.astimezone(UTC).isoformat()
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def told(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Facts as an entry keeps them: JSON that comes back as it went in, no secrets, nothing endless.

    What is named like a secret is hidden: that it changed is worth knowing, its value is not.
    """
    if facts is None:
        return None
    return {whole(name): _HIDDEN if _SECRET.search(name) else _kept(value) for name, value in facts.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return told(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_kept(one) for one in (value if isinstance(value, (list, tuple)) else sorted(value))]
    if value is None or isinstance(value, (bool, int)):
        return value
    return whole(str(value))[:LONGEST_TEXT]


class Chain:
    """Looks at the entries of a workspace in their order, and collects what is wrong."""

    def __init__(self, team: str) -> None:
        self._team = team
        self._last = 0
        self._digest: str | None = ""  # None: unknown, because the entry is missing
        self.faults: list[AuditFault] = []

    def see(self, entry: AuditEntry) -> None:
        """Look at the next entry there is."""
        missing = range(self._last + 1, entry.n)
        if missing:
            self._say(missing[0], f"{_entries(missing)} missing.")
        if digest_of(entry) != entry.digest:
            self._say(entry.n, f"Entry {entry.n} was altered.")
        elif not missing and entry.previous != self._digest:
            self._say(
                entry.n, f"Entry {entry.n} does not follow the one before it: one of them was replaced."
            )
        self._last, self._digest = entry.n, entry.digest

    def end(self, n: int, digest: str) -> None:
        """Compare with the last entry that was ever written."""
        if n > self._last:
            missing = range(self._last + 1, n + 1)
            self._say(missing[0], f"{_entries(missing)} missing at the end.")
        elif n < self._last:
            added = range(n + 1, self._last + 1)
            self._say(added[0], f"{_entries(added)} not written by Slipway.")
        elif digest != self._digest:
            self._say(n, f"Entry {n} is not the one that was written: the log was rewritten up to it.")

    def unsealed(self, why: str) -> None:
        """The seal on the end of the log cannot be relied on."""
        self._say(self._last, f"The seal on the end of the log is not genuine ({why}).")

    def _say(self, n: int, what: str) -> None:
        self.faults.append(AuditFault(self._team, n, what))


def _entries(numbers: range) -> str:
    first, last = numbers[0], numbers[-1]
    return f"Entry {first} is" if first == last else f"Entries {first} to {last} are"
