"""What answers mean and when asking again is safe, without any network."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from ironclad import (
    EVERY_STATUS,
    BadCredentials,
    Forbidden,
    IroncladError,
    Move,
    NotFound,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Reason,
    Refused,
    Rejected,
    Status,
    Unauthorized,
    Unavailable,
    calls,
)
from ironclad.protocol import TOKEN_PATH, Answer, Call, decipher, wait_before_again
from ironclad.reading import nothing

READ: Call[Any] = calls.list_templates()
WRITE: Call[Any] = calls.launch("t1", {}, files=(), use_default_values=False)
BY_ID: Call[Any] = calls.read_workflow("w1")
GRANT: Call[Any] = Call("POST", TOKEN_PATH, nothing)

MISSING = {
    "code": "MISSING_PARAM",
    "message": "missing required attribute",
    "param": '["region","approver7d1c3f5a9b2e4c6d8f0a1b3c5d7e9f01"]',
}
INVALID = {"code": "INVALID_PARAM", "message": "invalid value", "metadata": {"keyPath": "region"}}
NO_TEMPLATE = {"code": "NOT_FOUND", "message": "workflow  template schema not found", "param": "templateId"}
SCIM_FILTER = {"schema": "invalidFilter", "status": "400", "detail": "Invalid filter"}
VIRUS = {"data": {"code": "VIRUS_DETECTED", "files": ["x.pdf"], "message": "Detected virus"}}


def error_of(call: Call[Any], status: int, body: Any = None, **headers: str) -> IroncladError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(IroncladError) as caught:
        decipher(
            call, Answer(status, {name.replace("_", "-"): text for name, text in headers.items()}, content)
        )
    return caught.value


@pytest.mark.parametrize(
    ("call", "status", "body", "kind", "code"),
    [
        # facts §5.4, §4.1, §6.5, §9: refusals, whatever the call
        (WRITE, 400, MISSING, Rejected, "MISSING_PARAM"),
        (WRITE, 400, INVALID, Rejected, "INVALID_PARAM"),
        (WRITE, 400, NO_TEMPLATE, NotFound, "NOT_FOUND"),
        (WRITE, 400, {}, Rejected, None),
        (WRITE, 400, "virus detected", Rejected, None),
        (WRITE, 400, VIRUS, Rejected, "VIRUS_DETECTED"),
        (WRITE, 401, {"code": "UNAUTHORIZED", "message": "token has expired"}, Unauthorized, "UNAUTHORIZED"),
        (WRITE, 403, {"code": "FORBIDDEN", "message": "access forbidden"}, Forbidden, "FORBIDDEN"),
        (WRITE, 404, {"code": "NOT_FOUND"}, NotFound, "NOT_FOUND"),
        (WRITE, 409, {"code": "CONFLICT"}, Rejected, "CONFLICT"),
        (WRITE, 413, b"<html>too large</html>", Rejected, None),
        (WRITE, 429, {"code": "TOO_MANY_REQUESTS"}, RateLimited, "TOO_MANY_REQUESTS"),
        (READ, 400, SCIM_FILTER, Rejected, "invalidFilter"),
        (READ, 403, {"schemas": ["urn:…:Error"], "status": "403"}, Forbidden, None),
        (BY_ID, 400, {}, NotFound, None),  # documented with an empty body (facts §6.5)
        (BY_ID, 400, {"code": "INVALID_PARAM"}, Rejected, "INVALID_PARAM"),
        # nobody knows whether it was done
        (WRITE, 500, {"code": "SERVER_ERROR"}, OutcomeUnknown, "SERVER_ERROR"),
        (WRITE, 502, b"<html>", OutcomeUnknown, None),
        (WRITE, 503, None, OutcomeUnknown, None),
        (WRITE, 408, None, OutcomeUnknown, None),
        (WRITE, 307, None, OutcomeUnknown, None),
        (WRITE, 200, b"", OutcomeUnknown, None),
        (WRITE, 200, {"title": "no id"}, OutcomeUnknown, None),
        (WRITE, 200, b'{"id": "6a0c', OutcomeUnknown, None),
        # the same, where it does not matter
        (READ, 500, {"code": "SERVER_ERROR"}, Unavailable, "SERVER_ERROR"),
        (READ, 504, b"<html>", Unavailable, None),
        (READ, 301, None, Unavailable, None),
        (READ, 200, b"<html>", Unavailable, None),
        (BY_ID, 200, {}, Unavailable, None),
        # facts §2.2
        (GRANT, 403, {"error": "unauthorized_client"}, BadCredentials, "unauthorized_client"),
        (GRANT, 401, {"error": "invalid_client"}, BadCredentials, "invalid_client"),
        (GRANT, 401, b"", BadCredentials, None),
        (GRANT, 403, {"error": "invalid_grant"}, BadCredentials, "invalid_grant"),
        (GRANT, 400, {"error": "invalid_scope"}, BadCredentials, "invalid_scope"),
        (GRANT, 400, {"error": "invalid_request"}, BadCredentials, "invalid_request"),
        (GRANT, 403, b"<html>a firewall</html>", Forbidden, None),
        (GRANT, 404, b"<html>the wrong host</html>", NotFound, None),
        (GRANT, 429, None, RateLimited, None),
        (GRANT, 502, None, Unavailable, None),
    ],
)
def test_what_an_answer_means(
    call: Call[Any], status: int, body: Any, kind: type[IroncladError], code: str | None
) -> None:
    error = error_of(call, status, body)
    assert type(error) is kind
    assert (error.status, error.code) == (status, code)


def test_no_unknown_status_of_a_write_claims_that_nothing_was_done() -> None:
    for status in [*range(100, 200), *range(300, 400), *range(500, 600)]:
        assert type(error_of(WRITE, status)) is OutcomeUnknown
    for status in set(range(400, 500)) - {408}:
        assert isinstance(error_of(WRITE, status), Refused)


def test_a_cancel_is_done_whatever_its_answer_says() -> None:
    for body in (b"", b"<html>", b"{}"):
        decipher(calls.cancel("w1", "Duplicate"), Answer(204, {}, body))


@pytest.mark.parametrize(
    ("param", "named"),
    [
        ('["region","draft"]', ("region", "draft")),
        ("region", ("region",)),
        (["region", 7, "draft"], ("region", "draft")),
        ("[region", ("[region",)),
        ("[]", ()),
        ("", ()),
        (None, ()),
        ({"region": 1}, ()),
    ],
)
def test_every_named_parameter_is_told(param: Any, named: tuple[str, ...]) -> None:
    error = error_of(WRITE, 400, {**MISSING, "param": param})
    assert isinstance(error, Rejected)
    assert error.params == named


def test_a_rejection_says_all_that_ironclad_said() -> None:
    form = "https://na1.ironcladapp.com/c/1/workflows/launch/2"
    error = error_of(
        WRITE, 400, {**INVALID, "redirectUrl": form}, x_ironclad_requestid="req-1", retry_after="3"
    )
    assert isinstance(error, Rejected)
    assert (error.message, error.key_path, error.redirect_url) == ("invalid value", "region", form)
    assert (error.request_id, error.retry_after) == ("req-1", 3.0)
    assert str(error) == "invalid value (400 INVALID_PARAM) [request req-1]: region"


@pytest.mark.parametrize(
    "body", [b"\xff", b"[]", b"null", b'"virus detected"', b'{"metadata": 3, "param": 4}']
)
def test_an_odd_refusal_is_still_a_refusal(body: bytes) -> None:
    assert type(error_of(WRITE, 400, body)) is Rejected


def test_a_message_without_end_is_cut() -> None:
    assert len(error_of(WRITE, 400, {"message": "x" * 100_000}).message) == 500


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "30"}, 30.0),
        ({"retry_after": " 30 "}, 30.0),
        (
            {"retry_after": "Thu, 01 Oct 2026 09:00:30 GMT", "date": "Thu, 01 Oct 2026 09:00:00 GMT"},
            30.0,
        ),
        ({"retry_after": "Thu, 01 Oct 2026 08:00:00 GMT", "date": "Thu, 01 Oct 2026 09:00:00 GMT"}, 0.0),
        ({"retry_after": "Thu, 01 Oct 2026 09:00:30 GMT"}, None),
        ({"retry_after": "-5"}, None),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert error_of(READ, 429, None, **headers).retry_after == seconds


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("unauthorized_client", Reason.CLIENT),
        ("invalid_client", Reason.CLIENT),
        ("invalid_grant", Reason.GRANT),
        ("invalid_scope", Reason.SCOPE),
        ("invalid_request", Reason.REQUEST),
        ("temporarily_odd", Reason.UNKNOWN),
        (None, Reason.UNKNOWN),
    ],
)
def test_what_is_wrong_with_credentials(code: str | None, reason: Reason) -> None:
    assert BadCredentials(code=code).reason is reason


def test_every_error_says_whose_move_it_is() -> None:
    moves = {
        NotSent: Move.WAIT,
        Rejected: Move.PERSON,
        BadCredentials: Move.ADMIN,
        Unauthorized: Move.ADMIN,
        Forbidden: Move.ADMIN,
        NotFound: Move.PERSON,
        RateLimited: Move.WAIT,
        OutcomeUnknown: Move.US,
        Unavailable: Move.IRONCLAD,
    }
    leaves = {
        kind for kind in (*IroncladError.__subclasses__(), *Refused.__subclasses__()) if kind is not Refused
    }
    assert leaves == set(moves)
    assert {kind: kind.move for kind in leaves} == moves


# When asking again is safe --------------------------------------------------------------------------

PASSING: list[IroncladError] = [
    NotSent(),
    Unavailable(),
    Unavailable(status=503),
    Unavailable(status=408),
    RateLimited(status=429),
]


@pytest.mark.parametrize("error", PASSING)
def test_a_read_is_tried_again_with_growing_waits(error: IroncladError) -> None:
    waits = [wait_before_again(READ, error, failed=n, attempts=4, chance=1.0) for n in (1, 2, 3, 4)]
    assert waits == [0.5, 1.0, 2.0, None]
    assert wait_before_again(READ, error, failed=1, attempts=4, chance=0.0) == 0.25
    assert wait_before_again(READ, error, failed=1, attempts=1, chance=0.0) is None


@pytest.mark.parametrize("error", [*PASSING, OutcomeUnknown()])
@pytest.mark.parametrize("call", [WRITE, calls.cancel("w1", "why")])
def test_a_write_is_never_tried_again(call: Call[Any], error: IroncladError) -> None:
    assert wait_before_again(call, error, failed=1, attempts=99, chance=0.5) is None


@pytest.mark.parametrize(
    "error", [Rejected(), Forbidden(), NotFound(), Unauthorized(), BadCredentials(), Unavailable(status=200)]
)
def test_what_would_fail_again_is_not_tried_again(error: IroncladError) -> None:
    assert wait_before_again(READ, error, failed=1, attempts=9, chance=0.5) is None


def test_ironclads_own_wait_is_obeyed_but_not_for_ever() -> None:
    def wait(seconds: float) -> float | None:
        busy = RateLimited(retry_after=seconds)
        return wait_before_again(READ, busy, failed=1, attempts=9, chance=0.0)

    assert (wait(0), wait(7), wait(15), wait(16)) == (0, 7, 15, None)


# What to ask ----------------------------------------------------------------------------------------


def listing(**asked: Any) -> dict[str, str]:
    defaults: dict[str, Any] = {
        "page": 0,
        "page_size": 20,
        "template": None,
        "statuses": EVERY_STATUS,
        "updated_since": None,
        "where": None,
    }
    return dict(calls.list_workflows(**{**defaults, **asked}).query)


def test_every_status_is_asked_for_by_name() -> None:
    """The API's own default hides all but the active ones (facts §6.1)."""
    assert listing()["status"] == "active,paused,completed,cancelled"
    assert listing(statuses={Status.CANCELLED, Status.ACTIVE})["status"] == "active,cancelled"


def test_since_when_is_said_in_utc() -> None:
    summer = timezone(timedelta(hours=2))
    since = datetime(2026, 10, 1, 11, 12, 25, 629999, tzinfo=summer)
    assert listing(updated_since=since)["lastUpdated"] == "2026-10-01T09:12:25.629Z"
    assert (
        listing(updated_since=datetime(2026, 1, 1, tzinfo=UTC))["lastUpdated"] == "2026-01-01T00:00:00.000Z"
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"statuses": ()},
        {"page_size": 0},
        {"page_size": 101},
        {"updated_since": datetime(2026, 1, 1)},  # noqa: DTZ001 - the point
    ],
)
def test_a_list_that_cannot_be_asked_for(asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"status|page|zone"):
        listing(**asked)


def test_a_scim_filter_is_quoted_as_json() -> None:
    query = dict(calls.find_user('x" or userName pr or "\\').query)
    assert query["filter"] == r'userName eq "x\" or userName pr or \"\\"'
    assert dict(calls.list_groups(name="Légal", start=1).query)["filter"] == 'displayName eq "Légal"'


def test_cancelling_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="comment"):
        calls.cancel("w1", " ")


def test_a_number_that_json_cannot_say_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        _ = calls.launch_async("t1", {"amount": float("nan")}, use_default_values=False).content


def test_nothing_private_is_in_a_calls_repr() -> None:
    call = calls.launch("t1", {"salary": "123456"}, files=(), use_default_values=False)
    assert "123456" not in repr(call)
