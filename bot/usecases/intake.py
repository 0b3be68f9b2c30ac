"""What a request consists of: its questions, and reading the answers from wherever they come. No I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.texts import phrase

KIND = "intake"  #: of the rulebook

Kind = Literal["text", "long", "email", "money", "number", "choice", "date", "person"]
Json = Any

CURRENCIES = (
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "CHF",
    "CAD",
    "AUD",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "INR",
    "SGD",
    "BRL",
)
CATEGORIES = ("Software", "Services", "Hardware", "Marketing", "Facilities", "Other")
MAX_WORDS = 12
_CODE = re.compile(r"^[A-Z]{3}$")
_USER = re.compile(r"^[UW][A-Z0-9]{2,20}$")


@dataclass(frozen=True)
class Question:
    """One field of a request."""

    key: str
    label: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    limit: int = 300
    hint: str = ""


class CustomField(BaseModel):
    """A field that an admin added."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str = Field(pattern=r"^x_[a-z0-9_]{1,40}$")
    label: str = Field(min_length=1, max_length=100)
    kind: Literal["text", "number", "choice", "date", "person"]
    required: bool = False
    choices: tuple[str, ...] = ()


class Intake(BaseModel):
    """How a workspace asks for requests."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    custom: tuple[CustomField, ...] = ()
    categories: tuple[str, ...] = CATEGORIES
    departments: tuple[str, ...] = ()
    #: Fields that must be filled in besides those that always are.
    required: tuple[str, ...] = ()
    #: Fields that the channel does not show; those involved see them on a button.
    private: tuple[str, ...] = ("contact_name", "contact_email")
    #: With which amounts begin here: of the workspace's defaults, so not a part of the form that is kept.
    currency: str = Field("", exclude=True)

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies to choose from: the usual one first."""
        return tuple(dict.fromkeys(code for code in (self.currency, *CURRENCIES) if code))


def read_intake(body: Mapping[str, Any] | None) -> Intake:
    """The form in a rulebook; the default for none. Raises ValueError for one that is damaged."""
    try:
        return Intake.model_validate(body or {})
    except ValidationError as wrong:
        raise ValueError("the stored intake form is not understood") from wrong


FOR_EXAMPLE = phrase("For example: 50 design tool licences")
OTHER_SIDE = phrase("The company on the other side.")


def questions(intake: Intake) -> tuple[Question, ...]:
    """Every question of the form, in the order in which they are asked."""
    asked = [
        Question(
            "what",
            phrase("What do you need?"),
            "text",
            True,
            hint=FOR_EXAMPLE,
        ),
        Question("counterparty", phrase("Counterparty"), "text", hint=OTHER_SIDE),
        Question("contact_name", phrase("Contact name"), "text"),
        Question("contact_email", phrase("Contact e-mail"), "email"),
        Question("amount", phrase("Amount"), "money"),
        Question("currency", phrase("Currency"), "choice", choices=intake.currencies),
        Question("start", phrase("Start"), "date"),
        Question("end", phrase("End"), "date"),
        Question("term_months", phrase("Term in months"), "number"),
        Question("category", phrase("Category"), "choice", choices=intake.categories),
        Question(
            "department",
            phrase("Department"),
            "choice" if intake.departments else "text",
            choices=intake.departments,
        ),
        Question("owner", phrase("Business owner"), "person"),
        Question("needed_by", phrase("Needed by"), "date"),
        Question("description", phrase("Description"), "long", limit=3000),
        *(
            Question(one.key, one.label, one.kind, one.required, one.choices, limit=1000)
            for one in intake.custom
        ),
    ]
    required = set(intake.required)
    return tuple(
        Question(q.key, q.label, q.kind, q.required or q.key in required, q.choices, q.limit, q.hint)
        for q in asked
    )


def labels(intake: Intake) -> dict[str, str]:
    """What each field is called."""
    found = {question.key: question.label for question in questions(intake)}
    return {**found, "what": phrase("What"), "template": phrase("Template"), "files": phrase("Files")}


@dataclass(frozen=True)
class Read:
    """Answers as they are kept, and what is wrong with the others, by field."""

    values: dict[str, Json]
    problems: dict[str, str]


def read(intake: Intake, raw: Mapping[str, Json]) -> Read:
    """Read answers, from the form or from another system alike."""
    values: dict[str, Json] = {}
    problems: dict[str, str] = {}
    for question in questions(intake):
        given = raw.get(question.key)
        given = given.strip() if isinstance(given, str) else given
        if given is None or given == "":
            if question.required:
                problems[question.key] = "This is needed. Fill it in."
            continue
        try:
            values[question.key] = _READERS[question.kind](question, given)
        except _Wrong as wrong:
            problems[question.key] = str(wrong)
    problems.update({key: said for key, said in _together(values).items() if key not in problems})
    return Read(values, problems)


def _together(values: Mapping[str, Json]) -> dict[str, str]:
    """What is wrong only in view of another answer."""
    wrong = {}
    if "amount" in values and "currency" not in values:
        wrong["currency"] = "Say which currency the amount is in."
    if "start" in values and "end" in values and values["end"] < values["start"]:
        wrong["end"] = "This is before the start."
    return wrong


class _Wrong(ValueError):
    """The text says what to give instead."""


def _text(question: Question, given: Json) -> str:
    if not isinstance(given, str):
        raise _Wrong("This has to be a text.")
    if len(given) > question.limit:
        raise _Wrong(f"This has {len(given)} characters; {question.limit} are possible.")
    return given if question.kind == "long" else " ".join(given.split())


def _email(question: Question, given: Json) -> str:
    try:
        return validate_email(
            _text(question, given), check_deliverability=False, test_environment=True
        ).original
    except EmailNotValidError:
        raise _Wrong("Enter an e-mail address, for example sam@example.com") from None


def _decimal(given: Json) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, (str, int, float)):
        raise _Wrong("Enter a number, for example 1250.50")
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        raise _Wrong("Enter a number, for example 1250.50") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15 or abs(number.as_tuple().exponent) > 15:  # type: ignore[arg-type]
        raise _Wrong("Enter a number, for example 1250.50")
    return number


def _money(question: Question, given: Json) -> str:
    number = _decimal(given)
    if number < 0:
        raise _Wrong("An amount cannot be below zero.")
    if number != number.quantize(Decimal("0.0001")):
        raise _Wrong("An amount has four decimals at most.")
    return f"{number.normalize():f}"


def _number(question: Question, given: Json) -> Json:
    number = _decimal(given)
    if question.key == "term_months" and (number != int(number) or not 0 < number <= 1200):
        raise _Wrong("Enter the months as a whole number, for example 12")
    return int(number) if number == number.to_integral_value() else float(number)


def _choice(question: Question, given: Json) -> str:
    text = _text(question, given)
    for choice in question.choices:
        if choice.casefold() == text.casefold():
            return choice
    if question.key == "currency" and _CODE.match(text.upper()):
        return text.upper()
    offered = ", ".join(question.choices[:20])
    raise _Wrong(f"Choose one of: {offered}" if offered else "There is nothing to choose from.")


def _date(question: Question, given: Json) -> str:
    try:
        return date.fromisoformat(str(given)[:10]).isoformat()
    except ValueError:
        raise _Wrong("Give a date, for example 2026-11-24") from None


def _person(question: Question, given: Json) -> str:
    if not isinstance(given, str) or not _USER.match(given):
        raise _Wrong("Choose a person of this Slack workspace.")
    return given


_READERS = {
    "text": _text,
    "long": _text,
    "email": _email,
    "money": _money,
    "number": _number,
    "choice": _choice,
    "date": _date,
    "person": _person,
}


def words_of(intake: Intake, values: Mapping[str, Json]) -> tuple[str, ...]:
    """The words by which a request is found: of what is no secret in the channel."""
    keys = [key for key in ("what", "counterparty") if key == "what" or key not in intake.private]
    found = re.findall(r"\w{2,40}", " ".join(str(values.get(key) or "") for key in keys).casefold())
    return tuple(dict.fromkeys(found))[:MAX_WORDS]
