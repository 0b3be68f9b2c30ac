"""Launch forms: a template's fields become pages of Slack inputs, and what people type becomes attributes.

One table (`bot.forms.kinds.KINDS`) holds both directions for each kind of field: how to ask, how to
read, how to say no. Around it: `pages` divides a form, `drawing` draws a page, `reading` takes over what was
typed, `review` shows what will be sent. The rest of the product calls only what is exported here.
"""

from bot.forms.content import Answers, Content
from bot.forms.drawing import draw_marked, draw_page, draw_whole
from bot.forms.drift import ALIKE_ENOUGH, Drift, carry, compare, similarity
from bot.forms.finding import find_options, find_questions, question_of
from bot.forms.kinds import Asking
from bot.forms.kinds.amounts import currency_option, find_currencies, is_tender
from bot.forms.kinds.base import option_id
from bot.forms.knowing import known_by
from bot.forms.origins import Origin, Origins, Unfit
from bot.forms.pages import (
    NOTHING_KNOWN,
    Known,
    Layout,
    Missing,
    Page,
    Shelf,
    heading,
    lay_out,
    reference_field,
)
from bot.forms.paper import with_paper, with_roles
from bot.forms.prefilled import prefilled
from bot.forms.reading import (
    Reading,
    begun,
    missing_on,
    on_screen,
    problems_of,
    read_page,
    read_whole,
    to_send,
    typed_of,
)
from bot.forms.review import Line, Part, review

__all__ = [
    "ALIKE_ENOUGH",
    "NOTHING_KNOWN",
    "Answers",
    "Asking",
    "Content",
    "Drift",
    "Known",
    "Layout",
    "Line",
    "Missing",
    "Origin",
    "Origins",
    "Page",
    "Part",
    "Reading",
    "Shelf",
    "Unfit",
    "begun",
    "carry",
    "compare",
    "currency_option",
    "draw_marked",
    "draw_page",
    "draw_whole",
    "find_currencies",
    "find_options",
    "find_questions",
    "heading",
    "is_tender",
    "known_by",
    "lay_out",
    "missing_on",
    "on_screen",
    "option_id",
    "prefilled",
    "problems_of",
    "question_of",
    "read_page",
    "read_whole",
    "reference_field",
    "review",
    "similarity",
    "to_send",
    "typed_of",
    "with_paper",
    "with_roles",
]
