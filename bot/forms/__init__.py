"""Launch forms: a template's fields become Slack inputs, and what people type becomes attributes.

One table (`bot.forms.kinds.KINDS`) holds both directions for each kind of field: how to ask, how to
read, how to say no. The rest of the product calls only what is exported here.
"""

from bot.forms.form import (
    Answers,
    Missing,
    Reading,
    ask,
    cannot_ask,
    find_options,
    read,
    reference_field,
)
from bot.forms.kinds import Asking, shown

__all__ = [
    "Answers",
    "Asking",
    "Missing",
    "Reading",
    "ask",
    "cannot_ask",
    "find_options",
    "read",
    "reference_field",
    "shown",
]
