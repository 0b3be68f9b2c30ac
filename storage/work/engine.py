"""The engine under durable work: DBOS, and nothing of DBOS leaves this module.

One turn of an item is one DBOS workflow. The next turn is enqueued as a step of the turn before:
DBOS writes the new row and the step's checkpoint in one transaction, and only for the execution that
owns the turn (``SystemDatabase.init_child_workflow``). So a turn that is run again after a crash finds
what it enqueued, and never enqueues it twice.

Besides DBOS's documented interface this module uses ``DBOS._recover_pending_workflows``,
``dbos.background_thread_stop_events``, ``dbos._dbos._dbos_global_instance`` and four columns of the
table ``workflow_status``. That is why dbos is pinned to a minor version.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, WorkflowStatus
from dbos import _dbos as singleton
from dbos import error as dbos_error
from sqlalchemy import Connection
from sqlalchemy import Engine as SyncEngine
from sqlalchemy.orm import Session

from storage.work.items import AlreadyRunning, Next, NotMigrated, Turn, WorkItem, split_id, turns_of
from storage.work.ledger import OPEN, Ledger
from storage.work.plumbing import PlainJSON, quieten, synchronous_engine

_APPLICATION = "slipway"
# Never changed: DBOS leaves the work of another version alone. A changed handler must be able to take
# up the payloads of the one before.
_VERSION = "1"
_QUEUE = "work"
_THREADS = 16
_BATCH = 500  # databases limit the parameters of a statement
_NEVER = 86_400.0 * 365  # DBOS's own schedules are not used

logger = logging.getLogger("slipway.work")

Perform = Callable[[Turn], Awaitable[Next | None]]


class Engine:
    """Keeps turns, and runs those that are due. Made for one database; opened and closed once."""

    def __init__(self, url: str, *, executor: str, poll_seconds: float, concurrency: int) -> None:
        self._url = url
        self._executor = executor
        self._poll_seconds = poll_seconds
        self._concurrency = concurrency
        self._database: SyncEngine = synchronous_engine(url, connections=concurrency)
        self._client = DBOSClient(
            system_database_engine=self._database,
            serializer=PlainJSON(),
            application_name=_APPLICATION,
            lazy=True,
        )
        self.ledger = Ledger(self._database)
        self._launched = False
        self._landing = False
        self._running: set[asyncio.Task[None]] = set()

    @staticmethod
    def migrate(url: str) -> None:
        """Create or upgrade the engine's tables; does nothing when they are as this version needs them."""
        quieten()
        DBOS.migrate(url)

    async def check(self) -> None:
        """Raise `NotMigrated` unless there are tables to keep turns in."""
        if not await asyncio.to_thread(self.ledger.exists):
            raise _not_migrated()

    async def launch(self, kinds: Iterable[str], perform: Perform) -> None:
        """Begin to run turns, in this event loop.

        Raises `AlreadyRunning` when this process already runs the work of some database (DBOS exists
        once per process), `NotMigrated` when the engine's tables are of an older version.
        """
        if singleton._dbos_global_instance is not None:
            raise AlreadyRunning(
                "This process already does the work of a database, and can do that of one only."
            )
        # Before the launch, so that the queue is served from the first moment on.
        await asyncio.to_thread(self._register_queue)
        self._dbos = DBOS(config=self._config())
        quieten()
        self._launched = True
        for kind in kinds:
            DBOS.workflow(name=kind, max_recovery_attempts=None)(self._workflow(kind, perform))
        try:
            DBOS.launch()  # in the loop's thread: DBOS runs turns in the loop it is launched from
        except dbos_error.DBOSInitializationError as error:
            raise _not_migrated() from error

    async def land(self, grace_seconds: float) -> None:
        """Start no more turns, give the running ones time to end, cut off the rest (they run again)."""
        if self._launched:
            self._landing = True
            for stop in self._dbos.background_thread_stop_events:
                stop.set()
            await self._settle(grace_seconds)
            await _apart(partial(DBOS.destroy, destroy_registry=True))
            # DBOS made its own threads the loop's default ones, and has just shut them down.
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(thread_name_prefix="asyncio"))
            self._launched = False
        await _apart(self._client.destroy)
        await _apart(self._database.dispose)

    def enqueue(self, connection: Connection, turn: Turn, seconds: float) -> None:
        """Keep `turn` in the transaction of `connection`; a turn that is kept already stays as it is.

        Raises ValueError when its key belongs to work of another kind.
        """
        try:
            # A session that joins a transaction which it did not begin leaves its end to others.
            session = Session(connection)
            self._client.enqueue_in_transaction(session, _options(turn, seconds), turn.sealed, turn.failures)
        except dbos_error.DBOSConflictingWorkflowError:
            raise ValueError(f"the key {turn.key!r} belongs to work of another kind") from None

    async def cancel(self, key: str) -> None:
        """Let no further turn of `key` begin. A turn that is running ends, and has no next."""
        # A turn that ended while we looked may have a next one: look again until there is none.
        while ids := await asyncio.to_thread(self.ledger.open_turns, key):
            await asyncio.to_thread(self._client.cancel_workflows, ids)

    async def erase(self, key: str) -> None:
        """Cancel `key` and forget that it ever was."""
        await self.cancel(key)
        await self._delete(await asyncio.to_thread(self.ledger.turns, key))

    async def forget(self, before: datetime) -> None:
        """Erase the items that were done or cancelled before that."""
        await self._delete(await asyncio.to_thread(self.ledger.outlived, before))

    async def waiting(self, limit: int) -> list[WorkItem]:
        """The items that are not done, oldest turn first."""
        listing = partial(self._client.list_workflows, status=list(OPEN), limit=limit, load_output=False)
        # A turn that has just led to the next one still runs: the next one tells how the item stands.
        newest = {split_id(row.workflow_id)[0]: row for row in await asyncio.to_thread(listing)}
        return [_item(row) for row in newest.values()]

    async def recover(self, executor: str) -> None:
        """Queue again what a dead executor was running."""
        await asyncio.to_thread(DBOS._recover_pending_workflows, [executor])

    async def take_up_given_up(self) -> None:
        """Queue again the turns that the engine gave up. Ours never raise, so it was about the engine."""
        for turn_id in await asyncio.to_thread(self.ledger.given_up):
            logger.warning("taking up again what was given up: %s", turn_id)
            await asyncio.to_thread(self._client.rewind_workflow, turn_id, queue_name=_QUEUE)

    def _workflow(self, kind: str, perform: Perform) -> Callable[[str, int], Awaitable[None]]:
        async def turn(sealed: str, failures: int) -> None:
            self._enter()
            key, number = split_id(str(DBOS.workflow_id))
            await self._drop_previous(key, number)
            following = await perform(Turn(kind, key, number, sealed, failures))
            if following is not None:
                after = following.turn
                options = _options(after, following.seconds)
                await DBOS.enqueue_workflow_with_options_async(options, after.sealed, after.failures)

        return turn

    def _enter(self) -> None:
        task = asyncio.current_task()
        if task is None or self._landing:
            raise asyncio.CancelledError  # claimed in the last moment: left for the next start
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _drop_previous(self, key: str, number: int) -> None:
        # Turn 0 stays: it is what makes a second start of the key do nothing.
        if number < 2:
            return
        previous = f"{turns_of(key)}{number - 1}"
        if await asyncio.to_thread(self.ledger.has_succeeded, previous):
            await self._delete([previous])

    async def _delete(self, ids: list[str]) -> None:
        for first in range(0, len(ids), _BATCH):
            await asyncio.to_thread(self._client.delete_workflows, ids[first : first + _BATCH])

    async def _settle(self, grace_seconds: float) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=grace_seconds)
        cut_off = list(self._running)
        for task in cut_off:
            task.cancel()
        if cut_off:
            logger.warning("%d running items were cut off, and will run again", len(cut_off))
        await asyncio.gather(*cut_off, return_exceptions=True)

    def _register_queue(self) -> None:
        self._client.register_queue(
            _QUEUE, worker_concurrency=self._concurrency, polling_interval_sec=self._poll_seconds
        )

    def _config(self) -> DBOSConfig:
        return {
            "name": _APPLICATION,
            "system_database_url": self._url,
            "system_database_engine": self._database,
            "application_version": _VERSION,
            "executor_id": self._executor,
            "serializer": PlainJSON(),
            "run_migrations": False,
            "log_level": "WARNING",
            "max_executor_threads": _THREADS,
            # Notifications are not used: this is how long a close waits for their thread.
            "notification_listener_polling_interval_sec": 0.25,
            "scheduler_polling_interval_sec": _NEVER,
        }


def _options(turn: Turn, seconds: float) -> EnqueueOptions:
    options: EnqueueOptions = {
        "workflow_name": turn.kind,
        "queue_name": _QUEUE,
        "workflow_id": turn.id,
        "app_version": _VERSION,
        "application_name": _APPLICATION,
    }
    if seconds > 0:
        options["delay_seconds"] = seconds
    return options


def _item(row: WorkflowStatus) -> WorkItem:
    key, _ = split_id(row.workflow_id)
    failures: int = row.input["args"][1] if row.input else 0
    dispatches = row.recovery_attempts or 0
    due_ms = row.delay_until_epoch_ms or row.created_at or 0
    return WorkItem(
        key=key,
        kind=row.name,
        state=OPEN[row.status],
        due=datetime.fromtimestamp(due_ms / 1000, UTC),
        attempts=failures + max(0, dispatches - 1),
    )


def _not_migrated() -> NotMigrated:
    return NotMigrated("The database is not ready for work. Run `slipway migrate` and start again.")


async def _apart(act: Callable[[], object]) -> None:
    """Run `act` in a thread that is not one of DBOS's."""
    with ThreadPoolExecutor(max_workers=1) as own:
        await asyncio.get_running_loop().run_in_executor(own, act)
