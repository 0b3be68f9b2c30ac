"""Why Ironclad refused a launch, beside the field that it names."""

from __future__ import annotations

import pytest

from bot.texts import ENGLISH, KEPT, Catalogue
from bot.usecases.problems import GO_ON, problem_of, unfit_files
from ironclad import Field, NotFound, Rejected
from tests import catalogue

FORM = "https://demo.ironcladapp.com/c/1/workflows/launch/2"


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


def test_parts_and_columns_are_called_as_they_are_asked() -> None:
    sku = Field(key="custom9f", type="string", label="SKU")
    lines = Field(key="lines", type="array", label="Lines", fields=(sku,))
    project = Field(key="project", type="object", label="Project", fields=(lines, sku))
    paths = ("lines.2.custom9f", "project.lines.0.custom9f", "lead.custom9f")
    refused = Rejected("no", status=400, code="MISSING_PARAM", params=paths)

    problem = problem_of(refused, {}, [lines, project, project.model_copy(update={"key": "lead"})], FORM)

    assert problem["fields"] == {
        "lines": "Row 3, SKU: Ironclad asks for this here. Fill it in.",
        "project": "Lines: Row 1, SKU: Ironclad asks for this here. Fill it in.",
        "lead": "SKU: Ironclad asks for this here. Fill it in.",
    }
    assert problem["link"] == FORM


def test_a_template_that_is_gone_is_no_dead_end() -> None:
    problem = problem_of(NotFound("no", status=400), {}, (), FORM)

    assert (problem["do"], problem["link"]) == (GO_ON, None)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (
            "Row 3, SKU: Ironclad asks for this here. Fill it in.",
            "Zeile 3, SKU: Ironclad verlangt diese Angabe hier. Fülle sie aus.",
        ),
        (
            "Lines: Row 1, SKU: Ironclad does not accept this value.",
            "Lines: Zeile 1, SKU: Ironclad nimmt diesen Wert nicht an.",
        ),
        (
            "“a.pdf” is no longer in Slack. Attach it again.",
            "„a.pdf“ gibt es in Slack nicht mehr. Hänge die Datei noch einmal an.",
        ),
        ("Nobody ever said this: so there.", "Nobody ever said this: so there."),
    ],
)
def test_what_was_kept_is_said_in_the_language_of_who_reads_it(kept: str, said: str) -> None:
    assert Catalogue().texts("de-DE").of(kept) == said
    assert ENGLISH.of(kept) == kept


def test_sentences_that_are_kept_are_sentences_that_are_said() -> None:
    assert set(KEPT) <= {one.id for one in catalogue.said()}


def test_one_unfit_file_is_said_at_once_and_several_are_counted() -> None:
    assert unfit_files({"a": "This."}, FORM)["what"] == "This."
    assert unfit_files({"a": "This.", "b": "That."}, FORM)["what"] == "Some attached files cannot be sent."
