"""Refuses the Block Kit that Slack refuses: official shape, limits, surfaces, and what must be unique.

Each function returns messages in Slack's wording with a JSON pointer, an empty list when all is well. The
shape is judged first; the limits only of what has the right shape, as their pointers mean nothing otherwise.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.sandbox.slack.element_rules import check_element, options_of
from tests.sandbox.slack.errors import Json
from tests.sandbox.slack.limits import (
    BLOCK_SURFACES,
    COUNTS,
    ELEMENT_SURFACES,
    LONGEST,
    LONGEST_EVERYWHERE,
    MOST_BLOCKS,
    MOST_MARKDOWN,
    RANGES,
    Surface,
)
from tests.sandbox.slack.shape import official_shapes, problem

ONE_TABLE = "only_one_table_allowed"
_TEXTS = frozenset({"plain_text", "mrkdwn", "markdown"})


def problems_in_view(view: Any, pointer: str = "/view") -> list[str]:
    """What Slack would refuse in a modal; `pointer` is where the view stands in the call."""
    problems = _shape("StrictModal", view, pointer)
    if problems:
        return problems
    _check_blocks(view["blocks"], "modal", f"{pointer}/blocks", problems)
    _check_fields(view, "modal", pointer, problems)
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        problems.append(problem("submit is required when the view has an input block", f"{pointer}/submit"))
    return problems


def problems_in_home(view: Any, pointer: str = "/view") -> list[str]:
    """What Slack would refuse in a Home tab."""
    problems = _shape("StrictHome", view, pointer)
    if not problems:
        _check_blocks(view["blocks"], "home", f"{pointer}/blocks", problems)
        _check_fields(view, "home", pointer, problems)
    return problems


def problems_in_message(blocks: Any, pointer: str = "/blocks") -> list[str]:
    """What Slack would refuse in the blocks of a message."""
    problems = _shape("StrictMessage", {"blocks": blocks}, pointer.removesuffix("/blocks"))
    if problems:
        return problems
    _check_blocks(blocks, "message", pointer, problems)
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MOST_MARKDOWN:
        problems.append(
            problem(f"must be less than {MOST_MARKDOWN + 1} characters in all markdown blocks", pointer)
        )
    if sum(block["type"] == "table" for block in blocks) > 1:
        problems.append(problem(ONE_TABLE, pointer))
    return problems


def _shape(definition: str, value: Any, pointer: str) -> list[str]:
    problems: list[str] = []
    official_shapes().named(definition)(value, pointer, problems)
    return problems


def _check_blocks(blocks: list[Json], surface: Surface, pointer: str, problems: list[str]) -> None:
    most = MOST_BLOCKS[surface]
    if len(blocks) > most:
        problems.append(problem(f"no more than {most} items allowed", pointer))
    for index, block in enumerate(blocks):
        _check_block(block, surface, f"{pointer}/{index}", problems)
    _check_unique([block.get("block_id") for block in blocks], "block_id", pointer, problems)
    _check_focus(blocks, pointer, problems)


def _check_block(block: Json, surface: Surface, pointer: str, problems: list[str]) -> None:
    kind = block["type"]
    if surface not in BLOCK_SURFACES[kind]:
        problems.append(problem(f"unsupported type: {kind}", f"{pointer}/type"))
    _check_fields(block, kind, pointer, problems)
    for place, element in _elements(block):
        _check_element(element, kind, surface, f"{pointer}/{place}", problems)
    action_ids = [element.get("action_id") for _, element in _elements(block)]
    _check_unique(action_ids, "action_id", pointer, problems)
    if kind == "section":
        _check_section(block, pointer, problems)
    elif kind in ("table", "data_table"):
        _check_table(block, pointer, problems)
    elif kind in ("container", "carousel"):
        _check_nested(block, surface, pointer, problems)


def _elements(block: Json) -> Iterator[tuple[str, Json]]:
    """The elements a block holds, each with its place."""
    for name in ("element", "accessory"):
        if name in block:
            yield name, block[name]
    for name in ("elements", "actions"):
        if block["type"] not in ("rich_text", "carousel"):
            yield from ((f"{name}/{index}", element) for index, element in enumerate(block.get(name, [])))


def _check_element(element: Json, block: str, surface: Surface, pointer: str, problems: list[str]) -> None:
    kind = element["type"]
    if surface not in ELEMENT_SURFACES.get(kind, MOST_BLOCKS):
        problems.append(problem(f"unsupported element: {kind}", f"{pointer}/type"))
    if block == "actions" and kind.startswith("multi_"):
        # The page lists them as allowed; the real Slack refused with these words (facts page A.2).
        problems.append(problem("unsupported element: multiselect", f"{pointer}/type"))
    if element.get("response_url_enabled") and (block != "input" or surface != "modal"):
        problems.append(problem("response_url_enabled needs an input block of a modal", pointer))
    _check_fields(element, kind, pointer, problems)
    check_element(element, pointer, problems)
    _check_parts(element, pointer, problems)


def _check_parts(element: Json, pointer: str, problems: list[str]) -> None:
    """The composition objects inside an element: options, their groups, the confirmation."""
    if "confirm" in element:
        _check_fields(element["confirm"], "confirm", f"{pointer}/confirm", problems)
    for index, group in enumerate(element.get("option_groups", [])):
        _check_fields(group, "option_group", f"{pointer}/option_groups/{index}", problems)
    for index, option in enumerate(options_of(element)):
        _check_fields(option, "option", f"{pointer}/options/{index}", problems)


def _check_fields(node: Json, kind: str, pointer: str, problems: list[str]) -> None:
    """Lengths, counts and ranges of one object's own fields."""
    longest, counts, ranges = LONGEST.get(kind, {}), COUNTS.get(kind, {}), RANGES.get(kind, {})
    for name, value in node.items():
        if name in ranges:
            _check_range(value, ranges[name], f"{pointer}/{name}", problems)
        elif name in counts:
            _check_count(value, counts[name], f"{pointer}/{name}", problems)
        elif name in longest or name in LONGEST_EVERYWHERE:
            _check_length(value, longest.get(name) or LONGEST_EVERYWHERE[name], f"{pointer}/{name}", problems)
    if kind in _TEXTS and not node["text"]:
        problems.append(problem("must be more than 0 characters", f"{pointer}/text"))


def _check_length(value: Any, most: int, pointer: str, problems: list[str]) -> None:
    """A string has at most so many characters; a text object at least one as well."""
    if isinstance(value, str):
        if len(value) > most:
            problems.append(problem(f"must be less than {most + 1} characters", pointer))
    elif not value["text"]:
        problems.append(problem("must be more than 0 characters", f"{pointer}/text"))
    else:
        _check_length(value["text"], most, f"{pointer}/text", problems)


def _check_count(entries: list[Any], allowed: tuple[int, int], pointer: str, problems: list[str]) -> None:
    fewest, most = allowed
    if len(entries) < fewest:
        problems.append(problem(f"no fewer than {fewest} items allowed", pointer))
    if len(entries) > most:
        problems.append(problem(f"no more than {most} items allowed", pointer))


def _check_range(value: Any, allowed: tuple[int, float], pointer: str, problems: list[str]) -> None:
    low, high = allowed
    if not low <= value <= high or value != int(value):
        problems.append(problem(f"must be a whole number from {low} to {high}", pointer))


def _check_unique(ids: Sequence[str | None], name: str, pointer: str, problems: list[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one is not None and one in seen:
            problems.append(problem(f"duplicate {name}: {one}", pointer))
        seen.add(one or "")


def _check_focus(blocks: list[Json], pointer: str, problems: list[str]) -> None:
    focused = [element for block in blocks for _, element in _elements(block) if element.get("focus_on_load")]
    if len(focused) > 1:
        problems.append(problem("only one element may have focus_on_load", pointer))


def _check_section(block: Json, pointer: str, problems: list[str]) -> None:
    if "text" not in block and "fields" not in block:
        problems.append(problem("must provide text or fields", pointer))
    for index, field in enumerate(block.get("fields", [])):
        _check_length(field, 2000, f"{pointer}/fields/{index}", problems)


def _check_table(block: Json, pointer: str, problems: list[str]) -> None:
    most = 10_000 if block["type"] == "table" else 20_000
    for index, row in enumerate(block["rows"]):
        _check_count(row, (1, 20), f"{pointer}/rows/{index}", problems)
    if sum(_characters(cell) for row in block["rows"] for cell in row) > most:
        problems.append(problem(f"must be less than {most + 1} characters in all cells", f"{pointer}/rows"))


def _characters(node: Any) -> int:
    """How many characters a cell shows, rich text included."""
    if isinstance(node, list):
        return sum(_characters(entry) for entry in node)
    if not isinstance(node, dict):
        return 0
    return len(node.get("text", "")) + _characters(node.get("elements"))


def _check_nested(block: Json, surface: Surface, pointer: str, problems: list[str]) -> None:
    name = "child_blocks" if block["type"] == "container" else "elements"
    for index, child in enumerate(block[name]):
        _check_block(child, surface, f"{pointer}/{name}/{index}", problems)
