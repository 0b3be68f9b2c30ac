"""Workflows: how they move, and how the API shows them (facts page, §5.1, §6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tests.sandbox.ironclad.documents import Document
from tests.sandbox.ironclad.errors import Json, invalid_param, invalid_state
from tests.sandbox.ironclad.identifiers import object_id, readable_id, timestamp
from tests.sandbox.ironclad.people import User
from tests.sandbox.ironclad.templates import Role, Template

Step = Literal["Review", "Sign", "Archive", "Complete"]
Status = Literal["active", "paused", "completed", "cancelled"]
STATUSES: tuple[Status, ...] = ("active", "paused", "completed", "cancelled")
LONGEST_TEXT = 32_000
_NOT_ASKED = "This approval either was not requested or this user was not assigned to this approval"
_NOT_AT_SIGN = "This workflow is not at the Sign step, and is currently at the"
_CANCELLED = {"state": "not_applicable", "message": "This workflow has been cancelled"}


@dataclass(frozen=True)
class Event:
    """Something webhooks hear about; `details` go into the payload."""

    name: str
    details: Json = field(default_factory=dict)


@dataclass
class Workflow:
    """One launched workflow.

    Attributes:
        number: of `IC-n`.
        attributes: what was launched, files left out.
        files: documents by the attribute that holds them.
        assignees: who was named for a role, by role id.
        approved: who approved which role, in order.
        indexed: from when on lists and filters find it.
        comments: what was said on cancelling, pausing and resuming.
    """

    template: Template
    number: int
    creator: User
    created: datetime
    indexed: datetime
    attributes: Json
    files: dict[str, list[Document]]
    assignees: dict[str, User]
    id: str = field(default_factory=object_id)
    step: Step = "Review"
    status: Status = "active"
    approved: dict[str, User] = field(default_factory=dict)
    record_ids: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    updated: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.updated = self.created

    @property
    def ironclad_id(self) -> str:
        """`IC-n`."""
        return readable_id(self.number)

    @property
    def title(self) -> str:
        """Design and counterparty."""
        counterparty = self.attributes.get("counterpartyName")
        return f"{self.template.name} with {counterparty}" if counterparty else self.template.name

    @property
    def approvers(self) -> list[Role]:
        """The approver roles; each approves after the one before it."""
        return [role for role in self.template.roles if role.approves]

    @property
    def active_role(self) -> Role | None:
        """Whose approval is asked for now; None once everybody approved."""
        return next((role for role in self.approvers if role.id not in self.approved), None)

    @property
    def documents(self) -> list[Document]:
        """Every file, in the order of the attributes."""
        return [document for held in self.files.values() for document in held]

    @property
    def too_long(self) -> list[str]:
        """Attributes over 32,000 characters: launched without complaint, refused at Archive (§4.3)."""
        return [key for key, value in self.attributes.items() if len(str(value)) > LONGEST_TEXT]

    # Moves. Each refuses what Ironclad refuses and returns what webhooks hear.

    def approve(self, role_id: str, by: User) -> list[Event]:
        """Approve as an assignee of the role whose turn it is; the last approval leads to Sign."""
        role = next((one for one in self.approvers if one.id == role_id), None)
        if role is None:
            raise invalid_param("This role does not exist in this workflow", "approval")
        if not self.in_review or self.assignees.get(role_id) != by:
            raise invalid_param(_NOT_ASKED, "approval")
        if role != self.active_role:
            raise invalid_state("This approval cannot be approved out of order", "approval")
        self.approved[role_id] = by
        return [_approval(role, "approved", by), *self._moved_to_sign()]

    def withdraw(self, role_id: str, by: User) -> list[Event]:
        """Take an approval back while the workflow is still in Review."""
        if not self.in_review or self.approved.get(role_id) != by:
            raise invalid_param(_NOT_ASKED, "approval")
        del self.approved[role_id]
        role = next(one for one in self.approvers if one.id == role_id)
        return [_approval(role, "pending", by)]

    def review(self) -> list[Event]:
        """What the other side's *Approve* does: the approval that is due, by whoever has to give it."""
        if not self.in_review:
            raise invalid_state("Only active workflows in the review step can be approved.")
        role = self.active_role
        if role is None:
            return self._moved_to_sign()
        return self.approve(role.id, self.assignees[role.id])

    def sign(self) -> list[Event]:
        """Everybody signed: on to Archive."""
        if self.status != "active" or self.step != "Sign":
            raise invalid_state(f"{_NOT_AT_SIGN} {self.step} step")
        self.step = "Archive"
        return [Event("workflow_signature_packet_fully_signed"), Event("workflow_step_updated")]

    def complete(self, record_id: str) -> list[Event]:
        """Archived: the workflow is done and its record exists."""
        if self.status != "active" or self.step != "Archive":
            raise invalid_state("Only active workflows in the archive step can be completed.")
        if self.too_long:
            raise invalid_state(f"Text over {LONGEST_TEXT} characters cannot be archived: {self.too_long[0]}")
        self.step, self.status = "Complete", "completed"
        self.record_ids.append(record_id)
        return [Event("workflow_step_updated"), Event("workflow_completed")]

    def cancel(self, comment: str) -> list[Event]:
        """Stop it for good. What Ironclad says to a second cancel is not documented; this refuses it."""
        if self.status not in ("active", "paused"):
            raise invalid_state("Only active or paused workflows can be cancelled.")
        self.status = "cancelled"
        self.comments.append(comment)
        return [Event("workflow_cancelled")]

    def pause(self, comment: str) -> list[Event]:
        """Halt a review."""
        if not self.in_review:
            raise invalid_state("Only active workflows in the review step can be paused.")
        self.status = "paused"
        self.comments.append(comment)
        return [Event("workflow_paused")]

    def resume(self, comment: str) -> list[Event]:
        """Go on with a review, from its first approval (§6.5)."""
        if self.status != "paused":
            raise invalid_state("Only paused workflows in the review step can be resumed.")
        self.status = "active"
        self.approved.clear()
        self.comments.append(comment)
        return [Event("workflow_resumed")]

    @property
    def in_review(self) -> bool:
        """Whether approvals can be given."""
        return self.status == "active" and self.step == "Review"

    def _moved_to_sign(self) -> list[Event]:
        if self.active_role is not None:
            return []
        self.step = "Sign"
        return [Event("workflow_step_updated")]

    # The API's view.

    def wire(self, base_url: str) -> Json:
        """OpenAPI `WorkflowResponseModel`, in the order of live answers."""
        return {
            "id": self.id,
            "title": self.title,
            "template": self.template.id,
            "step": self.step,
            "schema": self.template.retrieved_schema(),
            "attributes": self.wire_attributes(),
            "isCancelled": self.status == "cancelled",
            "isComplete": self.status == "completed",
            "status": self.status,
            "creator": _creator(self.creator),
            "created": timestamp(self.created),
            "lastUpdated": timestamp(self.updated),
            "roles": self.wire_roles(),
            "approvals": self._approvals(f"{base_url}/public/api/v1/workflows/{self.id}/approvals"),
            "signatures": self._signatures(f"{base_url}/public/api/v1/workflows/{self.id}/signatures"),
            "isRevertibleToReview": self.status == "active" and self.step == "Sign",
            **({"recordIds": list(self.record_ids)} if self.record_ids else {}),
            "ironcladId": self.ironclad_id,
        }

    def wire_attributes(self) -> Json:
        """What was launched, the files as documents, and the keys Ironclad adds."""
        told = {**self.attributes, "readableId": self.ironclad_id, "currentTurnParty": "not tracked"}
        for path, held in self.files.items():
            told = _put(told, path.split("."), [one.wire(self.id) for one in held])
        return told

    def wire_roles(self) -> list[Json]:
        """Every role with its people, and the owner that live answers leave empty."""
        roles = [_role(role, self.assignees.get(role.id)) for role in self.template.roles]
        return [*roles, {"id": "owner", "displayName": "Workflow Owner", "assignees": []}]

    def wire_approvals(self) -> Json:
        """`GET …/approvals`."""
        groups = [self._group(order, role) for order, role in enumerate(self.approvers, 1)]
        roles = [_role(role, self.assignees.get(role.id)) for role in self.approvers]
        return {"workflowId": self.id, "title": self.title, "approvalGroups": groups, "roles": roles}

    def _group(self, order: int, role: Role) -> Json:
        approved = role.id in self.approved
        state = "approved" if approved else "active" if role == self.active_role else "pending"
        reviewer = {"role": role.id, "displayName": role.name, "reviewerType": "role"}
        reviewer["status"] = "approved" if approved else "pending"
        return {"reviewers": [reviewer], "status": state, "order": order}

    def _approvals(self, url: str) -> Json:
        if self.status == "cancelled":
            return dict(_CANCELLED)
        return {"state": "in_progress", "url": url} if self.step == "Review" else {"state": "completed"}

    def _signatures(self, url: str) -> Json:
        if self.status == "cancelled":
            return dict(_CANCELLED)
        if self.step == "Sign":
            return {"state": "in_progress", "url": url}
        return {"state": "not_started" if self.step == "Review" else "completed"}


def newest_first(workflows: Sequence[Workflow]) -> list[Workflow]:
    """The order of lists: last updated first (recorded live)."""
    return sorted(workflows, key=lambda one: (one.updated, one.number), reverse=True)


def _approval(role: Role, status: str, by: User) -> Event:
    details = {"approvalID": role.id, "approvalName": role.name, "status": status}
    return Event("workflow_approval_status_changed", {**details, "userEmail": by.email, "userID": by.id})


def _creator(user: User) -> Json:
    named = {"id": user.id, "email": user.email, "displayName": user.name, "username": user.email}
    return {**named, "title": user.title, "metadata": {}}


def _role(role: Role, assignee: User | None) -> Json:
    people: list[dict[str, Any]] = []
    if assignee is not None:
        people.append({"userName": assignee.name, "userId": assignee.id, "email": assignee.email})
    return {"id": role.id, "displayName": role.name, "assignees": people}


def _put(whole: Any, path: Sequence[str], value: Any) -> Any:
    """A copy of a value with another one at a path of keys and row numbers."""
    if not path:
        return value
    if isinstance(whole, list):
        place = int(path[0])
        return [*whole[:place], _put(whole[place], path[1:], value), *whole[place + 1 :]]
    return {**whole, path[0]: _put(whole.get(path[0], {}), path[1:], value)}
