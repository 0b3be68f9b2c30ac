"""Requests, their tasks and what was decided, as they leave storage: see `storage.records`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

#: ``routing``: its approvers are being looked up · ``approving``: an approval is open · ``changes``: the
#: requester was asked to change something · ``contract``: approved, to be launched · ``launched`` ·
#: ``rejected`` · ``cancelled``.
RequestState = Literal["routing", "approving", "changes", "contract", "launched", "rejected", "cancelled"]
TaskState = Literal["waiting", "open", "approved", "rejected", "done", "superseded", "cancelled"]
TaskKind = Literal["approval", "contract"]
AskState = Literal["open", "decided", "delegated", "moot"]
Verdict = Literal["approved", "rejected"]


@dataclass(frozen=True, slots=True)
class Request:
    """What someone wants to buy or sign."""

    id: str
    team: str
    number: int
    requester: str
    title: str
    state: RequestState
    #: Where it came from: ``launch``, ``command``, ``message``, ``shortcut``, ``home`` or ``api``.
    source: str
    category: str | None
    #: What was asked for: ``values`` by field, ``files``, ``link``.
    details: dict[str, Any]
    #: 1 at first, one more for each change of what is asked for.
    revision: int
    #: One more for each change of anything: what is shown of an older version is out of date.
    version: int
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None

    @property
    def label(self) -> str:
        """The number as people read it."""
        return f"REQ-{self.number}"

    @property
    def values(self) -> Mapping[str, Any]:
        """What was asked for, by field key."""
        found: Mapping[str, Any] = self.details.get("values") or {}
        return found


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody whose turn it is, or was; `for_user` is whose place they take."""

    user: str
    for_user: str | None
    state: AskState
    opened_at: datetime
    remind_at: datetime | None = None
    reminders: int = 0
    escalated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided on a task, once and for all; `revision` is the request's that they saw."""

    user: str
    for_user: str | None
    verdict: Verdict
    reason: str
    revision: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """One step of a request: an approval, or launching the contract."""

    id: str
    position: int
    kind: TaskKind
    #: The policy's stage it comes from; empty for the contract.
    stage: str
    name: str
    #: ``any``, ``all`` or ``quorum``.
    rule: str
    #: How many have to approve.
    needed: int
    #: Whom it will ask, as the policy names them.
    people: tuple[str, ...]
    #: The fields whose change makes its approvals void.
    again_on: tuple[str, ...]
    #: Whether the requester may be among those who approve.
    self_ok: bool
    #: What people should know about how it was put together.
    note: str
    state: TaskState
    opened_at: datetime | None
    closed_at: datetime | None
    asks: tuple[Ask, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def live(self) -> bool:
        """Whether it still counts: neither replaced nor called off."""
        return self.state not in ("superseded", "cancelled")

    @property
    def asked(self) -> tuple[str, ...]:
        """Whose turn it is."""
        return tuple(ask.user for ask in self.asks if ask.state == "open")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a request."""

    n: int
    kind: str
    by: str
    task_id: str | None
    detail: dict[str, Any] = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules of a workspace as of `version`; saving names the version that is replaced."""

    kind: str
    version: int
    body: dict[str, Any]
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Absence:
    """From `since` until `until`, `delegate` decides for `user`."""

    user: str
    since: datetime
    until: datetime
    delegate: str


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody who is to be reminded of a task."""

    team: str
    task_id: str
    request_id: str
    user: str
    opened_at: datetime
    remind_at: datetime
    reminders: int
    escalated_at: datetime | None
