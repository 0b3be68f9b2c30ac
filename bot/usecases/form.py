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
from bot.usecases.prefilling import may_remember
from bot.usecases.states import told
from ironclad import Field, fields_of
from storage import Connection, Draft, Launch, Person, StoredTemplate

_LAYOUTS = 8  #: ways in which the questions of one template stand, remembered; most people see one


class Kept(NamedTuple):
    """What a draft keeps of a form."""

    answers: Mapping[str, Any]
    state: Mapping[str, Any]
    fingerprint: str


class Schema:
    """The fields of a launch form, and what follows from them alone."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = fields
        self._layouts: OrderedDict[object, forms.Layout] = OrderedDict()

    @cached_property
    def remembered(self) -> frozenset[str]:
        """The questions whose answers are filled in again the next time."""
        return frozenset(field.key for field in self.fields if may_remember(field))

    def layout(self, fields: Sequence[Field], known: forms.Known, content: forms.Content) -> forms.Layout:
        """`fields`, which are these and the roles that `content` wants, divided into pages.

        Dividing three hundred questions takes longer than all else that turning a page does, and most people
        see them divided alike.
        """
        shown = frozenset(known.shown.items())
        way = (content.wanted, content.unfolded, shown, known.required, known.hidden)
        layout = self._layouts.get(way)
        if layout is None:
            layout = forms.lay_out(fields, known, wanted=content.wanted, unfolded=content.unfolded)
            self._layouts[way] = layout
            if len(self._layouts) > _LAYOUTS:
                self._layouts.popitem(last=False)
        return layout


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
    schema: Schema
    content: forms.Content
    asking: forms.Asking
    launch: Launch | None
    ironclad_form: str | None
    rules: Sequence[Rule] = ()
    drift: forms.Drift | None = None
    former: Sequence[Field] = ()
    notes: Sequence[str] = ()

    @cached_property
    def fields(self) -> Sequence[Field]:
        """Its questions: those of the template, and the roles that Ironclad wanted people for."""
        return forms.with_roles(self.schema.fields, self.content.wanted)

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
        return self.schema.layout(self.fields, self.standing, self.content)

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
        return replace(self, content=content)

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
        self._known: OrderedDict[str, Schema] = OrderedDict()

    def of(self, template: StoredTemplate) -> Schema:
        """The schema of a template. Equal ones have equal fingerprints, in whatever workspace."""
        known = self._known.get(template.fingerprint)
        if known is None:
            known = self._known[template.fingerprint] = Schema(fields_of(template.schema))
            if len(self._known) > self._kept:
                self._known.popitem(last=False)
        return known


def asking_for(person: Person, texts: Texts = ENGLISH, currency: str = "") -> forms.Asking:
    """How this person is asked: in their time zone and their language, `currency` first."""
    zone, locale = zone_of(person.tz), person.locale or "en-US"
    return forms.Asking(zone=zone, locale=locale, currency=currency, texts=texts)
