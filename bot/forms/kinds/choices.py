"""Choices: one of a list, one of a list or a text, several, yes or no."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot import ids
from bot.blockkit import MAX_LABEL, MAX_OPTION, MAX_OPTIONS, MAX_PLACEHOLDER, MAX_TEXT, clip, plain
from bot.forms.kinds.base import (
    Asking,
    FieldKind,
    Json,
    NotAnAnswerError,
    Typed,
    asked_in,
    is_required,
    label_of,
    matching,
    one_line,
    option_id,
    options_of,
    values_of,
)
from bot.forms.kinds.texts import check_text
from bot.texts import phrase
from ironclad import Field

RADIO_AT_MOST = 4  # a handful is quicker to see than to open; Slack allows 10
TICKS_AT_MOST = 6
NO_ANSWER = "-"  # option value of "No answer": an optional radio button cannot be unpicked in Slack
_GONE = phrase("This choice is no longer offered. Choose another one.")


def _options(values: Sequence[str]) -> dict[str, Option]:
    """The choices as Slack takes them: cut to 75 characters in such a way that they can be told apart."""
    cut = {value: clip(value.strip(), MAX_OPTION) for value in values}
    alike = Counter(cut.values())
    if len(alike) < len(cut):
        cut = {value: text if alike[text] == 1 else _ends(value) for value, text in cut.items()}
    return {value: Option(text=plain(text), value=option_id(value)) for value, text in cut.items()}


def _ends(text: str) -> str:
    """Beginning and end of a text: long choices that begin alike tend to differ there."""
    text = text.strip()
    return text if len(text) <= MAX_OPTION else f"{text[:36].rstrip()}…{text[-36:].lstrip()}"


def _in_full(values: Sequence[str], asking: Asking) -> str:
    """Slack cuts options at 75 characters; the hint repeats the long ones in full while they fit."""
    long = [value for value in values if len(value) > MAX_OPTION]
    if not 0 < len(long) <= 5:
        return ""
    return clip(asking.texts.say("In full: {choices}", choices=" · ".join(long)), MAX_LABEL)


def _search(field: Field, part: str, query: str, asking: Asking) -> list[Option]:
    return list(_options(matching(values_of(field), query)).values())


# One of a list ------------------------------------------------------------------------------------


def _ask_choice(field: Field, answer: Json, asking: Asking, *, optional: bool | None = None) -> list[Block]:
    values = values_of(field)
    known = answer if isinstance(answer, str) and answer in values else None
    element: InputInteractiveElement
    if len(values) > MAX_OPTIONS:
        element = ExternalDataSelectElement(
            action_id=ids.FIELD_SEARCH,
            min_query_length=0,
            placeholder=plain(asking.texts.say("Type to search"), MAX_PLACEHOLDER),
            initial_option=_options([known])[known] if known is not None else None,
        )
    else:
        element = _listed(field, _options(values), known, optional, asking)
    return [asked_in(field, element, asking, optional=optional, hint=_in_full(values, asking))]


def _listed(
    field: Field, options: Mapping[str, Option], known: str | None, optional: bool | None, asking: Asking
) -> InputInteractiveElement:
    offered = list(options.values())
    chosen = options[known] if known is not None else None
    if len(offered) <= RADIO_AT_MOST and is_required(field) and optional is None:
        return RadioButtonsElement(action_id=ids.FIELD, options=offered, initial_option=chosen)
    return StaticSelectElement(
        action_id=ids.FIELD,
        options=offered,
        placeholder=plain(asking.texts.say("Choose one"), MAX_PLACEHOLDER),
        initial_option=chosen,
    )


def _read_choice(typed: Typed) -> Json:
    picked = typed.picked()
    return _meant([picked], typed.field)[0] if picked else None


def _meant(picked: Sequence[str], field: Field) -> list[str]:
    """The choices behind option ids, in the template's order."""
    found = [value for value in values_of(field) if option_id(value) in picked]
    if len(found) < len(set(picked)):
        raise NotAnAnswerError(_GONE)
    return found


def _show(field: Field, answer: Json, asking: Asking) -> str:
    return one_line(str(answer))


def _check_choice(field: Field, answer: Json, asking: Asking) -> None:
    if answer not in values_of(field):
        raise NotAnAnswerError(_GONE)


CHOICE = FieldKind(ask=_ask_choice, read=_read_choice, show=_show, check=_check_choice, search=_search)


# One of a list, or a text -------------------------------------------------------------------------


def _ask_choice_or_text(field: Field, answer: Json, asking: Asking) -> list[Block]:
    own = answer if isinstance(answer, str) and answer not in values_of(field) else ""
    return [
        *_ask_choice(field, answer, asking, optional=True),
        asked_in(
            field,
            PlainTextInputElement(
                action_id=ids.FIELD, max_length=MAX_TEXT, initial_value=clip(own, MAX_TEXT) or None
            ),
            asking,
            part="own",
            label=_something_else(field, asking),
            hint=asking.texts.say("Needed if none of the choices above fits.") if is_required(field) else "",
            optional=True,
        ),
    ]


def _something_else(field: Field, asking: Asking) -> str:
    return asking.texts.say("{field}: something else", field=clip(label_of(field), MAX_LABEL - 40))


def _read_choice_or_text(typed: Typed) -> Json:
    return typed.text("own") or _read_choice(typed)


CHOICE_OR_TEXT = FieldKind(
    ask=_ask_choice_or_text, read=_read_choice_or_text, show=_show, check=check_text, search=_search
)


# Several ------------------------------------------------------------------------------------------


def _ask_several(field: Field, answer: Json, asking: Asking) -> list[Block]:
    values = values_of(field)
    kept = [one for one in answer if isinstance(one, str)] if isinstance(answer, list) else []
    chosen = [value for value in values if value in kept]
    blocks: list[Block] = []
    if values:
        free = _is_free(field)
        element = _several_of(values, chosen, asking)
        optional = True if free else None
        blocks.append(asked_in(field, element, asking, optional=optional, hint=_in_full(values, asking)))
    if _is_free(field):
        own = [one for one in kept if one not in values]
        blocks.append(_one_per_line(field, own, asking, beside=bool(values)))
    return blocks


def _several_of(values: Sequence[str], chosen: Sequence[str], asking: Asking) -> InputInteractiveElement:
    if len(values) > MAX_OPTIONS:
        return ExternalDataMultiSelectElement(
            action_id=ids.FIELD_SEARCH,
            min_query_length=0,
            placeholder=plain(asking.texts.say("Type to search"), MAX_PLACEHOLDER),
            initial_options=list(_options(chosen).values()) or None,
        )
    options = _options(values)
    picked = [options[value] for value in chosen] or None
    if len(values) <= TICKS_AT_MOST:
        return CheckboxesElement(action_id=ids.FIELD, options=list(options.values()), initial_options=picked)
    return StaticMultiSelectElement(
        action_id=ids.FIELD,
        options=list(options.values()),
        placeholder=plain(asking.texts.say("Choose any number"), MAX_PLACEHOLDER),
        initial_options=picked,
    )


def _is_free(field: Field) -> bool:
    """Whether other answers than those listed may be typed."""
    options = options_of(field)
    return options is None or options.free_text or not options.values


def _one_per_line(field: Field, own: Sequence[str], asking: Asking, *, beside: bool) -> Block:
    element = PlainTextInputElement(
        action_id=ids.FIELD,
        multiline=True,
        max_length=MAX_TEXT,
        initial_value=clip("\n".join(own), MAX_TEXT) or None,
    )
    return asked_in(
        field,
        element,
        asking,
        part="own",
        label=_something_else(field, asking) if beside else "",
        hint=asking.texts.say("One on each line."),
        optional=True if beside else None,
    )


def _read_several(typed: Typed) -> Json:
    own = (line.strip() for line in typed.text("own").splitlines())
    picked = _meant(typed.ticked(), typed.field)
    return list(dict.fromkeys([*picked, *(line for line in own if line)])) or None


def _show_several(field: Field, answer: Json, asking: Asking) -> str:
    return one_line(", ".join(str(one) for one in answer) if isinstance(answer, list) else str(answer))


def _check_several(field: Field, answer: Json, asking: Asking) -> None:
    if not isinstance(answer, list):
        raise NotAnAnswerError(_GONE)
    values = values_of(field)
    for one in answer:
        if not _is_free(field) and one not in values:
            gone = phrase("“{choice}” is no longer offered. Choose again.", choice=clip(str(one), 60))
            raise NotAnAnswerError(gone)
        check_text(field, one, asking)


SEVERAL = FieldKind(
    ask=_ask_several, read=_read_several, show=_show_several, check=_check_several, search=_search
)


# Yes or no ----------------------------------------------------------------------------------------

_YES, _NO = "yes", "no"


def _ask_yes_no(field: Field, answer: Json, asking: Asking) -> list[Block]:
    texts = asking.texts
    offered = [
        Option(text=plain(texts.say("Yes")), value=_YES),
        Option(text=plain(texts.say("No")), value=_NO),
    ]
    if not is_required(field):
        offered.append(Option(text=plain(texts.say("No answer")), value=NO_ANSWER))
    chosen = offered[0 if answer else 1] if isinstance(answer, bool) else None
    element = RadioButtonsElement(action_id=ids.FIELD, options=offered, initial_option=chosen)
    return [asked_in(field, element, asking)]


def _read_yes_no(typed: Typed) -> Json:
    return {_YES: True, _NO: False}.get(typed.picked())


def _show_yes_no(field: Field, answer: Json, asking: Asking) -> str:
    return asking.texts.say("Yes") if answer is True else asking.texts.say("No")


def _check_yes_no(field: Field, answer: Json, asking: Asking) -> None:
    if not isinstance(answer, bool):
        raise NotAnAnswerError(phrase("Choose yes or no."))


YES_NO = FieldKind(ask=_ask_yes_no, read=_read_yes_no, show=_show_yes_no, check=_check_yes_no)
