"""Reading what Slack sends. Its outer shape has been checked in `bot.web` before it gets here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncBoltContext

from bot import ids
from bot.carried import Carried
from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.ports import Where

Body = Mapping[str, Any]
_State = TypeVar("_State", bound=Carried)

STALE = Refusal(
    phrase("This button comes from an older version."),
    phrase("Type /contract status to see how things stand."),
)


def who(context: AsyncBoltContext) -> tuple[str, str]:
    """The workspace and the person that a payload comes from."""
    return team_of(context), context.user_id or ""


def team_of(context: AsyncBoltContext) -> str:
    """The workspace that a payload comes from."""
    return context.team_id or ""


def pressed(body: Body) -> Mapping[str, Any]:
    """The one element that was pressed or picked."""
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    return first if isinstance(first, Mapping) else {}


def view_of(body: Body) -> Mapping[str, Any]:
    """The modal or Home tab the payload is about; empty for a message."""
    view = body.get("view")
    return view if isinstance(view, Mapping) else {}


def in_modal(body: Body) -> str:
    """The id of the modal in which something was pressed; empty elsewhere."""
    view = view_of(body)
    return str(view.get("id") or "") if view.get("type") == "modal" else ""


def version_of(body: Body) -> str:
    """The version of the modal in which something was pressed: Slack changes it with every change."""
    return str(view_of(body).get("hash") or "")


def button_in(body: Body, kind: type[_State]) -> _State:
    """What the pressed button carries. Raises `Refusal` when this version does not understand it."""
    return _unpacked(pressed(body).get("value"), kind)


def state_in(body: Body, kind: type[_State]) -> _State:
    """What the modal carries. Raises `Refusal` when this version does not understand it."""
    return _unpacked(view_of(body).get("private_metadata"), kind)


def _unpacked(carried: object, kind: type[_State]) -> _State:
    try:
        return kind.unpack(str(carried or ""))
    except ids.StaleStateError:
        raise STALE from None


def launch_in(body: Body) -> ids.LaunchButton:
    """Which launch a pressed button is about. Raises `Refusal`."""
    return button_in(body, ids.LaunchButton)


def where_of(body: Body) -> Where:
    """From where a template list was asked for, and the request that it is shown for."""
    try:
        state = ids.PickState.unpack(str(view_of(body).get("private_metadata") or ""))
    except ids.StaleStateError:
        return Where()  # opened by an earlier version, which knew only launches of their own
    return Where(state.request, state.channel)


def channel_of(body: Body) -> str:
    """The channel in which something was pressed; empty where there is none."""
    channel = body.get("channel")
    return str(channel.get("id") or "") if isinstance(channel, Mapping) else ""


def element_of(view: Mapping[str, Any], block: str) -> Mapping[str, Any]:
    """The state of the only element in an input block; empty when it is not there."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    found = values.get(block) if isinstance(values, Mapping) else None
    element: Any = next(iter(found.values()), {}) if isinstance(found, Mapping) else {}
    return element if isinstance(element, Mapping) else {}


def text_in(view: Mapping[str, Any], block: str) -> str:
    """What was typed into an input block, without surrounding blanks."""
    value = element_of(view, block).get("value")
    return value.strip() if isinstance(value, str) else ""


def options_in(view: Mapping[str, Any], block: str) -> tuple[str, ...]:
    """The values of the options picked in an input block."""
    picked = element_of(view, block).get("selected_options")
    options = [one for one in picked if isinstance(one, Mapping)] if isinstance(picked, list) else []
    values = [one.get("value") for one in options]
    return tuple(value for value in values if isinstance(value, str))


def option_in(view: Mapping[str, Any], block: str) -> str:
    """The value of the option picked in an input block; empty when none was."""
    picked = element_of(view, block).get("selected_option")
    value = picked.get("value") if isinstance(picked, Mapping) else None
    return value if isinstance(value, str) else ""
