from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironclad import (
    Field,
    LaunchState,
    Options,
    Region,
    Required,
    Status,
    fields_of,
    launch_form_url,
    reading,
    workflow_url,
)
from ironclad.reading import Unreadable
from tests.unit.ironclad.fakes import workflow

# facts §4.1
SCHEMA: dict[str, Any] = {
    "counterpartyName": {
        "type": "string",
        "displayName": "Who is the other side?",
        "required": "always",
        "options": {"freeTextAllowed": True},
    },
    "paperSource": {
        "type": "string",
        "displayName": "Whose paper?",
        "required": "always",
        "options": {"values": ["Our paper", "Counterparty paper"], "freeTextAllowed": False},
    },
    "draft": {"type": "array", "required": "conditional", "elementType": {"type": "document"}},
    "term": {"type": "duration", "required": "never", "default": {"days": 0, "months": 0}},
    "lineItems": {
        "type": "array",
        "displayName": "Line items",
        "required": "never",
        "default": [{}],
        "elementType": {
            "type": "object",
            "schema": {
                "sku": {"type": "string", "displayName": "SKU"},
                "price": {"type": "monetaryAmount", "displayName": "Price"},
            },
        },
    },
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


def test_the_fields_of_a_template_in_ironclads_order() -> None:
    fields = fields_of(SCHEMA)
    assert [field.key for field in fields] == list(SCHEMA)
    assert fields[0] == Field(
        key="counterpartyName",
        type="string",
        label="Who is the other side?",
        required=Required.ALWAYS,
        options=Options(free_text=True),
    )
    assert fields[1].options == Options(values=("Our paper", "Counterparty paper"), free_text=False)
    assert fields[2].element is not None
    assert fields[2].element.type == "document"
    assert fields[3].default == {"days": 0, "months": 0}


def test_a_table_has_its_columns() -> None:
    table = fields_of(SCHEMA)[4]
    assert table.element is not None
    assert [column.key for column in table.element.fields] == ["sku", "price"]
    assert table.fields == table.element.fields


def test_unknown_types_keys_and_requirements_are_kept_or_passed_over() -> None:
    (field,) = fields_of({"x": {"type": "hologram", "required": "on full moon", "colour": "blue"}})
    assert (field.type, field.required) == ("hologram", Required.CONDITIONAL)


def test_options_that_look_like_numbers_are_text() -> None:
    (field,) = fields_of({"x": {"type": "string", "options": {"values": [1, 2.5, "3", True, None]}}})
    assert field.options == Options(values=("1", "2.5", "3"), free_text=False)


def test_a_schema_that_goes_on_for_ever_is_cut_off() -> None:
    endless: dict[str, Any] = {"type": "array"}
    endless["elementType"] = endless
    endless["schema"] = {"again": endless}
    assert fields_of({"x": endless})[0].key == "x"


@given(anything)
def test_no_schema_and_no_entry_crashes_the_reading_of_fields(oddity: Any) -> None:
    fields_of({"field": oddity, "other": {"type": oddity, "options": oddity, "elementType": oddity}})
    fields_of({"field": {"displayName": oddity, "required": oddity, "schema": oddity, "default": oddity}})


def test_a_template() -> None:
    template = reading.template(
        {"id": "t1", "name": "Mutual NDA", "permissions": ["launch", "view"], "schema": SCHEMA}
    )
    assert (template.id, template.name, template.may_launch) == ("t1", "Mutual NDA", True)
    assert fields_of(template.raw) == template.fields != ()
    assert not reading.template({"id": "t1"}).may_launch


def test_templates_without_an_id_are_passed_over() -> None:
    listed: Any = {"list": [{"id": "t1"}, {"name": "no id"}, "odd", None]}
    assert [template.id for template in reading.templates(listed)] == ["t1"]


def test_a_workflow() -> None:
    entry = workflow(12)
    read = reading.workflow(entry)
    assert (read.id, read.title, read.step) == (entry["id"], entry["title"], "Review")
    assert read.status == Status.ACTIVE
    assert read.created == datetime(2026, 10, 1, 9, 12, 25, 629000, tzinfo=UTC)
    assert read.last_updated == datetime(2026, 10, 1, 9, 12, 25, 636000, tzinfo=UTC)
    assert (read.creator_email, read.ironclad_id, read.url) == ("dana.ruiz@example.com", "IC-12", None)
    assert read.attributes["counterpartyName"] == "Lanternfish Ltd"
    assert read.raw == entry


def test_a_workflows_number_may_stand_among_its_attributes() -> None:
    entry = workflow(12)
    del entry["ironcladId"]
    assert reading.workflow(entry).ironclad_id == "IC-12"


def test_a_status_that_is_new_to_us_is_kept() -> None:
    assert reading.workflow(workflow(status="archived")).status == "archived"


@given(anything)
def test_odd_values_never_crash_the_reading_of_a_workflow(oddity: Any) -> None:
    names = [*workflow(), "workflowUrls", "raw", "url", "ironclad_id", "last_updated", "creator_email"]
    for name in names:
        if name != "id":
            assert reading.workflow({**workflow(), name: oddity}).id == workflow()["id"]


@pytest.mark.parametrize("entry", [{}, {"id": None}, {"id": 7}, [], "x", None])
def test_a_workflow_without_an_id_is_unreadable(entry: Any) -> None:
    with pytest.raises(Unreadable):
        reading.workflow(entry)


@pytest.mark.parametrize("answer", [{}, {"list": None}, {"list": {}}, [], None])
def test_an_answer_without_a_list_is_no_empty_list(answer: Any) -> None:
    readers: list[Callable[[Any], object]] = [
        reading.workflows(0, 20),
        reading.templates,
        reading.groups(1),
        reading.user_with_email("dana.ruiz@example.com"),
    ]
    for read in readers:
        with pytest.raises(Unreadable):
            read(answer)


def test_a_scim_list_may_be_left_out_when_it_is_empty() -> None:
    assert reading.user_with_email("dana.ruiz@example.com")({"totalResults": 0}) is None


@pytest.mark.parametrize("answer", [{}, {"asyncJobId": ""}, {"asyncJobId": 7}])
def test_a_launch_without_a_job_is_unreadable(answer: Any) -> None:
    with pytest.raises(Unreadable):
        reading.launch_job(answer)


def test_a_list_with_an_unreadable_workflow_is_unreadable() -> None:
    """Passing it over would make it look as if it had never been launched."""
    with pytest.raises(Unreadable):
        reading.workflows(0, 20)({"list": [workflow(), {}], "count": 2})


def test_half_an_emoji_becomes_a_replacement_character() -> None:
    # JavaScript cuts strings between two halves, and JSON.stringify writes the half that is left.
    entry = json.dumps(workflow(title="Lantern \ud83d")).encode()
    assert reading.in_json(reading.workflow)(entry).title == "Lantern \ufffd"
    deep = json.dumps(workflow(attributes={"halves": ["\udc1f", 1]})).encode()
    assert reading.in_json(reading.workflow)(deep).attributes["halves"] == ["\ufffd", 1]
    whole = json.dumps(workflow(title="Lantern \U0001f41f")).encode()
    assert reading.in_json(reading.workflow)(whole).title == "Lantern \U0001f41f"


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff\xfe\xff", b"[" * 100_000])
def test_what_is_no_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        reading.parse(body)


def test_numbers_that_json_does_not_know_become_nothing() -> None:
    assert reading.parse(b'{"a": NaN, "b": [Infinity, -Infinity]}') == {"a": None, "b": [None, None]}


def test_an_asynchronous_launch_that_succeeded() -> None:
    # facts §5.3
    status = reading.launch_status(
        {
            "status": "success",
            "workflowUrls": {"browserUrl": "https://ironcladapp.com/workflow/w1"},
            "workflow": {"id": "w1"},
        }
    )
    assert (status.state, status.workflow_id) == (LaunchState.SUCCESS, "w1")
    assert status.browser_url == "https://ironcladapp.com/workflow/w1"


def test_an_asynchronous_launch_that_failed() -> None:
    status = reading.launch_status(
        {
            "status": "failed",
            "error": {
                "code": "MISSING_PARAM",
                "message": "missing required attribute",
                "param": "counterpartyName",
                "redirectUrl": "https://na1.ironcladapp.com/c/1/workflows/launch/2",
            },
        }
    )
    assert status.state is LaunchState.FAILED
    assert status.error is not None
    assert (status.error.code, status.error.params) == ("MISSING_PARAM", ("counterpartyName",))
    assert status.error.redirect_url == "https://na1.ironcladapp.com/c/1/workflows/launch/2"


@pytest.mark.parametrize("word", ["in_progress", "in_progess", "queued", None])
def test_any_other_state_of_a_launch_is_in_progress(word: str | None) -> None:
    assert reading.launch_status({"status": word}).state is LaunchState.IN_PROGRESS


def test_documents_tell_whether_they_are_to_be_signed() -> None:
    packet: dict[str, Any] = {
        "key": "k1",
        "filename": "NDA.docx",
        "version": "v",
        "versionNumber": 2,
        "lastModified": {"timestamp": "2026-10-01T09:12:27.266Z"},
    }
    read = reading.documents(
        {"signaturePacketDocuments": [packet], "excludedFromSignaturePacketDocuments": [{"key": "k2"}, {}]}
    )
    assert [(one.key, one.in_packet, one.version_number) for one in read] == [
        ("k1", True, 2),
        ("k2", False, 0),
    ]
    assert read[0].modified == datetime(2026, 10, 1, 9, 12, 27, 266000, tzinfo=UTC)


def test_the_user_list_is_searched_again_here() -> None:
    """A server that ignores the filter must not make somebody else the acting user."""
    listed: Any = {
        "Resources": [
            {"id": "u1", "userName": "lee.wong@example.com"},
            {
                "id": "u2",
                "userName": "Dana.Ruiz@example.com",
                "name": {"givenName": "Dana", "familyName": "Ruiz"},
                "title": "Counsel",
            },
        ]
    }
    user = reading.user_with_email("dana.ruiz@EXAMPLE.com")(listed)
    assert user is not None
    assert (user.id, user.name, user.title, user.active) == ("u2", "Dana Ruiz", "Counsel", True)
    assert reading.user_with_email("nobody@example.com")(listed) is None


@pytest.mark.parametrize(
    ("region", "url", "label"),
    [
        ("na", "https://na1.ironcladapp.com", "North America"),
        ("eu", "https://eu1.ironcladapp.com", "Europe"),
        ("demo", "https://demo.ironcladapp.com", "Demo"),
    ],
)
def test_regions(region: str, url: str, label: str) -> None:
    assert (Region(region).url, Region(region).label) == (url, label)


def test_addresses_for_people() -> None:
    assert workflow_url("https://eu1.ironcladapp.com/", "w1") == "https://eu1.ironcladapp.com/workflow/w1"
    form = launch_form_url("demo.ironcladapp.com", "c1", "t1", {"counterpartyName": "Smith & Søn, #1"})
    assert form == (
        "https://demo.ironcladapp.com/c/c1/workflows/launch/t1#counterpartyName=Smith%20%26%20S%C3%B8n%2C%20%231"
    )
    assert launch_form_url("https://x.test", "c1", "t1") == "https://x.test/c/c1/workflows/launch/t1"


@pytest.mark.parametrize("name", ["", ".", "..", " "])
def test_an_id_that_addresses_something_else_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="id"):
        workflow_url("x.test", name)
    assert workflow_url("x.test", "a/../b") == "https://x.test/workflow/a%2F..%2Fb"
