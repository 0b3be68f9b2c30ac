"""What is sent to Slack is what slack_sdk's own models give, and what they refuse is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models import blocks as kit
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.views import View

from bot import forms
from bot.blockkit import actions, alert, button, context, divider, header, mrkdwn, plain, section
from bot.forms.drawing import draw_field
from bot.wire import wire
from ironclad import Field
from tests.unit.bot.fields import SCHEMAS, answer_to, askings

LONG = "x" * 3001


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(SCHEMAS, askings(), st.data())
def test_any_form_is_sent_as_the_models_say(
    schema: list[Field], asking: forms.Asking, data: st.DataObject
) -> None:
    answers = {field.key: data.draw(answer_to(field) | st.none()) for field in schema}
    content = forms.Content(answers, marks={field.key: "Look" for field in schema})
    drawn = [block for field in schema for block in draw_field(field, content, asking)]

    assert wire(drawn) == [block.to_dict() for block in drawn]


def view(*blocks: kit.Block) -> View:
    return View(type="modal", title=plain("Title"), blocks=list(blocks), submit=plain("Launch"))


PARTS = [
    kit.RichTextSectionElement(elements=[]),
    kit.RichTextSectionElement(elements=[kit.RichTextElementParts.Text(text="a")]),
]
OBJECTS: list[JsonObject] = [
    header("Heading"),
    divider(),
    context("small", "smaller"),
    alert("Look"),
    section("Text", accessory=button("Go", "go", style="danger", url="https://example.com")),
    actions(button("Go", "go", "value"), block_id="b"),
    kit.RichTextBlock(elements=PARTS),
    kit.Option(text="plain words", value="v", description="more"),
    kit.Option(label="a label", value="v"),
    kit.Option(text=mrkdwn("*bold*"), value="v", description=mrkdwn("_more_"), url="https://example.com"),
    kit.ConfirmObject(title="Sure?", text="It is gone then.", confirm="Yes", deny="No"),
    kit.ButtonElement(text="Go", confirm=kit.ConfirmObject(title="Sure?", text=mrkdwn("*Gone*"))),
    view(header("Heading"), divider()),
]


@pytest.mark.parametrize("drawn", OBJECTS, ids=lambda drawn: type(drawn).__name__)
def test_every_kind_of_object_is_sent_as_its_model_says(drawn: JsonObject) -> None:
    assert wire(drawn) == drawn.to_dict()


def test_what_is_plain_already_stays() -> None:
    plain_already: dict[str, Any] = {"a": [1, None, {"b": "c"}], "d": divider()}

    assert wire(plain_already) == {"a": [1, None, {"b": "c"}], "d": {"type": "divider"}}


@pytest.mark.parametrize(
    "unfit",
    [
        kit.Option(text="x" * 76, value="v"),
        kit.Option(text="t", value="v" * 151),
        kit.HeaderBlock(text=kit.PlainTextObject(text="x" * 151)),
        kit.SectionBlock(text=kit.MarkdownTextObject(text=LONG)),
        kit.SectionBlock(text="t", block_id="b" * 256),
        kit.InputBlock(label="l", element=kit.PlainTextInputElement(action_id="a" * 256)),
        kit.InputBlock(
            label="l", element=kit.StaticSelectElement(options=[kit.Option(text="x" * 76, value="v")])
        ),
        kit.ActionsBlock(elements=[kit.ButtonElement(text="x" * 76)]),
        view(kit.SectionBlock(text="t", accessory=kit.ButtonElement(text="t", value="v" * 2001))),
        View(type="modal", title=plain("x" * 25), blocks=[divider()]),
    ],
)
def test_what_the_models_refuse_is_refused(unfit: JsonObject) -> None:
    with pytest.raises(SlackObjectFormationError) as theirs:
        unfit.to_dict()
    with pytest.raises(SlackObjectFormationError) as ours:
        wire([unfit])
    assert str(ours.value) == str(theirs.value)
