"""The rules between fields and between blocks: a good payload beside each bad one."""

from collections.abc import Callable

import pytest

from tests.sandbox.slack import blockkit
from tests.unit.sandbox_slack.specimens import (
    MRKDWN,
    card,
    context_actions,
    conversations,
    data_table,
    element,
    in_home,
    in_message,
    in_modal,
    number,
    options,
    picker,
    select,
    table,
    x,
)
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

PAIRS: dict[str, Callable[[], tuple[list[str], list[str]]]] = {
    "unknown block": lambda: (in_message(section("a")), in_message({"type": "bogus"})),
    "unknown element": lambda: (in_message(actions(button())), in_message(actions({"type": "bogus"}))),
    "unknown field": lambda: (in_message(section("a")), in_message(section("a", colour="red"))),
    "no type": lambda: (in_message({"type": "divider"}), in_message({"block_id": "a"})),
    "a block that is no object": lambda: (
        in_message({"type": "divider"}),
        blockkit.problems_in_message(["divider"]),
    ),
    "blocks that are no list": lambda: (in_message(), blockkit.problems_in_message({"type": "divider"})),
    "null": lambda: (in_message(section("a")), in_message(section("a", accessory=None))),
    "text as a string": lambda: (in_message(section("a")), in_message({"type": "section", "text": "a"})),
    "title in mrkdwn": lambda: (in_modal(), in_modal(title={"type": MRKDWN, "text": "a"})),
    "no title": lambda: (in_modal(), blockkit.problems_in_view({"type": "modal", "blocks": []})),
    "Home as a modal": lambda: (in_modal(), blockkit.problems_in_view({"type": "home", "blocks": []})),
    "a title on Home": lambda: (in_home(), in_home(title=plain("a"))),
    "empty text": lambda: (in_message(section("a")), in_message(section(""))),
    "empty context": lambda: (
        in_message({"type": "context", "elements": [plain("a")]}),
        in_message({"type": "context", "elements": [plain("")]}),
    ),
    "empty label": lambda: (
        in_modal(field_block(text_input())),
        in_modal(field_block(text_input(), label="")),
    ),
    "empty markdown": lambda: (
        in_message({"type": "markdown", "text": "a"}),
        in_message({"type": "markdown", "text": ""}),
    ),
    "empty option": lambda: (element(select()), element(select(options=[{"text": plain(""), "value": "v"}]))),
    "section without text": lambda: (in_message(section("a")), in_message({"type": "section"})),
    "no fields": lambda: (in_message(section("a")), in_message({"type": "section", "fields": []})),
    "empty actions": lambda: (in_message(actions(button())), in_message(actions())),
    "no options": lambda: (element(select()), element(select(options=[]))),
    "neither options nor groups": lambda: (
        element(select()),
        element({"type": "static_select", "action_id": "a"}),
    ),
    "options and groups": lambda: (
        element(select()),
        element(select(option_groups=[{"label": plain("G"), "options": options(1)}])),
    ),
    "empty submit": lambda: (in_modal(), in_modal(submit=plain(""))),
    "same block_id": lambda: (
        in_message(section("a", block_id="1"), section("b", block_id="2")),
        in_message(section("a", block_id="1"), section("b", block_id="1")),
    ),
    "same action_id": lambda: (
        in_message(actions(button(), button(action_id="other"))),
        in_message(actions(button(), button())),
    ),
    "initial option not offered": lambda: (
        element(select(initial_option=option("Option 1"))),
        element(select(initial_option=option("Option 9"))),
    ),
    "initial option that differs": lambda: (
        element(select(initial_option=option("Option 1"))),
        element(select(initial_option={**option("Option 1"), "description": plain("d")})),
    ),
    "initial options not offered": lambda: (
        element(
            {"type": "checkboxes", "action_id": "a", "options": options(2), "initial_options": options(1)}
        ),
        element(
            {"type": "checkboxes", "action_id": "a", "options": options(2), "initial_options": options(3)}
        ),
    ),
    "no initial options": lambda: (
        element(
            {"type": "checkboxes", "action_id": "a", "options": options(2), "initial_options": options(1)}
        ),
        element({"type": "checkboxes", "action_id": "a", "options": options(2), "initial_options": []}),
    ),
    "same option value": lambda: (
        element(select(options=[option("A", "1"), option("B", "2")])),
        element(select(options=[option("A", "1"), option("B", "1")])),
    ),
    "same option value in two groups": lambda: (
        element(select()),
        element(
            {
                "type": "static_select",
                "action_id": "a",
                "option_groups": [{"label": plain(one), "options": [option(one, "1")]} for one in "AB"],
            }
        ),
    ),
    "a link in a select": lambda: (
        in_message(
            actions(
                {"type": "overflow", "action_id": "a", "options": [{**option("A"), "url": "https://a.b"}]}
            )
        ),
        element(select(options=[{**option("A"), "url": "https://a.b"}])),
    ),
    "lengths the wrong way round": lambda: (
        element(text_input(min_length=2, max_length=3)),
        element(text_input(min_length=3, max_length=2)),
    ),
    "initial text too short": lambda: (
        element(text_input(min_length=2, initial_value="ab")),
        element(text_input(min_length=2, initial_value="a")),
    ),
    "max_length of zero": lambda: (element(text_input(max_length=1)), element(text_input(max_length=0))),
    "negative min_length": lambda: (element(text_input(min_length=0)), element(text_input(min_length=-1))),
    "half a file": lambda: (
        element({"type": "file_input", "action_id": "a", "max_files": 1}),
        element({"type": "file_input", "action_id": "a", "max_files": 1.5}),
    ),
    "no choice allowed": lambda: (
        element({"type": "multi_users_select", "action_id": "a", "max_selected_items": 1}),
        element({"type": "multi_users_select", "action_id": "a", "max_selected_items": 0}),
    ),
    "is_decimal_allowed missing": lambda: (
        element(number()),
        element({"type": "number_input", "action_id": "a"}),
    ),
    "min_value as a number": lambda: (element(number(min_value="1")), element(number(min_value=1))),
    "min_value as a word": lambda: (element(number(min_value="1")), element(number(min_value="one"))),
    "range the wrong way round": lambda: (
        element(number(min_value="1", max_value="2")),
        element(number(min_value="2", max_value="1")),
    ),
    "initial number too large": lambda: (
        element(number(max_value="2", initial_value="2")),
        element(number(max_value="2", initial_value="3")),
    ),
    "initial number with decimals": lambda: (
        element(number(initial_value="2")),
        element(number(initial_value="2.5")),
    ),
    "date": lambda: (
        element(picker("datepicker", initial_date="2026-02-28")),
        element(picker("datepicker", initial_date="28.02.2026")),
    ),
    "time": lambda: (
        element(picker("timepicker", initial_time="09:30")),
        element(picker("timepicker", initial_time="9:30")),
    ),
    "moment": lambda: (
        element(picker("datetimepicker", initial_date_time=1_700_000_000)),
        element(picker("datetimepicker", initial_date_time=170_000_000)),
    ),
    "empty filter": lambda: (element(conversations(include=["public"])), element(conversations())),
    "filter that includes nothing": lambda: (
        element(conversations(include=["public"])),
        element(conversations(include=[])),
    ),
    "dispatch on nothing": lambda: (
        element(text_input(dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]})),
        element(text_input(dispatch_action_config={"trigger_actions_on": []})),
    ),
    "two with focus": lambda: (
        in_modal(field_block(text_input(focus_on_load=True)), field_block(text_input(), block_id="2")),
        in_modal(
            field_block(text_input(focus_on_load=True)),
            field_block(text_input(focus_on_load=True), block_id="2"),
        ),
    ),
    "a button as an input": lambda: (element(text_input()), element(button())),
    "button style": lambda: (
        in_message(actions(button(style="danger"))),
        in_message(actions(button(style="green"))),
    ),
    "image without alt": lambda: (
        in_message({"type": "image", "image_url": "https://a.b/c.png", "alt_text": "a"}),
        in_message({"type": "image", "image_url": "https://a.b/c.png"}),
    ),
    "response_url_enabled in actions": lambda: (
        element({"type": "channels_select", "action_id": "a", "response_url_enabled": True}),
        in_message(actions({"type": "channels_select", "action_id": "a", "response_url_enabled": True})),
    ),
    "two tables": lambda: (in_message(table(1, 1)), in_message(table(1, 1), table(1, 1))),
    "data table of one row": lambda: (in_message(data_table(2)), in_message(data_table(1))),
    "a bad block in a container": lambda: (
        in_message({"type": "container", "child_blocks": [section("a")]}),
        in_message({"type": "container", "child_blocks": [section(x(3001))]}),
    ),
    "alert outside modals": lambda: (
        in_modal({"type": "alert", "text": plain("a")}),
        in_message({"type": "alert", "text": plain("a")}),
    ),
    "alert on Home": lambda: (
        in_modal({"type": "alert", "text": plain("a")}),
        in_home({"type": "alert", "text": plain("a")}),
    ),
    "table in a modal": lambda: (in_message(table(1, 1)), in_modal(table(1, 1))),
    "table on Home": lambda: (in_message(table(1, 1)), in_home(table(1, 1))),
    "card in a modal": lambda: (in_home(card(title="a")), in_modal(card(title="a"))),
    "markdown in a modal": lambda: (
        in_message({"type": "markdown", "text": "a"}),
        in_modal({"type": "markdown", "text": "a"}),
    ),
    "file block": lambda: (
        in_message(section("a")),
        in_message({"type": "file", "external_id": "a", "source": "remote"}),
    ),
    "e-mail in a message": lambda: (
        element(picker("email_text_input")),
        in_message(field_block(picker("email_text_input"))),
    ),
    "url on Home": lambda: (
        element(picker("url_text_input")),
        in_home(field_block(picker("url_text_input"))),
    ),
    "number on Home": lambda: (element(number()), in_home(field_block(number()))),
    "file in a message": lambda: (
        element(picker("file_input")),
        in_message(field_block(picker("file_input"))),
    ),
    "rich text input in a message": lambda: (
        in_home(field_block(picker("rich_text_input"))),
        in_message(field_block(picker("rich_text_input"))),
    ),
    "moment on Home": lambda: (
        in_message(field_block(picker("datetimepicker"))),
        in_home(field_block(picker("datetimepicker"))),
    ),
    "multi select in actions": lambda: (
        in_message(section("a", accessory={"type": "multi_users_select", "action_id": "a"})),
        in_message(actions({"type": "multi_users_select", "action_id": "a"})),
    ),
    "feedback in a modal": lambda: (in_message(context_actions(1)), in_modal(context_actions(1))),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_rule_holds_and_harms_nothing_else(name: str) -> None:
    good, bad = PAIRS[name]()
    assert good == []
    assert bad != []


def test_two_blocks_may_use_the_same_action_id() -> None:
    assert in_message(actions(button()), actions(button(), block_id="2")) == []


def test_an_input_needs_a_submit_button() -> None:
    view = modal(field_block(text_input()))
    del view["submit"]
    assert blockkit.problems_in_view(view) == [
        "[ERROR] submit is required when the view has an input block [json-pointer:/view/submit]"
    ]
