"""What the audit log says about connections."""

from __future__ import annotations

from bot.usecases.acting import origin_of
from storage import Connection, Store
from storage.records import AuditOrigin


def facts_of(connection: Connection | None) -> dict[str, object] | None:
    """What the audit log says of a connection."""
    if connection is None:
        return None
    names = ("region", "grant", "client_id", "acting_user")
    return {name: getattr(connection, name) for name in names}


async def noted(
    store: Store,
    actor: str,
    action: str,
    connection: Connection,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    origin: AuditOrigin | None = None,
) -> None:
    """Write what happened to a connection into the audit log."""
    subject = connection.company_name or f"Ironclad {connection.region}"
    await store.audit.add(
        connection.team, actor, action, subject, before=before, after=after, origin=origin or origin_of(actor)
    )
