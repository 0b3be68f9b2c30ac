"""What can be asked of Ironclad: one function for each call that Slipway makes.

Paths, names and limits are those of Ironclad's OpenAPI files; "facts" are notes on how it really behaves.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from ironclad import reading
from ironclad.filters import Formula
from ironclad.links import segment
from ironclad.models import (
    JSON,
    Company,
    Document,
    Group,
    Identity,
    LaunchStatus,
    Record,
    Status,
    Template,
    User,
    Webhook,
    Workflow,
)
from ironclad.protocol import Call
from ironclad.reading import Page, in_json
from ironclad.uploads import Upload

REST = "/public/api/v1"
SCIM = "/scim/v2"
MOST_PER_PAGE = 100


def list_templates() -> Call[list[Template]]:
    """The published templates that the acting user may see."""
    return Call("GET", f"{REST}/workflow-schemas", in_json(reading.templates), query=(("form", "launch"),))


def read_template(template_id: str) -> Call[Template]:
    """One template."""
    path = f"{REST}/workflow-schemas/{segment(template_id)}"
    return Call("GET", path, in_json(reading.template), query=(("form", "launch"),), by_id=True)


def launch(
    template: str, attributes: Mapping[str, JSON], *, files: Sequence[Upload], use_default_values: bool
) -> Call[Workflow]:
    """Create a workflow and wait for it; multipart with files, JSON without (facts §5.1, §5.2)."""
    return Call(
        "POST",
        f"{REST}/workflows",
        in_json(reading.workflow),
        query=_defaults(use_default_values),
        body={"template": template, "attributes": dict(attributes)},
        files=_distinct(files),
        writes=True,
    )


def launch_async(template: str, attributes: Mapping[str, JSON], *, use_default_values: bool) -> Call[str]:
    """Have a workflow created; JSON only (facts §5.3)."""
    return Call(
        "POST",
        f"{REST}/workflows/async",
        in_json(reading.launch_job),
        query=_defaults(use_default_values),
        body={"template": template, "attributes": dict(attributes)},
        writes=True,
    )


def launch_status(job_id: str) -> Call[LaunchStatus]:
    """How far an asynchronous launch is."""
    return Call("GET", f"{REST}/workflows/async/{segment(job_id)}", in_json(reading.launch_status))


def list_workflows(
    *,
    page: int,
    page_size: int,
    template: str | None,
    statuses: Collection[Status],
    updated_since: datetime | None,
    where: Formula | None,
) -> Call[Page[Workflow]]:
    """One page of workflows, newest change first. `status` is always sent: the default hides most of them."""
    if not 1 <= page_size <= MOST_PER_PAGE:
        raise ValueError(f"a page holds 1 to {MOST_PER_PAGE} workflows")
    if not statuses:
        raise ValueError("no status is asked for")
    query = {"page": str(page), "pageSize": str(page_size)}
    # Comma-separated, says the description; the OpenAPI file's array would repeat the name (facts §6.1).
    query["status"] = ",".join(status for status in Status if status in statuses)
    if template is not None:
        query["template"] = template
    if updated_since is not None:
        query["lastUpdated"] = _utc(updated_since)
    if where is not None:
        query["filter"] = str(where)
    read = in_json(reading.workflows(page, page_size))
    return Call("GET", f"{REST}/workflows", read, query=tuple(query.items()))


def read_workflow(workflow_id: str) -> Call[Workflow]:
    """One workflow, by id or IC number."""
    path = f"{REST}/workflows/{segment(workflow_id)}"
    return Call("GET", path, in_json(reading.workflow), by_id=True)


def cancel(workflow_id: str, comment: str) -> Call[None]:
    """Cancel a workflow for good. Ironclad wants a reason (facts §6.5)."""
    if not comment.strip():
        raise ValueError("cancelling needs a comment")
    body: dict[str, JSON] = {"comment": {"message": comment, "addUsersToWorkflow": False}}
    path = f"{REST}/workflows/{segment(workflow_id)}/cancel"
    return Call("POST", path, reading.nothing, body=body, writes=True)


def list_documents(workflow_id: str) -> Call[list[Document]]:
    """The documents of a workflow."""
    path = f"{REST}/workflows/{segment(workflow_id)}/documents"
    return Call("GET", path, in_json(reading.documents), by_id=True)


def download(workflow_id: str, key: str) -> Call[bytes]:
    """A document's bytes; `document` is singular here (facts §6.4)."""
    path = f"{REST}/workflows/{segment(workflow_id)}/document/{segment(key)}/download"
    return Call("GET", path, bytes, by_id=True)


def who_am_i() -> Call[Identity]:
    """The acting user."""
    return Call("GET", "/oauth/userinfo", in_json(reading.identity))


def read_company() -> Call[Company]:
    """The token's company."""
    return Call("GET", "/oauth/company-info", in_json(reading.company))


def find_records(where: Formula, *, most: int) -> Call[list[Record]]:
    """The first `most` records for which a formula holds, last changed first (facts §7.1)."""
    query = {"page": "0", "pageSize": str(most), "filter": str(where)}
    query |= {"sortField": "lastUpdated", "sortDirection": "DESC"}  # the default is by agreement date
    return Call("GET", f"{REST}/records", in_json(reading.records), query=tuple(query.items()))


def read_record(record_id: str) -> Call[Record]:
    """One record, by id or IC number."""
    return Call("GET", f"{REST}/records/{segment(record_id)}", in_json(reading.record), by_id=True)


def find_user(email: str) -> Call[User | None]:
    """The user with an e-mail address."""
    read = in_json(reading.user_with_email(email))
    return Call("GET", f"{SCIM}/Users", read, query=(("filter", f"userName eq {_scim_string(email)}"),))


def find_users_beginning(text: str) -> Call[tuple[User, ...]]:
    """`GET /Users` for those whose e-mail address begins with `text`."""
    query = (("filter", f"userName sw {_scim_string(text)}"),)
    return Call("GET", f"{SCIM}/Users", in_json(reading.users_beginning(text)), query=query)


def read_user(user_id: str) -> Call[User]:
    """The user with this id."""
    return Call("GET", f"{SCIM}/Users/{segment(user_id)}", in_json(reading.user), by_id=True)


def list_groups(*, name: str | None, start: int) -> Call[Page[Group]]:
    """The groups from number `start` (1 is the first), all or those of one name."""
    query = {"startIndex": str(start), "count": str(MOST_PER_PAGE)}
    if name is not None:
        query["filter"] = f"displayName eq {_scim_string(name)}"
    return Call("GET", f"{SCIM}/Groups", in_json(reading.groups(start)), query=tuple(query.items()))


def create_webhook(target: str, events: Collection[str]) -> Call[Webhook]:
    """Have `target` told of events."""
    body: dict[str, JSON] = {"targetURL": target, "events": sorted(events), "status": "enabled"}
    return Call("POST", f"{REST}/webhooks", in_json(reading.webhook), body=body, writes=True)


def list_webhooks(page: int) -> Call[Page[Webhook]]:
    """One page of the company's webhooks."""
    query = (("page", str(page)), ("pageSize", str(MOST_PER_PAGE)))
    return Call("GET", f"{REST}/webhooks", in_json(reading.webhooks(MOST_PER_PAGE)), query=query)


def enable_webhook(webhook_id: str) -> Call[Webhook]:
    """Switch one on again. Twice is no more than once."""
    path, body = f"{REST}/webhooks/{segment(webhook_id)}", {"status": "enabled"}
    return Call("PATCH", path, in_json(reading.webhook), body=body, by_id=True)


def delete_webhook(webhook_id: str) -> Call[None]:
    """Take one away. Twice is no more than once."""
    return Call("DELETE", f"{REST}/webhooks/{segment(webhook_id)}", reading.nothing, by_id=True)


def verification_key() -> Call[str]:
    """The public key of the signatures, PEM."""
    return Call("GET", f"{REST}/webhooks/verification-key", reading.pem)


def _defaults(wanted: bool) -> tuple[tuple[str, str], ...]:
    return (("useDefaultValues", "true"),) if wanted else ()


def _distinct(files: Sequence[Upload]) -> tuple[Upload, ...]:
    parts = {upload.part for upload in files}
    if len(parts) < len(files) or "data" in parts:
        raise ValueError("every file needs a part name of its own, other than 'data'")
    return tuple(files)


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _scim_string(text: str) -> str:
    # A SCIM filter quotes as JSON does (RFC 7644 §3.4.2.2).
    return json.dumps(text, ensure_ascii=False)
