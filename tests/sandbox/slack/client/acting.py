"""What a person does: commands, messages, shortcuts, opening Home, presses and choices."""

from tests.sandbox.slack.blockkit import problems_in_message
from tests.sandbox.slack.client.session import Session, typed_in_message
from tests.sandbox.slack.delivery import Ack, Delivery
from tests.sandbox.slack.elements import element_at, state_values
from tests.sandbox.slack.errors import Json, NotPossible, SlackError
from tests.sandbox.slack.messages import Message
from tests.sandbox.slack.payloads import action, shown_message
from tests.sandbox.slack.views import TROUBLE, View
from tests.sandbox.slack.workspace import Channel, Installation

_SILENT_INPUTS = "the input does not dispatch actions"


def answered(ack: Ack) -> Json:
    """What the page is told after the app was asked."""
    told: Json = {"ok": ack.error is None, "ack_ms": round(ack.ms, 2), "status": ack.status}
    return told if ack.error is None else told | {"error": ack.error}


async def command(session: Session, delivery: Delivery, asked: Json) -> Json:
    """`/client/command`: type a slash command into a channel."""
    channel = session.channel(asked.get("channel"))
    name, _, text = str(asked.get("text", "")).strip().partition(" ")
    # The app installed last wins, as commands are not namespaced (facts page A.5).
    owners = [
        one for one in session.installations() if any(known.command == name for known in one.app.commands)
    ]
    if not owners:
        session.world.toast(session.member.id, f"{name} is not a valid command.")
        return {"ok": False, "ack_ms": 0, "status": 0, "error": "unknown_command"}
    payloads = session.payloads(owners[-1])
    ack = await delivery.command(owners[-1].app, payloads.command(channel, name, text.strip()))
    if ack.error is not None:
        session.world.toast(session.member.id, f'{name} failed with the error "{ack.error}"')
    elif ack.text.strip():
        _show_answer(session, owners[-1], channel, ack)
    return answered(ack)


def _show_answer(session: Session, installation: Installation, channel: Channel, ack: Ack) -> None:
    """The body of a command's answer is a message, to that person only unless it says `in_channel`."""
    decoded = ack.json()
    body: Json = decoded if isinstance(decoded, dict) else {"text": ack.text}
    if not (body.get("text") or body.get("blocks")):
        return
    problems = problems_in_message(body["blocks"]) if body.get("blocks") else []
    if problems:
        session.world.refuse("command answer", SlackError("invalid_blocks", problems), body)
        session.world.toast(session.member.id, 'The command failed with the error "invalid_blocks"')
        return
    ephemeral_to = None if body.get("response_type") == "in_channel" else session.member.id
    session.world.post(
        channel,
        installation.bot_user_id,
        str(body.get("text") or ""),
        blocks=body.get("blocks"),
        ephemeral_to=ephemeral_to,
    )


async def message(session: Session, delivery: Delivery, asked: Json) -> Json:
    """`/client/message`: say something; the apps in the conversation hear it if they subscribed."""
    channel = session.channel(asked.get("channel"))
    if channel.is_archived:
        raise NotPossible("is_archived")
    files = [one for one in asked.get("files") or [] if one in session.world.workspaces.files]
    text = str(asked.get("text", ""))
    if not text and not files:
        raise NotPossible("no_text")
    thread_ts = asked.get("thread_ts")
    root = session.message(channel, thread_ts).root_ts if thread_ts else None
    said = session.world.post(channel, session.member.id, text, thread_ts=root, files=files)
    for installation in session.world.workspaces.installed(channel.team_id):
        if installation.bot_user_id in channel.members:
            _tell(session, delivery, installation, channel, said)
    return {"ok": True, "ack_ms": 0, "status": 200, "ts": said.ts}


def _tell(
    session: Session, delivery: Delivery, installation: Installation, channel: Channel, said: Message
) -> None:
    kind = {"public": "channel", "private": "group"}.get(channel.kind, channel.kind)
    names = {"channel": "message.channels", "group": "message.groups"}
    event = shown_message(session.world, said, with_metadata=True)
    event |= {"channel": channel.id, "channel_type": kind, "event_ts": said.ts}
    if said.files:
        event["subtype"] = "file_share"
    payloads = session.payloads(installation)
    if names.get(kind, f"message.{kind}") in installation.app.events:
        delivery.event(installation, payloads.event(event))
    if f"<@{installation.bot_user_id}>" in said.text and "app_mention" in installation.app.events:
        delivery.event(installation, payloads.event({**event, "type": "app_mention"}))


async def shortcut(session: Session, delivery: Delivery, asked: Json) -> Json:
    """`/client/shortcut`: the lightning menu, or a message's own menu."""
    callback_id = asked.get("callback_id")
    for installation in session.installations():
        for one in installation.app.shortcuts:
            if one.callback_id == callback_id:
                payload = _shortcut_payload(session, installation, one.type, asked)
                return answered(await delivery.interaction(installation.app, payload))
    raise NotPossible("unknown_shortcut")


def _shortcut_payload(session: Session, installation: Installation, kind: str, asked: Json) -> Json:
    payloads = session.payloads(installation)
    if kind == "global":
        return payloads.global_shortcut(asked["callback_id"])
    channel = session.channel(asked.get("channel"))
    chosen_message = session.message(channel, asked.get("message_ts"))
    return payloads.message_shortcut(asked["callback_id"], channel, chosen_message)


async def home(session: Session, delivery: Delivery, asked: Json) -> Json:
    """`/client/home`: open an app's Home tab."""
    installations = session.installations()
    if not installations:
        raise NotPossible("unknown_app")
    installation = session.app(asked["app"]) if asked.get("app") else installations[0]
    payloads = session.payloads(installation)
    direct = session.world.direct(installation.team_id, [installation.bot_user_id, session.member.id])
    event: Json = {
        "type": "app_home_opened",
        "user": session.member.id,
        "channel": direct.id,
        "tab": "home",
        "event_ts": session.world.messages.next_ts(),
    }
    published = session.world.views.home(installation.app.id, session.member.id)
    if published is not None:
        event["view"] = payloads.view(published)
    if "app_home_opened" in installation.app.events:
        delivery.event(installation, payloads.event(event))
    return {"ok": True, "ack_ms": 0, "status": 200}


async def act(session: Session, delivery: Delivery, asked: Json) -> Json:
    """`/client/action`: press a button or choose in a menu, in a view or in a message."""
    if asked.get("view_id"):
        return await _act_in_view(session, delivery, session.view(asked["view_id"]), asked)
    channel = session.channel(asked.get("channel"))
    return await _act_in_message(
        session, delivery, channel, session.message(channel, asked.get("message_ts")), asked
    )


async def _act_in_view(session: Session, delivery: Delivery, view: View, asked: Json) -> Json:
    block, element = _pressed([view.blocks], asked)
    _refuse_silent(block)
    session.remember(view, asked.get("state"))
    session.remember(view, {block["block_id"]: {element["action_id"]: asked.get("value")}})
    installation = session.app(view.app_id)
    told = action(session.world, block, element, asked.get("value"))
    payload = session.payloads(installation).view_action(view, told)
    view.banner = None
    ack = await delivery.interaction(installation.app, payload)
    if ack.error is not None:
        view.banner = TROUBLE
    session.world.changes.touch()
    return answered(ack)


async def _act_in_message(
    session: Session, delivery: Delivery, channel: Channel, shown: Message, asked: Json
) -> Json:
    block, element = _pressed([shown.blocks, *reversed(shown.earlier_blocks)], asked)
    installation = session.world.workspaces.of_bot(shown.author)
    if installation is None:
        raise NotPossible("no_such_element")
    values = state_values(
        shown.blocks, typed_in_message(shown, asked.get("state")), session.world.file_object
    )
    told = action(session.world, block, element, asked.get("value"))
    payload = session.payloads(installation).message_action(channel, shown, told, values)
    ack = await delivery.interaction(installation.app, payload)
    if ack.error is not None:
        session.world.toast(session.member.id, "Something went wrong. Please try again.")
    return answered(ack)


def _pressed(versions: list[list[Json]], asked: Json) -> tuple[Json, Json]:
    """The element, as the surface is now or as the person may still see it."""
    for blocks in versions:
        found = element_at(blocks, str(asked.get("block_id")), str(asked.get("action_id")))
        if found is not None:
            return found
    raise NotPossible("no_such_element")


def _refuse_silent(block: Json) -> None:
    if block["type"] == "input" and not block.get("dispatch_action", False):
        raise NotPossible(_SILENT_INPUTS)
