"""What kinds of values the fields of a template take."""

from __future__ import annotations

from enum import StrEnum

from ironclad import Field


class Target(StrEnum):
    """What kind of value a field of a template takes."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    NUMBER = "number"
    EMAIL = "email"
    DATE = "date"
    MONEY = "money"
    DURATION = "duration"
    FILES = "files"
    OTHER = "other"


_TARGETS = {
    "boolean": Target.YES_NO,
    "number": Target.NUMBER,
    "email": Target.EMAIL,
    "date": Target.DATE,
    "monetaryAmount": Target.MONEY,
    "duration": Target.DURATION,
}


def target_of(field: Field) -> Target:
    """What kind of value `field` takes; OTHER for one that nothing can be mapped to."""
    if field.type == "string":
        return Target.CHOICE if field.options and field.options.values else Target.TEXT
    if field.type == "array" and field.element is not None:
        if field.element.type == "document":
            return Target.FILES
        return Target.CHOICES if field.element.type == "string" and field.options else Target.OTHER
    return _TARGETS.get(field.type, Target.OTHER)
