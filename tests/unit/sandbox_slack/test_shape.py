"""The compiled shape against a general validator of JSON Schema, and its speed."""

import copy
import json
import random
import time
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from tests.sandbox.slack import blockkit
from tests.sandbox.slack.errors import Json
from tests.sandbox.slack.limits import BLOCK_SURFACES
from tests.sandbox.slack.shape import official_shapes
from tests.unit.sandbox_slack.specimens import number, options, select
from tests.unit.sandbox_slack.toy import (
    actions,
    button,
    field_block,
    modal,
    option,
    plain,
    section,
    text_input,
)


def test_every_block_of_the_schema_has_a_place() -> None:
    known = {one.rsplit("/", 1)[1] for one in _refs("KnownBlock")}
    types = {_constant(one) for one in known}
    assert types == set(BLOCK_SURFACES)


def _schema() -> Json:
    path = Path(blockkit.__file__).with_name("block-kit.schema.json")
    schema: Json = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _refs(definition: str) -> list[str]:
    return [one["$ref"] for one in _schema()["definitions"][definition]["anyOf"]]


def _constant(definition: str) -> str:
    node = _schema()["definitions"][definition]
    constant: str = node.get("anyOf", [node])[0]["properties"]["type"]["const"]
    return constant


SPECIMEN = modal(
    section("Pick *one*", accessory=button(value="1", confirm={"text": plain("Sure?")})),
    {
        "type": "context",
        "elements": [plain("a"), {"type": "image", "image_url": "https://a.b", "alt_text": "a"}],
    },
    field_block(select(initial_option=option("Option 1")), block_id="1"),
    field_block(text_input(multiline=True, max_length=100), block_id="2", hint=plain("Full name")),
    field_block(number(min_value="1"), block_id="3", optional=True),
    field_block({"type": "checkboxes", "action_id": "a", "options": options(2)}, block_id="4"),
    actions(button(action_id="1"), {"type": "overflow", "action_id": "2", "options": options(2)}),
    callback_id="contract",
    private_metadata="{}",
)


def test_the_compiled_shape_agrees_with_a_general_validator() -> None:
    """Thousands of damaged views: both find them sound, or both do not."""
    schema = {**_schema(), "$ref": "#/definitions/StrictModal"}
    official = Draft7Validator(schema)
    rng = random.Random(20)
    verdicts = set()
    for _ in range(250):
        view = _damaged(SPECIMEN, rng)
        ours = official_shapes().named("StrictModal")
        found: list[str] = []
        ours(view, "/view", found)
        assert (not found) == official.is_valid(view), (found, view)
        verdicts.add(not found)
    assert verdicts == {True, False}


def _damaged(view: Json, rng: random.Random) -> Json:
    damaged = copy.deepcopy(view)
    for _ in range(rng.randint(0, 2)):
        holder = rng.choice(list(_holders(damaged)))
        key = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        if rng.random() < 0.4:
            del holder[key]
        else:
            holder[key] = rng.choice(
                [1, True, "section", None, [], {}, "plain_text", plain("a"), [plain("b")]]
            )
    return damaged


def _holders(node: Any) -> Any:
    if isinstance(node, dict | list) and node:
        yield node
        for inner in node.values() if isinstance(node, dict) else node:
            yield from _holders(inner)


def test_a_normal_view_is_judged_in_a_moment() -> None:
    view = modal(*[field_block(select(options=options(20)), block_id=str(number)) for number in range(12)])
    times = []
    for _ in range(20):
        started = time.perf_counter()
        assert blockkit.problems_in_view(view) == []
        times.append(time.perf_counter() - started)
    assert min(times) < 0.005
