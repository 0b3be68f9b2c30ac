"""Alembic's entry: runs the migrations on the connection that `storage.migrating` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.sql.schema import SchemaItem

from storage.columns import PlainText, UtcDateTime
from storage.models import Row


def ours(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None
) -> bool:
    """Leave alone tables that are not in our models: those of the engine of durable work."""
    return not (kind == "table" and reflected and compare_to is None)


def plain_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write new migrations with the database's own types: they must not change when our classes do."""
    if kind == "type" and isinstance(item, PlainText):
        return "sa.Text()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    include_object=ours,
    render_item=plain_types,
    render_as_batch=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
