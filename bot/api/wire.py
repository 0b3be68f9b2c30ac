"""What the intake API takes and gives. These names are a contract: they are added to, never changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, UrlConstraints

MAX_BODY = 256_000  # bytes: twenty times what a long request takes
MAX_FILES = 20
MAX_CUSTOM = 100

Line = Annotated[str, Field(min_length=1, max_length=300)]
Email = Annotated[str, Field(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]
Amount = Annotated[Decimal, Field(ge=0, lt=10**15, decimal_places=4, max_digits=19, allow_inf_nan=False)]
Link = Annotated[
    HttpUrl,
    UrlConstraints(max_length=2000, allowed_schemes=["https"]),
    Field(json_schema_extra={"pattern": "^https://"}),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FileLink(_In):
    """A file that stays where it is; people and Ironclad fetch it there."""

    name: Line
    url: Link


Custom = Annotated[
    dict[
        Annotated[str, Field(pattern=r"^x_[a-z0-9_]{1,40}$", max_length=42)],
        Annotated[str, Field(max_length=1000)] | Annotated[float, Field(allow_inf_nan=False)],
    ],
    Field(max_length=MAX_CUSTOM),
]


class NewRequest(_In):
    """What somebody wants. The workspace may require more of these, and offer choices for some."""

    what: Line = Field(description="What is wanted, in a line: it is the request's title.")
    requester: Email = Field(description="Whose request it is: the e-mail address they have in Slack.")
    counterparty: Line | None = Field(None, description="The company on the other side.")
    contact_name: Line | None = None
    contact_email: Email | None = None
    amount: Amount | None = Field(None, description="With `currency`. A text keeps every digit.")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(None, description="ISO 4217.")
    start: date | None = None
    end: date | None = None
    term_months: Annotated[int, Field(ge=1, le=1200)] | None = None
    category: Line | None = Field(None, description="One of the workspace's own categories.")
    department: Line | None = None
    owner: Email | None = Field(None, description="The business owner, by their e-mail address in Slack.")
    needed_by: date | None = None
    description: Annotated[str, Field(max_length=3000)] | None = None
    custom: Custom = Field(default_factory=dict, description="The workspace's own fields, by their keys.")
    files: Annotated[list[FileLink], Field(max_length=MAX_FILES)] = Field(default_factory=list)
    link: Link | None = Field(None, description="Where the request can be seen in the system it comes from.")


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class TaskOut(_Out):
    """One step of a request."""

    kind: Literal["approval", "contract"]
    name: str
    state: str
    waiting_for: list[str] = Field(description="Slack user ids of those whose turn it is.")


class ContractOut(_Out):
    """The workflow in Ironclad."""

    state: str = Field(description="`launching`, `launched`, `refused` or `asking`.")
    ironclad_id: str | None = Field(description="Ironclad's own number, for example IC-12.")
    step: str | None
    status: str | None = Field(
        description="How the workflow stands, in Ironclad's words: `active`, `paused`, `completed` or "
        "`cancelled`, for example; none before Slipway has looked."
    )
    url: str | None


class Links(_Out):
    """Where people look."""

    self: str
    slack: str | None = Field(description="The request's card, once it is posted.")
    ironclad: str | None


class RequestOut(_Out):
    """How a request stands."""

    id: str
    number: str = Field(description="As people read it, for example REQ-12.")
    title: str
    state: str = Field(
        description="`routing`, `approving`, `changes`, `contract`, `launched`, `rejected` or `cancelled`. "
        "Others may be added."
    )
    version: int = Field(description="Grows with every change: the higher one is the newer.")
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    tasks: list[TaskOut]
    contract: ContractOut | None
    links: Links


class Wrong(_Out):
    """What is wrong with one field."""

    field: str = Field(description="The field, for example `files.0.url`; empty for the body as a whole.")
    message: str


class Problem(_Out):
    """Why nothing was done (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Wrong] = Field(default_factory=list)
