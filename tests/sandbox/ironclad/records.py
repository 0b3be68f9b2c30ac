"""Records: what is stored of contracts (facts page, §7.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from tests.sandbox.ironclad.errors import Json
from tests.sandbox.ironclad.identifiers import readable_id, timestamp


@dataclass(frozen=True)
class Record:
    """A stored contract.

    Attributes:
        properties: `{key: {"type": <snake_case type>, "value": …}}` as on the wire.
    """

    number: int
    name: str
    type: str
    updated: datetime
    properties: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def ironclad_id(self) -> str:
        """`IC-n`."""
        return readable_id(self.number)

    def value(self, key: str) -> Any:
        """What a filter formula sees under a key: `name`, or a property's value."""
        return self.name if key == "name" else self.properties.get(key, {}).get("value")

    def kind(self, key: str) -> str:
        """The type of a property; `string` for what is not set."""
        return str(self.properties.get(key, {}).get("type", "string"))

    def wire(self) -> Json:
        """OpenAPI `RecordModel`."""
        return {
            "id": self.id,
            "ironcladId": self.ironclad_id,
            "type": self.type,
            "name": self.name,
            "lastUpdated": timestamp(self.updated),
            "properties": dict(self.properties),
            "attachments": {},
            "links": [],
            "childIds": [],
        }


def sorted_records(records: Iterable[Record], field_name: str, *, descending: bool) -> list[Record]:
    """In the order of `sortField`: agreementDate, name or lastUpdated; what has no value comes last."""

    def key(record: Record) -> str:
        return (
            timestamp(record.updated) if field_name == "lastUpdated" else str(record.value(field_name) or "")
        )

    ordered = sorted(records, key=key, reverse=descending)
    return [one for one in ordered if key(one)] + [one for one in ordered if not key(one)]
