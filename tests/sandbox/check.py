"""The main journey once, without a browser: what `python -m tests.sandbox --check` does."""

from collections.abc import Mapping
from typing import Any

import httpx

from tests.sandbox.slack.controls import Surface, inputs
from tests.sandbox.slack.element_rules import options_of
from tests.sandbox.slack.person import Person
from tests.sandbox.slack.screen import text_of

TEMPLATE = "Simple Purchase"
CHANNEL = "#procurement"
_PATIENCE = 30.0

_TYPED = {
    "plain_text_input": "50",  # good where a text is asked, and where a number is asked as a text
    "email_text_input": "ada@example.com",
    "url_text_input": "https://example.com",
    "datepicker": "2030-01-31",
    "timepicker": "09:30",
}


class JourneyFailedError(Exception):
    """A step of the journey did not end as it should; the message says which and shows the screen."""


async def walk(slack_url: str, ironclad_url: str, user_id: str) -> str:
    """Launch a contract as a person would; gives the sentence to print.

    Raises:
        JourneyFailedError: a step failed, or more or fewer workflows than one are in Ironclad.
    """
    async with httpx.AsyncClient(base_url=slack_url, trust_env=False) as slack:
        person = Person(slack, user_id)
        try:
            await _launch(person)
            ts = await _card(person)
            await person.wait_for(lambda seen: "IC-" in "\n".join(seen.thread(CHANNEL, ts)[1:]), _PATIENCE)
        except (LookupError, TimeoutError) as failed:
            raise JourneyFailedError(f"{failed}\nIn {CHANNEL}: {person.texts(CHANNEL)}") from failed
    workflow = await _only_workflow(ironclad_url)
    return f"{workflow['ironcladId']} “{workflow['title']}” is in the thread and in Ironclad's list."


async def _launch(person: Person) -> None:
    told = await person.command("/contract", CHANNEL)
    if not told["ok"]:
        raise JourneyFailedError(f"/contract failed: {told}")
    await person.wait_for(lambda seen: _asks(seen, "Template"), _PATIENCE)
    await person.fill({"Template": TEMPLATE})
    await person.submit()
    await person.wait_for(lambda seen: _required(seen) and not _asks(seen, "Template"), _PATIENCE)
    await person.fill({label: _answer(element) for label, element in _required(person).items()})
    told = await person.submit()
    if not told["ok"]:
        raise JourneyFailedError(f"The form was refused: {told}\n{person.screen()}")


async def _card(person: Person) -> str:
    """The ts of the request's card, once it is posted."""
    cards = await person.wait_for(
        lambda seen: [one["ts"] for one in seen.messages(CHANNEL) if one["thread_ts"] is None], _PATIENCE
    )
    return str(cards[-1])


def _asks(person: Person, label: str) -> bool:
    return label in _required(person)


def _required(person: Person) -> Mapping[str, Any]:
    """The elements a person must fill in the open modal, by the label beside them."""
    view = person.view()
    if view is None:
        return {}
    controls = inputs(Surface(view["blocks"], "the modal", view_id=view["id"]))
    needed = (one for one in controls if not one.block.get("optional"))
    return {text_of(one.block["label"]): one.element for one in needed if "label" in one.block}


def _answer(element: Mapping[str, Any]) -> str:
    kind = element["type"]
    return _TYPED[kind] if kind in _TYPED else text_of(options_of(dict(element))[0]["text"])


async def _only_workflow(ironclad_url: str) -> Mapping[str, Any]:
    async with httpx.AsyncClient(base_url=ironclad_url, trust_env=False) as ironclad:
        answer: Any = (await ironclad.get("/sandbox/workflows")).json()
    workflows = answer["workflows"]
    if len(workflows) != 1:
        raise JourneyFailedError(f"Ironclad holds {len(workflows)} workflows instead of one: {workflows}")
    workflow: Mapping[str, Any] = workflows[0]
    return workflow
