"""Everything that can go wrong between *Continue* and *connected*: each ends in a sentence and a next step.

One Slipway serves the whole table. A case makes a connection of its own, goes wrong in its own way, and gives
the page that its person sees.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.usecases.credentials import Credentials
from bot.usecases.permissions import BY_DEFAULT, scopes_of
from ironclad.transport import Timeouts
from storage import Connection, Sealing, new_key
from storage.records import TicketPurpose
from storage.repositories.tickets import _TOKEN
from tests.journeys.browsing import Browser
from tests.journeys.connecting import no_longer_admin
from tests.place import Place
from tests.sandbox.ironclad.demo_designs import OPS_ADMIN
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET

OPS, LEE = "priya.nair@example.com", "lee.wong@example.com"
NOBODY = "11111111-2222-4333-8444-555555555555"


class Scene:
    """A connection on its way, and a browser."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.browser = Browser(place)
        self.connection: Connection | None = None
        self.url = ""

    async def link(
        self,
        *,
        secret: str = DEMO_CLIENT_SECRET,
        purpose: TicketPurpose = "connect",
        user: str = "priya",
        of: Connection | None = None,
        **typed: Any,
    ) -> str:
        """A link to approve, as it comes by mail."""
        place, member = self.place, self.place.member(user).id
        facts = {"client_id": DEMO_CLIENT_ID, "region": "demo", "acting_user": OPS_ADMIN, **typed}
        credentials = Credentials(client_secret=secret, wanted=scopes_of(BY_DEFAULT), **facts)
        self.connection = of or await place.app.connecting.keep(place.team, member, credentials)
        async with place.app.database.transaction() as store:
            self.url, _ = await place.app.connecting.link(store, self.connection, member, purpose)
        return self.url

    async def approve(self, **typed: Any) -> str:
        """The page after *Approve*, with client credentials."""
        url = await self.link(**typed)
        await self.browser.open(url)
        return await self.browser.press("approve", url)

    async def consent(self, decision: str = "allow", user: str = OPS, **typed: Any) -> str:
        """The address that Ironclad sends back to, after *Approve* under an authorization code."""
        url = await self.link(grant="authorization_code", **typed)
        await self.browser.press("approve", url)
        return await self.browser.consent(user=user, decision=decision)

    async def back(self, answer: str) -> str:
        """The page after Ironclad sent the browser back with `answer` and the state it was given."""
        url = await self.link(grant="authorization_code")
        await self.browser.press("approve", url)
        state = self.browser.onward.split("state=")[1].split("&")[0]
        return await self.browser.open(f"/ironclad/callback?{answer}&state={state}")

    def app(self, **changes: Any) -> None:
        """Change the app in Ironclad."""
        clients = self.place.ironclad.oauth.clients
        clients[DEMO_CLIENT_ID] = replace(clients[DEMO_CLIENT_ID], **changes)

    def fault(self, path: str, **how: Any) -> None:
        """Let Ironclad misbehave."""
        self.place.ironclad.fault(path_prefix=path, **how)

    async def later(self, minutes: int) -> None:
        """Let every ticket's time run out."""
        from sqlalchemy import update

        from storage.models import TicketRow

        async with self.place.app.database.transaction() as store:
            moment = await store.now() - timedelta(minutes=minutes)
            await store.connection.execute(update(TicketRow).values(expires_at=moment))


@dataclass(frozen=True)
class Case:
    """One way to go wrong."""

    name: str
    act: Callable[[Scene], Awaitable[str]]
    told: str
    do: str


CASES: list[Case] = []
Act = Callable[[Scene], Awaitable[str]]


def case(told: str, do: str) -> Callable[[Act], Act]:
    """Put a case into the table."""

    def add(act: Act) -> Act:
        CASES.append(Case(act.__name__, act, told, do))
        return act

    return add


# Credentials --------------------------------------------------------------------------------------


@case("did not accept the client ID and secret", "Check that both are copied whole")
async def wrong_secret(scene: Scene) -> str:
    return await scene.approve(secret="not the secret")


@case("did not accept the client ID and secret", "the region is the one you log in to")
async def client_of_another_region(scene: Scene) -> str:
    return await scene.approve(client_id=NOBODY)


@case("does not know this client ID in this form", "Copy it again, whole")
async def client_id_cut_short(scene: Scene) -> str:
    return await scene.approve(client_id="0b7a3e52-1c1f")


@case("does not allow the Client Credentials grant", "Tick that grant type for the app")
async def grant_not_ticked(scene: Scene) -> str:
    scene.app(grants=("authorization_code",))
    return await scene.approve()


@case("lacks a permission that Slipway needs", "Tick these permissions: public.workflows.createWorkflows")
async def core_permission_missing(scene: Scene) -> str:
    every = scene.place.ironclad.oauth.clients[DEMO_CLIENT_ID].scopes
    scene.app(scopes=tuple(one for one in every if "create" not in one))
    return await scene.approve()


@case("does not let noor.haddad@example.com in", "Choose somebody whose Slack e-mail")
async def acting_user_without_account(scene: Scene) -> str:
    return await scene.approve(acting_user="noor.haddad@example.com")


@case("does not let", "Choose somebody")
async def acting_user_not_allowed(scene: Scene) -> str:
    scene.fault("/scim", kind="refuse", status=403, code="FORBIDDEN", times=1)
    return await scene.approve()


@case("has no public API", "The API is an add-on")
async def api_not_bought(scene: Scene) -> str:
    scene.fault("/oauth/company-info", kind="refuse", status=404, code="NOT_FOUND", times=1)
    return await scene.approve()


@case("did not accept its own token", "Check the region")
async def token_refused_at_once(scene: Scene) -> str:
    scene.fault("/oauth/company-info", kind="refuse", status=401, code="UNAUTHORIZED", times=3)
    return await scene.approve()


@case("is not answering", "Try again in a moment")
async def token_endpoint_broken(scene: Scene) -> str:
    scene.fault("/oauth/token", kind="500", times=1)
    return await scene.approve()


@case("is not answering", "Try again in a moment")
async def token_endpoint_hangs_up(scene: Scene) -> str:
    scene.fault("/oauth/token", kind="drop_before", times=1)
    return await scene.approve()


@case("is not answering", "Try again in a moment")
async def token_endpoint_lies(scene: Scene) -> str:
    oauth = scene.place.ironclad.oauth
    honest = oauth.token
    oauth.token = lambda fields, basic=None: {"token_type": "Bearer"}  # type: ignore[method-assign]
    try:
        return await scene.approve()
    finally:
        oauth.token = honest  # type: ignore[method-assign]


@case("is not answering", "Try again in a moment")
async def token_endpoint_hangs(scene: Scene) -> str:
    scene.fault("/oauth/token", kind="hang", times=1)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("auth", "tokens"):
            patch.setattr(f"ironclad.{module}.Timeouts", partial(Timeouts, read=0.3, write=0.3))
        return await scene.approve()


@case("did not accept its own token", "whether the clock is right")
async def clocks_far_apart(scene: Scene) -> str:
    oauth = scene.place.ironclad.oauth
    honest, clock = oauth.token, oauth._clock

    def out_of_time(fields: Any, basic: Any = None) -> Any:
        oauth._clock = lambda: clock() - timedelta(days=30)
        try:
            return honest(fields, basic)
        finally:
            oauth._clock = clock

    oauth.token = out_of_time  # type: ignore[method-assign]
    try:
        return await scene.approve()
    finally:
        oauth.token = honest  # type: ignore[method-assign]


@case("is busy with your company's other requests", "Try again in a minute")
async def too_many_requests(scene: Scene) -> str:
    scene.fault("/oauth/token", kind="429", retry_after=60, times=1)
    return await scene.approve()


# The link -----------------------------------------------------------------------------------------


@case("not one that Slipway made", "Copy it again, whole")
async def link_cut_short(scene: Scene) -> str:
    return await scene.browser.open((await scene.link())[:-9])


@case("not one that Slipway made", "have it sent again")
async def link_forged(scene: Scene) -> str:
    other = Sealing([new_key()]).seal(_TOKEN, '["T1", "x", "y"]')
    return await scene.browser.open(f"/ironclad/connect/{other}")


@case("was already used", "to see how things stand")
async def link_used_twice(scene: Scene) -> str:
    await scene.approve()
    return await scene.browser.press("approve", scene.url)


@case("good for 30 minutes, and they are over", "press Send the link again")
async def link_expired(scene: Scene) -> str:
    url = await scene.link()
    await scene.later(1)
    return await scene.browser.press("approve", url)


@case("and they are over", "press Send the link again")
async def link_replaced_by_a_newer_one(scene: Scene) -> str:
    old = await scene.link()
    await scene.link(of=scene.connection)
    return await scene.browser.open(old)


@case("is no longer there", "to see how things stand")
async def link_of_a_removed_connection(scene: Scene) -> str:
    url = await scene.link()
    async with scene.place.app.database.transaction() as store:
        assert scene.connection is not None
        await store.connections.discard(scene.place.team, scene.connection.id)
    return await scene.browser.open(url)


@case("is no longer an admin of Slipway", "Ask a workspace owner or admin")
async def link_of_somebody_who_is_no_admin(scene: Scene) -> str:
    url = await scene.link(user="dana")
    return await scene.browser.press("approve", url)


@case("sent without an answer", "press a button")
async def page_sent_without_an_answer(scene: Scene) -> str:
    return await scene.browser.press("perhaps", await scene.link())


# Consent ------------------------------------------------------------------------------------------


@case("You did not allow it in Ironclad", "start again if that was a mistake")
async def consent_denied(scene: Scene) -> str:
    return await scene.browser.open(await scene.consent("deny"))


@case("lacks a permission that Slipway asks for", "Tick every permission")
async def permission_refused_at_consent(scene: Scene) -> str:
    every = scene.place.ironclad.oauth.clients[DEMO_CLIENT_ID].scopes
    scene.app(scopes=tuple(one for one in every if "cancel" not in one))
    await scene.browser.open(await scene.consent())
    # Slipway tries the other spelling of contract actions by itself, once.
    return await scene.browser.open(await scene.browser.consent(user=OPS))


@case("does not allow the Authorization Code grant", "Tick that grant type")
async def consent_grant_not_ticked(scene: Scene) -> str:
    return await scene.back("error=unauthorized_client")


@case("does not know the redirect address or the client ID", "Compare both")
async def redirect_address_not_registered(scene: Scene) -> str:
    return await scene.back("error=invalid_request")


@case("had a problem of its own", "start again")
async def consent_page_broken(scene: Scene) -> str:
    return await scene.back("error=server_error")


@case("did not say why", "start again")
async def consent_error_nobody_knows(scene: Scene) -> str:
    return await scene.back("error=%3Cscript%3Ealert(1)%3C/script%3E")


@case("sent you back without an answer", "start again")
async def callback_without_a_code(scene: Scene) -> str:
    return await scene.back("code=")


@case("did not accept the answer that your browser brought back", "start again")
async def code_made_up(scene: Scene) -> str:
    return await scene.back("code=made-up")


@case("did not accept the answer that your browser brought back", "It may have taken too long")
async def code_expired(scene: Scene) -> str:
    scene.place.ironclad.rules.code_seconds = 0
    try:
        return await scene.browser.open(await scene.consent())
    finally:
        scene.place.ironclad.rules.code_seconds = 600


@case("not one that Slipway made", "have it sent again")
async def callback_without_state(scene: Scene) -> str:
    return await scene.browser.open("/ironclad/callback?code=abc")


@case("not one that Slipway made", "have it sent again")
async def state_altered(scene: Scene) -> str:
    return await scene.browser.open((await scene.consent()).replace("state=v1.", "state=v1.0"))


@case("not one that Slipway made", "have it sent again")
async def link_passed_off_as_state(scene: Scene) -> str:
    token = (await scene.link()).rpartition("/")[2]
    return await scene.browser.open(f"/ironclad/callback?code=abc&state={token}")


@case("already used: this page was probably loaded twice", "to see whether Ironclad is connected")
async def state_replayed(scene: Scene) -> str:
    back = await scene.consent()
    await scene.browser.open(back)
    return await scene.browser.open(back)


@case("not the browser in which you pressed Approve", "stay in one browser")
async def state_in_a_foreign_browser(scene: Scene) -> str:
    return await Browser(scene.place).open(await scene.consent())


@case("not the browser in which you pressed Approve", "cookies must be allowed")
async def session_of_another_attempt(scene: Scene) -> str:
    back = await scene.consent()
    other = Scene(scene.place)
    await other.consent()
    return await other.browser.open(back)


@case("away for more than 15 minutes", "start again")
async def state_expired(scene: Scene) -> str:
    back = await scene.consent()
    await scene.later(1)
    return await scene.browser.open(back)


@case("did not accept the client ID and secret", "Check that both are copied whole")
async def wrong_secret_at_the_exchange(scene: Scene) -> str:
    return await scene.browser.open(await scene.consent(secret="not the secret"))


@case("is not answering", "Try again in a moment")
async def exchange_broken(scene: Scene) -> str:
    back = await scene.consent()
    scene.fault("/oauth/token", kind="act_then_drop", times=1)
    return await scene.browser.open(back)


@case("You are logged in to Ironclad as lee.wong@example.com", "log in with that address")
async def signed_in_as_somebody_else(scene: Scene) -> str:
    await scene.browser.open(await scene.consent())
    hers = Scene(scene.place)
    assert scene.connection is not None
    return await hers.browser.open(await hers.consent(user=LEE, purpose="sign_in", of=scene.connection))


@case("but this connection belongs to Elsewhere", "choose that company")
async def another_company(scene: Scene) -> str:
    await scene.browser.open(await scene.consent())
    from sqlalchemy import update

    from storage.models import ConnectionRow

    async with scene.place.app.database.transaction() as store:
        changed = update(ConnectionRow).values(company_id="elsewhere", company_name="Elsewhere")
        await store.connection.execute(changed)
    again = Scene(scene.place)
    return await again.browser.open(await again.consent(purpose="reconnect", of=scene.connection))


async def test_everything_that_can_go_wrong_is_told_with_a_next_step(bare: Place) -> None:
    original = bare.ironclad.oauth.clients[DEMO_CLIENT_ID]
    wrong = []
    for one in CASES:
        scene = Scene(bare)
        page = await one.act(scene)
        bare.ironclad.oauth.clients[DEMO_CLIENT_ID] = original
        answer = scene.browser.page
        if one.told not in page or one.do not in page or "<script" in (answer.text if answer else ""):
            wrong.append(f"{one.name}: {page}")
    assert wrong == []
    assert len(CASES) >= 40


async def test_pages_are_shut_to_everything_they_do_not_need(bare: Place) -> None:
    scene = Scene(bare)
    await scene.browser.open(await scene.link())
    answer = scene.browser.page

    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "<script" not in answer.text
    assert 'lang="en"' in answer.text
    assert 'name="viewport"' in answer.text


async def test_looking_changes_nothing(bare: Place) -> None:
    """Mail scanners open links, too."""
    scene = Scene(bare)
    url = await scene.link()
    for _ in range(3):
        assert "Approve" in await scene.browser.open(url)

    assert bare.ironclad.oauth.exchanges == {}
    assert "Ironclad is connected" in await scene.browser.press("approve", url)


@pytest.mark.parametrize("verdict", ["approve", "decline"])
async def test_two_presses_at_once_decide_once(bare: Place, verdict: str) -> None:
    import asyncio

    scene = Scene(bare)
    url = await scene.link()

    pages = await asyncio.gather(*(Browser(bare).press(verdict, url) for _ in range(4)))

    assert sum("already used" not in page for page in pages) == 1


async def test_a_link_does_not_outlive_the_role(bare: Place) -> None:
    scene = Scene(bare)
    url = await scene.link()
    await scene.browser.open(url)
    await no_longer_admin(bare, "priya")

    assert "no longer an admin" in await scene.browser.press("approve", url)
    assert bare.ironclad.oauth.exchanges == {}
