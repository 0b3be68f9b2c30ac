"""Rate limits (facts page §9)."""

import pytest

from tests.sandbox.ironclad.limits import PER_MINUTE, Limits, TooMany, bucket
from tests.sandbox.ironclad.world import IroncladWorld
from tests.unit.sandbox_ironclad.conftest import PURCHASE, App


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/public/api/v1/workflows", "workflows:read"),
        ("GET", "/public/api/v1/workflows/async/x", "workflows:read"),
        ("POST", "/public/api/v1/workflows/x/cancel", "workflows:write"),
        ("GET", "/public/api/v1/workflow-schemas", "other"),
        ("GET", "/public/api/v1/records/x", "records:read"),
        ("GET", "/public/api/v1/webhooks", "webhooks"),
        ("GET", "/scim/v2/Users", "scim:users"),
        ("PATCH", "/scim/v2/Groups/x", "scim:groups:write"),
    ],
)
def test_buckets(method: str, path: str, name: str) -> None:
    assert bucket(method, path) == name
    assert name in PER_MINUTE


def test_a_window_lasts_a_minute() -> None:
    now = 0.0
    limits = Limits(per_minute={"company": 100, "webhooks": 2}, clock=lambda: now)
    assert limits.count("c", "webhooks")["X-RateLimit-Remaining"] == "1"
    now = 20.0
    limits.count("c", "webhooks")
    with pytest.raises(TooMany) as refused:
        limits.count("c", "webhooks")
    assert refused.value.headers["Retry-After"] == "40"
    assert limits.count("other", "webhooks")["X-RateLimit-Limit"] == "2"
    now = 60.0
    assert limits.count("c", "webhooks")["X-RateLimit-Remaining"] == "1"


async def test_forty_writes_then_429(app: App, world: IroncladWorld, purchase: str) -> None:
    answers = [await app.launch(purchase, PURCHASE) for _ in range(41)]
    assert [one.status_code for one in answers] == [200] * 40 + [429]
    last = answers[-1]
    assert last.json()["code"] == "TOO_MANY_REQUESTS"
    assert 0 < int(last.headers["retry-after"]) <= 60
    assert (last.headers["x-ratelimit-limit"], last.headers["x-ratelimit-remaining"]) == ("40", "0")
    assert len(world.workflows) == 40
    assert (await app.get("workflows")).headers["x-ratelimit-limit"] == "400"


async def test_the_whole_company_has_a_limit(app: App, world: IroncladWorld) -> None:
    world.limits.per_minute["company"] = 1
    assert [(await app.get("records")).status_code for _ in range(2)] == [200, 429]


async def test_limits_can_be_off(app: App, world: IroncladWorld) -> None:
    world.limits.enabled = False
    world.limits.per_minute["workflows:read"] = 0
    answer = await app.get("workflows")
    assert answer.status_code == 200
    assert "x-ratelimit-limit" not in answer.headers
