"""The outside of a benchmark, in a process of its own: a Slack that only says yes, and Ironclad's stand-in.

Slack's stand-in of the tests checks every block of every view and would be what is measured here. This one
answers each method with the same few words; both servers that are compared talk to it.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from benchmarks.cores import stay_on
from tests.sandbox.ironclad.server import build
from tests.sandbox.ironclad.templates import Required, Template, choice, of_type, text
from tests.sandbox.ironclad.world import IroncladWorld, demo_world
from tests.sandbox.serving import serving

SIGNING_SECRET = "benchmark-signing-secret"
BOT_TOKEN = "xoxb-benchmark"
TEAM, USER, CHANNEL = "T0HARBOR", "U0DANA", "C0PROCURE"
LONG, QUESTIONS = "Three hundred questions", 300
TEMPLATE = "Simple Purchase"  # of the stand-in's demo designs: every simple type of question

_SAID: dict[str, dict[str, object]] = {
    "users.info": {
        "user": {
            "id": USER,
            "tz": "Europe/Berlin",
            "locale": "en-US",
            "profile": {"real_name": "Dana Ruiz", "email": "dana.ruiz@example.com"},
        }
    },
    "views.open": {"view": {"id": "V0OPEN"}},
    "views.update": {"view": {"id": "V0OPEN"}},
    "conversations.info": {"channel": {"id": CHANNEL, "name": "procurement", "is_member": True}},
    "conversations.open": {"channel": {"id": "D0DANA"}},
    "conversations.history": {"messages": []},
    "conversations.replies": {"messages": []},
    "chat.update": {},
    "chat.getPermalink": {"permalink": "https://harbor-oak.slack.com/archives/C0PROCURE/p1"},
}


@dataclass
class Yes:
    """A Slack that agrees to everything, and counts what it was asked."""

    ironclad: IroncladWorld
    calls: Counter[str] = field(default_factory=Counter)
    _stamps: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def answer(self, request: Request) -> Response:
        """`/api/{method}`."""
        await request.body()
        method = request.path_params["method"]
        self.calls[method] += 1
        if method == "chat.postMessage":
            return JSONResponse({"ok": True, "channel": CHANNEL, "ts": f"{next(self._stamps)}.000100"})
        said = _SAID.get(method)
        return JSONResponse(
            {"ok": False, "error": "unknown_method"} if said is None else {"ok": True, **said}
        )

    async def seen(self, request: Request) -> Response:
        """`/seen`: what the benchmark checks its own work by."""
        return JSONResponse(
            {
                "calls": self.calls,
                "template": self.ironclad.template(TEMPLATE).id,
                "long": self.ironclad.template(LONG).id,
                "workflows": len(self.ironclad.workflows),
            }
        )


def long_template() -> Template:
    """Every plain type of question, fifty times over; eighty must be answered."""
    kinds = ("string", "choice", "number", "boolean", "date", "email")
    fields = [text("counterpartyName", "Vendor", "always")]
    for number in range(1, QUESTIONS):
        kind = kinds[number % len(kinds)]
        required: Required = "always" if number < 80 else "never"
        name, label = f"q{number}", f"Question {number}"
        if kind == "string":
            fields.append(text(name, label, required))
        elif kind == "choice":
            fields.append(choice(name, label, ("EMEA", "AMER", "APAC"), required))
        else:
            fields.append(of_type(kind, name, label, required))
    return Template(name=LONG, fields=tuple(fields))


def stand(slack_port: int, ironclad_port: int, cores: Collection[int]) -> None:
    """Serve both until the process is ended."""
    stay_on(cores)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_stand(slack_port, ironclad_port))


async def _stand(slack_port: int, ironclad_port: int) -> None:
    world = demo_world()
    world.limits.enabled = False
    world.add_template(long_template())
    world.public_url = f"http://127.0.0.1:{ironclad_port}"
    yes = Yes(world)
    slack = Starlette(
        routes=[Route("/api/{method}", yes.answer, methods=["GET", "POST"]), Route("/seen", yes.seen)]
    )
    async with serving(build(world), ironclad_port), serving(slack, slack_port):
        await asyncio.Event().wait()
