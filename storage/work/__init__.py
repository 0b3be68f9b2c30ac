"""Durable work: what was promised in a transaction gets done, whatever dies in between.

::

    work = Work(database, sealing)
    work.handles("launch", perform_launch)
    work.every("nightly report", "0 3 * * *", write_report)
    await work.open()

    async with database.transaction() as store:
        launch = await store.launches.add(...)
        await work.start(store, "launch", f"launch:{launch.id}", {"team": team, "launch": launch.id})

An engine (DBOS) does it; only this package knows which: see docs/decisions/0001-durable-work.md.
"""

from storage.work import deferring  # noqa: F401  # first: it imports DBOS, without PostgreSQL's driver
from storage.work.durable import Work
from storage.work.items import JSON, AlreadyRunning, Handler, Later, NotMigrated, Payload, State, WorkItem

__all__ = [
    "JSON",
    "AlreadyRunning",
    "Handler",
    "Later",
    "NotMigrated",
    "Payload",
    "State",
    "Work",
    "WorkItem",
]
