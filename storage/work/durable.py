"""`Work`: starting, doing, cancelling and watching what was promised."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from storage.database import Database
from storage.records import KeyUse
from storage.sealing import Owner, SealedValueError, Sealing
from storage.store import Store
from storage.work.engine import Engine
from storage.work.items import (
    Handler,
    Later,
    Next,
    Payload,
    Turn,
    WorkItem,
    check_key,
    retry_seconds,
    split_id,
)
from storage.work.presence import Presence, presence_for
from storage.work.schedules import RESERVED, Schedule
from storage.work.takeover import Takeover

#: How long the trace of a finished item is kept; until then its key starts nothing.
HISTORY = timedelta(days=7)

_UPKEEP_CRON = "23 * * * *"
_SQLITE_EXECUTOR = "slipway"  # one process per file: each takes up what the one before left

logger = logging.getLogger("slipway.work")


class Work:
    """The durable work of one database.

    A process does the work of one database only. `executor` names this process among the replicas
    on PostgreSQL (by default a new name at each start); `concurrency` is how many handlers run at
    once in it; `poll_seconds` is how often it looks for work that is due.
    """

    def __init__(
        self,
        database: Database,
        sealing: Sealing,
        *,
        executor: str | None = None,
        poll_seconds: float = 0.1,
        concurrency: int = 16,
    ) -> None:
        self._database = database
        self._sealing = sealing
        self._executor = executor or (_SQLITE_EXECUTOR if database.is_sqlite else uuid.uuid4().hex)
        self._poll_seconds = poll_seconds
        self._concurrency = concurrency
        self._handlers: dict[str, Handler] = {}
        self._schedules: dict[str, Schedule] = {}
        self._engine: Engine | None = None
        self._presence: Presence | None = None
        self._watching: asyncio.Task[None] | None = None
        self.every("upkeep", _UPKEEP_CRON, self.keep_up)

    @staticmethod
    async def migrate(database: Database) -> None:
        """Create or upgrade the tables of durable work, beside those of `Database.migrate`.

        Needs the right to change the schema, which `open` does not. Cheap when there is nothing to do.
        """
        await asyncio.to_thread(Engine.migrate, database.url)

    def handles(self, kind: str, handler: Handler) -> None:
        """Let `handler` do the work of this kind. Call before `open`; ValueError if the kind is taken."""
        if kind in self._handlers or kind.startswith(RESERVED) or not kind:
            raise ValueError(f"the kind of work {kind!r} is taken")
        self._register(kind, handler)

    def every(self, name: str, cron: str, handler: Callable[[], Awaitable[None]]) -> None:
        """Call `handler` at each moment that `cron` names, in UTC. Call before `open`.

        One replica calls it, and never twice at once. A failure is retried like any other work. After
        a pause (nothing was running, or a retry took long) it is called once, not once per moment
        missed. Raises ValueError for a name that is taken or an expression that is none.
        """
        schedule = Schedule(name, cron, handler)
        if name in self._schedules:
            raise ValueError(f"the schedule {name!r} exists already")
        self._schedules[name] = schedule
        self._register(schedule.kind, schedule.as_work())

    async def open(self, *, run: bool = True) -> None:
        """Make ready to start work and, unless `run` is false, do it: in this event loop.

        Raises `AlreadyRunning` when another process does the work of this SQLite file (or this
        process that of another database), `NotMigrated` when `migrate` has not been called.
        """
        if self._engine is not None:
            raise RuntimeError("this work is open already")
        self._engine = Engine(
            self._database.url,
            executor=self._executor,
            poll_seconds=self._poll_seconds,
            concurrency=self._concurrency,
        )
        try:
            await self._engine.check()
            if run:
                await self._run(self._engine)
        except BaseException:
            await self.close(grace_seconds=0)
            raise

    async def close(self, *, grace_seconds: float = 10) -> None:
        """Begin nothing more, and let running handlers end.

        Those that take longer are cancelled, and run again at the next start (on another replica at once).
        """
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        engine, self._engine = self._engine, None
        presence, self._presence = self._presence, None
        try:
            if engine is not None:
                await engine.land(grace_seconds)
        finally:
            if presence is not None:  # last: others take over what we left the moment we are gone
                await presence.release()

    async def start(self, store: Store, kind: str, key: str, payload: Payload, *, after: float = 0) -> None:
        """Promise, in the transaction of `store`, that the handler of `kind` gets `payload`.

        It is called once the transaction is committed, and `after` seconds have passed; a rollback
        takes the promise back. A key that was started before starts nothing, until a week after its
        work was done or cancelled (`HISTORY`). The payload is sealed at rest; kind and key are not.

        Raises ValueError for a key that is malformed or belongs to work of another kind, for a kind
        without handler (where work is done), and for a payload that is not JSON.
        """
        check_key(key)
        if key.startswith(RESERVED):
            raise ValueError(f"keys beginning with {RESERVED!r} belong to schedules: {key!r}")
        if self._presence is not None and kind not in self._handlers:
            raise ValueError(f"nothing handles work of the kind {kind!r}")
        await self._promise(store, kind, key, payload, after)

    async def cancel(self, key: str) -> None:
        """Let no further call for `key` begin; a call that is running ends, and has no successor.

        Cancelling what is done, cancelled or unknown does nothing.
        """
        await self._opened().cancel(key)

    async def waiting(self, limit: int = 100) -> list[WorkItem]:
        """The promises that are open, those that were begun first at the top."""
        return await self._opened().waiting(limit)

    async def counts(self) -> Mapping[str, int]:
        """How many turns are in each state: those of `WorkItem`, besides ``done`` and ``cancelled``.

        Every state is there, with 0 if need be. Turns that ended count while their history is kept.
        """
        return await asyncio.to_thread(self._opened().ledger.count)

    async def uses(self) -> list[KeyUse]:
        """How many payloads need another key than the first, by key."""
        found: Counter[str] = Counter()
        async for _, sealed in self._outdated():
            found[self._sealing.key_id_of(sealed)] += 1
        return [KeyUse("work.payload", key_id, count) for key_id, count in sorted(found.items())]

    async def reseal(self) -> tuple[int, int]:
        """Seal every payload anew that needs another key than the first: how many, and how many do not open.

        A turn that runs meanwhile has read its payload already, and what follows it is sealed by the rule
        of all new values.
        """
        done = unreadable = 0
        ledger = self._opened().ledger
        async for turn_id, sealed in self._outdated():
            owner = _owner(split_id(turn_id)[0])
            try:
                fresh = self._sealing.seal(owner, self._sealing.open(owner, sealed))
            except SealedValueError:
                unreadable += 1
                continue
            done += await asyncio.to_thread(ledger.replace_sealed, turn_id, sealed, fresh)
        return done, unreadable

    async def keep_up(self) -> None:
        """Forget what ended before `HISTORY`, take up again what the engine gave up. Done every hour."""
        engine = self._opened()
        await engine.take_up_given_up()
        await engine.forget(datetime.now(UTC) - HISTORY)

    async def _outdated(self) -> AsyncIterator[tuple[str, str]]:
        """(turn id, sealed payload) of every turn whose payload needs another key than the first."""
        ledger, after = self._opened().ledger, ""
        while page := await asyncio.to_thread(ledger.sealed, self._sealing.prefix, after):
            for turn_id, sealed in page:
                yield turn_id, sealed
            after = page[-1][0]

    def _register(self, kind: str, handler: Handler) -> None:
        if self._engine is not None:
            raise RuntimeError("handlers and schedules are named before the work is opened")
        self._handlers[kind] = handler

    def _opened(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("the work is not open")
        return self._engine

    async def _run(self, engine: Engine) -> None:
        presence = presence_for(self._database, self._executor)
        await presence.take()
        self._presence = presence
        await engine.launch(self._handlers, self._perform)
        await self._keep_schedules(engine)
        await engine.take_up_given_up()
        takeover = Takeover(presence, engine, self._executor)
        self._watching = asyncio.create_task(takeover.watch(), name="slipway work takeover")

    async def _promise(self, store: Store, kind: str, key: str, payload: Payload, after: float) -> None:
        turn = Turn(kind, key, number=0, sealed=self._seal(key, payload), failures=0)
        engine = self._opened()
        await store.connection.run_sync(lambda connection: engine.enqueue(connection, turn, after))

    async def _perform(self, turn: Turn) -> Next | None:
        try:
            payload: Payload = json.loads(self._sealing.open(_owner(turn.key), turn.sealed))
            async with self._database.precedence.one_by_one():
                later = _answer(await self._handlers[turn.kind](payload))
        except Exception:  # whatever it is: the work was promised
            return _retry(turn)
        if later is None:
            return None
        # Sealed anew, so that long-lived work moves to the first key after a rotation.
        return Next(turn.after_success(self._seal(turn.key, payload)), later.seconds)

    def _seal(self, key: str, payload: Payload) -> str:
        return self._sealing.seal(_owner(key), json.dumps(payload, allow_nan=False))

    async def _keep_schedules(self, engine: Engine) -> None:
        """Have one item for each schedule, and none for those that are gone or were changed."""
        keys = {schedule.key for schedule in self._schedules.values()}
        for key in await asyncio.to_thread(engine.ledger.active_keys, RESERVED):
            if key not in keys:
                await engine.erase(key)
        async with self._database.transaction() as store:
            now = datetime.now(UTC)
            for schedule in self._schedules.values():
                await self._promise(store, schedule.kind, schedule.key, {}, schedule.seconds_left(now))


def _owner(key: str) -> Owner:
    return Owner("-", "work", "payload", key)


def _answer(answer: object) -> Later | None:
    if answer is None or isinstance(answer, Later):
        return answer
    raise TypeError(f"a handler answers with Later or None, not with {type(answer).__name__}")


def _retry(turn: Turn) -> Next:
    following = turn.after_failure()
    seconds = retry_seconds(turn.failures)
    logger.exception(
        "%s %s failed (%d in a row), again in %.0f s", turn.kind, turn.key, following.failures, seconds
    )
    return Next(following, seconds)
