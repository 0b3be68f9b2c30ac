"""Published workflow designs: the questions of their launch form, their roles, and hidden conditions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.sandbox.ironclad.errors import Json
from tests.sandbox.ironclad.identifiers import object_id

Attributes = Mapping[str, Any]
Required = Literal["always", "never", "conditional"]
PAPER = "paperSource"
OUR_PAPER = "Our paper"
COUNTERPARTY_PAPER = "Counterparty paper"
_FREE_TEXT = frozenset({"string"})


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a launch form; for a table's column `key` is the column's id (facts page, §4.2).

    The parts of an object are its `columns`, too.

    Attributes:
        values: the choices; None where there are none to choose from.
        element: type of an array's elements; `object` for a table, whose `columns` are then set.
        property_key: what the retrieved schema calls it where that differs from the key, as for signers.
    """

    key: str
    label: str
    type: str
    required: Required = "never"
    values: tuple[str, ...] | None = None
    free_text: bool = False
    element: str | None = None
    columns: tuple["Field", ...] = ()
    default: Any = None
    property_key: str | None = None

    def wire(self) -> Json:
        """As in `/workflow-schemas`: keys that do not apply are absent (recorded live)."""
        wire: Json = {"type": self.type, "displayName": self.label, "required": self.required}
        if self.values is not None:
            wire["options"] = {"values": list(self.values), "freeTextAllowed": self.free_text}
        elif self.type in _FREE_TEXT:
            wire["options"] = {"freeTextAllowed": True}
        if self.default is not None:
            wire["default"] = self.default
        if self.element is not None:
            wire["elementType"] = self._element()
        if self.type in ("linkedRecord", "parentRecord", "childRecord"):
            wire["schema"] = {"properties": {"type": "object", "displayName": "properties", "schema": {}}}
        if self.type == "object":
            wire["schema"] = {part.key: part.wire() for part in self.columns}
        return wire

    def _element(self) -> Json:
        if self.element != "object":
            return {"type": self.element}
        rows = {column.key: column.wire() for column in self.columns}
        return {"type": "object", "required": "never", "default": [{}], "schema": rows}

    def retrieved(self) -> Json:
        """As in a workflow's `schema`; `readOnly` is true on every field of every recording."""
        wire: Json = {"type": self.type, "displayName": self.label, "readOnly": True}
        wire["propertyKey"] = self.property_key or self.key
        if self.element is not None:
            wire["elementType"] = {"type": self.element, "displayName": self.label}
        return wire


@dataclass(frozen=True)
class Role:
    """An approver or signer of a design. Without a default assignee the launch has to name one."""

    id: str
    name: str
    default: str | None = None

    @property
    def approves(self) -> bool:
        """Whether it is an approver role."""
        return self.id.startswith("approver")


@dataclass(frozen=True)
class Condition:
    """A question that must be answered in some cases. The API never shows the case (facts page, §4.2)."""

    key: str
    needed: Callable[[Attributes], bool]


@dataclass(frozen=True, kw_only=True)
class Template:
    """A published design.

    Attributes:
        launchers: e-mail addresses of those who may launch it; None for everybody.
        viewers: e-mail addresses of those who may see it; None for everybody.
        generates: whether Ironclad makes the draft when the paper is ours.
    """

    name: str
    fields: tuple[Field, ...]
    roles: tuple[Role, ...] = ()
    conditions: tuple[Condition, ...] = ()
    launchers: frozenset[str] | None = None
    viewers: frozenset[str] | None = None
    generates: bool = True
    id: str = field(default_factory=object_id)

    def republished(self) -> "Template":
        """The same design under the new id that unpublishing and publishing gives it."""
        return replace(self, id=object_id())

    def permissions(self, email: str) -> list[str]:
        """What a user may do with it: a subset of launch and view."""
        rights = (("launch", self.launchers), ("view", self.viewers))
        return [right for right, who in rights if who is None or email in who]

    def wire(self, permissions: Sequence[str]) -> Json:
        """One entry of `/workflow-schemas`."""
        schema = {one.key: one.wire() for one in self.fields}
        return {"id": self.id, "name": self.name, "schema": schema, "permissions": list(permissions)}

    def retrieved_schema(self) -> Json:
        """The `schema` of its workflows."""
        return {one.key: one.retrieved() for one in self.fields}

    def field(self, key: str) -> Field | None:
        """The question with this key."""
        return next((one for one in self.fields if one.key == key), None)


def text(key: str, label: str, required: Required = "never", **more: Any) -> Field:
    """A short text or a paragraph; Ironclad does not tell them apart."""
    return Field(key=key, label=label, type="string", required=required, **more)


def choice(key: str, label: str, values: Iterable[str], required: Required = "never", **more: Any) -> Field:
    """A dropdown or radio buttons."""
    return Field(key=key, label=label, type="string", required=required, values=tuple(values), **more)


def choices(key: str, label: str, values: Iterable[str], required: Required = "never") -> Field:
    """Several of a list."""
    return Field(
        key=key, label=label, type="array", required=required, values=tuple(values), element="string"
    )


def files(key: str, label: str, required: Required = "never") -> Field:
    """A file attachment."""
    return Field(key=key, label=label, type="array", required=required, element="document")


def table(key: str, label: str, columns: Iterable[Field], required: Required = "never") -> Field:
    """A table. Its default reads `[{}]` although nobody set one (recorded live)."""
    columns = tuple(columns)
    return Field(
        key=key, label=label, type="array", required=required, element="object", columns=columns, default=[{}]
    )


def thing(key: str, label: str, parts: Iterable[Field], required: Required = "never") -> Field:
    """An object, as old designs have them."""
    return Field(key=key, label=label, type="object", required=required, columns=tuple(parts))


def of_type(kind: str, key: str, label: str, required: Required = "never", **more: Any) -> Field:
    """A question of any other type, by its name on the wire: boolean, number, email, date …"""
    return Field(key=key, label=label, type=kind, required=required, **more)


def paper_questions() -> tuple[Field, Field]:
    """What a design for both papers asks: the source always, the counterparty's draft conditionally."""
    source = choice(PAPER, "Whose paper?", (OUR_PAPER, COUNTERPARTY_PAPER), "always")
    return source, files("draft", "Upload the counterparty's paper", "conditional")


def draft_on_their_paper() -> Condition:
    """The draft is needed when the paper is the counterparty's."""
    return Condition("draft", lambda given: given.get(PAPER) == COUNTERPARTY_PAPER)


def above(key: str, number: float, needs: str) -> Condition:
    """A question that is needed once a number or an amount of money exceeds a threshold."""
    return Condition(needs, lambda given: _amount(given.get(key)) > number)


def _amount(value: Any) -> float:
    plain = value.get("amount") if isinstance(value, dict) else value
    return float(plain) if isinstance(plain, int | float) else 0.0
