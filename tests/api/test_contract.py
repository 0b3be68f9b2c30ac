"""The API does what its own document says, whatever is sent."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import ADDRESS, LAPTOPS, make_key
from tests.place import Blank, Place, opened

T = TypeVar("T")
EXAMPLES = 100
FUZZED = 10_000
AT_ONCE = 25
CALM = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)


#: Those that look at the answer alone. `positive_data_acceptance` is not among them: who is in a workspace
#: and which choices it offers is beyond what a schema can say.
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
]


class Running:
    """Slipway in a loop of its own, so that tests that are no coroutines can call it."""

    def __init__(self, blank: Blank, folder: Path) -> None:
        self._blank = blank
        self._folder = folder
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))
        self.place: Place
        self.client: httpx.AsyncClient
        self.token = ""

    async def _run(self) -> None:
        more: dict[str, Any] = {"public_url": ADDRESS, "api_requests_per_minute": 100_000}
        async with opened(self._blank, self._folder, **more) as place:
            await place.connect()
            transport = httpx.ASGITransport(app=place.app.web)
            async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
                self.place, self.client = place, client
                self.token = await make_key(place.person("priya"))
                self._ready.set()
                await self._over.wait()

    def __enter__(self) -> Running:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *why: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(60)
        self._loop.close()

    def do(self, made: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do something in that loop."""
        return asyncio.run_coroutine_threadsafe(made(), self._loop).result(60)

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One call of the API."""
        return self.do(lambda: self.client.request(method, path, **more))


@pytest.fixture(scope="module")
def running(blank: Blank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(blank, tmp_path_factory.mktemp("api")) as one:
        yield one


@pytest.fixture(scope="module")
def schema(running: Running) -> Any:
    document = running.call("GET", "/api/openapi.json").json()
    return schemathesis.openapi.from_dict(document)


def test_the_document_is_valid_openapi(running: Running) -> None:
    from openapi_spec_validator import validate

    validate(running.call("GET", "/api/openapi.json").json())


@pytest.mark.filterwarnings(
    "ignore::hypothesis.errors.HypothesisDeprecationWarning"
)  # of schemathesis itself
@pytest.mark.parametrize(("path", "method"), [("/api/v1/requests", "POST"), ("/api/v1/requests/{id}", "GET")])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_one_that_the_document_promises(
    running: Running, schema: Any, path: str, method: str, mode: GenerationMode
) -> None:
    """What a schema cannot say (a workspace's people and choices) may turn a good request into a 422."""
    seen: Counter[int] = Counter()

    @CALM
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        answer = _sent(running, case)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=PROMISES)

    each()
    assert sum(seen.values()) >= EXAMPLES // 2
    assert max(seen) < 500
    if mode is GenerationMode.NEGATIVE and method == "POST":
        assert not {200, 201} & set(seen)


def _sent(running: Running, case: Any) -> Response:
    """Send a case as schemathesis would, through the application itself."""
    headers = {"Authorization": f"Bearer {running.token}"}
    asked = requests.Request(**case.as_transport_kwargs(base_url=ADDRESS, headers=headers)).prepare()
    body = asked.body.encode() if isinstance(asked.body, str) else asked.body
    sent = {
        name.encode(): str(value).encode("utf-8", "surrogateescape") for name, value in asked.headers.items()
    }
    given = running.call(str(asked.method), str(asked.url), headers=sent, content=body)
    return Response(
        status_code=given.status_code,
        headers={name: [value] for name, value in given.headers.items()},
        content=given.content,
        request=asked,
        elapsed=0.01,
        verify=True,
    )


# Ten thousand at random ---------------------------------------------------------------------------

ODD: tuple[Any, ...] = (
    *(True, False, 0, -1, 1.5, 10**30, -(10**30), 1e308, "", " ", "\0", "\ud800", "ü" * 400, "x" * 5000),
    *([], {}, [[]], [{}], {"x_a": 1}, {"x_a": {"x_b": []}}, None, "2027-13-01", "2027-01-01T00:00:00Z"),
    *("NaN", "1e5"),
    *("<!channel>", "'; DROP TABLE requests; --", "{{7*7}}", "../../etc/passwd", "dana.ruiz@example.com"),
    *("https://127.0.0.1/", "https://[::1", "https://ex ample.com", "EUR", "Software", 12, "12", "9" * 40),
)
NAMES = (*LAPTOPS, "owner", "start", "end", "term_months", "category", "custom", "description", "x")


def fuzzed(rng: random.Random, token: str) -> dict[str, Any]:
    """A call that resembles a good one, more or less."""
    body: Any = dict(LAPTOPS) if rng.random() < 0.03 else {**LAPTOPS, rng.choice(NAMES): rng.choice(ODD[:22])}
    for _ in range(rng.choice((0, 1, 2, 2, 3, 3, 4, 5, 6))):
        body[rng.choice(NAMES)] = rng.choice(ODD)
    for _ in range(rng.randint(0, 1)):
        body.pop(rng.choice(list(body)), None)
    raw = json.dumps(rng.choice([body] * 20 + [*ODD])).encode("utf-8", "surrogatepass")
    if rng.random() < 0.1:
        cut = rng.randrange(len(raw) + 1)
        raw = raw[:cut] + bytes(rng.randrange(256) for _ in range(rng.randint(0, 6))) + raw[cut + 1 :]
    bad = ("", "x", token[:-1], f"{token}.")
    headers = {
        "Authorization": f"Bearer {token if rng.random() < 0.8 else rng.choice(bad)}",
        "Content-Type": rng.choice(["application/json"] * 9 + ["text/plain"]),
    }
    if rng.random() < 0.3:
        headers["Idempotency-Key"] = rng.choice(["a", "b", "k" * 300, "\t", "ünï"])
    reading = rng.random() < 0.15
    where = rng.choice(["x", "%00", "%ff", "..", "a/b", "REQ-1", "%F0%9F%92%A9"])
    return {
        "method": "GET" if reading else rng.choice(["POST"] * 19 + ["PUT"]),
        "url": f"/api/v1/requests/{where}" if reading else "/api/v1/requests",
        "headers": {name: value.encode() for name, value in headers.items()},
        "content": None if reading else raw,
    }


def test_ten_thousand_calls_at_random_and_never_our_fault(running: Running) -> None:
    rng = random.Random(20261125)
    seen: Counter[int] = Counter()

    async def some(calls: list[dict[str, Any]]) -> list[httpx.Response]:
        return await asyncio.gather(*(running.client.request(**call) for call in calls))

    for _ in range(FUZZED // AT_ONCE):
        calls = [fuzzed(rng, running.token) for _ in range(AT_ONCE)]
        for call, answer in zip(calls, running.do(partial(some, calls)), strict=True):
            seen[answer.status_code] += 1
            assert answer.status_code < 500, (call, answer.text)
            if answer.status_code >= 400:
                assert answer.json()["status"] == answer.status_code
    assert sum(seen.values()) == FUZZED
    assert {200, 201, 400, 401, 404, 405, 409, 415, 422} <= set(seen), seen
