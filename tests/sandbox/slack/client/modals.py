"""The buttons of a modal itself: submit, cancel, close; and the menus that ask the app for their options."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.sandbox.slack.blockkit import problems_in_message
from tests.sandbox.slack.checks import refused_fields
from tests.sandbox.slack.client.acting import answered
from tests.sandbox.slack.client.session import Session
from tests.sandbox.slack.delivery import Ack, Delivery
from tests.sandbox.slack.elements import element_at
from tests.sandbox.slack.errors import Json, NotPossible, SlackError
from tests.sandbox.slack.payloads import shown_message
from tests.sandbox.slack.views import TROUBLE, Owner, View

RESPONSE = "response_action"


async def submit(session: Session, delivery: Delivery, asked: Json) -> Json:
    """`/client/submit`: Slack's own checks first, then the app, then what its answer says."""
    view = session.view(asked.get("view_id"))
    session.remember(view, asked.get("state"))
    view.errors = refused_fields(view.blocks, view.typed, session.world.file_object) or None
    session.world.changes.touch()
    if view.errors:
        return {"ok": False, "errors": view.errors}
    installation = session.app(view.app_id)
    payload = session.payloads(installation).submission(view)
    view.busy, view.banner = True, None
    ack = await delivery.interaction(installation.app, payload)
    view.busy = False
    told = answered(ack) | _obey(session, view, ack)
    session.world.changes.touch()
    return told


def _obey(session: Session, view: View, ack: Ack) -> Json:
    """Do what the answer to a submission says; a bad answer shows the banner and nothing else (A.5)."""
    if ack.error is not None:
        view.banner = TROUBLE
        return {}
    try:
        return _follow(session, view, _response(ack))
    except SlackError as error:
        view.banner = TROUBLE
        session.world.refuse("view_submission answer", error, ack.text)
        return {"ok": False, "error": error.code}


def _response(ack: Ack) -> Json:
    if not ack.text.strip():
        return {}
    body = ack.json()
    if not isinstance(body, dict):
        raise SlackError("invalid_response", ["[ERROR] must provide an object [json-pointer:/]"])
    return body


def _follow(session: Session, view: View, response: Json) -> Json:
    actions: Mapping[str, Callable[[Session, View, Json], Json]] = {
        "clear": _clear,
        "update": _update,
        "push": _push,
        "errors": _errors,
    }
    if not response:
        session.world.views.close(view)
        return {}
    wanted = str(response.get(RESPONSE))
    if wanted not in actions:
        raise SlackError(
            "invalid_response", [f"[ERROR] must be one of: {', '.join(actions)} [json-pointer:/{RESPONSE}]"]
        )
    return actions[wanted](session, view, response)


def _clear(session: Session, view: View, response: Json) -> Json:
    session.world.views.close(view, everything=True)
    return {}


def _update(session: Session, view: View, response: Json) -> Json:
    session.world.check_view(response.get("view"))
    session.world.views.replace(view, response["view"])
    return {}


def _push(session: Session, view: View, response: Json) -> Json:
    session.world.check_view(response.get("view"))
    owner = Owner(view.team_id, view.app_id, view.bot_id, view.user_id)
    session.world.views.push(owner, response["view"])
    return {}


def _errors(session: Session, view: View, response: Json) -> Json:
    errors: Any = response.get("errors")
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_response", ["[ERROR] must provide an object [json-pointer:/errors]"])
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    bad = [
        f"[ERROR] {block_id} is no input block with a text [json-pointer:/errors/{block_id}]"
        for block_id, text in errors.items()
        if block_id not in inputs or not isinstance(text, str) or not text
    ]
    if bad:
        raise SlackError("invalid_response", bad)
    view.errors = errors
    return {"ok": False, "errors": errors}


async def close(session: Session, delivery: Delivery, asked: Json) -> Json:
    """`/client/close`: the Cancel button, or with `clear` the X that closes the whole modal."""
    view = session.view(asked.get("view_id"))
    stack = session.world.views.stack(session.member.id)
    if view not in stack:
        raise NotPossible("view_not_open")
    everything = bool(asked.get("clear")) or bool(view.definition.get("clear_on_close"))
    told = stack[0] if everything else view
    session.world.views.close(view, everything=everything)
    session.world.changes.touch()
    if not told.definition.get("notify_on_close"):
        return {"ok": True, "ack_ms": 0, "status": 0}
    installation = session.app(view.app_id)
    payload = session.payloads(installation).closed(told, is_cleared=everything)
    return answered(await delivery.interaction(installation.app, payload))


async def options(session: Session, delivery: Delivery, asked: Json) -> Json:
    """`/client/options`: type into an external select; the app has three seconds."""
    blocks, place, installation = _place(session, asked)
    found = element_at(blocks, str(asked.get("block_id")), str(asked.get("action_id")))
    if found is None or not found[1]["type"].endswith("external_select"):
        raise NotPossible("no_such_element")
    query = str(asked.get("query", ""))
    if len(query) < found[1].get("min_query_length", 3):
        return {"ok": True, "options": []}
    ids = {"block_id": found[0]["block_id"], "action_id": found[1]["action_id"]}
    payload = session.payloads(installation).suggestion(ids, query, place)
    ack = await delivery.interaction(installation.app, payload)
    return answered(ack) | (_offered(session, ack) if ack.error is None else {})


def _place(session: Session, asked: Json) -> tuple[list[Json], Json, Any]:
    """Blocks, the payload's words for where they stand, and the app behind them."""
    if asked.get("view_id"):
        view = session.view(asked["view_id"])
        container = {"type": "view", "view_id": view.id}
        return view.blocks, {"container": container, "view": view.slack_object()}, session.app(view.app_id)
    channel = session.channel(asked.get("channel"))
    message = session.message(channel, asked.get("message_ts"))
    installation = session.world.workspaces.of_bot(message.author)
    if installation is None:
        raise NotPossible("no_such_element")
    shown = shown_message(session.world, message, with_metadata=True)
    container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    return (
        message.blocks,
        {"container": container, "channel": {"id": channel.id}, "message": shown},
        installation,
    )


def _offered(session: Session, ack: Ack) -> Json:
    """The options of an answer, judged as those of a select would be."""
    body = ack.json()
    name = "option_groups" if isinstance(body, dict) and "option_groups" in body else "options"
    entries = body.get(name) if isinstance(body, dict) else None
    problems = _option_problems(name, entries) if entries != [] else []
    if problems:
        session.world.refuse("block_suggestion answer", SlackError("invalid_options", problems), body)
        return {"ok": False, "error": "invalid_options"}
    return {name: entries}


def _option_problems(name: str, entries: Any) -> list[str]:
    select = {"type": "static_select", "action_id": "options", name: entries}
    problems = problems_in_message([{"type": "actions", "elements": [select]}])
    return [one.replace("/blocks/0/elements/0", "") for one in problems]
