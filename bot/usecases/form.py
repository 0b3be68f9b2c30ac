"""A form that somebody is filling: its draft, its template, and everything that follows from the two."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from bot import forms
from bot.forms.conditions import Rule
from bot.texts import ENGLISH, Texts, phrase
from bot.usecases.calendar import zone_of
from bot.usecases.errors import Refusal
from bot.usecases.states import told
from ironclad import Field, fields_of
from storage import Connection, Draft, Launch, Person, StoredTemplate


class Kept(NamedTuple):
    """What a draft keeps of a form."""

    answers: Mapping[str, Any]
    state: Mapping[str, Any]
    fingerprint: str


@dataclass(frozen=True)
class Form:
    """A draft with everything needed to draw it, to read it and to launch it.

    `person` fills it, `connection` leads to its template. `launch` is the refused launch that it corrects, if
    any; `ironclad_form` the address of Ironclad's own; `rules` say when its conditional questions are asked.
    `drift` is what changed in the template since the person last saw it, `former` the questions gone since;
    `notes` are findings about the whole.
    """

    draft: Draft
    person: Person
    connection: Connection
    template: StoredTemplate
    fields: Sequence[Field]
    content: forms.Content
    asking: forms.Asking
    launch: Launch | None
    ironclad_form: str | None
    rules: Sequence[Rule] = ()
    drift: forms.Drift | None = None
    former: Sequence[Field] = ()
    notes: Sequence[str] = ()

    @cached_property
    def known(self) -> forms.Known:
        """What the answers say about its conditional questions."""
        return forms.known_by(self.rules, self.fields, self.content)

    @cached_property
    def standing(self) -> forms.Known:
        """What is known of the conditional questions, together with what the paper says about the draft."""
        return forms.with_paper(self.fields, self.content.answers, self.known)

    @cached_property
    def layout(self) -> forms.Layout:
        """Its pages."""
        return forms.lay_out(
            self.fields, self.standing, wanted=self.content.wanted, unfolded=self.content.unfolded
        )

    @cached_property
    def problems(self) -> dict[str, str]:
        """Why it cannot be sent yet, by field key."""
        return forms.problems_of(self.layout, self.content, self.asking)

    @property
    def marked(self) -> Sequence[Field]:
        """The questions that Ironclad wants to be looked at again."""
        return [field for field in self.layout.fields if field.key in self.content.marks]

    @property
    def findings(self) -> dict[str, str]:
        """What a review says of its questions, by key: why it cannot be sent yet, and what was said of them.

        That a question is empty is said only where nothing says more, such as why its file was refused.
        """
        marks = {field.key: self.content.marks[field.key] for field in self.marked}
        wrong = {key: why for key, why in self.problems.items() if key not in marks or self.content.has(key)}
        return {**marks, **wrong}

    @property
    def texts(self) -> Texts:
        """The words for the person who fills it."""
        return self.asking.texts

    @property
    def demo(self) -> bool:
        """Whether it is launched in Ironclad's demo."""
        return self.connection.demo

    def kept(self, at: Mapping[str, Any] | None = None) -> Kept:
        """What its draft keeps; `at` is where in it the person is."""
        state = {**self.draft.state, **self.content.state(), **({"at": dict(at)} if at else {})}
        return Kept(self.content.answers, state, self.template.fingerprint)

    def holding(self, content: forms.Content) -> Form:
        """The same form with other content."""
        form = replace(self, content=content)
        if form._divides_as(self):
            # Dividing three hundred questions takes longer than anything else that a page turn does.
            form.__dict__["layout"] = self.layout
        return form

    def _divides_as(self, other: Form) -> bool:
        mine, theirs = self.content, other.content
        same = mine.wanted == theirs.wanted and mine.unfolded == theirs.unfolded
        return same and self.standing == other.standing

    def asking_in(self, epoch: int) -> forms.Asking:
        """How it asks in this epoch, drawn anew when a deciding answer changes."""
        return replace(self.asking, epoch=epoch, live=self.asking.live | self.standing.deciding)


class Replaced(Refusal):
    """The template of a draft is no longer offered; `successor` took its place, if one did."""

    def __init__(self, form: Form, successor: StoredTemplate | None) -> None:
        super().__init__(
            phrase("This template is no longer published in Ironclad."),
            phrase("Type /contract and pick the template again."),
        )
        self.form = form
        self.successor = successor

    @property
    def drift(self) -> forms.Drift:
        """What is different in the successor."""
        fields = fields_of(self.successor.schema) if self.successor else ()
        return forms.compare(self.form.fields, fields)


class Submitted(Refusal):
    """The form was launched already: `launch` is what became of it."""

    def __init__(self, launch: Launch) -> None:
        super().__init__(told(launch), phrase("Type /contract status to see your launches."))
        self.launch = launch


class Schemas:
    """Launch schemas, read once for each version rather than with every page that is drawn."""

    def __init__(self, kept: int = 256) -> None:
        self._kept = kept
        self._fields: OrderedDict[str, Sequence[Field]] = OrderedDict()

    def fields(self, template: StoredTemplate) -> Sequence[Field]:
        """The fields of a template. Equal schemas have equal fingerprints, in whatever workspace."""
        known = self._fields.get(template.fingerprint)
        if known is None:
            known = self._fields[template.fingerprint] = fields_of(template.schema)
            if len(self._fields) > self._kept:
                self._fields.popitem(last=False)
        return known


def asking_for(person: Person, texts: Texts = ENGLISH, currency: str = "") -> forms.Asking:
    """How this person is asked: in their time zone and their language, `currency` first."""
    zone, locale = zone_of(person.tz), person.locale or "en-US"
    return forms.Asking(zone=zone, locale=locale, currency=currency, texts=texts)
