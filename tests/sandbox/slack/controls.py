"""Finding what a person means on a screen: the input labelled so, the button that says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.sandbox.slack.elements import elements_of
from tests.sandbox.slack.errors import Json
from tests.sandbox.slack.screen import text_of


@dataclass(frozen=True)
class Surface:
    """A view, or a message with its place: what `/client/action` needs to name it."""

    blocks: list[Json]
    name: str
    view_id: str | None = None
    channel: str | None = None
    message_ts: str | None = None

    def address(self) -> Json:
        """The surface as the client API names it."""
        if self.view_id is not None:
            return {"view_id": self.view_id}
        return {"channel": self.channel, "message_ts": self.message_ts}


@dataclass(frozen=True)
class Control:
    """Something a person can press or fill. `value` is the option of a `…` menu, None for everything else."""

    surface: Surface
    block: Json
    element: Json
    caption: str
    value: Any = None

    def address(self) -> Json:
        """The control as the client API names it."""
        ids = {"block_id": self.block["block_id"], "action_id": self.element["action_id"]}
        return {**self.surface.address(), **ids}

    @property
    def dispatches(self) -> bool:
        """Whether a choice here is told to the app at once."""
        if self.block["type"] != "input":
            return True
        if not self.block.get("dispatch_action"):
            return False
        config = self.element.get("dispatch_action_config", {}).get("trigger_actions_on", [])
        return not self.element["type"].endswith("_input") or "on_character_entered" in config


def buttons(surface: Surface) -> Iterator[Control]:
    """Every button and every entry of every `…` menu of a surface."""
    for block in surface.blocks:
        for element in elements_of(block):
            if element["type"] == "button":
                yield Control(surface, block, element, text_of(element["text"]))
            elif element["type"] == "overflow":
                for option in element["options"]:
                    yield Control(surface, block, element, text_of(option["text"]), option.get("value"))


def inputs(surface: Surface) -> Iterator[Control]:
    """Everything that can be filled in, under the label a person reads beside it."""
    for block in surface.blocks:
        for element in elements_of(block):
            if element["type"] not in ("button", "overflow", "image"):
                yield Control(surface, block, element, _label(block, element))


def _label(block: Json, element: Json) -> str:
    if block["type"] == "input":
        return text_of(block["label"])
    if block["type"] == "section" and "text" in block:
        return text_of(block["text"])
    return text_of(element.get("placeholder"))


def found(wanted: str, controls: Iterable[Control], what: str) -> Control:
    """The one control that says so.

    Raises:
        LookupError: none does, or several do; the message lists what there is.
    """
    known = list(controls)
    matches = [one for one in known if one.caption == wanted]
    if len(matches) == 1:
        return matches[0]
    if matches:
        places = ", ".join(one.surface.name for one in matches)
        raise LookupError(f"{len(matches)} {what}s say {wanted!r}: in {places}; say where")
    raise LookupError(
        f"no {what} says {wanted!r}; there are: {', '.join(one.caption for one in known) or 'none'}"
    )
