"""People who want contracts, and keep at it while Slipway comes and goes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.journeys.steps import PURCHASE
from tests.sandbox.ironclad.templates import Template, text
from tests.sandbox.slack.person import Person

PEOPLE = ("dana", "lee", "sam", "priya")
WITH_REFERENCE = "Simple Purchase"
WITHOUT_REFERENCE = "Plain Order"
_ANSWERS: Mapping[str, Mapping[str, Any]] = {WITH_REFERENCE: PURCHASE, WITHOUT_REFERENCE: {}}


def plain_order() -> Template:
    """A design with no field for a reference, so that its workflows are known by their values alone."""
    return Template(name=WITHOUT_REFERENCE, fields=(text("counterpartyName", "Vendor", "always"),))


@dataclass
class Book:
    """What people know of their submits. Each submitted form names a vendor of its own.

    Attributes:
        acknowledged: Slack showed that the launch was accepted.
        doubtful: no answer came, and the person turned to another form: accepted or not.
        refused: screens that came instead of a form; nobody did anything wrong.
        cut_off: launches that Ironclad had not answered when their process died.
    """

    acknowledged: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    cut_off: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def has(self, launches: int) -> bool:
        """Whether so many were acknowledged."""
        return len(self.acknowledged) >= launches

    def new_vendor(self) -> str:
        """A name that no form had before."""
        return f"Vendor {next(self._numbers):04}"


class Requester:
    """One person. When nothing answers they press the button again, or start over with a new form."""

    def __init__(self, person: Person, book: Book, chance: random.Random) -> None:
        self._person = person
        self._book = book
        self._chance = chance

    async def launch_all(self, templates: Iterator[str]) -> None:
        """Launch one contract for each template, until there are no more (others may take some)."""
        for template in templates:
            while not (await self._form_opens(template) and await self._is_acknowledged(template)):
                await self._start_over()
            await self._start_over()

    async def _form_opens(self, template: str) -> bool:
        """`/contract`, then the template; False when Slipway went away meanwhile."""
        person = self._person
        if not (await person.command("/contract"))["ok"]:
            return False
        if not await self._sees(lambda p: p.view() and "Loading" not in p.screen()):
            return False
        if not self._shows("Template"):
            return False
        await person.fill({"Template": template})
        return bool((await person.submit())["ok"]) and self._shows("Vendor")

    async def _is_acknowledged(self, template: str) -> bool:
        """Fill the form and press *Launch* until it is accepted, or until patience ends: then False."""
        person, vendor = self._person, self._book.new_vendor()
        await person.fill({**_ANSWERS[template], "Vendor": vendor})
        while not (await person.submit())["ok"]:
            assert person.errors() == {}, "the form was filled well"
            self._book.doubtful.add(vendor)
            if self._chance.random() < 0.5:
                return False
            await asyncio.sleep(0.2)
        if not self._shows(vendor):
            self._book.doubtful.add(vendor)
            return False
        self._book.doubtful.discard(vendor)
        self._book.acknowledged.add(vendor)
        return True

    async def _sees(self, predicate: Callable[[Person], Any]) -> bool:
        try:
            await self._person.wait_for(predicate, timeout=15)
        except TimeoutError:
            return False
        return True

    def _shows(self, words: str) -> bool:
        screen = self._person.screen()
        if words not in screen:
            self._book.refused.append(screen)
        return words in screen

    async def _start_over(self) -> None:
        if self._person.view():
            await self._person.close(clear=True)
        await asyncio.sleep(0.2)
