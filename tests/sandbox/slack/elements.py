"""What a person can fill in: the fields of a surface, and their values in Slack's own shapes.

A *raw* value is what the client API carries: a string, an option's value, a list of values, file ids, the
whole option of an external select. The shapes an app receives are composed from it here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.sandbox.slack.element_rules import options_of
from tests.sandbox.slack.errors import Json

Raw = Any
"""One raw value."""

Typed = dict[str, dict[str, Raw]]
"""Raw values by block_id and action_id."""

Files = Callable[[str], Json | None]
"""The Slack object of a file by its id."""

_KEYS: Mapping[str, str] = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "file_input": "files",
}
_LISTS = frozenset(key for key in _KEYS.values() if key.endswith("s"))
_OFFERED = frozenset({"radio_buttons", "checkboxes", "static_select", "multi_static_select"})


@dataclass(frozen=True)
class Field:
    """One stateful element where it stands."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """Slack fills in a block_id that the app left out, so there always is one."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """As with the block_id."""
        return str(self.element["action_id"])

    @property
    def kind(self) -> str:
        """The element's type."""
        return str(self.element["type"])

    @property
    def is_required(self) -> bool:
        """Whether Slack refuses to submit it empty."""
        return self.block["type"] == "input" and not self.block.get("optional", False)


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block, cards and containers included."""
    kind = block["type"]
    if kind == "input":
        return [block["element"]]
    if kind == "section":
        return [block["accessory"]] if "accessory" in block else []
    if kind in ("actions", "context_actions"):
        return list(block["elements"])
    if kind == "card":
        return list(block.get("actions", []))
    inner = block.get("child_blocks", []) if kind == "container" else []
    return [element for child in inner for element in elements_of(child)]


def fields_of(blocks: list[Json]) -> Iterator[Field]:
    """Every element of a surface that holds a value."""
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in _KEYS:
                yield Field(block, element)


def element_at(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """(block, element) by their ids."""
    for block in blocks:
        if block["block_id"] == block_id:
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return block, element
    return None


def initial(element: Json) -> Raw:
    """The raw value an element starts with, None when it starts empty."""
    value = next((element[name] for name in element if name.startswith("initial_")), None)
    if value is None or element["type"] not in _OFFERED:
        return value
    return [one["value"] for one in value] if isinstance(value, list) else value["value"]


def current(field: Field, typed: Typed) -> Raw:
    """The raw value Slack holds: what was typed, or else the initial value."""
    entered = typed.get(field.block_id, {})
    return entered[field.action_id] if field.action_id in entered else initial(field.element)


def chosen(element: Json, raw: Raw, files: Files) -> Json:
    """The part of a payload that tells an element's value, for example `{"selected_option": {…}}`.

    Optional fields left empty are null or an empty list, never absent (facts page A.4).
    """
    key = _KEYS[element["type"]]
    if key == "files":
        return {key: [found for one in raw or [] if (found := files(one)) is not None]}
    if element["type"] in _OFFERED:
        raw = _options(element, raw)
    if key in _LISTS:
        return {key: raw or []}
    return {key: None if raw == "" else raw}


def _options(element: Json, raw: Raw) -> Raw:
    """The option objects behind option values; a value that is not offered counts as not chosen."""
    offered = {option.get("value"): option for option in options_of(element)}
    if isinstance(raw, list):
        return [offered[value] for value in raw if value in offered]
    return offered.get(raw)


def state_values(blocks: list[Json], typed: Typed, files: Files) -> Json:
    """`state.values` of a payload."""
    values: Json = {}
    for field in fields_of(blocks):
        value = {"type": field.kind, **chosen(field.element, current(field, typed), files)}
        values.setdefault(field.block_id, {})[field.action_id] = value
    return values


def kept(blocks: list[Json], typed: Typed) -> Typed:
    """What survives on a surface with these blocks: values whose block_id and action_id are still there."""
    survivors: Typed = {}
    for field in fields_of(blocks):
        entered = typed.get(field.block_id, {})
        if field.action_id in entered:
            survivors.setdefault(field.block_id, {})[field.action_id] = entered[field.action_id]
    return survivors


def merged(typed: Typed, news: Typed) -> Typed:
    """Both, where the news win."""
    return {block_id: typed.get(block_id, {}) | news.get(block_id, {}) for block_id in {**typed, **news}}


def with_ids(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """The blocks as Slack keeps them: every block_id and action_id filled in; the app's own are untouched."""
    return [_block_with_ids(block, new_id) for block in blocks]


def _block_with_ids(block: Json, new_id: Callable[[], str]) -> Json:
    filled = dict(block)
    if not filled.get("block_id"):
        filled["block_id"] = new_id()
    for name in ("element", "accessory"):
        if name in filled:
            filled[name] = _element_with_id(filled[name], new_id)
    if filled["type"] in ("actions", "context_actions", "card"):
        name = "actions" if filled["type"] == "card" else "elements"
        if name in filled:
            filled[name] = [_element_with_id(element, new_id) for element in filled[name]]
    if filled["type"] == "container":
        filled["child_blocks"] = with_ids(filled["child_blocks"], new_id)
    return filled


def _element_with_id(element: Json, new_id: Callable[[], str]) -> Json:
    if element["type"] == "image" or element.get("action_id"):
        return element
    return {**element, "action_id": new_id()}
