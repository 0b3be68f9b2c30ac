"""Views and messages as plain text, the way a person would read them out."""

from collections.abc import Iterator
from typing import Any

from tests.sandbox.slack.element_rules import options_of
from tests.sandbox.slack.elements import elements_of, initial
from tests.sandbox.slack.errors import Json

Names = dict[str, str]
"""What people call a user, a channel or a file, by id."""


def text_of(node: Any) -> str:
    """The words of a text object or of rich text; of anything else an empty string."""
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return "".join(text_of(entry) for entry in node)
    if not isinstance(node, dict):
        return ""
    return text_of(node.get("text")) or text_of(node.get("elements"))


def blocks_text(blocks: list[Json]) -> list[str]:
    """The lines that blocks show, without the values of inputs."""
    return [line for block in blocks for line in _lines(block)]


def view_text(view: Json, typed: dict[str, dict[str, Any]], names: Names) -> str:
    """A modal or a Home tab with its title, texts, values, errors and buttons."""
    lines = [f"== {text_of(view['title'])} =="] if view["type"] == "modal" else []
    if view.get("banner"):
        lines.append(f"! {view['banner']}")
    errors = view.get("errors") or {}
    for block in view["blocks"]:
        lines.extend(_input_lines(block, typed, names) if block["type"] == "input" else _lines(block))
        if block["block_id"] in errors:
            lines.append(f"  ! {errors[block['block_id']]}")
    footer = [f"[{text_of(view[name])}]" for name in ("submit", "close") if view.get(name)]
    return "\n".join([*lines, *([" ".join(footer)] if footer else [])])


def _lines(block: Json) -> Iterator[str]:
    kind = block["type"]
    if kind in ("section", "header", "markdown", "alert"):
        level = f"({block.get('level', 'default')}) " if kind == "alert" else ""
        yield from filter(None, [level + text_of(block.get("text"))])
        yield from (text_of(field) for field in block.get("fields", []))
    elif kind in ("context", "rich_text"):
        yield text_of(block["elements"])
    elif kind == "table":
        yield from (" | ".join(text_of(cell) for cell in row) for row in block["rows"])
    elif kind == "image":
        yield f"[image: {block['alt_text']}]"
    elif kind == "divider":
        yield "---"
    elif kind == "input":
        yield text_of(block["label"])
    yield from (shown for element in elements_of(block) if (shown := _control(element)))


def _control(element: Json) -> str:
    if element["type"] == "button":
        return f"({text_of(element['text'])})"
    if element["type"] == "overflow":
        return f"(… {' | '.join(text_of(option['text']) for option in element['options'])})"
    return ""


def _input_lines(block: Json, typed: dict[str, dict[str, Any]], names: Names) -> Iterator[str]:
    element = block["element"]
    mark = " (optional)" if block.get("optional") else ""
    entered = typed.get(block["block_id"], {})
    raw = entered[element["action_id"]] if element["action_id"] in entered else initial(element)
    yield f"{text_of(block['label'])}{mark}: {shown_value(element, raw, names)}".rstrip()
    if "hint" in block:
        yield f"  {text_of(block['hint'])}"


def shown_value(element: Json, raw: Any, names: Names) -> str:
    """A raw value as it reads on the screen: an option's text, a person's name, a file's name."""
    if raw is None:
        return ""
    if isinstance(raw, list):
        return ", ".join(shown_value(element, one, names) for one in raw)
    if isinstance(raw, dict):
        return text_of(raw)
    for option in options_of(element):
        if option.get("value") == raw:
            return text_of(option["text"])
    return names.get(raw, str(raw)) if isinstance(raw, str) else str(raw)
