"""Slack's limits as tables: how long a text, how many entries, and where each thing may stand.

Every row is from the facts page, sections A.1 to A.4. Keys are the `type` of a block, element or object;
`option`, `confirm` and the like stand for the composition objects that carry no `type` of their own.
"""

from collections.abc import Mapping
from typing import Literal

Surface = Literal["modal", "home", "message"]

LONGEST: Mapping[str, Mapping[str, int]] = {
    "modal": {
        "title": 24,
        "submit": 24,
        "close": 24,
        "private_metadata": 3000,
        "callback_id": 255,
        "external_id": 255,
    },
    "home": {"private_metadata": 3000, "callback_id": 255, "external_id": 255},
    "section": {"text": 3000},
    "header": {"text": 150},
    "alert": {"text": 200},
    "input": {"label": 2000, "hint": 2000},
    "image": {"alt_text": 2000, "title": 2000, "image_url": 3000},
    "card": {"title": 150, "subtitle": 150, "body": 200},
    "container": {"title": 150, "subtitle": 150},
    "button": {"text": 75, "value": 2000, "url": 3000, "accessibility_label": 75},
    "confirm": {"title": 100, "text": 300, "confirm": 30, "deny": 30},
    "option": {"text": 75, "value": 150, "description": 75, "url": 3000},
    "option_group": {"label": 75},
    "plain_text": {"text": 3000},
    "mrkdwn": {"text": 3000},
}
"""Most characters of a string or of a text object in that field. Text objects need at least one character."""

LONGEST_EVERYWHERE: Mapping[str, int] = {"block_id": 255, "action_id": 255, "placeholder": 150}

COUNTS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "actions": {"elements": (1, 25)},
    "context": {"elements": (1, 10)},
    "context_actions": {"elements": (1, 5)},
    "section": {"fields": (1, 10)},
    "carousel": {"elements": (1, 10)},
    "card": {"actions": (1, 3)},
    "container": {"child_blocks": (1, 10)},
    "plan": {"tasks": (0, 50)},
    "table": {"rows": (1, 100)},
    "data_table": {"rows": (2, 201)},
    "static_select": {"options": (1, 100), "option_groups": (1, 100)},
    "multi_static_select": {"options": (1, 100), "option_groups": (1, 100)},
    "option_group": {"options": (1, 100)},
    "checkboxes": {"options": (1, 10)},
    "radio_buttons": {"options": (1, 10)},
    "overflow": {"options": (1, 5)},
}
"""Fewest and most entries of a list."""

_ANY = float("inf")

RANGES: Mapping[str, Mapping[str, tuple[int, float]]] = {
    "plain_text_input": {"min_length": (0, 3000), "max_length": (1, 3000)},
    "rich_text_input": {"min_lines": (1, 100), "max_lines": (1, 100)},
    "file_input": {"max_files": (1, 10)},
    "data_table": {"page_size": (1, 100)},
    "external_select": {"min_query_length": (0, _ANY)},
    "multi_static_select": {"max_selected_items": (1, _ANY)},
    "multi_external_select": {"max_selected_items": (1, _ANY), "min_query_length": (0, _ANY)},
    "multi_users_select": {"max_selected_items": (1, _ANY)},
    "multi_channels_select": {"max_selected_items": (1, _ANY)},
    "multi_conversations_select": {"max_selected_items": (1, _ANY)},
}
"""Smallest and largest value of a number."""

MOST_MARKDOWN = 12_000
"""Characters of all markdown blocks of a message together."""

MOST_BLOCKS: Mapping[Surface, int] = {"modal": 100, "home": 100, "message": 50}

_EVERYWHERE: frozenset[Surface] = frozenset({"modal", "home", "message"})
_MODAL: frozenset[Surface] = frozenset({"modal"})
_MESSAGE: frozenset[Surface] = frozenset({"message"})

BLOCK_SURFACES: Mapping[str, frozenset[Surface]] = {
    **dict.fromkeys(
        ["actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"],
        _EVERYWHERE,
    ),
    "alert": _MODAL,
    # The docs also list tables for Home and cards for modals; a validator tested on the real Slack does not.
    "card": frozenset({"home", "message"}),
    **dict.fromkeys(
        ["table", "data_table", "carousel", "markdown", "container", "plan", "task_card", "context_actions"],
        _MESSAGE,
    ),
    "file": frozenset(),  # comes in from Slack only
}

ELEMENT_SURFACES: Mapping[str, frozenset[Surface]] = {
    **dict.fromkeys(["email_text_input", "number_input", "url_text_input", "file_input"], _MODAL),
    "rich_text_input": frozenset({"modal", "home"}),
    "datetimepicker": frozenset({"modal", "message"}),
    **dict.fromkeys(["workflow_button", "feedback_buttons", "icon_button"], _MESSAGE),
}
"""Where the elements stand that are not allowed everywhere."""
