"""What the tests of requests do again and again, at the level of the use-cases."""

from __future__ import annotations

from typing import Any

from bot.usecases.courses import Picture, picture
from bot.usecases.requesting import NewRequest
from bot.views import cards, notes
from bot.views.message import Message
from storage import Request
from tests.place import Place


def stage(name: str, *people: str, **more: Any) -> dict[str, Any]:
    """A stage of a policy."""
    return {"id": name.casefold(), "name": name, "people": list(people), **more}


async def enforce(place: Place, *stages: dict[str, Any], **more: Any) -> None:
    """Put an approval policy in force."""
    async with place.app.database.transaction() as store:
        known = await store.rulebooks.current(place.team, "approvals")
        body = {"stages": list(stages), **more}
        await store.rulebooks.save(place.team, "approvals", body, "test", known.version + 1 if known else 1)


async def wish(place: Place, requester: str, key: str, **values: Any) -> Request:
    """A new request."""
    asked = {"what": "Laptops", "amount": "100", "currency": "USD", **values}
    return await place.app.requesting.accept(place.team, NewRequest(requester, "api", asked, key))


async def seen(place: Place, request_id: str) -> Picture:
    """A request as it is written down."""
    async with place.app.database.reading() as store:
        found = await picture(store, place.team, request_id)
    assert found is not None
    return found


async def shown(place: Place, key: str) -> dict[str, Any]:
    """A message of ours as it is in Slack."""
    async with place.app.database.reading() as store:
        post = await store.posts.get(place.team, key)
    assert post is not None, key
    assert post.ts is not None, key
    found = place.slack.messages.get(post.channel, post.ts)
    assert found is not None
    return {"text": found.text, "blocks": found.blocks}


def says(message: dict[str, Any]) -> tuple[str, list[Any]]:
    """A message as Slack has it, without the ids that Slack gives to blocks that came without."""
    return message["text"], [
        {name: part for name, part in block.items() if name != "block_id"} for block in message["blocks"]
    ]


def says_now(message: Message) -> tuple[str, list[Any]]:
    """The same of a message as we would draw it now."""
    return says({"text": message.text, "blocks": list(message.blocks)})


async def check_messages(place: Place, request_id: str) -> Picture:
    """Every message of a request says what is written down, and has buttons exactly where one may decide."""
    now = await seen(place, request_id)
    assert says(await shown(place, f"card:{request_id}")) == says_now(cards.card(now))
    for task in now.tasks:
        if task.opened_at is None:
            continue
        message = await shown(place, f"task:{task.id}")
        assert says(message) == says_now(notes.task_note(now, task))
        pressable = any(block.get("block_id") == "decide" for block in message["blocks"])
        assert pressable == (
            task.kind == "approval" and task.state == "open" and now.request.state == "approving"
        )
    return now
