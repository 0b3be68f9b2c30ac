"""views.*: modals and Home tabs (facts page A.1)."""

from typing import Any

from tests.sandbox.slack.elements import fields_of
from tests.sandbox.slack.errors import Json, SlackError, missing
from tests.sandbox.slack.triggers import Trigger
from tests.sandbox.slack.views import Owner, View
from tests.sandbox.slack.webapi.call import Call, Method


def _view_argument(call: Call, *, home: bool = False) -> Json:
    view = call.args.get("view")
    if view is None:
        raise missing("view")
    call.world.check_view(view, home=home)
    checked: Json = view
    return checked


def _owner(call: Call, user_id: str) -> Owner:
    installation = call.installation
    return Owner(installation.team_id, installation.app.id, installation.bot_id, user_id)


def _trigger(call: Call) -> Trigger:
    seconds = call.world.rules.trigger_seconds
    return call.world.triggers.use(call.text("trigger_id"), call.installation.app.id, seconds=seconds)


def _answer(call: Call, view: View) -> Json:
    call.world.changes.touch()
    return {"view": view.slack_object()}


def open_view(call: Call) -> Json:
    """views.open"""
    definition = _view_argument(call)
    trigger = _trigger(call)
    view = call.world.views.open(_owner(call, trigger.user_id), definition)
    view.channel_id = trigger.channel_id
    _preselect_conversation(view)
    return _answer(call, view)


def _preselect_conversation(view: View) -> None:
    """`default_to_current_conversation` (facts page A.4)."""
    for field in fields_of(view.blocks):
        if field.element.get("default_to_current_conversation") and view.channel_id is not None:
            value: Any = [view.channel_id] if field.kind.startswith("multi_") else view.channel_id
            view.typed.setdefault(field.block_id, {})[field.action_id] = value


def push_view(call: Call) -> Json:
    """views.push"""
    definition = _view_argument(call)
    trigger = _trigger(call)
    return _answer(call, call.world.views.push(_owner(call, trigger.user_id), definition))


def update_view(call: Call) -> Json:
    """views.update"""
    view_id, external_id = call.optional("view_id"), call.optional("external_id")
    if bool(view_id) == bool(external_id):
        raise SlackError("invalid_arguments", ["[ERROR] must provide exactly one of view_id and external_id"])
    definition = _view_argument(call)
    views = call.world.views
    view = views.named(call.installation.team_id, view_id=view_id, external_id=external_id)
    if view is None or view.app_id != call.installation.app.id:
        raise SlackError("not_found")
    views.check_hash(view, call.optional("hash"))
    return _answer(call, views.replace(view, definition))


def publish_view(call: Call) -> Json:
    """views.publish"""
    definition = _view_argument(call, home=True)
    member = call.member(call.text("user_id"))
    if not call.installation.app.home_enabled:
        raise SlackError("not_enabled")
    view = call.world.views.publish(_owner(call, member.id), definition, call.optional("hash"))
    return _answer(call, view)


METHODS = {
    "views.open": Method(open_view),
    "views.push": Method(push_view),
    "views.update": Method(update_view),
    "views.publish": Method(publish_view),
}
