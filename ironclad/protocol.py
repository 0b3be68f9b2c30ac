"""Ironclad's protocol without any I/O: what answers mean, and when asking again is safe.

A `Call` describes a request and knows how its answer reads; `ironclad.calls` has one for everything we ask.
`decipher` turns an answer into what was asked for or into the one error that fits. "Facts" are notes on how
Ironclad really behaves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
from ironclad.models import (
    JSON,
    LaunchProblem,
    RateRoom,
)
from ironclad.reading import Unreadable
from ironclad.uploads import Upload

T = TypeVar("T")

TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path, no secret
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
