"""Identifiers in Ironclad's shapes (facts page, §1), and its way to write a time."""

import secrets
from datetime import UTC, datetime


def object_id() -> str:
    """Workflow, template, user, company and webhook ids: 24 hex digits."""
    return secrets.token_hex(12)


def nano_id() -> str:
    """Document keys, document versions and async job ids: 21 URL-safe characters."""
    return secrets.token_urlsafe(16)[:21]


def readable_id(number: int) -> str:
    """The number people see; workflows and records of a company share one counter."""
    return f"IC-{number}"


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and a `Z`, as live answers have it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
