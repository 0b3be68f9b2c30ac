"""After the launch: the card follows its workflow in Ironclad until that has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from tests.journeys.steps import PURCHASE, launch, look_at_ironclad, thread
from tests.journeys.test_requests import ask
from tests.place import Place
from tests.sandbox.ironclad.workflows import Event, Workflow


async def launched(place: Place) -> Workflow:
    """A contract that Dana launched, with its card in the channel."""
    await launch(place.person("dana"))
    await place.idle()
    return place.ironclad.workflows[-1]


def move(place: Place, workflow: Workflow, *moves: Callable[[], Sequence[Event]]) -> None:
    """Ironclad's own people do something."""
    for one in moves:
        place.ironclad.moved(place.ironclad.company, workflow, list(one()))


async def test_the_card_follows_the_workflow_to_its_end(place: Place) -> None:
    workflow = await launched(place)
    dana, lee = place.person("dana"), place.person("lee")
    await look_at_ironclad(place)
    assert "→ Ironclad: step Review" in (await thread(place, lee)).replace("*", "")

    move(place, workflow, workflow.review)
    await look_at_ironclad(place)
    told = (await thread(place, lee)).replace("*", "")
    assert "→ Ironclad: step Sign" in told
    assert "Everybody has approved in Ironclad; the contract is to be signed." in told

    move(place, workflow, workflow.sign)
    await look_at_ironclad(place)
    place.ironclad.archive(place.ironclad.company, workflow)
    await look_at_ironclad(place)
    told = (await thread(place, lee)).replace("*", "")
    assert "Everybody has signed." in told
    assert f"Completed in Ironclad · {workflow.ironclad_id}" in told
    assert "✓ Ironclad: completed" in told
    assert told.count("signed and filed in Ironclad") == 1
    assert len(lee.texts("#procurement")) == 1, "the card is edited in place"
    await dana.look()
    assert sum("signed and filed in Ironclad" in text for text in dana.dm()) == 1
    assert place.slack.traffic.refused == type(place.slack.traffic.refused)()

    asked = len(place.ironclad.requests.entries)
    await look_at_ironclad(place)
    assert len(place.ironclad.requests.entries) == asked, "what has ended is not asked about"


async def test_a_request_that_was_cancelled_in_ironclad_says_so(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await ask(dana)
    await place.idle()
    await dana.press("Launch contract", "#procurement")
    await dana.wait_for(lambda p: "Template" in p.screen() and "Loading" not in p.screen())
    await dana.fill({"Template": "Simple Purchase"})
    await dana.submit()
    await dana.fill(PURCHASE)
    await dana.submit()
    await place.idle()
    workflow = place.ironclad.workflows[-1]
    move(place, workflow, lambda: workflow.pause("wait"))
    await look_at_ironclad(place)
    assert "Paused in Ironclad" in await thread(place, lee)
    move(place, workflow, lambda: workflow.cancel("no budget"))
    await look_at_ironclad(place)
    told = await thread(place, lee)
    assert "The contract was cancelled in Ironclad." in told
    assert f"Cancelled in Ironclad · {workflow.ironclad_id}" in told
    await dana.look()
    assert any("The contract was cancelled in Ironclad." in text for text in dana.dm())


async def test_news_may_come_twice_late_and_at_the_same_moment(place: Place) -> None:
    workflow = await launched(place)
    await look_at_ironclad(place)
    async with place.app.database.reading() as store:
        (before,) = await store.launches.of_workflows(place.team, [workflow.id])
        connection = await store.connections.current(place.team)
    assert connection is not None
    place.ironclad.moved(place.ironclad.company, workflow, workflow.review())
    news = {"team": place.team, "launch": before.id, "connection": connection.id}
    await asyncio.gather(*(place.app.following.news(news) for _ in range(8)))
    await place.idle()
    lee = place.person("lee")
    assert (await thread(place, lee)).count("the contract is to be signed") == 1

    async with place.app.database.reading() as store:
        (after,) = await store.launches.of_workflows(place.team, [workflow.id])
        requests = await store.requests.get(place.team, after.request_id)
    old = {"status": "active", "step": "Review", "title": None, "ironclad_id": None, "url": None}
    moments = {"step_since": before.changed_at, "changed_at": before.changed_at}
    async with place.app.database.transaction() as store:
        assert not await store.launches.follow(place.team, after.id, {**old, **moments})  # type: ignore[typeddict-item]
    assert after.step == "Sign"
    await look_at_ironclad(place)
    async with place.app.database.reading() as store:
        assert await store.requests.get(place.team, after.request_id) == requests, "nothing was new"


async def test_an_ironclad_that_is_down_is_asked_again(place: Place) -> None:
    workflow = await launched(place)
    move(place, workflow, workflow.review)
    place.ironclad.fault(path_prefix="/public/api/v1/workflows", kind="refuse", times=-1, status=503)
    await look_at_ironclad(place)
    assert "step Review" in await thread(place, place.person("lee"))
    place.ironclad.faults.clear()
    await look_at_ironclad(place)
    assert "step Sign" in await thread(place, place.person("lee"))
