"""Which questions stand on which page: required ones first, then optional ones, then those folded away.

A page depends on the template and on what is known of its conditional questions, never on how far the form is
filled: nobody finds a question on another page than before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from bot.forms.content import Content
from bot.forms.kinds import kind_of, unaskable_parts, values_of
from bot.texts import Texts
from ironclad import Field, Required

INPUTS_A_PAGE = 12
INPUTS_ALONE = 15  # a form no longer than this is one page
MOST_INPUTS = 40  # also where conditions put many questions beside the one that decides

_REFERENCE = re.compile(r"(our\s+)?(request|reference)(\s*(number|no\.?|id|ref\.?|reference))?", re.I)
_MENTIONED = re.compile(r"request|reference", re.I)
_WORDS = re.compile(r"([a-z])([A-Z])")
_PARTS = {"address": 5, "monetaryAmount": 2, "user": 2}
_WITH_BUTTONS = 4  # rows of a table, attached files: blocks that come while the form is filled
_MOST_WITH_BUTTONS = 8  # of those blocks
_MOST_BLOCKS = 85  # of the hundred that Slack takes in a window; the others say where one is and lead on


class Shelf(StrEnum):
    """The three parts of every form, by their headings."""

    REQUIRED = "Required"
    OPTIONAL = "Optional"
    MAYBE = "May be needed"


def heading(shelf: Shelf, texts: Texts) -> str:
    """What a shelf is called."""
    return {
        Shelf.REQUIRED: texts.say("Required"),
        Shelf.OPTIONAL: texts.say("Optional"),
        Shelf.MAYBE: texts.say("May be needed"),
    }[shelf]


@dataclass(frozen=True)
class Known:
    """What is known of the questions that are only sometimes asked, given the answers so far.

    `shown` maps a question that is asked to the one that decided it (empty for none), beside which it then
    stands. `required` must be answered, `hidden` are not asked and not sent. An answer to one of `deciding`
    may change all this, so the form is drawn anew when it changes. About every other conditional question
    nothing is known: it may be needed.
    """

    shown: Mapping[str, str] = default(default_factory=dict)
    required: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    deciding: frozenset[str] = frozenset()


NOTHING_KNOWN = Known()


@dataclass(frozen=True)
class Missing:
    """A field, or a part of one, that no form here can ask: label, whether it is needed, Ironclad's type."""

    label: str
    required: bool
    type: str


@dataclass(frozen=True)
class Page:
    """What stands on one page, shelf by shelf."""

    parts: tuple[tuple[Shelf, tuple[Field, ...]], ...]

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The questions of the page in their order."""
        return tuple(field for _, fields in self.parts for field in fields)

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The keys of those that must be answered."""
        return tuple(field.key for field in self.fields if field.required is Required.ALWAYS)

    @property
    def shelf(self) -> Shelf:
        """The shelf its first question is from."""
        return self.parts[0][0]

    def left(self, content: Content) -> int:
        """How many questions must still be answered here."""
        return sum(not content.has(key) for key in self.needed)

    def answered(self, content: Content) -> int:
        """How many questions are answered here."""
        return sum(content.has(field.key) for field in self.fields)


@dataclass(frozen=True)
class Layout:
    """A form divided into pages; there is always at least one. A field's `required` is as things stand.

    `folded` may be needed and is not asked; `left_out` cannot be asked; `hidden` is not needed; `reference`
    takes our request number.
    """

    pages: tuple[Page, ...]
    folded: tuple[Field, ...]
    left_out: tuple[Missing, ...]
    hidden: frozenset[str]
    reference: Field | None = None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every question that is asked, in order."""
        return tuple(field for page in self.pages for field in page.fields)

    @property
    def blocked(self) -> bool:
        """Whether a launch needs what cannot be asked here."""
        return any(missing.required for missing in self.left_out)

    def left(self, content: Content) -> int:
        """How many questions must still be answered."""
        return sum(page.left(content) for page in self.pages)

    def page_of(self, key: str) -> int | None:
        """The number of the page on which a question stands."""
        for number, page in enumerate(self.pages):
            if any(field.key == key for field in page.fields):
                return number
        return None

    def nearest(self, number: int) -> int:
        """`number`, or the last page if there are fewer by now."""
        return max(0, min(number, len(self.pages) - 1))


def lay_out(
    fields: Sequence[Field],
    known: Known = NOTHING_KNOWN,
    *,
    wanted: Collection[str] = frozenset(),
    unfolded: bool = False,
) -> Layout:
    """Divide a form: `wanted` and `unfolded` as in `Content`, `known` about conditional questions."""
    reference = reference_field(fields)
    asked, left_out = [], []
    for field in fields:
        if field is reference or field.key in known.hidden:
            continue
        if kind_of(field) is None or _blocks_of(field) > _MOST_BLOCKS:
            missing = Missing(field.label or field.key, field.required is Required.ALWAYS, field.type)
            left_out.append(missing)
        else:
            asked.append(field)
            left_out += [Missing(part.label, False, part.type) for part in unaskable_parts(field)]
    shelves, beside, folded = _sorted_out(asked, known, set(wanted), unfolded)
    pages = _pages(shelves, beside)
    pages = pages or (Page(((Shelf.REQUIRED, ()),)),)
    return Layout(pages, folded, tuple(left_out), known.hidden, reference)


_Shelves = dict[Shelf, list[Field]]


def _sorted_out(
    asked: Sequence[Field], known: Known, wanted: set[str], unfolded: bool
) -> tuple[_Shelves, dict[str, list[Field]], tuple[Field, ...]]:
    """The shelves, what stands beside which question, and what is folded away."""
    shelves: _Shelves = {shelf: [] for shelf in Shelf}
    beside: dict[str, list[Field]] = {}
    folded: list[Field] = []
    keys = {field.key for field in asked}
    for field in (_as_things_stand(field, known) for field in asked):
        decider = known.shown.get(field.key)
        if decider and decider in keys and not _circular(field.key, known.shown):
            beside.setdefault(decider, []).append(field)
        elif field.required is Required.ALWAYS:
            shelves[Shelf.REQUIRED].append(field)
        elif field.required is Required.NEVER or decider is not None:
            shelves[Shelf.OPTIONAL].append(field)
        elif unfolded or field.key in wanted:
            shelves[Shelf.MAYBE].append(field)
        else:
            folded.append(field)
    # Beside a question that is folded away itself, nobody would see it.
    hidden_deciders = {field.key for field in folded}
    for decider in hidden_deciders & beside.keys():
        shelves[Shelf.OPTIONAL].extend(beside.pop(decider))
    return shelves, beside, tuple(folded)


def _as_things_stand(field: Field, known: Known) -> Field:
    if field.key in known.required and field.required is not Required.ALWAYS:
        return field.model_copy(update={"required": Required.ALWAYS})
    return field


def _circular(key: str, shown: Mapping[str, str]) -> bool:
    """Whether a chain of deciding questions comes back to where it began."""
    seen, here = {key}, shown.get(key, "")
    while here:
        if here in seen:
            return True
        seen.add(here)
        here = shown.get(here, "")
    return False


def _pages(shelves: _Shelves, beside: Mapping[str, Sequence[Field]]) -> tuple[Page, ...]:
    filled = [(shelf, fields) for shelf, fields in shelves.items() if fields]
    if sum(map(inputs_of, (field for _, fields in filled for field in fields))) <= INPUTS_ALONE:
        parts = [(shelf, tuple(_with(fields, beside))) for shelf, fields in filled]
        if sum(inputs_of(field) for _, fields in parts for field in fields) <= MOST_INPUTS:
            return (Page(tuple(parts)),) if parts else ()
    return tuple(
        Page(((shelf, tuple(part)),))
        for shelf, fields in filled
        for page in _divided(fields, INPUTS_A_PAGE)
        for part in _divided(list(_with(page, beside)), MOST_INPUTS)
    )


def _with(fields: Iterable[Field], beside: Mapping[str, Sequence[Field]]) -> Iterator[Field]:
    """The questions, each followed by those that its answer has brought up."""
    for field in fields:
        yield field
        yield from _with(beside.get(field.key, ()), beside)


def _divided(fields: Sequence[Field], most: int) -> list[Sequence[Field]]:
    """Parts of about the same length, none with more than `most` inputs unless one question has."""
    ends = [0]
    for field in fields:
        ends.append(ends[-1] + inputs_of(field))
    parts = -(-ends[-1] // most)
    while True:
        cuts = _cuts(ends, parts)
        if parts >= len(fields) or all(ends[b] - ends[a] <= most or b - a == 1 for a, b in pairwise(cuts)):
            return [fields[a:b] for a, b in pairwise(cuts) if a < b]
        parts += 1


def _cuts(ends: Sequence[int], parts: int) -> list[int]:
    """Where to cut so that the parts have about the same number of inputs."""
    cuts, place = [0], 0
    for part in range(1, parts):
        goal = ends[-1] * part / parts
        while place + 1 < len(ends) and ends[place + 1] <= goal:
            place += 1
        cuts.append(place)
    return [*cuts, len(ends) - 1]


def inputs_of(field: Field) -> int:
    """About how many inputs a question takes."""
    if field.type == "object":
        return max(1, sum(map(inputs_of, field.fields)))
    if field.type == "string" and field.options and field.options.free_text and values_of(field):
        return 2
    if field.type == "array" and field.element and field.element.type in ("object", "document"):
        return _WITH_BUTTONS
    return _PARTS.get(field.type, 1)


def _blocks_of(field: Field) -> int:
    """How many blocks a question may take: an object is asked in one window."""
    if field.type == "object":
        return sum(map(_blocks_of, field.fields))
    inputs = inputs_of(field)
    return _MOST_WITH_BUTTONS if inputs == _WITH_BUTTONS else inputs


def reference_field(fields: Iterable[Field]) -> Field | None:
    """The text field meant for our own request number, by its key or label.

    With one, a workflow whose creation was never confirmed can be found again for certain.
    """
    for field in fields:
        if field.type != "string" or (field.options and field.options.values):
            continue
        if not _MENTIONED.search(field.key) and not _MENTIONED.search(field.label):
            continue  # three hundred questions are looked through with every page that is drawn
        if _REFERENCE.fullmatch(_WORDS.sub(r"\1 \2", field.key)) or _REFERENCE.fullmatch(
            " ".join(field.label.split())
        ):
            return field
    return None
