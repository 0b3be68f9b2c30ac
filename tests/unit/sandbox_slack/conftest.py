"""A Slack in a box with a ten-line app behind it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.sandbox.slack import SlackWorld, build, demo_slack
from tests.unit.sandbox_slack.toy import Slack, StoppedClock, ToyApp


@pytest.fixture
def app() -> ToyApp:
    return ToyApp()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def world(clock: StoppedClock) -> SlackWorld:
    made = demo_slack(request_url="http://app.test/slack/events", clock=clock)
    made.rules.retry_delays = (0.0, 0.0, 0.0)
    return made


@pytest.fixture
async def slack(world: SlackWorld, app: ToyApp) -> AsyncIterator[Slack]:
    to_app = httpx.AsyncClient(transport=httpx.ASGITransport(app))
    stand_in = build(world, client=to_app)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(stand_in), base_url="http://slack.test"
    ) as client:
        yield Slack(world, client, to_app, world.workspaces.installations[0].token)
    await world.stop()
    await to_app.aclose()
