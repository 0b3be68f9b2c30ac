"""The outer shape of what Slack sends, checked before a listener reads anything of it."""

from __future__ import annotations

from json import loads
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from yarl import query_to_pairs

Obj = dict[str, Any]


class _Shape(BaseModel):
    """The outer shape of what Slack sends: only what is read without looking twice."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Named(_Shape):
    id: str = Field(min_length=1, max_length=64)


class _State(_Shape):
    values: dict[str, dict[str, Obj]] = Field(default_factory=dict)


class _View(_Named):
    type: str
    callback_id: str = ""
    private_metadata: str = ""
    state: _State | None = None


class _Action(_Shape):
    action_id: str
    type: str
    block_id: str = ""
    value: str | None = None


class _Actor(_Shape):
    user: _Named
    team: _Named | None
    enterprise: _Named | None = None
    view: _View | None = None
    channel: _Named | None = None
    container: Obj | None = None
    is_enterprise_install: bool | None = None


class _Actions(_Actor):
    type: Literal["block_actions"]
    trigger_id: str
    actions: list[_Action] = Field(min_length=1)


class _ViewEvent(_Actor):
    type: Literal["view_submission", "view_closed"]
    view: _View


class _Suggestion(_Actor):
    type: Literal["block_suggestion"]
    action_id: str
    block_id: str
    value: str = ""


class _Shortcut(_Actor):
    type: Literal["shortcut", "message_action"]
    callback_id: str
    trigger_id: str


_Payload = Annotated[_Actions | _ViewEvent | _Suggestion | _Shortcut, Field(discriminator="type")]


class _Command(_Shape):
    command: str
    team_id: str = Field(min_length=1, max_length=64)
    user_id: str = Field(min_length=1, max_length=64)
    channel_id: str = Field(min_length=1, max_length=64)
    trigger_id: str
    text: str = ""


class _Probe(_Shape):
    ssl_check: str


class _InnerEvent(_Shape):
    type: str
    user: str | None = None


class _Authorization(_Shape):
    """Whose installation an event is for; Bolt looks here before it looks at the event."""

    team_id: str | None = Field(None, max_length=64)
    enterprise_id: str | None = Field(None, max_length=64)
    user_id: str | None = None
    is_bot: bool | None = None
    is_enterprise_install: bool | None = None


class _Event(_Shape):
    type: Literal["event_callback"]
    team_id: str = Field(min_length=1, max_length=64)
    event: _InnerEvent
    authorizations: list[_Authorization] | None = None
    enterprise_id: str | None = None
    is_enterprise_install: bool | None = None


class _Handshake(_Shape):
    type: Literal["url_verification"]
    challenge: str


_MOST_FIELDS = 100
_FORM: TypeAdapter[Any] = TypeAdapter(_Command | _Probe)
_JSON: TypeAdapter[Any] = TypeAdapter(Annotated[_Event | _Handshake, Field(discriminator="type")])
_INTERACTION: TypeAdapter[Any] = TypeAdapter(_Payload)
_SOCKET: dict[str, TypeAdapter[Any]] = {
    "slash_commands": TypeAdapter(_Command),
    "interactive": _INTERACTION,
    "events_api": TypeAdapter(_Event),
}


def payload_of(text: str, content_type: str) -> Obj | None:
    """What the body of a request says; None unless it has the shape that listeners rely on.

    Slack sends commands as a form, interactions as JSON in such a form, and events as JSON.
    """
    try:
        if content_type.split(";")[0].strip().lower() == "application/json":
            shape, payload = _JSON, loads(text)
        else:
            payload = dict(query_to_pairs(text, max_fields=_MOST_FIELDS))
            shape = _FORM
            if "payload" in payload:
                shape, payload = _INTERACTION, loads(payload["payload"])
        shape.validate_python(payload)
    except (ValidationError, ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def expected_in_socket(kind: str, payload: object) -> bool:
    """The same for the payload of a Socket Mode envelope of this kind."""
    shape = _SOCKET.get(kind)
    try:
        return shape is not None and bool(shape.validate_python(payload))
    except (ValidationError, ValueError, RecursionError):
        return False
