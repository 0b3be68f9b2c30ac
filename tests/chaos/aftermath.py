"""What a storm left behind, as Ironclad, Slack and the database tell it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import create_engine, text

from storage import Database, Sealing
from tests.chaos.requesters import Book
from tests.cli.town import Town
from tests.place import KEY
from tests.sandbox.slack.messages import Message
from tests.sandbox.slack.screen import blocks_text

T = TypeVar("T")

_VENDOR = re.compile(r"Vendor \d{4}")
_LAUNCHED = re.compile(r"Launched.*?\b(IC-\d+)", re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """A message about a launch: whose it is, the workflow it names if it says *Launched*, its thread."""

    vendor: str
    workflow: str | None
    ts: str
    thread_ts: str | None


@dataclass(frozen=True)
class Aftermath:
    """The state of the world when all is calm, by the vendor that a form named.

    Attributes:
        workflows: the Ironclad ids of every workflow.
        outcomes: how many attempts ended in which way.
    """

    book: Book
    workflows: dict[str, list[str]]
    cards: dict[str, list[Shown]]
    notes: dict[str, list[Shown]]
    outcomes: Counter[str]

    @property
    def lost(self) -> set[str]:
        """Acknowledged, but never made."""
        return self.book.acknowledged - self.workflows.keys()

    @property
    def doubled(self) -> set[str]:
        """Made more than once."""
        return {vendor for vendor, made in self.workflows.items() if len(made) > 1}

    @property
    def unasked(self) -> set[str]:
        """Made, although nobody submitted it."""
        return self.workflows.keys() - self.book.acknowledged - self.book.doubtful

    def each_once(self) -> None:
        """Assert that each launch became one workflow, one card and one note, which all agree."""
        assert (self.lost, self.doubled, self.unasked) == (set(), set(), set())
        assert self.cards.keys() == self.notes.keys() == self.workflows.keys()
        for vendor, (workflow,) in self.workflows.items():
            cards, notes = self.cards[vendor], self.notes[vendor]
            assert len(cards) == len(notes) == 1, f"{vendor} has {len(cards)} cards and {len(notes)} notes"
            assert cards[0].workflow == notes[0].workflow == workflow
            assert notes[0].thread_ts == cards[0].ts

    def __str__(self) -> str:
        return (
            f"{len(self.book.acknowledged)} launches acknowledged, {len(self.book.doubtful)} in doubt, "
            f"{self.book.cut_off} cut off, {self.outcomes['adopted']} adopted, "
            f"{self.outcomes['absent']} sent again, {len(self.lost)} lost, {len(self.doubled)} doubled"
        )


def aftermath(town: Town, book: Book, url: str) -> Aftermath:
    """Look at everything. `url` is the address of the database."""
    said = [_shown(one) for one in town.slack.messages.of(town.channel("procurement"))]
    return Aftermath(
        book,
        _by_vendor(
            (str(one.attributes["counterpartyName"]), one.ironclad_id) for one in town.ironclad.workflows
        ),
        _by_vendor((one.vendor, one) for one in said if one.thread_ts is None),
        _by_vendor((one.vendor, one) for one in said if one.thread_ts is not None),
        _outcomes(url),
    )


def _by_vendor(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for vendor, one in pairs:
        found.setdefault(vendor, []).append(one)
    return found


def _shown(message: Message) -> Shown:
    told = "\n".join(blocks_text(message.blocks))
    vendor, launched = _VENDOR.search(told), _LAUNCHED.search(told)
    assert vendor, f"not about a launch: {told}"
    return Shown(vendor[0], launched[1] if launched else None, message.ts, message.thread_ts)


def _outcomes(url: str) -> Counter[str]:
    engine = create_engine(Database(url, Sealing([KEY])).url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT outcome, count(*) FROM attempts GROUP BY outcome"))
            return Counter({str(outcome): number for outcome, number in rows})
    finally:
        engine.dispose()
