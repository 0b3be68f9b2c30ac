"""Why Ironclad refused a launch, beside the field that it names."""

from __future__ import annotations

import pytest

from bot.texts import ENGLISH
from bot.usecases.problems import problem_of
from ironclad import Rejected


@pytest.mark.parametrize(
    ("path", "field", "told"),
    [
        ("region", "region", ""),
        ("items.0.price", "items", "Row 1, price: "),
        ("items.1.lines.0.sku", "items", "Row 2, lines: Row 1, sku: "),
        ("items.1.proof.0", "items", "Row 2, proof: "),
        ("project.lead", "project", ""),
        ("project.sites.2.place", "project", "Row 3, place: "),
    ],
)
def test_the_row_that_ironclad_refuses_is_named_however_deep_it_stands(
    path: str, field: str, told: str
) -> None:
    refused = Rejected("no", status=400, code="INVALID_PARAM", key_path=path)

    problem = problem_of(refused, {"region": "EMEA", "items": [], "project": {}})

    fields = {key: ENGLISH.of(what) for key, what in problem["fields"].items()}
    assert fields == {field: f"{told}Ironclad does not accept this value."}
