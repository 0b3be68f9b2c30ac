"""Every limit of the facts page, sections A.1 to A.4: kept at the limit, refused one beyond."""

from collections.abc import Callable

import pytest

from tests.unit.sandbox_slack.specimens import (
    MRKDWN,
    card,
    carousel,
    confirm,
    context_actions,
    data_table,
    element,
    grouped,
    in_home,
    in_message,
    in_modal,
    options,
    picker,
    select,
    table,
    x,
)
from tests.unit.sandbox_slack.toy import actions, button, field_block, option, plain, section, text_input

COUNTED: dict[str, tuple[Callable[[int], list[str]], int, str]] = {
    "blocks of a modal": (lambda n: in_modal(*[{"type": "divider"}] * n), 100, "/view/blocks"),
    "blocks of Home": (lambda n: in_home(*[{"type": "divider"}] * n), 100, "/view/blocks"),
    "blocks of a message": (lambda n: in_message(*[{"type": "divider"}] * n), 50, "/blocks"),
    "title": (lambda n: in_modal(title=plain(x(n))), 24, "/view/title/text"),
    "submit": (lambda n: in_modal(submit=plain(x(n))), 24, "/view/submit/text"),
    "close": (lambda n: in_modal(close=plain(x(n))), 24, "/view/close/text"),
    "private_metadata": (lambda n: in_modal(private_metadata=x(n)), 3000, "/view/private_metadata"),
    "private_metadata of Home": (lambda n: in_home(private_metadata=x(n)), 3000, "/view/private_metadata"),
    "callback_id": (lambda n: in_modal(callback_id=x(n)), 255, "/view/callback_id"),
    "external_id": (lambda n: in_modal(external_id=x(n)), 255, "/view/external_id"),
    "callback_id of Home": (lambda n: in_home(callback_id=x(n)), 255, "/view/callback_id"),
    "external_id of Home": (lambda n: in_home(external_id=x(n)), 255, "/view/external_id"),
    "section text": (lambda n: in_message(section(x(n))), 3000, "/blocks/0/text/text"),
    "section field": (
        lambda n: in_message({"type": "section", "fields": [plain(x(n))]}),
        2000,
        "/blocks/0/fields/0/text",
    ),
    "section fields": (
        lambda n: in_message({"type": "section", "fields": [plain("a")] * n}),
        10,
        "/blocks/0/fields",
    ),
    "context text": (
        lambda n: in_message({"type": "context", "elements": [plain(x(n))]}),
        3000,
        "/blocks/0/elements/0/text",
    ),
    "header": (lambda n: in_message({"type": "header", "text": plain(x(n))}), 150, "/blocks/0/text/text"),
    "alert": (lambda n: in_modal({"type": "alert", "text": plain(x(n))}), 200, "/view/blocks/0/text/text"),
    "label": (lambda n: in_modal(field_block(text_input(), label=x(n))), 2000, "/view/blocks/0/label/text"),
    "hint": (
        lambda n: in_modal(field_block(text_input(), hint=plain(x(n)))),
        2000,
        "/view/blocks/0/hint/text",
    ),
    "placeholder": (
        lambda n: element(text_input(placeholder=plain(x(n)))),
        150,
        "/view/blocks/0/element/placeholder/text",
    ),
    "actions elements": (
        lambda n: in_message(actions(*[button(action_id=str(i)) for i in range(n)])),
        25,
        "/blocks/0/elements",
    ),
    "context elements": (
        lambda n: in_message({"type": "context", "elements": [plain("a")] * n}),
        10,
        "/blocks/0/elements",
    ),
    "button text": (lambda n: in_message(actions(button(x(n)))), 75, "/blocks/0/elements/0/text/text"),
    "button value": (lambda n: in_message(actions(button(value=x(n)))), 2000, "/blocks/0/elements/0/value"),
    "button url": (lambda n: in_message(actions(button(url=x(n)))), 3000, "/blocks/0/elements/0/url"),
    "accessibility label": (
        lambda n: in_message(actions(button(accessibility_label=x(n)))),
        75,
        "/blocks/0/elements/0/accessibility_label",
    ),
    "confirm title": (
        lambda n: in_message(actions(confirm(title=plain(x(n))))),
        100,
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "confirm text": (
        lambda n: in_message(actions(confirm(text=plain(x(n))))),
        300,
        "/blocks/0/elements/0/confirm/text/text",
    ),
    "confirm confirm": (
        lambda n: in_message(actions(confirm(confirm=plain(x(n))))),
        30,
        "/blocks/0/elements/0/confirm/confirm/text",
    ),
    "confirm deny": (
        lambda n: in_message(actions(confirm(deny=plain(x(n))))),
        30,
        "/blocks/0/elements/0/confirm/deny/text",
    ),
    "option text": (
        lambda n: element(select(options=[option(x(n), "v")])),
        75,
        "/view/blocks/0/element/options/0/text/text",
    ),
    "option value": (
        lambda n: element(select(options=[option("A", x(n))])),
        150,
        "/view/blocks/0/element/options/0/value",
    ),
    "option description": (
        lambda n: element(select(options=[{**option("A"), "description": plain(x(n))}])),
        75,
        "/view/blocks/0/element/options/0/description/text",
    ),
    "options of a select": (
        lambda n: element(select(options=options(n))),
        100,
        "/view/blocks/0/element/options",
    ),
    "option groups": (
        lambda n: element(
            {
                "type": "static_select",
                "action_id": "a",
                "option_groups": [{"label": plain("G"), "options": [option(f"O{i}")]} for i in range(n)],
            }
        ),
        100,
        "/view/blocks/0/element/option_groups",
    ),
    "options of a group": (
        lambda n: element(grouped(options=options(n))),
        100,
        "/view/blocks/0/element/option_groups/0/options",
    ),
    "label of a group": (
        lambda n: element(grouped(label=plain(x(n)))),
        75,
        "/view/blocks/0/element/option_groups/0/label/text",
    ),
    "checkboxes": (
        lambda n: element({"type": "checkboxes", "action_id": "a", "options": options(n)}),
        10,
        "/view/blocks/0/element/options",
    ),
    "radio buttons": (
        lambda n: element({"type": "radio_buttons", "action_id": "a", "options": options(n)}),
        10,
        "/view/blocks/0/element/options",
    ),
    "overflow": (
        lambda n: in_message(actions({"type": "overflow", "action_id": "a", "options": options(n)})),
        5,
        "/blocks/0/elements/0/options",
    ),
    "block_id": (lambda n: in_message(section("a", block_id=x(n))), 255, "/blocks/0/block_id"),
    "action_id": (
        lambda n: in_message(actions(button(action_id=x(n)))),
        255,
        "/blocks/0/elements/0/action_id",
    ),
    "image alt_text": (
        lambda n: in_message({"type": "image", "image_url": "https://a.b/c.png", "alt_text": x(n)}),
        2000,
        "/blocks/0/alt_text",
    ),
    "image title": (
        lambda n: in_message(
            {"type": "image", "image_url": "https://a.b/c.png", "alt_text": "a", "title": plain(x(n))}
        ),
        2000,
        "/blocks/0/title/text",
    ),
    "image url": (
        lambda n: in_message({"type": "image", "image_url": x(n), "alt_text": "a"}),
        3000,
        "/blocks/0/image_url",
    ),
    "markdown": (lambda n: in_message({"type": "markdown", "text": x(n)}), 12000, "/blocks"),
    "markdown together": (
        lambda n: in_message(
            {"type": "markdown", "text": x(6000)}, {"type": "markdown", "text": x(n - 6000)}
        ),
        12000,
        "/blocks",
    ),
    "table rows": (lambda n: in_message(table(n, 1)), 100, "/blocks/0/rows"),
    "table columns": (lambda n: in_message(table(1, n)), 20, "/blocks/0/rows/0"),
    "table characters": (lambda n: in_message(table(1, 1, x(n))), 10000, "/blocks/0/rows"),
    "data table rows": (lambda n: in_message(data_table(n)), 201, "/blocks/0/rows"),
    "data table columns": (
        lambda n: in_message({**data_table(2), "rows": data_table(1, n)["rows"] + data_table(1)["rows"]}),
        20,
        "/blocks/0/rows/0",
    ),
    "data table page_size": (
        lambda n: in_message({**data_table(2), "page_size": n}),
        100,
        "/blocks/0/page_size",
    ),
    "card title": (lambda n: in_message(card(title=x(n))), 150, "/blocks/0/title/text"),
    "card subtitle": (lambda n: in_message(card(subtitle=x(n))), 150, "/blocks/0/subtitle/text"),
    "card body": (lambda n: in_message(card(body=x(n))), 200, "/blocks/0/body/text"),
    "card actions": (
        lambda n: in_message({**card(title="a"), "actions": [button(action_id=str(i)) for i in range(n)]}),
        3,
        "/blocks/0/actions",
    ),
    "carousel": (
        lambda n: in_message(carousel(n)),
        10,
        "/blocks/0/elements",
    ),
    "container blocks": (
        lambda n: in_message({"type": "container", "child_blocks": [{"type": "divider"}] * n}),
        10,
        "/blocks/0/child_blocks",
    ),
    "container title": (
        lambda n: in_message(
            {"type": "container", "title": plain(x(n)), "child_blocks": [{"type": "divider"}]}
        ),
        150,
        "/blocks/0/title/text",
    ),
    "plan tasks": (
        lambda n: in_message({"type": "plan", "title": "Steps", "tasks": [{}] * n}),
        50,
        "/blocks/0/tasks",
    ),
    "max_length": (lambda n: element(text_input(max_length=n)), 3000, "/view/blocks/0/element/max_length"),
    "initial text": (
        lambda n: element(text_input(max_length=5, initial_value=x(n))),
        5,
        "/view/blocks/0/element/initial_value",
    ),
    "initial text of any length": (
        lambda n: element(text_input(initial_value=x(n))),
        3000,
        "/view/blocks/0/element/initial_value",
    ),
    "max_files": (
        lambda n: element({"type": "file_input", "action_id": "a", "max_files": n}),
        10,
        "/view/blocks/0/element/max_files",
    ),
    "initial choices": (
        lambda n: element(
            {
                "type": "multi_static_select",
                "action_id": "a",
                "options": options(4),
                "max_selected_items": 2,
                "initial_options": options(n),
            }
        ),
        2,
        "/view/blocks/0/element/initial_options",
    ),
    "initial people": (
        lambda n: element(
            {
                "type": "multi_users_select",
                "action_id": "a",
                "max_selected_items": 2,
                "initial_users": ["U1", "U2", "U3"][:n],
            }
        ),
        2,
        "/view/blocks/0/element/initial_users",
    ),
    "container subtitle": (
        lambda n: in_message(
            {"type": "container", "subtitle": plain(x(n)), "child_blocks": [{"type": "divider"}]}
        ),
        150,
        "/blocks/0/subtitle/text",
    ),
    "context in mrkdwn": (
        lambda n: in_message({"type": "context", "elements": [{"type": MRKDWN, "text": x(n)}]}),
        3000,
        "/blocks/0/elements/0/text",
    ),
    "link of a menu entry": (
        lambda n: in_message(
            actions({"type": "overflow", "action_id": "a", "options": [{**option("A"), "url": x(n)}]})
        ),
        3000,
        "/blocks/0/elements/0/options/0/url",
    ),
    "context actions": (lambda n: in_message(context_actions(n)), 5, "/blocks/0/elements"),
    "options of a multiple choice": (
        lambda n: element(picker("multi_static_select", options=options(n))),
        100,
        "/view/blocks/0/element/options",
    ),
    "option groups of a multiple choice": (
        lambda n: element(
            picker(
                "multi_static_select",
                option_groups=[{"label": plain("G"), "options": [option(f"O{i}")]} for i in range(n)],
            )
        ),
        100,
        "/view/blocks/0/element/option_groups",
    ),
    "min_lines": (
        lambda n: element(picker("rich_text_input", min_lines=n)),
        100,
        "/view/blocks/0/element/min_lines",
    ),
    "max_lines": (
        lambda n: element(picker("rich_text_input", max_lines=n)),
        100,
        "/view/blocks/0/element/max_lines",
    ),
}

FEWEST: dict[str, tuple[Callable[[int], list[str]], int]] = {
    "context elements": (lambda n: in_message({"type": "context", "elements": [plain("a")] * n}), 1),
    "context actions": (lambda n: in_message(context_actions(n)), 1),
    "carousel": (lambda n: in_message(carousel(n)), 1),
    "card actions": (lambda n: in_message({**card(title="a"), "actions": [button()] * n}), 1),
    "container blocks": (
        lambda n: in_message({"type": "container", "child_blocks": [{"type": "divider"}] * n}),
        1,
    ),
    "table rows": (lambda n: in_message(table(n, 1)), 1),
    "table columns": (lambda n: in_message(table(1, n)), 1),
    "page_size": (lambda n: in_message({**data_table(2), "page_size": n}), 1),
    "option groups": (
        lambda n: element(
            select() if n else {"type": "static_select", "action_id": "a", "option_groups": []}
        ),
        1,
    ),
    "options of a group": (lambda n: element(grouped(options=options(n))), 1),
    "options of a multiple choice": (lambda n: element(picker("multi_static_select", options=options(n))), 1),
    "groups of a multiple choice": (
        lambda n: element(
            picker("multi_static_select", option_groups=[{"label": plain("G"), "options": options(1)}] * n)
        ),
        1,
    ),
    "checkboxes": (lambda n: element(picker("checkboxes", options=options(n))), 1),
    "radio buttons": (lambda n: element(picker("radio_buttons", options=options(n))), 1),
    "overflow": (lambda n: in_message(actions(picker("overflow", options=options(n)))), 1),
    "files": (lambda n: element(picker("file_input", max_files=n)), 1),
    "min_lines": (lambda n: element(picker("rich_text_input", min_lines=n)), 1),
    "max_lines": (lambda n: element(picker("rich_text_input", max_lines=n)), 1),
    "query of a choice": (lambda n: element(picker("external_select", min_query_length=n)), 0),
    "query of a multiple choice": (lambda n: element(picker("multi_external_select", min_query_length=n)), 0),
    "choices": (
        lambda n: element(picker("multi_static_select", options=options(1), max_selected_items=n)),
        1,
    ),
    "searched choices": (lambda n: element(picker("multi_external_select", max_selected_items=n)), 1),
    "channels": (lambda n: element(picker("multi_channels_select", max_selected_items=n)), 1),
    "conversations": (lambda n: element(picker("multi_conversations_select", max_selected_items=n)), 1),
}


@pytest.mark.parametrize("name", COUNTED)
def test_a_limit_holds_exactly(name: str) -> None:
    check, most, pointer = COUNTED[name]
    assert check(most) == []
    problems = check(most + 1)
    assert len(problems) == 1
    assert problems[0].endswith(f"[json-pointer:{pointer}]")


@pytest.mark.parametrize("name", FEWEST)
def test_a_lower_limit_holds_exactly(name: str) -> None:
    check, fewest = FEWEST[name]
    assert check(fewest) == []
    assert check(fewest - 1) != []


def test_a_plan_may_be_empty() -> None:
    assert in_message({"type": "plan", "title": "Steps", "tasks": []}) == []
