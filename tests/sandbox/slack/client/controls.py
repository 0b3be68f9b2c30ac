"""The levers of the sandbox itself: faults, membership, reset, uploads."""

from typing import Any, get_args

from starlette.datastructures import UploadFile

from tests.sandbox.slack.client.session import Session
from tests.sandbox.slack.delivery import Delivery
from tests.sandbox.slack.errors import Json, NotPossible
from tests.sandbox.slack.traffic import Fault, FaultKind
from tests.sandbox.slack.workspace import Channel, Installation
from tests.sandbox.slack.world import SlackWorld


def add_fault(world: SlackWorld, asked: Json) -> Json:
    """`POST /client/fault`: let the next calls of a method go wrong."""
    kind: Any = asked.get("kind")
    if kind not in get_args(FaultKind) or not asked.get("method"):
        raise NotPossible("unknown_fault")
    fault = Fault(
        method=str(asked["method"]),
        kind=kind,
        error=str(asked.get("error") or "internal_error"),
        retry_after=float(asked.get("retry_after") or 1.0),
        times=int(asked.get("times") or 1),
    )
    world.faults.add(fault)
    return {"ok": True}


def clear_faults(world: SlackWorld) -> Json:
    """`DELETE /client/fault`: everything behaves again."""
    world.faults.clear()
    return {"ok": True}


async def store_upload(session: Session, upload: UploadFile) -> Json:
    """`POST /client/upload`: the file as Slack describes it; its id goes into a file input's value."""
    kind = upload.content_type or "application/octet-stream"
    stored = session.world.add_file(session.member, upload.filename or "file", kind, await upload.read())
    return {"ok": True, **stored.slack_object(session.world.base_url)}


def change_channel(session: Session, delivery: Delivery, channel: Channel, change: str) -> Json:
    """`POST /client/channel/{id}/{invite-app|remove-app|archive}`."""
    installations = session.installations()
    if change == "archive":
        channel.is_archived = True
        _announce(session, delivery, channel, "channel_archive")
    elif change == "invite-app":
        _invite(session, delivery, channel, installations)
    elif change == "remove-app":
        bots = {one.bot_user_id for one in installations}
        channel.members[:] = [one for one in channel.members if one not in bots]
    else:
        raise NotPossible("unknown_change")
    session.world.changes.touch()
    return {"ok": True}


def _invite(
    session: Session, delivery: Delivery, channel: Channel, installations: list[Installation]
) -> None:
    for one in installations:
        if one.bot_user_id not in channel.members:
            channel.members.append(one.bot_user_id)
            _announce(session, delivery, channel, "member_joined_channel", about=one.bot_user_id)


def _announce(
    session: Session, delivery: Delivery, channel: Channel, name: str, *, about: str | None = None
) -> None:
    for one in session.installations():
        if name in one.app.events and one.bot_user_id in channel.members:
            event = {
                "type": name,
                "channel": channel.id,
                "user": about or session.member.id,
                "event_ts": session.world.messages.next_ts(),
            }
            delivery.event(one, session.payloads(one).event(event))
