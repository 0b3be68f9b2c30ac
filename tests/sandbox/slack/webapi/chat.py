"""chat.*: posting, changing and taking back messages (facts page A.7)."""

from typing import Any

from tests.sandbox.slack.errors import Json, SlackError
from tests.sandbox.slack.messages import Message
from tests.sandbox.slack.payloads import shown_message
from tests.sandbox.slack.webapi.call import Call, Method
from tests.sandbox.slack.workspace import Channel

LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
MOST_ATTACHMENTS = 100


def _content(call: Call) -> tuple[str, list[Json] | None]:
    """Text and blocks of a message to be, checked; blocks of None: the call names none."""
    text, blocks = call.optional("text") or "", call.args.get("blocks")
    if isinstance(blocks, str):
        raise SlackError("invalid_blocks_format")
    if blocks:
        call.world.check_blocks(blocks)
    attachments = call.args.get("attachments") or []
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    return text, blocks


def _metadata(call: Call) -> Json | None:
    metadata: Any = call.args.get("metadata")
    if metadata is None:
        return None
    sound = isinstance(metadata, dict) and (
        not metadata
        or (isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict))
    )
    if not sound:
        raise SlackError("invalid_metadata_format")
    checked: Json = metadata
    return checked


def _target(call: Call) -> Channel:
    """Where to post: an id, a name, or a person, which means the direct conversation with them."""
    wanted = call.text("channel")
    workspaces, team_id = call.world.workspaces, call.installation.team_id
    if wanted in workspaces.members:
        return call.world.direct(team_id, [call.installation.bot_user_id, call.member(wanted).id])
    channel = workspaces.channels.get(wanted) or workspaces.channel_named(team_id, wanted)
    if channel is None or channel.team_id != team_id:
        raise SlackError("channel_not_found")
    _refuse_posting(call, channel)
    return channel


def _refuse_posting(call: Call, channel: Channel) -> None:
    if not call.is_member_of(channel):
        if channel.kind != "public":
            raise SlackError("channel_not_found")
        if "chat:write.public" not in call.installation.scopes:
            raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")


def _thread(call: Call, channel: Channel) -> str | None:
    """The root of the thread to post in; a reply's ts leads to its root."""
    ts = call.optional("thread_ts")
    if not ts:
        return None
    parent = call.world.messages.get(channel.id, ts)
    if parent is None or parent.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    return parent.root_ts


def post_message(call: Call) -> Json:
    """chat.postMessage"""
    text, blocks = _content(call)
    metadata = _metadata(call)
    channel = _target(call)
    message = call.world.post(
        channel,
        call.installation.bot_user_id,
        text[:LONGEST_TEXT],
        blocks=blocks,
        attachments=call.args.get("attachments") or [],
        metadata=metadata or None,
        thread_ts=_thread(call, channel),
    )
    answer = {"channel": channel.id, "ts": message.ts, "message": _shown(call, message)}
    if len(text) > LONGEST_TEXT:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


def _shown(call: Call, message: Message) -> Json:
    return shown_message(call.world, message, with_metadata=True)


def update(call: Call) -> Json:
    """chat.update; what the call does not name stays as it was."""
    channel = call.channel()
    message = call.own_message(channel, "cant_update_message")
    text, blocks = _content(call)
    metadata = _metadata(call)
    if len(text) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    if channel.is_archived:
        raise SlackError("is_inactive")
    call.world.edit(message, text, blocks)
    message.attachments = call.args.get("attachments", message.attachments)
    message.metadata = message.metadata if metadata is None else metadata or None
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": _shown(call, message)}


def delete(call: Call) -> Json:
    """chat.delete"""
    channel = call.channel()
    message = call.own_message(channel, "cant_delete_message")
    call.world.messages.remove(message)
    call.world.changes.touch()
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral"""
    text, blocks = _content(call)
    channel = call.channel()
    _refuse_posting(call, channel)
    reader = call.text("user")
    if reader not in channel.members:
        raise SlackError("user_not_in_channel")
    message = call.world.post(
        channel,
        call.installation.bot_user_id,
        text,
        blocks=blocks,
        thread_ts=_thread(call, channel),
        ephemeral_to=reader,
    )
    return {"message_ts": message.ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink"""
    channel = call.channel()
    message = call.world.messages.get(channel.id, call.text("message_ts"))
    if message is None or message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    domain = call.world.workspaces.teams[channel.team_id].domain
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts is not None:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.update": Method(update, ("chat:write",)),
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink),
}
