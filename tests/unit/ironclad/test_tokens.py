"""Renewing: in time, once at a time, and without losing a refresh token."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import monotonic

import httpx
import pytest

from ironclad import (
    AuthorizationCode,
    BadCredentials,
    ClientCredentials,
    Held,
    Ironclad,
    MemoryVault,
    RefreshingTokens,
    StaticToken,
    Tokens,
    Unauthorized,
    Unavailable,
)
from tests.unit.ironclad.fakes import HOST, Clock, RotatingIronclad, refusal, scripted, session

GRANT = AuthorizationCode("client", "the-client-secret", "https://slipway.test/ironclad/callback")
CREDENTIALS = ClientCredentials("client", "the-client-secret")


@dataclass
class Setting:
    """An Ironclad that rotates tokens, a vault with the first refresh token, and a clock for both."""

    clock: Clock = field(default_factory=Clock)
    vault: MemoryVault = field(init=False)
    far_end: RotatingIronclad = field(init=False)

    def __post_init__(self) -> None:
        self.vault = MemoryVault(Tokens("access-0", "refresh-0", self.clock(), ""))
        self.far_end = RotatingIronclad(self.clock)

    def source(self, *, early: float = 0.2) -> RefreshingTokens:
        return RefreshingTokens(GRANT, self.vault, session(self.far_end), HOST, self.clock, early)

    def client(self, source: RefreshingTokens) -> Ironclad:
        return Ironclad(http=session(self.far_end), base_url=HOST, tokens=source, read_attempts=1)


@pytest.fixture
def setting() -> Setting:
    return Setting()


async def test_one_refresh_for_many_processes_and_coroutines(setting: Setting) -> None:
    """Three sources share a vault as three processes would; ten coroutines share each of them."""
    clients = [setting.client(setting.source()) for _ in range(3)]
    for expected in range(1, 6):
        names = await asyncio.gather(*(client.company() for client in clients for _ in range(10)))
        assert {company.name for company in names} == {"Harbor Oak"}
        assert setting.far_end.issued == expected
        setting.clock.advance(seconds=setting.far_end.lifetime)
    assert not setting.far_end.revoked


async def test_after_an_early_revocation_too_there_is_one_refresh(setting: Setting) -> None:
    clients = [setting.client(setting.source()) for _ in range(3)]
    await asyncio.gather(*(client.company() for client in clients))
    for expected in range(2, 5):
        setting.far_end.revoke_access()
        await asyncio.gather(*(client.company() for client in clients for _ in range(10)))
        assert setting.far_end.issued == expected
    assert not setting.far_end.revoked


async def test_a_token_is_renewed_before_it_expires(setting: Setting) -> None:
    source = setting.source()
    assert await source.token() == "access-1"
    setting.clock.advance(seconds=0.79 * 3600)
    assert await source.token() == "access-1"
    setting.clock.advance(seconds=0.02 * 3600)
    assert await source.token() == "access-2"


async def test_a_token_of_another_process_is_used_as_it_is(setting: Setting) -> None:
    await setting.source().token()
    assert await setting.source().token() == "access-1"
    assert setting.far_end.issued == 1


async def test_a_rejected_token_is_replaced_by_what_another_process_has_saved(setting: Setting) -> None:
    first, second = setting.source(), setting.source()
    assert await first.token() == await second.token() == "access-1"
    assert await first.token(rejected="access-1") == "access-2"
    assert await second.token(rejected="access-1") == "access-2"
    assert setting.far_end.issued == 2


async def test_a_token_that_one_caller_found_rejected_is_given_to_no_other(setting: Setting) -> None:
    source = setting.source()
    await source.token()
    setting.far_end.revoke_access()
    both = await asyncio.gather(source.token(rejected="access-1"), source.token(rejected="access-0"))
    assert set(both) == {"access-2"}


async def test_who_joins_a_renewal_that_keeps_the_old_token_insists_on_a_new_one(setting: Setting) -> None:
    source = setting.source()
    await source.token()
    setting.clock.advance(seconds=0.9 * 3600)
    assert await setting.vault.claim(1, 0.15)  # another process has begun to renew early, and dies
    content, insisting = await asyncio.gather(source.token(), source.token(rejected="access-1"))
    assert (content, insisting) == ("access-1", "access-2")


async def test_a_token_that_is_given_out_again_ends_the_matter() -> None:
    """A server may answer client credentials with the same token until it expires."""
    far_end = scripted(
        httpx.Response(200, json={"access_token": "the-same", "expires_in": 60}),
        httpx.Response(401),
        httpx.Response(200, json={"access_token": "the-same", "expires_in": 60}),
    )
    http = session(far_end)
    source = RefreshingTokens(CREDENTIALS, MemoryVault(), http, HOST)
    with pytest.raises(Unauthorized):
        await Ironclad(http=http, base_url=HOST, tokens=source).company()
    assert [request.url.path for request in far_end.requests] == [
        "/oauth/token",
        "/oauth/company-info",
        "/oauth/token",
    ]


async def test_a_caller_who_gives_up_does_not_lose_the_refresh_token(setting: Setting) -> None:
    source = setting.source()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(setting.far_end.delay / 2):
            await source.token()
    assert await source.token() == "access-1"
    assert setting.far_end.issued == 1
    assert (await setting.vault.load()).version == 1


async def test_losers_wait_for_the_winner_and_read_what_it_saved(setting: Setting) -> None:
    assert await setting.vault.claim(0, 60)
    waiting = asyncio.create_task(setting.source().token())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    good = Tokens("access-of-the-winner", "refresh-9", setting.far_end.clock().replace(year=2030), "")
    assert await setting.vault.save(0, good)
    assert await waiting == "access-of-the-winner"
    assert setting.far_end.issued == 0


async def test_the_lease_of_a_dead_process_runs_out(setting: Setting) -> None:
    assert await setting.vault.claim(0, 0.15)
    assert await setting.source().token() == "access-1"


async def test_meanwhile_a_token_that_is_still_good_is_used(setting: Setting) -> None:
    source = setting.source()
    await source.token()
    setting.clock.advance(seconds=0.9 * 3600)
    assert await setting.vault.claim(1, 60)
    assert await source.token() == "access-1"


async def test_a_failed_renewal_leaves_the_lease_to_the_next(setting: Setting) -> None:
    for reply in (httpx.Response(500), refusal(403, "invalid_scope"), httpx.ReadError("")):
        http = session(scripted(reply))
        source = RefreshingTokens(GRANT, setting.vault, http, HOST, setting.clock)
        with pytest.raises((Unavailable, BadCredentials)):
            await asyncio.wait_for(source.token(), 1)
    assert await asyncio.wait_for(setting.source().token(), 1) == "access-1"


async def test_while_the_token_endpoint_is_down_a_good_token_goes_on(setting: Setting) -> None:
    """Early renewal must not turn an outage of one endpoint into an outage of all."""
    soon = setting.clock().replace(hour=10)
    vault = MemoryVault(Tokens("access-0", "refresh-0", soon, ""))
    far_end = scripted(httpx.Response(503), httpx.Response(503))
    source = RefreshingTokens(GRANT, vault, session(far_end), HOST, setting.clock)
    assert await source.token() == "access-0"
    setting.clock.advance(minutes=50)
    assert await source.token() == await source.token() == "access-0"
    assert len(far_end.requests) == 1  # and not again at once
    setting.clock.advance(minutes=11)
    with pytest.raises(Unavailable):
        await source.token()


async def test_a_failure_is_shared_by_those_who_wait(setting: Setting) -> None:
    far_end = scripted(refusal(403, "invalid_grant"))
    source = RefreshingTokens(GRANT, setting.vault, session(far_end), HOST, setting.clock)
    outcomes = await asyncio.gather(*(source.token() for _ in range(10)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {BadCredentials}
    assert len(far_end.requests) == 1


@dataclass
class OvertakenVault:
    """Somebody else saves while our renewal is under way."""

    inner: MemoryVault
    theirs: Tokens

    async def load(self) -> Held:
        return await self.inner.load()

    async def claim(self, version: int, seconds: float) -> bool:
        return await self.inner.claim(version, seconds)

    async def save(self, version: int, tokens: Tokens) -> bool:
        await self.inner.save(version, self.theirs)
        return await self.inner.save(version, tokens)

    async def release(self, version: int) -> None:
        await self.inner.release(version)


async def test_tokens_saved_by_somebody_else_meanwhile_win(setting: Setting) -> None:
    theirs = Tokens("access-theirs", "refresh-theirs", setting.clock().replace(year=2030), "")
    vault = OvertakenVault(setting.vault, theirs)
    source = RefreshingTokens(GRANT, vault, session(setting.far_end), HOST, setting.clock)
    assert await source.token() == "access-theirs"


async def test_a_renewal_is_given_up_before_its_lease_ends(setting: Setting) -> None:
    """Otherwise two processes would spend the same refresh token."""
    setting.far_end.delay = 5
    source = RefreshingTokens(GRANT, setting.vault, session(setting.far_end), HOST, setting.clock, lease=0.2)
    began = monotonic()
    with pytest.raises(Unavailable, match="too long"):
        await source.token()
    assert monotonic() - began < 0.2


async def test_a_renewal_elsewhere_is_not_waited_for_without_end(setting: Setting) -> None:
    assert await setting.vault.claim(0, 60)
    source = RefreshingTokens(GRANT, setting.vault, session(setting.far_end), HOST, setting.clock, lease=0.1)
    with pytest.raises(Unavailable, match="does not end"):
        await source.token()


async def test_a_static_token_stays() -> None:
    assert await StaticToken("fixed").token(rejected="fixed") == "fixed"
