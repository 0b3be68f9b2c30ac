"""Mapping: from what a request says to what a template asks. Pure: no screen, no storage, no network.

`sources` is what can be mapped, `targets` what it is mapped to, `transforms` the table of how one type
becomes another (`words`, `amounts` and `times` do it), `rules` what an admin decides and what it gives for a
request, `suggest` what an admin might want to decide, `file` a mapping as a file.
"""

from bot.mapping.file import BadFileError, export, parse
from bot.mapping.rules import Filled, Mapping, Misfit, PreFill, Rule, pre_fill, problem_of, shown
from bot.mapping.sources import FIXED, TEXT, Facts, Shape, Source, catalogue
from bot.mapping.suggest import Suggestion, suggestions
from bot.mapping.targets import Target, target_of
from bot.mapping.transforms import Transform, transforms_for

__all__ = [
    "FIXED",
    "TEXT",
    "BadFileError",
    "Facts",
    "Filled",
    "Mapping",
    "Misfit",
    "PreFill",
    "Rule",
    "Shape",
    "Source",
    "Suggestion",
    "Target",
    "Transform",
    "catalogue",
    "export",
    "parse",
    "pre_fill",
    "problem_of",
    "shown",
    "suggestions",
    "target_of",
    "transforms_for",
]
