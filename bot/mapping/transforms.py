"""How a value of one shape becomes a value of another: one table for every pair that makes sense."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.mapping import amounts, times, words
from bot.mapping.given import Given, Json
from bot.mapping.sources import Shape
from bot.mapping.targets import Target
from bot.texts import phrase


@dataclass(frozen=True)
class Transform:
    """A way from some shapes to some targets. `option` says what its setting means, if it has one."""

    id: str
    label: str
    shapes: frozenset[Shape]
    targets: frozenset[Target]
    apply: Callable[[Given], Json]
    option: str = ""


_S, _T = Shape, Target
_WORDS = frozenset({_S.TEXT, _S.NAME})


def _way(
    id: str,
    label: str,
    shapes: Shape | frozenset[Shape],
    targets: Target | frozenset[Target],
    apply: Callable[[Given], Json],
    option: str = "",
) -> Transform:
    return Transform(
        id,
        label,
        frozenset({shapes}) if isinstance(shapes, Shape) else shapes,
        frozenset({targets}) if isinstance(targets, Target) else targets,
        apply,
        option,
    )


TRANSFORMS: Sequence[Transform] = (
    _way("text", phrase("as it is"), frozenset({*_WORDS, _S.EMAIL, _S.NUMBER}), _T.TEXT, words.text),
    _way("same", phrase("as it is"), _S.NUMBER, _T.NUMBER, words.as_it_is),
    _way("same", phrase("as it is"), _S.DURATION, _T.DURATION, words.as_it_is),
    _way("same", phrase("as they are"), _S.FILES, _T.FILES, words.as_it_is),
    _way("email", phrase("as it is"), frozenset({_S.TEXT, _S.EMAIL}), _T.EMAIL, words.text),
    _way(
        "option", phrase("the choice of that name"), frozenset({*_WORDS, _S.NUMBER}), _T.CHOICE, words.option
    ),
    _way("options", phrase("the choices of these names, between commas"), _S.TEXT, _T.CHOICES, words.options),
    _way("yes_no", phrase("yes or no"), _S.TEXT, _T.YES_NO, words.yes_no),
    _way("number", phrase("read as a number"), _S.TEXT, _T.NUMBER, amounts.number),
    _way("first_name", phrase("first name only"), frozenset({_S.NAME, _S.TEXT}), _T.TEXT, words.first_name),
    _way("last_name", phrase("last name only"), frozenset({_S.NAME, _S.TEXT}), _T.TEXT, words.last_name),
    _way("country_name", phrase("name of the country"), _S.TEXT, _T.TEXT, words.country_name),
    _way("country_code", phrase("code of the country"), _S.TEXT, _T.TEXT, words.country_code),
    _way("money", phrase("as it is"), _S.MONEY, _T.MONEY, amounts.whole, phrase("Only in this currency")),
    _way(
        "amount",
        phrase("the amount alone"),
        _S.MONEY,
        _T.NUMBER,
        amounts.amount_alone,
        phrase("Only in this currency"),
    ),
    _way("money_text", phrase("written out"), _S.MONEY, _T.TEXT, amounts.written_out),
    _way(
        "in_currency", phrase("in a currency"), _S.NUMBER, _T.MONEY, amounts.in_currency, phrase("Currency")
    ),
    _way("read_money", phrase("read as an amount with currency"), _S.TEXT, _T.MONEY, amounts.read),
    _way("date", phrase("as it is"), frozenset({_S.DATE, _S.TEXT}), _T.DATE, times.date),
    _way("date_text", phrase("written as 2026-12-24"), _S.DATE, _T.TEXT, times.date_text),
    _way("read_duration", phrase("read as a length of time"), _S.TEXT, _T.DURATION, times.read_duration),
    _way("months", phrase("in months"), _S.DURATION, _T.NUMBER, times.in_months),
    _way("years", phrase("in years"), _S.DURATION, _T.NUMBER, times.in_years),
    _way("days", phrase("in days"), _S.DURATION, _T.NUMBER, times.in_days),
    _way("duration_text", phrase("written out"), _S.DURATION, _T.TEXT, times.duration_text),
    _way(
        "duration_option", phrase("the choice of that length"), _S.DURATION, _T.CHOICE, times.duration_option
    ),
    _way("of_months", phrase("as months"), _S.NUMBER, _T.DURATION, times.counted("months")),
    _way("of_years", phrase("as years"), _S.NUMBER, _T.DURATION, times.counted("years")),
    _way("of_days", phrase("as days"), _S.NUMBER, _T.DURATION, times.counted("days")),
    _way("person_name", phrase("name"), _S.PERSON, _T.TEXT, words.person_name),
    _way("person_email", phrase("e-mail"), _S.PERSON, frozenset({_T.EMAIL, _T.TEXT}), words.person_email),
    _way("person_first_name", phrase("first name only"), _S.PERSON, _T.TEXT, words.first_name),
    _way("person_last_name", phrase("last name only"), _S.PERSON, _T.TEXT, words.last_name),
    _way("names", phrase("names, between commas"), _S.PEOPLE, _T.TEXT, words.names),
    _way("emails", phrase("e-mails, between commas"), _S.PEOPLE, _T.TEXT, words.emails),
    _way("first_email", phrase("e-mail of the first"), _S.PEOPLE, _T.EMAIL, words.first_email),
)


def transforms_for(shape: Shape, target: Target) -> list[Transform]:
    """The ways from a shape to a target, the usual one first; none when the types do not go together."""
    return [way for way in TRANSFORMS if shape in way.shapes and target in way.targets]
