"""What must hold between the fields of one input element: ranges that contain, initial values that exist."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.sandbox.slack.errors import Json
from tests.sandbox.slack.shape import problem

Rule = Callable[[Json, str, list[str]], None]


def check_element(element: Json, pointer: str, problems: list[str]) -> None:
    """Add what is wrong inside one element of sound shape (facts page A.4 and C.3)."""
    for rule in _RULES.get(element["type"], ()):
        rule(element, pointer, problems)


def _lengths(element: Json, pointer: str, problems: list[str]) -> None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if shortest > longest:
        problems.append(problem("min_length must not be more than max_length", f"{pointer}/min_length"))
    initial = element.get("initial_value")
    if initial is not None and not shortest <= len(initial) <= longest:
        problems.append(
            problem(f"must be between {shortest} and {longest} characters", f"{pointer}/initial_value")
        )


def decimal(text: str) -> Decimal | None:
    """The finite number a text stands for, None for anything else."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _numbers(element: Json, pointer: str, problems: list[str]) -> None:
    found: dict[str, Decimal] = {}
    for name in ("min_value", "max_value", "initial_value"):
        number = decimal(element[name]) if name in element else None
        if number is not None:
            found[name] = number
        elif name in element:
            problems.append(problem("must be a number", f"{pointer}/{name}"))
    low, high = found.get("min_value"), found.get("max_value")
    if low is not None and high is not None and low > high:
        problems.append(problem("min_value must not be more than max_value", f"{pointer}/min_value"))
    _initial_number(element, found, pointer, problems)


def _initial_number(element: Json, found: Mapping[str, Decimal], pointer: str, problems: list[str]) -> None:
    initial = found.get("initial_value")
    if initial is None:
        return
    if initial < found.get("min_value", initial) or initial > found.get("max_value", initial):
        problems.append(problem("must be between min_value and max_value", f"{pointer}/initial_value"))
    if not element["is_decimal_allowed"] and initial != initial.to_integral_value():
        problems.append(problem("must not have decimals", f"{pointer}/initial_value"))


def options_of(element: Json) -> list[Json]:
    """All options of an element, those of its groups included."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def _options(element: Json, pointer: str, problems: list[str]) -> None:
    if ("options" in element) == ("option_groups" in element):
        problems.append(problem("must provide exactly one of options and option_groups", pointer))
    _distinct_values(element, pointer, problems)
    _initial_options(element, pointer, problems)


def _distinct_values(element: Json, pointer: str, problems: list[str]) -> None:
    values = [option.get("value") for option in options_of(element)]
    for index, value in enumerate(values):
        if value in values[:index]:
            problems.append(problem(f"duplicate option value: {value}", f"{pointer}/options/{index}/value"))


def _initial_options(element: Json, pointer: str, problems: list[str]) -> None:
    options = options_of(element)
    if "initial_option" in element and element["initial_option"] not in options:
        problems.append(problem("must be one of the options", f"{pointer}/initial_option"))
    for index, option in enumerate(element.get("initial_options", [])):
        if option not in options:
            problems.append(problem("must be one of the options", f"{pointer}/initial_options/{index}"))


def _initial_count(element: Json, pointer: str, problems: list[str]) -> None:
    most = element.get("max_selected_items", 100)
    for name in ("initial_options", "initial_users", "initial_channels", "initial_conversations"):
        initial = element.get(name)
        if initial is None:
            continue
        if not initial and name == "initial_options":
            problems.append(problem("no fewer than 1 items allowed", f"{pointer}/{name}"))
        if len(initial) > most:
            problems.append(problem(f"no more than {most} items allowed", f"{pointer}/{name}"))


def _written_as(name: str, pattern: str, wanted: str) -> Rule:
    def check(element: Json, pointer: str, problems: list[str]) -> None:
        value: Any = element.get(name)
        if value is not None and not re.fullmatch(pattern, str(value)):
            problems.append(problem(f"must be {wanted}", f"{pointer}/{name}"))

    return check


def _filter(element: Json, pointer: str, problems: list[str]) -> None:
    chosen = element.get("filter")
    if chosen is None:
        return
    if not chosen:
        problems.append(problem("must have at least one field", f"{pointer}/filter"))
    if chosen.get("include") == []:
        problems.append(problem("no fewer than 1 items allowed", f"{pointer}/filter/include"))


def _dispatch_config(element: Json, pointer: str, problems: list[str]) -> None:
    if element.get("dispatch_action_config", {}).get("trigger_actions_on") == []:
        problems.append(
            problem("no fewer than 1 items allowed", f"{pointer}/dispatch_action_config/trigger_actions_on")
        )


def _no_option_links(element: Json, pointer: str, problems: list[str]) -> None:
    for index, option in enumerate(options_of(element)):
        if "url" in option:
            problems.append(
                problem("url is only allowed in an overflow menu", f"{pointer}/options/{index}/url")
            )


_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_RULES: Mapping[str, tuple[Rule, ...]] = {
    "plain_text_input": (_lengths, _dispatch_config),
    "email_text_input": (_dispatch_config,),
    "url_text_input": (_dispatch_config,),
    "number_input": (_numbers, _dispatch_config),
    "static_select": (_options, _no_option_links),
    "multi_static_select": (_options, _initial_count, _no_option_links),
    "multi_external_select": (_initial_count,),
    "multi_users_select": (_initial_count,),
    "multi_channels_select": (_initial_count,),
    "multi_conversations_select": (_initial_count, _filter),
    "conversations_select": (_filter,),
    "checkboxes": (_distinct_values, _initial_options, _initial_count, _no_option_links),
    "radio_buttons": (_distinct_values, _initial_options, _no_option_links),
    "overflow": (_distinct_values,),
    "datepicker": (_written_as("initial_date", _DATE, "a date like 2026-12-31"),),
    "timepicker": (_written_as("initial_time", r"([01]\d|2[0-3]):[0-5]\d", "a time like 23:59"),),
    "datetimepicker": (_written_as("initial_date_time", r"\d{10}", "Unix seconds of 10 digits"),),
}
