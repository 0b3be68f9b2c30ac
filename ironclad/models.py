"""What Ironclad tells us, as frozen values.

Reading is forgiving on purpose: unknown keys are ignored, missing or odd ones become empty values, unknown
field types keep Ironclad's name. What a template or a workflow looked like on the wire stays in `raw`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeAlias

import pydantic
from pydantic import AliasChoices, AliasPath, BaseModel, BeforeValidator, ConfigDict, JsonValue

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"
"""Whatever JSON can hold."""

_SHAPES = frozenset({"address", "monetaryAmount", "duration"})  # of objects in old designs (facts §4.3)
_DEEPEST = 8  # Ironclad nests fields three deep; a schema that goes on for ever must not exhaust the stack


class Region(StrEnum):
    """Where a company's Ironclad lives. A client registered in one region does not exist in another."""

    NORTH_AMERICA = "na"
    EUROPE = "eu"
    DEMO = "demo"

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash (`servers` of the OpenAPI files)."""
        host = {"na": "na1", "eu": "eu1", "demo": "demo"}[self.value]
        return f"https://{host}.ironcladapp.com"

    @property
    def label(self) -> str:
        """The region's name for people."""
        return {"na": "North America", "eu": "Europe", "demo": "Demo"}[self.value]


class Status(StrEnum):
    """How a workflow stands."""

    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


EVERY_STATUS = frozenset(Status)


class Required(StrEnum):
    """Whether a launch needs a field. The condition behind `CONDITIONAL` is never told (facts §4.2)."""

    ALWAYS = "always"
    NEVER = "never"
    CONDITIONAL = "conditional"


class LaunchState(StrEnum):
    """How far an asynchronous launch is."""

    IN_PROGRESS = "in_progress"
    SUCCESS = "success"
    FAILED = "failed"


# Reading one value forgivingly ----------------------------------------------------------------------


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> list[str]:
    items = value if isinstance(value, (list, tuple, set, frozenset)) else ()
    return [item for item in items if isinstance(item, str)]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _link(value: object) -> str | None:
    return value if isinstance(value, str) and value.startswith(("https://", "http://")) else None


def _moment(value: object) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


_Text = Annotated[str, BeforeValidator(_text)]
_TextOrNone = Annotated[str | None, BeforeValidator(_text_or_none)]
_Names = Annotated[frozenset[str], BeforeValidator(_texts)]
_Object = Annotated[Mapping[str, JsonValue], BeforeValidator(_mapping)]
_Whole = Annotated[int, BeforeValidator(_whole)]
_Link = Annotated[str | None, BeforeValidator(_link)]
_Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


# Templates ------------------------------------------------------------------------------------------


class Options(_Value):
    """The choices of a field. With `free_text` another answer may be typed."""

    values: tuple[str, ...] = ()
    free_text: bool = False


class Field(_Value):
    """One question of a launch form.

    `type` is Ironclad's name for it, verbatim: the list of types is open (facts §4.3). `element` describes
    the items of an `array` and bears the array's key; `fields` are the parts of an object, or the columns of
    a table. A `default` is only applied by Ironclad when a launch asks for it (`use_default_values`).
    """

    key: str
    type: str
    label: str = ""
    required: Required = Required.CONDITIONAL
    options: Options | None = None
    default: JsonValue = None
    element: Field | None = None
    fields: tuple[Field, ...] = ()


class Template(_Value):
    """A published workflow design. Its id changes when it is published again.

    `raw` is the launch form as Ironclad wrote it, key → field, which `fields_of` reads again.
    """

    id: str
    name: _Text = ""
    permissions: _Names = frozenset()
    fields: tuple[Field, ...] = ()
    raw: _Object = {}

    @property
    def may_launch(self) -> bool:
        """Whether the acting user may launch it."""
        return "launch" in self.permissions


def fields_of(schema: Mapping[str, JSON]) -> tuple[Field, ...]:
    """The fields of a launch form, in Ironclad's order. Entries that are no fields are left out."""
    return _fields(schema, depth=0)


def _fields(schema: object, depth: int) -> tuple[Field, ...]:
    if depth >= _DEEPEST:
        return ()
    return tuple(
        _field(key, entry, depth)
        for key, entry in _mapping(schema).items()
        if isinstance(entry, Mapping) and key
    )


def _field(key: str, entry: Mapping[str, Any], depth: int) -> Field:
    items = entry.get("elementType")
    element = _field(key, items, depth + 1) if isinstance(items, Mapping) and depth < _DEEPEST else None
    return Field(
        key=key,
        type=_type(entry),
        label=_text(entry.get("displayName")),
        required=_required(entry.get("required")),
        options=_options(entry.get("options")),
        default=entry.get("default"),
        element=element,
        fields=_fields(entry.get("schema"), depth + 1) or (element.fields if element else ()),
    )


def _type(entry: Mapping[str, Any]) -> str:
    shape = _text(entry.get("objectType"))
    return shape if entry.get("type") == "object" and shape in _SHAPES else _text(entry.get("type"))


def _required(value: object) -> Required:
    # Unknown means: be ready for it to be asked.
    return next((known for known in Required if known == value), Required.CONDITIONAL)


def _options(entry: object) -> Options | None:
    if not isinstance(entry, Mapping):
        return None
    values = entry.get("values")
    # A choice goes back as a string even where it looks like a number (facts §4.3).
    choices = tuple(str(one) for one in values if _is_choice(one)) if isinstance(values, list) else ()
    return Options(values=choices, free_text=bool(entry.get("freeTextAllowed", not choices)))


def _is_choice(value: object) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


# Workflows ------------------------------------------------------------------------------------------


class Workflow(_Value):
    """A contract on its way. `raw` is everything that Ironclad said about it.

    `status` is one of `Status`, or Ironclad's own word for a status unknown here. `ironclad_id` is the
    number people see ("IC-12"). `url` is set only where Ironclad gave one: see `workflow_url`.
    """

    id: str
    title: _Text = ""
    template: _Text = ""
    step: _Text = ""
    status: _Text = ""
    attributes: _Object = {}
    creator_email: _TextOrNone = pydantic.Field(None, validation_alias=AliasPath("creator", "email"))
    created: _Moment = None
    last_updated: _Moment = pydantic.Field(None, validation_alias="lastUpdated")
    ironclad_id: _TextOrNone = pydantic.Field(
        None, validation_alias=AliasChoices("ironcladId", AliasPath("attributes", "readableId"))
    )
    url: _Link = pydantic.Field(None, validation_alias=AliasPath("workflowUrls", "browserUrl"))
    raw: _Object = {}


class LaunchProblem(_Value):
    """Why an asynchronous launch failed; the same facts as `Rejected` carries (facts §5.4)."""

    code: str | None = None
    message: str = ""
    params: tuple[str, ...] = ()
    key_path: str | None = None
    redirect_url: str | None = None
    files: tuple[str, ...] = ()


class LaunchStatus(_Value):
    """How an asynchronous launch stands: `workflow_id` once it succeeded, `error` once it failed."""

    state: LaunchState
    workflow_id: str | None = None
    browser_url: str | None = None
    error: LaunchProblem | None = None


class Document(_Value):
    """A file of a workflow; `key` is what `download` takes. `in_packet`: it is among those to be signed."""

    key: str
    filename: _Text = ""
    version: _Text = ""
    version_number: _Whole = pydantic.Field(0, validation_alias="versionNumber")
    modified: _Moment = pydantic.Field(None, validation_alias=AliasPath("lastModified", "timestamp"))
    in_packet: bool = True


class Record(_Value):
    """A stored contract; `ironclad_id` is the number people see ("IC-31")."""

    id: str
    ironclad_id: _Text = pydantic.Field("", validation_alias="ironcladId")
    name: _Text = ""
    type: _Text = ""


# People ---------------------------------------------------------------------------------------------


class Identity(_Value):
    """Whom Ironclad takes the caller for, and what the token may do."""

    id: str = pydantic.Field(validation_alias=AliasChoices("id", "sub"))
    email: _Text = ""
    name: _Text = pydantic.Field("", validation_alias="displayName")
    company_id: _Text = pydantic.Field("", validation_alias="companyId")
    company_name: _Text = pydantic.Field("", validation_alias="companyName")
    scopes: _Names = frozenset()


class Company(_Value):
    """The company that a token belongs to; `name` as its people see it."""

    id: str
    name: str = ""


class Webhook(_Value):
    """An address that Ironclad tells what happens; `status` is enabled, disabled or disabledBySystem."""

    id: str
    target: _Text = pydantic.Field("", validation_alias="targetURL")
    status: _Text = ""


class RateRoom(_Value):
    """How many calls a minute a company has in one bucket, and how many of them are left."""

    limit: int
    remaining: int


class User(_Value):
    """A person with an Ironclad account."""

    id: str
    email: str = ""
    name: str = ""
    title: _Text = ""
    active: bool = True


class Group(_Value):
    """A group of users; `members` are their ids."""

    id: str
    name: str = ""
    members: tuple[str, ...] = ()
