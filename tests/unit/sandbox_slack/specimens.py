"""Small payloads, good at a limit and bad one step beyond, and the checks they go through."""

from typing import Any

from tests.sandbox.slack import blockkit
from tests.sandbox.slack.errors import Json
from tests.unit.sandbox_slack.toy import button, field_block, modal, option, plain

MRKDWN = "mrkdwn"


def x(count: int) -> str:
    return "x" * count


def options(count: int) -> list[Json]:
    return [option(f"Option {number}") for number in range(count)]


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "a", **({"options": options(3)} | more)}


def in_modal(*blocks: Json, **more: Any) -> list[str]:
    return blockkit.problems_in_view(modal(*blocks, **more))


def element(made: Json) -> list[str]:
    return in_modal(field_block(made))


def in_message(*blocks: Json) -> list[str]:
    return blockkit.problems_in_message(list(blocks))


def in_home(*blocks: Json, **more: Any) -> list[str]:
    return blockkit.problems_in_home({"type": "home", "blocks": list(blocks), **more})


def confirm(**more: Any) -> Json:
    return button(confirm={"text": plain("Sure?"), **more})


def table(rows: int, columns: int, text: str = "a") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def data_table(rows: int, columns: int = 1) -> Json:
    cells = [{"type": "raw_text", "text": "a"}] * columns
    return {"type": "data_table", "caption": "Prices", "rows": [cells] * rows}


def card(**more: Any) -> Json:
    return {"type": "card", **{name: {"type": MRKDWN, "text": text} for name, text in more.items()}}


def number(**more: Any) -> Json:
    return {"type": "number_input", "action_id": "a", "is_decimal_allowed": False, **more}


def picker(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "a", **more}


def conversations(**chosen: Any) -> Json:
    return {"type": "conversations_select", "action_id": "a", "filter": chosen}


def grouped(**more: Any) -> Json:
    """A select whose options stand in a group; `more` are fields of that group."""
    group = {"label": plain("Group"), "options": options(1), **more}
    return {"type": "static_select", "action_id": "a", "option_groups": [group]}


def carousel(cards: int) -> Json:
    return {"type": "carousel", "elements": [card(title="a")] * cards}


def context_actions(count: int) -> Json:
    feedback = {
        "type": "feedback_buttons",
        "positive_button": {"text": plain("Good"), "value": "1"},
        "negative_button": {"text": plain("Bad"), "value": "0"},
    }
    return {"type": "context_actions", "elements": [feedback] * count}
