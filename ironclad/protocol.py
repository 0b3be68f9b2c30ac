"""Ironclad's protocol without any I/O: what to ask, what the answers mean, and when asking again is safe.

A `Call` describes a request and knows how its answer reads; `decipher` turns an answer into that or into the
one error that fits. Paths, names and limits are those of Ironclad's OpenAPI files; "facts" are notes on how
it really behaves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Generic, TypedDict, TypeVar
from urllib.parse import quote, urlencode

from ironclad import reading
from ironclad.errors import (
    BadCredentials,
    Forbidden,
    IroncladError,
    NotFound,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Rejected,
    Unauthorized,
    Unavailable,
)
from ironclad.filters import Formula
from ironclad.links import segment
from ironclad.models import (
    JSON,
    Company,
    Document,
    Group,
    Identity,
    LaunchProblem,
    LaunchStatus,
    RateRoom,
    Record,
    Status,
    Template,
    User,
    Webhook,
    Workflow,
)
from ironclad.reading import Page, Unreadable, in_json
from ironclad.uploads import Upload

T = TypeVar("T")

REST = "/public/api/v1"
SCIM = "/scim/v2"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path, no secret
MOST_PER_PAGE = 100
LONGEST_MESSAGE = 500
FIRST_WAIT = 0.5  # seconds before a read is tried again; doubled each time
LONGEST_WAIT = 15.0  # a person may be waiting: beyond that the caller decides


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request to Ironclad: `path` below the host, `body` as JSON, `read` for the answer's body.

    `writes` says that doing it twice is not doing it once. `by_id` says that the path names one thing, for
    which the OpenAPI file documents a 400 without content instead of a 404.
    """

    method: str
    path: str
    read: Callable[[bytes], T] = field(repr=False)
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, JSON] | None = field(default=None, repr=False)
    files: tuple[Upload, ...] = ()
    writes: bool = False
    by_id: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent a second time: not when a file was a stream that is gone."""
        return all(file.repeatable for file in self.files)

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.query, quote_via=quote)}" if self.query else self.path

    @property
    def content(self) -> bytes | None:
        """The JSON body as bytes. Raises ValueError for a number that JSON cannot say (NaN, infinity)."""
        if self.body is None:
            return None
        return json.dumps(self.body, allow_nan=False, separators=(",", ":")).encode("ascii")


@dataclass(frozen=True)
class Answer:
    """What came back; `headers` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


# What to ask ----------------------------------------------------------------------------------------


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


# What the answer means ------------------------------------------------------------------------------


def decipher(call: Call[T], answer: Answer) -> T:
    """What the call asked for. Raises the `IroncladError` that fits the answer (facts §5.4, §9)."""
    error = error_in(call, answer)
    if error is not None:
        raise error
    try:
        return call.read(answer.body)
    except Unreadable as odd:
        raise no_usable_answer(call, str(odd), answer) from None


def error_in(call: Call[T], answer: Answer) -> IroncladError | None:
    """The error that an answer stands for; None for success."""
    if 200 <= answer.status < 300:
        return None
    said = _said(answer.body)
    message = (said.message or _phrase(answer.status))[:LONGEST_MESSAGE]
    kind = _refusal(call, answer.status, said.code)
    if kind is None:
        return no_usable_answer(call, message, answer, code=said.code)
    if kind is Rejected:
        named = _Named(
            params=said.params, key_path=said.key_path, redirect_url=said.redirect_url, files=said.files
        )
        return Rejected(message, code=said.code, **_circumstances(answer), **named)
    return kind(message, code=said.code, **_circumstances(answer))


def no_usable_answer(
    call: Call[T], message: str, answer: Answer | None = None, *, code: str | None = None
) -> OutcomeUnknown | Unavailable:
    """The error for a call whose answer is lost or makes no sense: what it means depends on the call."""
    kind = OutcomeUnknown if call.writes else Unavailable
    return kind(message, code=code, **_circumstances(answer))


class _Circumstances(TypedDict):
    status: int | None
    request_id: str | None
    retry_after: float | None


class _Named(TypedDict):
    params: tuple[str, ...]
    key_path: str | None
    redirect_url: str | None
    files: tuple[str, ...]


def _circumstances(answer: Answer | None) -> _Circumstances:
    if answer is None:
        return _Circumstances(status=None, request_id=None, retry_after=None)
    return _Circumstances(
        status=answer.status,
        request_id=answer.headers.get("x-ironclad-requestid"),
        retry_after=retry_after(answer.headers),
    )


def _refusal(call: Call[T], status: int, code: str | None) -> type[Refused] | None:
    """What kind of refusal a status is; None where it does not prove that nothing was done."""
    if status < 400 or status >= 500 or status == HTTPStatus.REQUEST_TIMEOUT:
        return None
    if call.path == TOKEN_PATH and (status == 401 or (code and status in (400, 403))):
        return BadCredentials
    absent = code == "NOT_FOUND" or (call.by_id and code is None)
    if status == HTTPStatus.BAD_REQUEST and absent:
        return NotFound
    return _BY_STATUS.get(status, Rejected)


_BY_STATUS: Mapping[int, type[Refused]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    410: NotFound,
    429: RateLimited,
}


def _said(body: bytes) -> LaunchProblem:
    try:
        return reading.problem(reading.parse(body))
    except Unreadable:
        return LaunchProblem()  # a proxy's page: nothing in it is meant for people


def _phrase(status: int) -> str:
    try:
        return f"Ironclad answered {HTTPStatus(status).phrase}"
    except ValueError:
        return "Ironclad answered with an unknown status"


def rate_room(headers: Mapping[str, str]) -> RateRoom | None:
    """How much is left of the limit that a call counted against (facts §9), where Ironclad says."""
    limit, remaining = headers.get("x-ratelimit-limit", ""), headers.get("x-ratelimit-remaining", "")
    if not (limit.isdecimal() and remaining.isdecimal()):
        return None
    return RateRoom(limit=int(limit), remaining=int(remaining))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that `Retry-After` asks to wait, from a number or from a date (RFC 9110 §10.2.3)."""
    value = headers.get("retry-after", "")
    if value.strip().isdecimal():
        return float(value)
    try:
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return None


# When asking again is safe --------------------------------------------------------------------------


def wait_before_again(
    call: Call[T], error: IroncladError, *, failed: int, attempts: int, chance: float
) -> float | None:
    """How many seconds to wait before a call is made again; None when it must not be.

    Only reads are repeated, at most `attempts` in all, `failed` of which are over. `chance`, from 0 to 1,
    spreads the waits. What Ironclad asks for is obeyed; where it asks for more than `LONGEST_WAIT`, the
    caller gets the error instead.
    """
    if call.writes or failed >= attempts or not _may_pass(error):
        return None
    if error.retry_after is not None:
        return error.retry_after + chance * FIRST_WAIT if error.retry_after <= LONGEST_WAIT else None
    backoff: float = min(FIRST_WAIT * 2 ** (failed - 1), LONGEST_WAIT)
    return backoff * (1 + chance) / 2


def _may_pass(error: IroncladError) -> bool:
    if isinstance(error, Unavailable):
        # An answer that makes no sense will make none the second time.
        return error.status is None or error.status >= 500 or error.status == HTTPStatus.REQUEST_TIMEOUT
    return isinstance(error, (NotSent, RateLimited))
