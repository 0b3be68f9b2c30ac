"""Questions about many turns at once, asked of the engine's table directly.

The engine can list turns one object each; these answers need a few columns of thousands of them.
Every method blocks: call it in a thread.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Engine,
    Executable,
    Select,
    String,
    column,
    func,
    inspect,
    select,
    table,
    update,
)

from storage.work.items import State, split_id, turns_of

_SUCCEEDED = "SUCCESS"
_RUNNING = "PENDING"

#: The engine's words for the states of a turn that has not ended, and ours.
OPEN: Mapping[str, State] = {
    "DELAYED": "later",
    "ENQUEUED": "queued",
    _RUNNING: "running",
    "ERROR": "stuck",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "stuck",
}
_ENDED = {_SUCCEEDED: "done", "CANCELLED": "cancelled"}
_ACTIVE = [name for name, state in OPEN.items() if state != "stuck"]
_GIVEN_UP = [name for name, state in OPEN.items() if state == "stuck"]

_SCHEMA = "dbos"  # on PostgreSQL; SQLite has none


class Ledger:
    """The table of turns, read only."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._schema = None if engine.dialect.name == "sqlite" else _SCHEMA
        self._turns = table(
            "workflow_status",
            column("workflow_uuid", String),
            column("status", String),
            column("executor_id", String),
            column("completed_at", BigInteger),  # milliseconds since 1970
            schema=self._schema,
        )
        self._inputs = table(
            "workflow_input",
            column("workflow_uuid", String),
            column("inputs", String),
            schema=self._schema,
        )

    def exists(self) -> bool:
        """Whether the table is there at all."""
        return inspect(self._engine).has_table(self._turns.name, schema=self._schema)

    def count(self) -> dict[str, int]:
        """How many turns there are in each state, ended ones included."""
        status = self._turns.c.status
        ours = {**OPEN, **_ENDED}
        counts = dict.fromkeys(ours.values(), 0)
        with self._engine.connect() as connection:
            for name, count in connection.execute(select(status, func.count()).group_by(status)):
                counts[ours[name]] += count
        return counts

    def sealed(self, but: str, after: str = "", limit: int = 200) -> list[tuple[str, str]]:
        """(turn id, sealed payload) of turns after that id whose payload does not begin with `but`."""
        ids, inputs = self._inputs.c.workflow_uuid, self._inputs.c.inputs
        other = select(ids, inputs).where(ids > after, inputs.not_like(f'%"{but}%')).order_by(ids)
        with self._engine.connect() as connection:
            rows = connection.execute(other.limit(limit)).all()
        return [(str(row[0]), str(json.loads(row[1])["args"][0])) for row in rows]

    def replace_sealed(self, turn_id: str, sealed: str, fresh: str) -> bool:
        """Put `fresh` in the place of a sealed payload, if that is still there."""
        ids, inputs = self._inputs.c.workflow_uuid, self._inputs.c.inputs
        anew = update(self._inputs).where(ids == turn_id, inputs.contains(sealed, autoescape=True))
        # Neither text holds anything that JSON writes in another way.
        with self._engine.begin() as connection:
            changed = connection.execute(anew.values(inputs=func.replace(inputs, sealed, fresh)))
        return changed.rowcount > 0

    def executors(self) -> set[str]:
        """Those that are running turns, or were when they died."""
        return set(
            self._texts(select(self._turns.c.executor_id).where(self._turns.c.status == _RUNNING).distinct())
        )

    def turns(self, key: str) -> list[str]:
        """The ids of all turns of `key` that are still known."""
        return self._texts(self._beginning(turns_of(key)))

    def open_turns(self, key: str) -> list[str]:
        """The ids of the turns of `key` that have not ended."""
        return self._texts(self._beginning(turns_of(key)).where(self._turns.c.status.in_(list(OPEN))))

    def active_keys(self, prefix: str) -> set[str]:
        """The keys of items that are not done and begin with `prefix`."""
        ids = self._texts(self._beginning(prefix).where(self._turns.c.status.in_(list(OPEN))))
        return {split_id(turn_id)[0] for turn_id in ids}

    def has_succeeded(self, turn_id: str) -> bool:
        """Whether the turn has ended well."""
        where = (self._turns.c.workflow_uuid == turn_id, self._turns.c.status == _SUCCEEDED)
        return bool(self._texts(select(self._turns.c.workflow_uuid).where(*where)))

    def given_up(self) -> list[str]:
        """The ids of turns that the engine gave up: ours never raise, so something outside them did."""
        return self._texts(select(self._turns.c.workflow_uuid).where(self._turns.c.status.in_(_GIVEN_UP)))

    def outlived(self, before: datetime) -> list[str]:
        """The ids of every turn of the items that were done or cancelled by `before`."""
        ids, status, ended = self._turns.c.workflow_uuid, self._turns.c.status, self._turns.c.completed_at
        limit = int(before.timestamp() * 1000)
        old = self._texts(select(ids).where(status.in_(list(_ENDED)), ended < limit))
        # Turn 0 of a living item is old too, and must stay: a second start would find no trace of it.
        # An item that had one turn only needs no look: if that one is old, so is the item.
        later = select(ids).where(ids.not_like("%#0"), status.not_in(_ENDED) | (ended >= limit))
        alive = {split_id(turn_id)[0] for turn_id in self._texts(later)}
        return [turn_id for turn_id in old if split_id(turn_id)[0] not in alive]

    def _beginning(self, prefix: str) -> Select[str]:
        ids = self._turns.c.workflow_uuid
        return select(ids).where(ids.startswith(prefix, autoescape=True))

    def _texts(self, query: Executable) -> list[str]:
        with self._engine.connect() as connection:
            return [str(text) for text in connection.execute(query).scalars()]
