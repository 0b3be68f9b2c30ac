"""What travels in a button or a modal and comes back: typed, versioned and size-checked.

Messages outlive deployments: a field is never renamed, and one that is added has a default.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class StaleStateError(ValueError):
    """A button or modal carries something this version does not understand."""


class Carried(BaseModel):
    """What travels through Slack and back: small, typed, with a version."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    limit: ClassVar[int]

    def pack(self) -> str:
        """The text to send. Raises ValueError beyond Slack's limit."""
        text = self.model_dump_json(by_alias=True)
        if len(text) > self.limit:
            raise ValueError(f"{type(self).__name__} takes {len(text)} characters of {self.limit}")
        return text

    @classmethod
    def unpack(cls, text: str) -> Self:
        """Read `text` back, or raise `StaleStateError`."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            raise StaleStateError(f"not a {cls.__name__}") from None


class AuditState(Carried):
    """Which part of the audit log a modal shows (``private_metadata``)."""

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    topic: str = Field("", max_length=64)
    person: str = Field("", max_length=64)
    days: str = Field("", max_length=4, pattern=r"^\d*$")
    #: The number before which each page begins, the first page left out.
    trail: tuple[int, ...] = Field((), max_length=200)


Where = Literal["page", "marked", "index", "review"]
"""The screens of a launch form: a page, just the questions to look at again, the overview, the review."""


class Turn(Carried):
    """Where in a launch form a button leads (``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    at: Where
    page: int = Field(0, ge=0)


class FormState(Carried):
    """Which draft a launch form belongs to, and what of it is on the screen (``private_metadata``).

    The epoch is in the ids of the inputs. It changes when the form turns to another screen, so that Slack
    fills the inputs with what the draft holds, whatever it remembers of inputs with the same names.
    """

    limit: ClassVar[int] = 3000
    v: Literal[1, 2] = 2  # 1 had the draft alone
    draft: str = Field(alias="d", min_length=1, max_length=64)
    at: Where = Field("page", alias="a")
    page: int = Field(0, alias="p", ge=0)
    epoch: int = Field(0, alias="e", ge=0)
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @classmethod
    def at_place(cls, draft: str, place: object) -> FormState:
        """The state of a form that is opened where its draft says; at the beginning if it says nothing."""
        try:
            turn = Turn.model_validate(place)
        except ValidationError:
            return cls(draft=draft)
        return cls(draft=draft, at=turn.at, page=turn.page)

    def turned(self, turn: Turn) -> FormState:
        """The state of the screen that `turn` leads to."""
        return self.model_copy(update={"at": turn.at, "page": turn.page, "epoch": self.epoch + 1, "v": 2})

    @property
    def place(self) -> dict[str, str | int]:
        """Where to come back to, as a draft keeps it."""
        return {"at": self.at, "page": self.page}


class DraftButton(Carried):
    """Which draft a button is about (``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    draft: str = Field(min_length=1, max_length=64)


class ListState(Carried):
    """Which screen of a list is shown, or leads a button to (``private_metadata``, ``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    page: int = Field(0, ge=0)


class RowState(Carried):
    """A row of a table: `field` stands for the key of the table. It travels within a `PartState`."""

    limit: ClassVar[int] = 200
    field: str = Field(min_length=1, max_length=64)
    row: str = Field(min_length=1, max_length=64)


class PartState(Carried):
    """A part of a form that is edited on a screen of its own (``private_metadata``).

    `form` is the form below, `field` stands for the key of the field, `row` for a row of a table. `within`
    are the rows that it is a part of, outermost first.
    """

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    form: FormState
    field: str = Field(min_length=1, max_length=64)
    row: str = Field("", max_length=64)
    within: tuple[RowState, ...] = Field((), max_length=4)


class LaunchButton(Carried):
    """Which launch a button is about, and which workflow it names (``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    launch: str = Field(min_length=1, max_length=64)
    workflow: str = Field("", max_length=64)


class RequestButton(Carried):
    """Which request a button is about (``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    request: str = Field(min_length=1, max_length=64)


class TaskButton(Carried):
    """Which task a button is about, and the revision of its request that was shown (``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    task: str = Field(min_length=1, max_length=64)
    revision: int = Field(ge=0)


class TaskState(TaskButton):
    """The same in a modal (``private_metadata``)."""

    limit: ClassVar[int] = 3000


class EditState(Carried):
    """Which request a form changes, and the revision it was opened with (``private_metadata``)."""

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    request: str = Field(min_length=1, max_length=64)
    revision: int = Field(0, ge=0)


class FileRef(BaseModel):
    """A file that comes along with a message."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(max_length=80)
    url: str = Field("", max_length=300)
    id: str = Field("", max_length=30)
    size: int = 0


class NewRequestState(Carried):
    """What a new request's form was opened from (``private_metadata``)."""

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    source: Literal["command", "message", "shortcut", "home"] = "command"
    origin: str = Field(min_length=1, max_length=64)
    channel: str = Field("", max_length=30)
    ts: str = Field("", max_length=30)
    files: tuple[FileRef, ...] = Field((), max_length=5)


class StageState(Carried):
    """Which stage of a policy a form is about (``private_metadata``)."""

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    stage: str = Field(min_length=1, max_length=40)


class ListButton(Carried):
    """Which list of requests, and which part of it (``value`` and ``private_metadata``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    which: Literal["mine", "waiting", "all"]
    words: str = Field("", max_length=100)
    state: str = Field("", max_length=20)
    before: int = Field(0, ge=0)


class PickState(Carried):
    """Which request the chosen template will launch (``private_metadata``); none for a launch of its own.

    `channel` is where it was asked for.
    """

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    request: str = Field("", max_length=64)
    channel: str = Field("", max_length=64)


class OfferState(Carried):
    """To whom which template is offered, as a window edits it (``private_metadata``, ``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    template: str = Field(min_length=1, max_length=200)


class MappingState(Carried):
    """Which mapping a modal edits, as of which version, and where in it (``private_metadata``)."""

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    template: str = Field(max_length=200)
    version: int = Field(0, ge=0)
    page: int = Field(0, ge=0)
    field: str = Field("", max_length=1000)
    source: str = Field("", max_length=100)
    way: str = Field("", max_length=50)


class MappingButton(Carried):
    """What a button of the mapping editor is about: a field's key, a page or a version (``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    field: str = Field("", max_length=1000)
    number: int = Field(0, ge=0)


class PersonButton(Carried):
    """Whom a button is about, or which address in Ironclad (``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    user: str = Field("", max_length=64)
    email: str = Field("", max_length=400)


class KeyButton(Carried):
    """Which API key a button is about (``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    key: str = Field(min_length=1, max_length=64)


class ConnectState(Carried):
    """Which connection a modal is about or corrects (``private_metadata``); empty for a new one."""

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    connection: str = Field("", max_length=64)


class RulesState(Carried):
    """Which template's rules a list shows, and from which page (``private_metadata``)."""

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    template: str = Field("", max_length=64)
    page: int = 0


class RuleState(Carried):
    """Which rule a form is about: `instead_of` names the one it replaces, `shape` its inputs."""

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    template: str = Field(max_length=64)
    version: int
    instead_of: str = Field("", max_length=64)
    shape: tuple[tuple[int, ...], ...] = ()


class TrialState(Carried):
    """Which rules are tried: those of a template, together with one that is not saved."""

    limit: ClassVar[int] = 3000
    v: Literal[1] = 1
    template: str = Field(max_length=64)
    rule: dict[str, Any] | None = None
    instead_of: str = Field("", max_length=64)


class ConnectionButton(Carried):
    """Which connection a button is about (``value``)."""

    limit: ClassVar[int] = 2000
    v: Literal[1] = 1
    connection: str = Field(min_length=1, max_length=64)
