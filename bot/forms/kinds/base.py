"""What every kind of field is made of: the names of its inputs, what came back, how it is described."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from slack_sdk.models.blocks import Block, InputBlock, Option
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot import ids
from bot.blockkit import MAX_LABEL, MAX_OPTIONS, plain
from bot.texts import ENGLISH, Texts
from ironclad import Field, Options, Required

Json = Any
State = Mapping[str, Mapping[str, Any]]  #: ``view.state.values`` of a submitted modal

MOST_CHARACTERS = 32_000  # beyond, Ironclad fails only when it archives the contract (facts §10.14)
MOST_ON_TOP = 2  # windows on top of a form: Slack stacks three
MOST_IN_HEADING = 500  # characters of a label above a table or files; escaped, they still fit a paragraph

_INSIDE = "\x1f"  # between the key of an object and that of its part; in no key of Ironclad's
_SAFE = re.compile(r"[A-Za-z0-9_.\-]{1,80}")
_MOST_WITHIN = 120  # characters of the names of parts in a block id, of which Slack takes 255
_INPUTS = frozenset({ids.FIELD, ids.FIELD_SEARCH, ids.RECORD_SEARCH})
_BLOCK = re.compile(r"f(\d*):([^:]+)(?::(.*))?", re.DOTALL)


class NotAnAnswerError(ValueError):
    """What was typed cannot be sent; the text says what to type instead.

    `what` says it, best as a `bot.texts.phrase`. `part` names the input it is about, where a field has
    several; `field` is the part of an object that it is about, where the field is one. `good` is what of the
    answer can be kept all the same. `also` are further problems of the same answer, each with its own input.
    """

    def __init__(
        self,
        what: str,
        part: str = "",
        field: Field | None = None,
        *,
        good: Json = None,
        also: Iterable[NotAnAnswerError] = (),
    ) -> None:
        super().__init__(what)
        self.what = what
        self.part = part
        self.field = field
        self.good = good
        self.also = tuple(also)

    @property
    def every(self) -> tuple[NotAnAnswerError, ...]:
        """This problem and the further ones."""
        return (self, *self.also)


@dataclass(frozen=True)
class Asking:
    """For whom a form is asked, and how.

    `zone` and `locale` are those of the person's Slack profile. Where money is asked, `currency` stands
    first if there is one, else that of the person's country; `currencies` follow. A new `epoch` makes Slack
    forget what was typed and show what the form is filled with instead. `live` are the keys of fields whose
    change redraws the form at once. `searches_records`: records can be found by name, not by number alone.
    `room` is how many windows more Slack opens on top of the one that asks. `texts` says everything.
    """

    zone: tzinfo = UTC
    locale: str = "en-US"
    currency: str = ""
    currencies: tuple[str, ...] = ("USD", "EUR", "GBP")
    epoch: int = 0
    live: frozenset[str] = frozenset()
    searches_records: bool = True
    room: int = MOST_ON_TOP
    texts: Texts = ENGLISH

    @property
    def on_top(self) -> Asking:
        """How a window on top of this one asks: one that holds a row of a table."""
        return replace(self, room=self.room - 1, epoch=0, live=frozenset())

    @property
    def babel(self) -> Locale:
        """The locale as Babel knows it; English for one it does not know."""
        return _locale(self.locale)


@lru_cache(64)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name, sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        return Locale("en", "US")


@dataclass(frozen=True)
class Typed:
    """What came back for one field: the elements of its input blocks, by part.

    `kept` is the answer the draft holds already. What is chosen with buttons rather than inputs (rows of a
    table, files attached before) lives there.
    """

    field: Field
    state: State
    asking: Asking
    kept: Json = None

    @property
    def blocks(self) -> list[str]:
        """The ids of this field's input blocks that were on the screen, in their order."""
        about = [block for block in self.state if _is_about(self.field, block)]
        return [block for block in about if _INPUTS & self.state[block].keys()]

    @property
    def parts(self) -> list[str]:
        """Which parts of this field were on the screen."""
        return [part for block in self.state if (part := part_of(self.field, block)) is not None]

    def element(self, part: str = "") -> Mapping[str, Any]:
        """The state of one input, empty when the input was not on the screen."""
        block = self.state.get(block_id(self.field, part, self.asking)) or {}
        for found in block.values():
            if isinstance(found, dict):  # as JSON makes it
                return found
        return {}

    def text(self, part: str = "", name: str = "value") -> str:
        """The typed text without surrounding blanks; empty when nothing was typed."""
        found = self.element(part).get(name)
        return found.strip() if isinstance(found, str) else ""

    def picked(self, part: str = "") -> str:
        """The value of the picked option; empty when none was."""
        return _value_of(self.element(part).get("selected_option"))

    def ticked(self, part: str = "") -> list[str]:
        """The values of the picked options, where several may be picked."""
        found = self.element(part).get("selected_options")
        return [_value_of(one) for one in found] if isinstance(found, list) else []

    def within(self, part: Field, kept: Json) -> Typed:
        """What came back for a part of this field: see `inside`."""
        return Typed(part, self.state, self.asking, kept)

    def where(self, wrong: NotAnAnswerError) -> str | None:
        """The input beside which a problem is told; None when the field has none on the screen."""
        wanted = block_id(wrong.field or self.field, wrong.part, self.asking)
        return wanted if wanted in self.state else next(iter(self.blocks), None)


def _value_of(option: Any) -> str:
    value = option.get("value") if isinstance(option, Mapping) else None
    return value if isinstance(value, str) else ""


def _nothing_wrong(field: Field, answer: Json, asking: Asking) -> None:
    return None


def _no_options(field: Field, part: str, query: str, asking: Asking) -> list[Option]:
    return []


@dataclass(frozen=True, kw_only=True)
class FieldKind:
    """How one kind of Ironclad field is asked in Slack, read back, shown and checked.

    An *answer* is what the draft keeps: the value as Ironclad takes it, except for what `bot.forms.sending`
    turns into one when the launch is sent (files, picked records, rows with their ids). None is no answer.

    `ask` draws the field with its answer filled in. `read` gives the answer of a submitted form, or raises
    `NotAnAnswerError`. `show` is the answer as one line of plain text, for a person. `check` raises
    `NotAnAnswerError` for an answer that Ironclad will not take: after reading, and again before launching,
    since the template may have changed meanwhile. `search` answers the field's searched selects.
    """

    ask: Callable[[Field, Json, Asking], list[Block]]
    read: Callable[[Typed], Json]
    show: Callable[[Field, Json, Asking], str]
    check: Callable[[Field, Json, Asking], None] = _nothing_wrong
    search: Callable[[Field, str, str, Asking], list[Option]] = _no_options


# Names of inputs ----------------------------------------------------------------------------------


def block_id(field: Field, part: str = "", asking: Asking | None = None) -> str:
    """The block id of a field's input: stable while the field's key and the form's epoch are."""
    epoch = asking.epoch if asking else 0
    return f"f{epoch or ''}:{_name(field)}" + (f":{part}" if part else "")


def part_of(field: Field, block: str) -> str | None:
    """Which part of `field` an input block is, whatever the epoch; None for a block of another field."""
    found = _BLOCK.fullmatch(block)
    return (found[3] or "") if found and found[2] == _name(field) else None


def _is_about(field: Field, block: str) -> bool:
    """Whether a block is an input of the field or of one of its parts."""
    found, name = _BLOCK.fullmatch(block), _name(field)
    return found is not None and (found[2] == name or any(_is_about(one, block) for one in parts_of(field)))


def _name(field: Field) -> str:
    return _name_of(field.key)


@lru_cache(8192)  # asked several times for each input that is read
def _name_of(key: str) -> str:
    whole, *parts = (one if _SAFE.fullmatch(one) else option_id(one) for one in key.split(_INSIDE))
    within = "/".join(parts)
    # The name begins with that of the whole, whatever its parts are called: `inputs_by_field` goes by it.
    return f"{whole}/{within if len(within) <= _MOST_WITHIN else option_id(key)}" if parts else whole


@lru_cache(8192)
def _whole_of(key: str) -> str:
    """The name of the whole that a part belongs to."""
    return _name_of(key).partition("/")[0]


def inputs_by_field(state: State, fields: Iterable[Field]) -> Iterator[tuple[Field, State]]:
    """Those of the fields that have inputs in `state`, in their order, each with the state of its own."""
    of_name: dict[str, dict[str, Mapping[str, Any]]] = {}
    for block, value in state.items():
        if match := _BLOCK.fullmatch(block):
            of_name.setdefault(match[2].partition("/")[0], {})[block] = value
    if of_name:
        for field in fields:
            if own := of_name.get(_whole_of(field.key)):
                yield field, own


def inside(field: Field, part: Field) -> Field:
    """A part of an object as a field of its own, whose label says of what it is a part."""
    label = f"{field.label or field.key}: {part.label or part.key}"
    return part.model_copy(update={"key": f"{field.key}{_INSIDE}{part.key}", "label": label})


def parts_of(field: Field) -> Iterator[Field]:
    """The parts of an object, each as a field of its own."""
    return (inside(field, part) for part in field.fields) if field.type == "object" else iter(())


def path_of(field: Field) -> list[str]:
    """The key of a field; where it is a part of an object: that of the object, then its own within it."""
    return field.key.split(_INSIDE)


def _is_unset(field: Field) -> bool:
    """Live schemas show {"days": 0, "months": 0} where the designer set nothing (facts §4.2)."""
    value = field.default
    return field.type == "duration" and isinstance(value, Mapping) and not any(value.values())


def default_of(field: Field) -> Json:
    """What a new form holds for a field: its default, for an object those of its parts."""
    if field.default is not None or field.type != "object":
        return None if _is_unset(field) else field.default
    parts = {part.key: default for part in field.fields if (default := default_of(part)) is not None}
    return parts or None


# Choices ------------------------------------------------------------------------------------------


def option_id(text: str) -> str:
    """A short stable stand-in for an option: Slack allows 75 safe characters, Ironclad any length."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def values_of(field: Field) -> tuple[str, ...]:
    """The choices of a field, each once, in Ironclad's order."""
    options = options_of(field)
    return tuple(dict.fromkeys(options.values)) if options else ()


def options_of(field: Field) -> Options | None:
    """What may be chosen, also where an array says it of its elements."""
    return field.options or (field.element.options if field.element else None)


def matching(texts: Sequence[str], query: str) -> list[str]:
    """Those that contain every word of `query`, as many as Slack shows."""
    words = query.casefold().split()
    found = (text for text in texts if all(word in text.casefold() for word in words))
    return [text for text, _ in zip(found, range(MAX_OPTIONS), strict=False)]


# Inputs -------------------------------------------------------------------------------------------


def is_required(field: Field) -> bool:
    """Whether every launch needs this field."""
    return field.required is Required.ALWAYS


def label_of(field: Field) -> str:
    """The field's label, or its key for want of one."""
    return field.label.strip() or field.key


def asked_in(
    field: Field,
    element: InputInteractiveElement,
    asking: Asking,
    *,
    part: str = "",
    label: str = "",
    hint: str = "",
    optional: bool | None = None,
) -> InputBlock:
    """The input of a field, or one of its inputs."""
    label = label or label_of(field)
    if len(label) > MAX_LABEL:  # what Slack has no room for goes on below the input
        hint = f"…{label[MAX_LABEL - 1 :]} {hint}"
    return InputBlock(
        block_id=block_id(field, part, asking),
        label=plain(label, MAX_LABEL),
        element=element,
        hint=plain(hint, MAX_LABEL) if hint else None,
        optional=not is_required(field) if optional is None else optional,
        dispatch_action=True if field.key in asking.live else None,
    )


def one_line(text: str) -> str:
    """Text as one line."""
    return " ".join(text.split())
