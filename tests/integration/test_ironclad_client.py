"""The client against the stand-in of Ironclad, which was written from Ironclad's documentation alone."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from ironclad import (
    AuthorizationCode,
    BadCredentials,
    ClientCredentials,
    Forbidden,
    Ironclad,
    LaunchState,
    MemoryVault,
    NotFound,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Reason,
    RefreshingTokens,
    Rejected,
    Required,
    Status,
    Template,
    Timeouts,
    TokenVault,
    Unauthorized,
    Unavailable,
    Upload,
    Workflow,
    all_of,
    authorize_url,
    contains,
    equals,
    exchange_code,
    fields_of,
)
from tests.sandbox.ironclad.server import build
from tests.sandbox.ironclad.transport import InProcess
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, IroncladWorld, demo_world
from tests.sandbox.serving import serving

DANA, LEE = "dana.ruiz@example.com", "lee.wong@example.com"
CALLBACK = "http://127.0.0.1:3000/ironclad/callback"
GRANT = AuthorizationCode(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, CALLBACK)
IMPATIENT = Timeouts(read=0.5, write=0.5)
PURCHASE: dict[str, Any] = {
    "counterpartyName": "Lanternfish Ltd",
    "requestNumber": "REQ-12",
    "whatAndWhy": "Nets, because of O'Hara",
    "department": "Legal",
    "budgeted": True,
    "amount": 250,
    "neededBy": "2026-12-01T00:00:00+00:00",
}


@dataclass
class Meeting:
    """A world, a way to it, and a client that acts for Dana."""

    world: IroncladWorld
    http: httpx.AsyncClient
    url: str
    client: Ironclad

    def connected(
        self, grant: ClientCredentials, *, vault: TokenVault | None = None, as_user: str | None = DANA
    ) -> Ironclad:
        """Another client."""
        tokens = RefreshingTokens(grant, vault or MemoryVault(), self.http, self.url, self.world.now)
        return Ironclad(http=self.http, base_url=self.url, tokens=tokens, acting_user=as_user)

    async def template(self, name: str) -> Template:
        return next(template for template in await self.client.templates() if template.name == name)

    async def purchase(self, **changes: Any) -> Workflow:
        template = await self.template("Simple Purchase")
        return await self.client.launch(template.id, {**PURCHASE, **changes})


def demo_grant(*scopes: str, secret: str = DEMO_CLIENT_SECRET) -> ClientCredentials:
    return ClientCredentials(DEMO_CLIENT_ID, secret, scopes)


def meet(
    world: IroncladWorld, http: httpx.AsyncClient, url: str, timeouts: Timeouts | None = None
) -> Meeting:
    tokens = RefreshingTokens(demo_grant(), MemoryVault(), http, url, world.now)
    client = Ironclad(http=http, base_url=url, tokens=tokens, acting_user=DANA, timeouts=timeouts)
    return Meeting(world, http, url, client)


@pytest.fixture
async def meeting() -> AsyncIterator[Meeting]:
    world = demo_world()
    async with httpx.AsyncClient(transport=InProcess(build(world))) as http:
        yield meet(world, http, world.public_url)


@asynccontextmanager
async def over_sockets(timeouts: Timeouts | None = None) -> AsyncIterator[Meeting]:
    """The same over real connections: only there is a dropped one dropped, and a late answer late."""
    world = demo_world()
    async with serving(build(world), any_port()) as url, httpx.AsyncClient() as http:
        yield meet(world, http, url, timeouts)


def any_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def everything(found: AsyncIterator[Workflow]) -> list[Workflow]:
    return [workflow async for workflow in found]


# Connecting -----------------------------------------------------------------------------------------


async def test_who_and_where_we_are(meeting: Meeting) -> None:
    me = await meeting.client.whoami()
    assert (me.email, me.name, me.company_name) == (DANA, "Dana Ruiz", "Harbor Oak")
    assert "public.workflows.createWorkflows" in me.scopes
    company = await meeting.client.company()
    assert (company.id, company.name) == (meeting.world.company.id, "Harbor Oak")


@pytest.mark.parametrize(
    ("grant", "reason"),
    [
        (demo_grant(secret="wrong"), Reason.CLIENT),
        (ClientCredentials("00000000-0000-4000-8000-000000000000", "x"), Reason.CLIENT),
        (ClientCredentials("not a UUID", "x"), Reason.REQUEST),
        (demo_grant("public.obligations.everything"), Reason.SCOPE),
    ],
)
async def test_credentials_that_are_wrong(meeting: Meeting, grant: ClientCredentials, reason: Reason) -> None:
    with pytest.raises(BadCredentials) as caught:
        await meeting.connected(grant).company()
    assert caught.value.reason is reason


async def test_an_acting_user_without_an_account(meeting: Meeting) -> None:
    with pytest.raises(Forbidden):
        await meeting.client.acting_as("nobody@example.com").templates()
    with pytest.raises(Rejected) as caught:
        await meeting.client.acting_as(None).templates()
    assert caught.value.params == ("x-as-user-email",)


async def test_a_missing_scope(meeting: Meeting) -> None:
    client = meeting.connected(demo_grant("public.workflows.readWorkflows"))
    assert await everything(client.workflows()) == []
    with pytest.raises(Forbidden):
        await client.templates()


async def test_an_expired_token_is_renewed_unnoticed(meeting: Meeting) -> None:
    await meeting.client.company()
    meeting.world.oauth.expire_all()
    made = await asyncio.gather(*(meeting.purchase(requestNumber=f"REQ-{n}") for n in range(10)))
    assert len({workflow.id for workflow in made}) == len(meeting.world.workflows) == 10
    assert meeting.world.oauth.exchanges["client_credentials"] == 2


async def consent(meeting: Meeting) -> str:
    """What Dana does in her browser; the code that she comes back with."""
    url = authorize_url(meeting.url, client_id=DEMO_CLIENT_ID, redirect_uri=CALLBACK, state="s-1")
    page = await meeting.http.get(url)
    assert page.status_code == 200
    answers = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    said = {**answers, "user": DANA, "decision": "allow"}
    back = await meeting.http.post(f"{meeting.url}/oauth/authorize", data=said)
    query = parse_qs(urlsplit(back.headers["Location"]).query)
    assert query["state"] == ["s-1"]
    return query["code"][0]


async def test_a_person_consents_and_is_acted_for(meeting: Meeting) -> None:
    code = await consent(meeting)
    tokens = await exchange_code(code, grant=GRANT, http=meeting.http, base_url=meeting.url)
    vault = MemoryVault(tokens)
    sources = [RefreshingTokens(GRANT, vault, meeting.http, meeting.url) for _ in range(3)]
    clients = [Ironclad(http=meeting.http, base_url=meeting.url, tokens=source) for source in sources]
    assert (await clients[0].whoami()).email == DANA
    for _ in range(3):
        meeting.world.oauth.expire_all()
        names = await asyncio.gather(*(client.company() for client in clients for _ in range(10)))
        assert {company.name for company in names} == {"Harbor Oak"}
    assert meeting.world.oauth.exchanges["refresh_token"] == 3


async def test_a_code_works_once_and_a_revoked_app_is_told_so(meeting: Meeting) -> None:
    code = await consent(meeting)
    tokens = await exchange_code(code, grant=GRANT, http=meeting.http, base_url=meeting.url)
    with pytest.raises(BadCredentials) as again:
        await exchange_code(code, grant=GRANT, http=meeting.http, base_url=meeting.url)
    assert again.value.reason is Reason.GRANT
    meeting.world.oauth.revoke_all()
    source = RefreshingTokens(GRANT, MemoryVault(tokens), meeting.http, meeting.url)
    with pytest.raises(BadCredentials) as gone:
        await Ironclad(http=meeting.http, base_url=meeting.url, tokens=source).company()
    assert gone.value.reason is Reason.GRANT


# Templates ------------------------------------------------------------------------------------------


async def test_every_template_reads(meeting: Meeting) -> None:
    templates = await meeting.client.templates()
    assert {template.name for template in templates} >= {"Mutual NDA", "Simple Purchase"}
    for template in templates:
        published = meeting.world.company.templates[template.id]
        assert [field.key for field in template.fields] == [field.key for field in published.fields]
        assert fields_of(json.loads(json.dumps(dict(template.raw)))) == template.fields
        assert await meeting.client.template(template.id) == template


async def test_what_the_vendor_form_asks(meeting: Meeting) -> None:
    vendor = await meeting.template("Vendor Services Agreement")
    fields = {field.key: field for field in vendor.fields}
    assert fields["counterpartyName"].required is Required.ALWAYS
    assert fields["dpaContact"].required is Required.CONDITIONAL
    assert [column.key for column in fields["lineItems"].fields] == ["item", "quantity", "price"]
    offices = fields["offices"]
    assert offices.options is not None
    assert offices.options.values == ("Berlin", "Dublin", "Oakland", "Tokyo")
    assert offices.element is not None
    assert (offices.type, offices.element.type) == ("array", "string")


async def test_who_may_launch_what(meeting: Meeting) -> None:
    everybody = [
        await meeting.client.acting_as(email).templates() for email in (DANA, LEE, "sam.ito@example.com")
    ]
    assert any(not template.may_launch for templates in everybody for template in templates)


async def test_a_republished_template_is_gone(meeting: Meeting) -> None:
    template = await meeting.template("Simple Purchase")
    meeting.world.republish(meeting.world.template("Simple Purchase"))
    with pytest.raises(NotFound):
        await meeting.client.template(template.id)
    with pytest.raises(NotFound):
        await meeting.client.launch(template.id, PURCHASE)


# Launching ------------------------------------------------------------------------------------------


async def test_a_launch(meeting: Meeting) -> None:
    made = await meeting.purchase()
    (there,) = meeting.world.workflows
    assert (made.id, made.title) == (there.id, "Simple Purchase with Lanternfish Ltd")
    assert made.status == Status.ACTIVE
    assert (made.creator_email, made.step) == (DANA, "Review")
    assert made.ironclad_id is not None
    assert made.created is not None
    assert made.attributes["whatAndWhy"] == PURCHASE["whatAndWhy"]
    assert await meeting.client.workflow(made.ironclad_id) == await meeting.client.workflow(made.id)


async def test_everything_that_is_missing_is_named(meeting: Meeting) -> None:
    template = await meeting.template("Simple Purchase")
    with pytest.raises(Rejected) as caught:
        await meeting.client.launch(template.id, {"counterpartyName": "x", "amount": 20_000})
    assert caught.value.code == "MISSING_PARAM"
    assert set(caught.value.params) == {"whatAndWhy", "department", "budgeted", "neededBy", "costCentre"}
    assert meeting.world.workflows == []


async def test_a_wrong_value_is_named(meeting: Meeting) -> None:
    meeting.world.rules.redirect_in_refusal = True
    with pytest.raises(Rejected) as caught:
        await meeting.purchase(department="Alchemy")
    assert (caught.value.code, caught.value.key_path) == ("INVALID_PARAM", "department")
    assert caught.value.redirect_url is not None
    assert "/workflows/launch/" in caught.value.redirect_url


async def their_paper(meeting: Meeting) -> dict[str, Any]:
    nda = await meeting.template("Mutual NDA")
    signers = {
        field.key: "sam@example.com" if field.type == "email" else "Sam Poe"
        for field in nda.fields
        if field.key.startswith("role")
    }
    return {
        "counterpartyName": "Lanternfish Ltd",
        "paperSource": "Counterparty paper",
        "draft": [{"file": "draft_1"}],
        "region": "AMER",
        **signers,
    }


async def test_a_launch_on_their_paper_and_the_file_back(meeting: Meeting) -> None:
    async def streamed() -> AsyncIterator[bytes]:
        for number in range(64):
            yield bytes([number]) * 16_384

    nda = await meeting.template("Mutual NDA")
    upload = Upload("draft_1", 'Žluťoučký "NDA".pdf', "application/pdf", streamed())
    made = await meeting.client.launch(nda.id, await their_paper(meeting), files=[upload])
    (draft,) = [one for one in await meeting.client.documents(made.id) if one.filename.endswith(".pdf")]
    assert draft.filename.startswith("Žluťoučký")
    async with meeting.client.download(made.id, draft.key) as chunks:
        assert b"".join([chunk async for chunk in chunks]) == b"".join([chunk async for chunk in streamed()])
    with pytest.raises(NotFound):
        async with meeting.client.download(made.id, "no-such-key"):
            pass


async def test_a_virus_is_refused(meeting: Meeting) -> None:
    nda = await meeting.template("Mutual NDA")
    upload = Upload("draft_1", "x.pdf", "application/pdf", b"EICAR-STANDARD-ANTIVIRUS-TEST")
    with pytest.raises(Rejected, match=r"(?i)virus"):
        await meeting.client.launch(nda.id, await their_paper(meeting), files=[upload])


async def test_an_asynchronous_launch(meeting: Meeting) -> None:
    meeting.world.rules.job_seconds = 0.5
    template = await meeting.template("Simple Purchase")
    job = await meeting.client.launch_async(template.id, PURCHASE)
    assert (await meeting.client.launch_status(job)).state is LaunchState.IN_PROGRESS
    await meeting.world.settled()
    status = await meeting.client.launch_status(job)
    assert status.workflow_id == meeting.world.workflows[0].id
    assert status.browser_url == f"{meeting.url}/workflow/{status.workflow_id}"


async def test_an_asynchronous_launch_that_is_refused(meeting: Meeting) -> None:
    template = await meeting.template("Simple Purchase")
    job = await meeting.client.launch_async(template.id, {"counterpartyName": "x"})
    status = await meeting.client.launch_status(job)
    assert status.state is LaunchState.FAILED
    assert status.error is not None
    assert status.error.code == "MISSING_PARAM"
    assert "department" in status.error.params
    assert status.error.redirect_url is not None
    with pytest.raises(NotFound):
        await meeting.client.launch_status("no-such-job")


# Finding and cancelling -----------------------------------------------------------------------------


async def test_workflows_are_found_by_what_is_known_of_them(meeting: Meeting) -> None:
    made = [await meeting.purchase(requestNumber=f"REQ-{number}") for number in range(7)]
    odd = await meeting.purchase(counterpartyName="O'Hara & Søn", requestNumber="REQ-99")
    await meeting.client.cancel(made[3].id, "Duplicate request")

    listed = await everything(meeting.client.workflows(page_size=3))
    assert {workflow.id for workflow in listed} == {workflow.id for workflow in [*made, odd]}
    active = await everything(meeting.client.workflows(statuses={Status.ACTIVE}))
    assert len(active) == 7

    async def search(**asked: Any) -> list[str | None]:
        return [workflow.ironclad_id for workflow in await everything(meeting.client.workflows(**asked))]

    assert await search(where=all_of(equals("requestNumber", "REQ-3"))) == [made[3].ironclad_id]
    by_name = all_of(equals("counterpartyName", "O'Hara & Søn"), contains("requestNumber", "99"))
    assert await search(where=by_name) == [odd.ironclad_id]
    assert await search(template=made[0].template, updated_since=datetime.now(UTC) + timedelta(hours=1)) == []
    assert await search(template="6a0c11d2e4b0f7a915c3bb02") == []


async def test_cancelling(meeting: Meeting) -> None:
    made = await meeting.purchase()
    await meeting.client.cancel(made.id, "Duplicate request")
    assert (await meeting.client.workflow(made.id)).status == Status.CANCELLED
    with pytest.raises(NotFound):
        await meeting.client.cancel("6a0c11d2e4b0f7a915c3cc03", "No such thing")


async def test_a_workflow_that_is_not_there(meeting: Meeting) -> None:
    for name in ("IC-4711", "6a0c11d2e4b0f7a915c3cc03", "../templates"):
        with pytest.raises(NotFound):
            await meeting.client.workflow(name)


async def test_people_and_groups(meeting: Meeting) -> None:
    dana = await meeting.client.user_by_email(DANA.upper())
    assert dana is not None
    assert (dana.name, dana.email, dana.active) == ("Dana Ruiz", DANA, True)
    assert await meeting.client.user_by_email('nobody"@example.com') is None
    groups = await meeting.client.groups()
    assert {group.name for group in groups} == {"Legal Ops", "Procurement"}
    (legal,) = await meeting.client.groups(name="Legal Ops")
    assert legal.members == (dana.id,)


# When things go wrong -------------------------------------------------------------------------------


async def test_the_limit_of_launches_is_told_and_left_to_the_caller(meeting: Meeting) -> None:
    meeting.world.limits.per_minute["workflows:write"] = 1
    await meeting.purchase()
    with pytest.raises(RateLimited) as caught:
        await meeting.purchase()
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 60


async def test_a_read_survives_a_short_outage(meeting: Meeting) -> None:
    for kind in ("500", "drop_before", "act_then_drop"):
        meeting.world.fault(kind=kind, path_prefix="/public/api/v1/workflow-schemas")
        assert await meeting.client.templates()


async def test_a_lost_answer_is_one_workflow_and_can_be_found() -> None:
    async with over_sockets(IMPATIENT) as meeting:
        template = await meeting.template("Simple Purchase")
        for number, kind in enumerate(("act_then_drop", "act_then_500", "act_then_hang")):
            meeting.world.fault(kind=kind, path_prefix="/public/api/v1/workflows", method="POST")
            sent = {**PURCHASE, "requestNumber": f"REQ-{number}"}
            with pytest.raises(OutcomeUnknown):
                await meeting.client.launch(template.id, sent)
            where = equals("requestNumber", f"REQ-{number}")
            assert len(await everything(meeting.client.workflows(where=where))) == 1
        assert len(meeting.world.workflows) == 3


async def test_a_dropped_or_hanging_launch_is_not_sent_again() -> None:
    async with over_sockets(IMPATIENT) as meeting:
        template = await meeting.template("Simple Purchase")
        for kind in ("drop_before", "hang"):
            meeting.world.fault(kind=kind, path_prefix="/public/api/v1/workflows", method="POST")
            with pytest.raises(OutcomeUnknown):
                await meeting.client.launch(template.id, PURCHASE)
        assert meeting.world.workflows == []


async def test_files_travel_over_sockets() -> None:
    async with over_sockets() as meeting:
        nda = await meeting.template("Mutual NDA")
        content = bytes(range(256)) * 8_192
        for announced in (content, chunked(content)):
            upload = Upload("draft_1", "theirs.pdf", "application/pdf", announced)
            made = await meeting.client.launch(nda.id, await their_paper(meeting), files=[upload])
            (draft,) = [
                one for one in await meeting.client.documents(made.id) if one.filename == "theirs.pdf"
            ]
            async with meeting.client.download(made.id, draft.key) as chunks:
                assert b"".join([chunk async for chunk in chunks]) == content


async def chunked(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]


async def test_nobody_at_home() -> None:
    async with httpx.AsyncClient() as http:
        away = meet(demo_world(), http, f"http://127.0.0.1:{any_port()}")
        with pytest.raises(NotSent):
            await away.client.company()


async def test_an_ironclad_that_hangs_ends_in_time() -> None:
    async with over_sockets(IMPATIENT) as meeting:
        meeting.world.fault(kind="hang", path_prefix="/oauth/company-info", times=-1)
        async with asyncio.timeout(5):
            with pytest.raises(Unavailable):
                await meeting.client.company()


async def test_a_revoked_app_is_told_to_the_admin(meeting: Meeting) -> None:
    await meeting.client.company()
    meeting.world.fault(
        kind="refuse",
        path_prefix="/oauth/company-info",
        times=-1,
        status=401,
        body={"code": "UNAUTHORIZED", "message": "token has been revoked"},
    )
    with pytest.raises(Unauthorized, match="token has been revoked"):
        await meeting.client.company()


async def test_two_hundred_launches_at_once(meeting: Meeting) -> None:
    meeting.world.limits.enabled = False
    template = await meeting.template("Simple Purchase")
    made = await asyncio.gather(
        *(meeting.client.launch(template.id, {**PURCHASE, "requestNumber": f"REQ-{n}"}) for n in range(200))
    )
    assert len({workflow.id for workflow in made}) == 200
    assert len(await everything(meeting.client.workflows())) == 200


# Records --------------------------------------------------------------------------------------------


async def test_records_are_found_by_the_words_of_their_name_and_by_number(meeting: Meeting) -> None:
    found = await meeting.client.records_named("lanternfish nda")

    assert [record.name for record in found] == ["Mutual NDA with Lanternfish Ltd"]
    assert await meeting.client.record(found[0].ironclad_id) == found[0]
    assert await meeting.client.records_named("  ") == []
    with pytest.raises(NotFound):
        await meeting.client.record("IC-99999")
