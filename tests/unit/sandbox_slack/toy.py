"""A ten-line app, and a hand on the stand-in it belongs to."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response

from tests.sandbox.slack import Person, SlackWorld
from tests.sandbox.slack.errors import Json

Answer = Callable[[Json], Awaitable[Response] | Response]


@dataclass
class ToyApp:
    """An app that keeps what it hears and answers what it is told to answer."""

    heard: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answer: Answer = lambda heard: Response()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        self.bodies.append(await request.body())
        self.headers.append(dict(request.headers))
        self.heard.append(await self._decoded(request))
        answer = self.answer(self.heard[-1])
        response = answer if isinstance(answer, Response) else await answer
        await response(scope, receive, send)

    async def _decoded(self, request: Request) -> Json:
        if "json" in request.headers["content-type"]:
            body: Json = await request.json()
            return body
        form = {name: str(value) for name, value in (await request.form()).items()}
        payload: Json = json.loads(form["payload"]) if "payload" in form else form
        return payload


@dataclass
class StoppedClock:
    """Time that passes when told."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Slack:
    """The stand-in over HTTP."""

    world: SlackWorld
    client: httpx.AsyncClient
    to_app: httpx.AsyncClient
    token: str

    async def api(self, method: str, *, token: str | None = None, **args: Any) -> Json:
        """Call a method as the app, with JSON."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        answer = await self.client.post(f"/api/{method}", json=args, headers=headers)
        body: Json = answer.json()
        return body

    def trigger(self, name: str = "dana", *, view_id: str | None = None) -> str:
        """A trigger_id as an interaction of that person would bring."""
        app_id = self.world.workspaces.installations[0].app.id
        return self.world.triggers.issue(app_id, self.person(name).id, view_id=view_id)

    async def opened(self, view: Json, name: str = "dana") -> Json:
        """Open a modal and return the view as Slack keeps it."""
        answer = await self.api("views.open", trigger_id=self.trigger(name), view=view)
        assert answer["ok"], answer
        shown: Json = answer["view"]
        return shown

    def person(self, name: str) -> Person:
        """Somebody by the first name."""
        members = self.world.workspaces.members.values()
        return Person(self.client, next(one.id for one in members if one.name == name))

    def channel(self, name: str) -> str:
        """A channel's id by its name."""
        return next(one.id for one in self.world.workspaces.channels.values() if one.name == name)


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def modal(*blocks: Json, **more: Any) -> Json:
    """A modal with these blocks."""
    return {
        "type": "modal",
        "title": plain("Contract"),
        "submit": plain("Go"),
        "blocks": list(blocks),
        **more,
    }


def field_block(element: Json, *, label: str = "Field", block_id: str = "b", **more: Any) -> Json:
    """An input block around an element."""
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def section(text: str, **more: Any) -> Json:
    """A section."""
    return {"type": "section", "text": plain(text), **more}


def button(text: str = "Press", **more: Any) -> Json:
    """A button."""
    return {"type": "button", "action_id": "press", "text": plain(text), **more}


def actions(*elements: Json, **more: Any) -> Json:
    """A row of elements."""
    return {"type": "actions", "block_id": "row", "elements": list(elements), **more}


def text_input(**more: Any) -> Json:
    """A text field."""
    return {"type": "plain_text_input", "action_id": "a", **more}


def option(text: str, value: str | None = None) -> Json:
    """An option of a select."""
    return {"text": plain(text), "value": value or text.lower()}
