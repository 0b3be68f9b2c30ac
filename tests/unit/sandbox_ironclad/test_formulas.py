"""Filter formulas (facts page §6.1)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.ironclad.errors import Refusal
from tests.sandbox.ironclad.formulas import formula

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).isoformat()


class Item:
    """Some properties."""

    _values: dict[str, Any] = {  # noqa: RUF012 - read only
        "name": "Lanternfish Ltd",
        "quoted": "O'Hara",
        "amount": 1500,
        "fee": {"currency": "EUR", "amount": 25.5},
        "when": "2026-05-11T00:00:00-07:00",
        "recent": YESTERDAY,
        "agreed": True,
        "offices": ["Berlin", "Tokyo"],
        "term": {"years": 1},
    }

    def value(self, key: str) -> Any:
        return self._values.get(key)

    def kind(self, key: str) -> str:
        return "duration" if key == "term" else "string"


@pytest.mark.parametrize(
    "written",
    [
        "Equals([name],'Lanternfish Ltd')",
        'Equals([name],"Lanternfish Ltd")',
        'Equals([quoted],"O\'Hara")',
        "NotEqual([name],'Acme')",
        "Contains([name],'fish')",
        "IsEmpty([nothing])",
        "IsNotEmpty([term])",
        "GreaterThan([amount],'1000')",
        "LessThanOrEqual([amount],1500)",
        "GreaterThanOrEqual([fee],'25.5')",
        "Equals([agreed],'true')",
        "Equals([offices],'Tokyo')",
        "Equals([when],Date(2026,5,11))",
        "GreaterThan([recent],RelativeDate(Today(),-7,'days'))",
        "LessThan([recent],Today())",
        "And(Equals([agreed],'true'), Or(Equals([name],'x'), GreaterThan([amount],'1')))",
    ],
)
def test_holds(written: str) -> None:
    assert formula(written)(Item())


@pytest.mark.parametrize(
    "written",
    [
        "Equals([name],'Lanternfish')",
        "Equals([nothing],'x')",
        "GreaterThan([nothing],'1')",
        "GreaterThan([amount],'1500')",
        "Contains([name],'shark')",
        "IsEmpty([name])",
        "And(Equals([agreed],'true'),Equals([agreed],'false'))",
        "GreaterThan([amount],'many')",
    ],
)
def test_does_not_hold(written: str) -> None:
    assert not formula(written)(Item())


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Equals([name]",
        "Equals([name],'O'Hara')",
        "Equals(name,'x')",
        "Like([name],'x')",
        "Equals([name],'x') Equals([name],'x')",
        "Equals([status],'active')",
        "Equals([template],'x')",
        "Equals([name],[name])",
        "Today()",
        "And()",
        "Equals([when],Date(2026,13,1))",
        "Equals([name],'x';)",
        "Or(" * 40 + ")" * 40,
    ],
)
def test_cannot_be_read(written: str) -> None:
    with pytest.raises(Refusal) as refused:
        formula(written)
    assert (refused.value.status, refused.value.body["param"]) == (400, "filter")


def test_some_types_only_know_emptiness_and_containing() -> None:
    with pytest.raises(Refusal, match="duration"):
        formula("Equals([term],'1')")(Item())
