"""The client as its callers see it, against an Ironclad that says what it is told to."""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import ironclad as package
from ironclad import (
    EVERY_STATUS,
    Ironclad,
    IroncladError,
    NotFound,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    StaticToken,
    Unauthorized,
    Unavailable,
    Workflow,
    equals,
)
from tests.unit.ironclad.fakes import (
    HOST,
    TOKEN,
    Reply,
    Scripted,
    Sleeper,
    ironclad,
    scripted,
    session,
    workflow,
)

Deed = Callable[[Ironclad], Awaitable[Any]]

WRITES: dict[str, Deed] = {
    "launch": lambda client: client.launch("t1", {"counterpartyName": "Lanternfish Ltd"}),
    "launch_async": lambda client: client.launch_async("t1", {}),
    "cancel": lambda client: client.cancel("w1", "Duplicate"),
    "create_webhook": lambda client: client.create_webhook("https://x.example/hook", ["workflow_launched"]),
}
# What changes nothing, or does no more when it is done twice.
READS: dict[str, Deed] = {
    "templates": lambda client: client.templates(),
    "template": lambda client: client.template("t1"),
    "launch_status": lambda client: client.launch_status("j1"),
    "workflows": lambda client: everything(client.workflows()),
    "workflow": lambda client: client.workflow("w1"),
    "documents": lambda client: client.documents("w1"),
    "download": lambda client: downloaded(client),
    "whoami": lambda client: client.whoami(),
    "company": lambda client: client.company(),
    "user_by_email": lambda client: client.user_by_email("dana.ruiz@example.com"),
    "records_named": lambda client: client.records_named("Acme"),
    "record": lambda client: client.record("IC-1"),
    "user": lambda client: client.user("u1"),
    "users_beginning": lambda client: client.users_beginning("da"),
    "groups": lambda client: client.groups(),
    "webhooks": lambda client: client.webhooks(),
    "enable_webhook": lambda client: client.enable_webhook("h1"),
    "delete_webhook": lambda client: client.delete_webhook("h1"),
    "webhook_key": lambda client: client.webhook_key(),
}
LINE_FAILURES: list[Exception] = [
    httpx.ReadError(""),
    httpx.ReadTimeout(""),
    httpx.WriteError(""),
    httpx.WriteTimeout(""),
    httpx.RemoteProtocolError(""),
]


async def everything(found: AsyncIterator[Workflow]) -> list[Workflow]:
    return [workflow async for workflow in found]


async def downloaded(client: Ironclad) -> bytes:
    async with client.download("w1", "k1") as chunks:
        return b"".join([chunk async for chunk in chunks])


def page(*numbers: int, count: int | None = None) -> httpx.Response:
    body: dict[str, Any] = {"list": [workflow(number) for number in numbers]}
    return httpx.Response(200, json=body if count is None else {**body, "count": count})


def company() -> httpx.Response:
    return httpx.Response(
        200, json={"companyId": "c1", "companyName": "harbor", "companyDisplayName": "Harbor Oak"}
    )


class Renewing:
    """Has another token each time one is rejected."""

    def __init__(self) -> None:
        self.given = 0

    async def token(self, *, rejected: str | None = None) -> str:
        if rejected is not None:
            assert rejected == f"token-{self.given}"
            self.given += 1
        return f"token-{self.given}"


def bearers(far_end: Scripted) -> list[str]:
    return [request.headers["Authorization"].removeprefix("Bearer ") for request in far_end.requests]


# Every call -----------------------------------------------------------------------------------------


def test_every_method_is_listed_here() -> None:
    """So that the rules below hold for a new one too."""
    methods = {name for name, value in vars(Ironclad).items() if callable(value) and not name.startswith("_")}
    assert methods - {"acting_as", "authorized"} == set(WRITES) | set(READS)


@pytest.mark.parametrize("name", [*WRITES, *READS])
async def test_every_call_bears_the_token_and_the_acting_user(name: str) -> None:
    far_end = scripted(httpx.Response(403))
    with pytest.raises(IroncladError):
        await (WRITES | READS)[name](ironclad(far_end))
    (request,) = far_end.requests
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["x-as-user-email"] == "dana.ruiz@example.com"
    assert str(request.url).startswith(HOST)
    assert TOKEN not in str(request.url)


async def test_with_a_persons_own_token_nobody_is_acted_for() -> None:
    far_end = scripted(company(), company())
    client = ironclad(far_end)
    await client.acting_as(None).company()
    await client.acting_as("lee.wong@example.com").company()
    assert [request.headers.get("x-as-user-email") for request in far_end.requests] == [
        None,
        "lee.wong@example.com",
    ]


async def test_an_address_beyond_ascii_is_sent_as_utf_8() -> None:
    far_end = scripted(company())
    await ironclad(far_end, acting_user="zoë@example.com").company()
    raw = dict(far_end.requests[0].headers.raw)
    assert raw[b"x-as-user-email"] == "zoë@example.com".encode()


@pytest.mark.parametrize("email", ["", "dana\r\nx-evil: 1", "dana\x00"])
def test_an_address_that_breaks_a_header_is_refused(email: str) -> None:
    with pytest.raises(ValueError, match="acting user"):
        ironclad(scripted(), acting_user=email)
    with pytest.raises(ValueError, match="acting user"):
        ironclad(scripted()).acting_as(email)


async def test_a_login_of_the_session_does_not_replace_the_token() -> None:
    far_end = scripted(company())
    http = httpx.AsyncClient(transport=httpx.MockTransport(far_end), auth=("somebody", "else"))
    await Ironclad(http=http, base_url=HOST + "/", tokens=StaticToken(TOKEN)).company()
    assert bearers(far_end) == [TOKEN]
    assert str(far_end.requests[0].url) == f"{HOST}/oauth/company-info"


# A 401 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITES)
async def test_after_a_401_a_write_is_repeated_with_a_renewed_token(name: str) -> None:
    """The one repetition of a call that writes: a 401 did nothing."""
    far_end = scripted(httpx.Response(401), httpx.Response(200, json={"id": "w1", "asyncJobId": "j1"}))
    await WRITES[name](ironclad(far_end, tokens=Renewing()))
    assert bearers(far_end) == ["token-0", "token-1"]
    assert far_end.requests[0].content == far_end.requests[1].content


@pytest.mark.parametrize("name", [*WRITES, *READS])
async def test_a_second_401_is_final(name: str) -> None:
    far_end = scripted(httpx.Response(401), httpx.Response(401, json={"message": "token has been revoked"}))
    with pytest.raises(Unauthorized, match="token has been revoked"):
        await (WRITES | READS)[name](ironclad(far_end, tokens=Renewing()))
    assert bearers(far_end) == ["token-0", "token-1"]


async def test_a_token_that_cannot_be_renewed_is_not_tried_twice() -> None:
    far_end = scripted(httpx.Response(401))
    with pytest.raises(Unauthorized):
        await ironclad(far_end).company()


async def test_authorized_gets_a_token_and_sends_nothing_to_the_api() -> None:
    far_end, tokens = scripted(), Renewing()
    await ironclad(far_end, tokens=tokens).authorized()
    assert far_end.requests == []


# Writing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize(
    "reply", [*LINE_FAILURES, httpx.Response(500), httpx.Response(502), httpx.Response(503)], ids=repr
)
async def test_a_write_whose_answer_is_lost_is_made_once(name: str, reply: Reply) -> None:
    far_end = scripted(reply)
    with pytest.raises(OutcomeUnknown):
        await WRITES[name](ironclad(far_end))
    assert len(far_end.requests) == 1


@pytest.mark.parametrize("name", WRITES)
async def test_a_write_that_ironclad_never_saw_or_put_off_is_left_to_the_caller(name: str) -> None:
    for reply in (httpx.ConnectError("refused"), httpx.ConnectTimeout(""), httpx.PoolTimeout("")):
        with pytest.raises(NotSent):
            await WRITES[name](ironclad(scripted(reply)))
    with pytest.raises(RateLimited) as caught:
        await WRITES[name](ironclad(scripted(httpx.Response(429, headers={"Retry-After": "7"}))))
    assert caught.value.retry_after == 7


async def test_a_launch() -> None:
    far_end = scripted(httpx.Response(200, json=workflow(12)))
    made = await ironclad(far_end).launch("t1", {"counterpartyName": "Lanternfish Ltd"})
    assert (made.ironclad_id, made.step) == ("IC-12", "Review")
    (request,) = far_end.requests
    assert (request.method, request.url.path) == ("POST", "/public/api/v1/workflows")
    assert far_end.sent == [{"template": "t1", "attributes": {"counterpartyName": "Lanternfish Ltd"}}]


async def test_default_values_are_applied_on_request() -> None:
    far_end = scripted(httpx.Response(200, json=workflow()), httpx.Response(200, json={"asyncJobId": "j1"}))
    client = ironclad(far_end)
    await client.launch("t1", {}, use_default_values=True)
    assert await client.launch_async("t1", {}, use_default_values=True) == "j1"
    assert [request.url.query for request in far_end.requests] == [b"useDefaultValues=true"] * 2


async def test_cancelling() -> None:
    far_end = scripted(httpx.Response(204))
    await ironclad(far_end).cancel("w1", "Duplicate request")
    assert far_end.requests[0].url.path == "/public/api/v1/workflows/w1/cancel"
    assert far_end.sent == [{"comment": {"message": "Duplicate request", "addUsersToWorkflow": False}}]


# Reading --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [*LINE_FAILURES, httpx.Response(503), httpx.ConnectError("")], ids=repr)
async def test_a_read_is_tried_again(reply: Reply) -> None:
    far_end, sleep = scripted(reply, reply, company()), Sleeper()
    assert (await ironclad(far_end, sleep=sleep).company()).name == "Harbor Oak"
    assert 0.25 <= sleep.slept[0] <= 0.5 <= sleep.slept[1] <= 1.0


@pytest.mark.parametrize("name", READS)
async def test_a_read_gives_up_after_a_few_times(name: str) -> None:
    far_end = scripted(*[httpx.ReadTimeout("")] * 3)
    with pytest.raises(Unavailable):
        await READS[name](ironclad(far_end))
    assert len(far_end.requests) == 3


async def test_repeating_can_be_switched_off() -> None:
    far_end = scripted(httpx.Response(503))
    with pytest.raises(Unavailable):
        await ironclad(far_end, read_attempts=1).company()


async def test_a_read_waits_as_long_as_ironclad_asks() -> None:
    sleep = Sleeper()
    far_end = scripted(httpx.Response(429, headers={"Retry-After": "3"}), company())
    await ironclad(far_end, sleep=sleep).company()
    assert 3 <= sleep.slept[0] <= 3.5


async def test_workflows_are_read_page_by_page() -> None:
    far_end = scripted(page(1, 2, count=5), page(3, 4, count=5), page(5, count=5))
    found = await everything(ironclad(far_end).workflows(page_size=2))
    assert [one.ironclad_id for one in found] == ["IC-1", "IC-2", "IC-3", "IC-4", "IC-5"]
    assert [request.url.params["page"] for request in far_end.requests] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "pages",
    [
        [page(1, 2, count=2)],
        [page(count=0)],
        [page(1)],
        [page(1, 2), page()],
        [page(1, 2, count=9), page(count=9)],
    ],
)
async def test_the_list_ends(pages: list[Reply]) -> None:
    far_end = scripted(*pages)
    await everything(ironclad(far_end).workflows(page_size=2))
    assert far_end.replies == []


async def test_a_workflow_that_slips_to_the_next_page_comes_once() -> None:
    far_end = scripted(page(1, 2, count=3), page(2, 3, count=3))
    found = await everything(ironclad(far_end).workflows(page_size=2))
    assert [one.ironclad_id for one in found] == ["IC-1", "IC-2", "IC-3"]


async def test_what_workflows_are_asked_for() -> None:
    far_end = scripted(page())
    search = ironclad(far_end).workflows(
        template="t1",
        statuses=EVERY_STATUS,
        updated_since=datetime(2026, 10, 1, tzinfo=UTC),
        where=equals("requestRef", "O'Hara & Søn"),
    )
    assert await everything(search) == []
    assert dict(far_end.requests[0].url.params) == {
        "page": "0",
        "pageSize": "100",
        "status": "active,paused,completed,cancelled",
        "template": "t1",
        "lastUpdated": "2026-10-01T00:00:00.000Z",
        "filter": 'Equals([requestRef],"O\'Hara & Søn")',
    }


async def test_groups_are_read_to_the_last() -> None:
    def groups(*ids: str) -> httpx.Response:
        listed = [{"id": id_, "displayName": f"Group {id_}", "members": [{"value": "u1"}, {}]} for id_ in ids]
        return httpx.Response(200, json={"totalResults": 3, "Resources": listed})

    far_end = scripted(groups("a", "b"), groups("c"))
    found = await ironclad(far_end).groups(name="Legal")
    assert [(group.id, group.name, group.members) for group in found][2] == ("c", "Group c", ("u1",))
    assert [request.url.params["startIndex"] for request in far_end.requests] == ["1", "3"]


async def test_who_am_i() -> None:
    # facts §2.3
    told = {
        "sub": "u1",
        "email": "dana.ruiz@example.com",
        "displayName": "Dana Ruiz",
        "companyId": "c1",
        "companyName": "Harbor Oak",
        "scopes": ["a", "b"],
    }
    me = await ironclad(scripted(httpx.Response(200, json=told))).whoami()
    assert (me.id, me.name, me.company_id, me.scopes) == ("u1", "Dana Ruiz", "c1", frozenset({"a", "b"}))


async def test_an_id_stays_within_its_place_in_the_path() -> None:
    far_end = scripted(httpx.Response(404))
    with pytest.raises(NotFound):
        await ironclad(far_end).workflow("../records/1?x=1#y")
    path = far_end.requests[0].url.raw_path
    assert path == b"/public/api/v1/workflows/..%2Frecords%2F1%3Fx%3D1%23y"
    with pytest.raises(ValueError, match="id"):
        await ironclad(scripted()).workflow("..")


# The session ----------------------------------------------------------------------------------------


async def test_one_connection_is_enough() -> None:
    """A refused answer must give its connection back before the call is repeated."""
    opened: list[int] = []

    class OneAtATime(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            assert not [state for state in opened if state], "the earlier answer is still open"
            opened.append(1)
            status = 401 if len(opened) == 1 else 200
            body = json.dumps({"companyId": "c1"}).encode()
            return httpx.Response(status, stream=Closing(body, lambda: opened.__setitem__(-1, 0)))

    http = httpx.AsyncClient(transport=OneAtATime())
    client = Ironclad(http=http, base_url=HOST, tokens=Renewing())
    assert (await client.company()).id == "c1"
    assert opened == [0, 0]


class Closing(httpx.AsyncByteStream):
    """Says when it is closed."""

    def __init__(self, body: bytes, closed: Callable[[], None]) -> None:
        self._body = body
        self._closed = closed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body

    async def aclose(self) -> None:
        self._closed()


def test_the_public_names_are_those_that_are_there() -> None:
    there = {name for name, value in vars(package).items() if not inspect.ismodule(value) and name[0] != "_"}
    assert set(package.__all__) == there


async def test_the_session_stays_open() -> None:
    http = session(scripted(company()))
    await Ironclad(http=http, base_url=HOST, tokens=StaticToken(TOKEN)).company()
    assert not http.is_closed
