"""What a form of three hundred questions costs without any server around it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.outside import long_template
from bot import forms
from bot.wire import wire
from ironclad import fields_of
from tests.sandbox.slack.elements import fields_of as inputs_of
from tests.sandbox.slack.elements import state_values

TIMES = 40
_TYPED = {
    "plain_text_input": "4200",  # a good answer where a text is asked and where a number is
    "datepicker": "2030-12-24",
    "email_text_input": "sales@example.com",
}


@dataclass(frozen=True)
class Long:
    """Milliseconds, medians: a page drawn out of all questions, every page drawn, all answers read."""

    page: float
    every_page: float
    read: float


def long_form() -> Long:
    """Measure it here and now; what is there already is out of the collector's way, as in a server."""
    gc.collect()
    gc.freeze()
    fields = fields_of({one.key: one.wire() for one in long_template().fields})
    asking, content = forms.Asking(), forms.begun(fields, {}, forms.Asking())
    layout = forms.lay_out(fields)
    state = {block: typed for page in layout.pages for block, typed in _filled(page, content).items()}
    return Long(
        page=_milliseconds(lambda: _drawn(forms.lay_out(fields).pages[0], content)),
        every_page=_milliseconds(lambda: [_drawn(page, content) for page in layout.pages]),
        read=_milliseconds(lambda: forms.read_page(fields, content, state, asking)),
    )


def _drawn(page: forms.Page, content: forms.Content) -> list[dict[str, Any]]:
    drawn: list[dict[str, Any]] = wire(forms.draw_page(page, content, forms.Asking()))
    return drawn


def _filled(page: forms.Page, content: forms.Content) -> dict[str, Any]:
    """What Slack sends of a page whose every question is answered."""
    blocks, typed = _drawn(page, content), {}
    for one in inputs_of(blocks):
        offered = one.element.get("options")
        raw = offered[0]["value"] if offered else _TYPED[one.kind]
        typed[one.block_id] = {one.action_id: raw}
    return state_values(blocks, typed, lambda _: None)


def _milliseconds(act: Callable[[], object]) -> float:
    waited = []
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        waited.append((time.perf_counter() - began) * 1000)
    return median(waited)
