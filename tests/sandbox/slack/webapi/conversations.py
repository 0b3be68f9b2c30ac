"""conversations.* and users.conversations (facts page A.7)."""

from tests.sandbox.slack.errors import Json, SlackError
from tests.sandbox.slack.messages import Message
from tests.sandbox.slack.payloads import shown_message
from tests.sandbox.slack.webapi.call import Call, Method
from tests.sandbox.slack.workspace import Channel

_KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
_SCOPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
MOST_USERS = 8


def shown_channel(call: Call, channel: Channel) -> Json:
    """A conversation as Slack shows it to this app."""
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_org_shared": False,
        "is_ext_shared": channel.is_ext_shared,
        "is_shared": channel.is_ext_shared,
        "context_team_id": channel.team_id,
    }
    if channel.kind == "im":
        return shown | {"user": next(iter(_others(call, channel)), call.installation.bot_user_id)}
    return shown | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_general": channel.name == "general",
        "is_member": call.is_member_of(channel),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _others(call: Call, channel: Channel) -> list[str]:
    return [one for one in channel.members if one != call.installation.bot_user_id]


def open_conversation(call: Call) -> Json:
    """conversations.open, for direct messages with one person or a few."""
    people = [one.strip() for one in call.text("users").split(",") if one.strip()]
    if len(people) > MOST_USERS:
        raise SlackError("too_many_users")
    call.require("im:write" if len(people) == 1 else "mpim:write")
    if any(call.member(one).deleted for one in people):
        raise SlackError("user_disabled")
    parties = [call.installation.bot_user_id, *people]
    existing = call.world.workspaces.direct(parties)
    channel = existing or call.world.direct(call.installation.team_id, parties)
    answer: Json = {"channel": shown_channel(call, channel) if call.flag("return_im") else {"id": channel.id}}
    return answer | ({"no_op": True, "already_open": True} if existing else {})


def info(call: Call) -> Json:
    """conversations.info"""
    channel = call.channel()
    call.require(f"{channel.scope}:read")
    shown = shown_channel(call, channel)
    return {
        "channel": shown | ({"num_members": len(channel.members)} if call.flag("include_num_members") else {})
    }


def _listed(call: Call) -> list[Channel]:
    """The conversations of the asked-for types that the app may know of."""
    types = [one.strip() for one in (call.optional("types") or "public_channel").split(",")]
    for one in types:
        if one not in _KINDS:
            raise SlackError("invalid_types")
        call.require(f"{_SCOPES[one]}:read")
    kinds = {_KINDS[one] for one in types}
    return [
        channel
        for channel in call.world.workspaces.team_channels(call.installation.team_id)
        if channel.kind in kinds
        and (channel.kind == "public" or call.is_member_of(channel))
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]


def list_conversations(call: Call) -> Json:
    """conversations.list"""
    page, metadata = call.page(_listed(call), default=100)
    return {"channels": [shown_channel(call, one) for one in page], "response_metadata": metadata}


def users_conversations(call: Call) -> Json:
    """users.conversations: those the app, or the person named by `user`, is in."""
    whose = call.optional("user") or call.installation.bot_user_id
    call.member(whose)
    page, metadata = call.page([one for one in _listed(call) if whose in one.members], default=100)
    return {"channels": [shown_channel(call, one) for one in page], "response_metadata": metadata}


def members(call: Call) -> Json:
    """conversations.members"""
    channel = call.channel()
    call.require(f"{channel.scope}:read")
    page, metadata = call.page(channel.members, default=100)
    return {"members": page, "response_metadata": metadata}


def join(call: Call) -> Json:
    """conversations.join, for public channels."""
    channel = call.channel()
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not call.is_member_of(channel):
        channel.members.append(call.installation.bot_user_id)
        call.world.changes.touch()
    return {"channel": shown_channel(call, channel)}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.require(f"{channel.scope}:history")
    if not call.is_member_of(channel):
        raise SlackError("not_in_channel")
    return channel


def _within(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = _moment(call, "oldest", "0"), _moment(call, "latest", "9999999999")
    edges = (oldest, latest) if call.flag("inclusive") else ()
    return [one for one in messages if oldest < float(one.ts) < latest or float(one.ts) in edges]


def _moment(call: Call, name: str, default: str) -> float:
    try:
        return float(call.optional(name) or default)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _answer(call: Call, messages: list[Message]) -> Json:
    page, metadata = call.page(messages, default=100)
    with_metadata = call.flag("include_all_metadata")
    return {
        "messages": [shown_message(call.world, one, with_metadata=with_metadata) for one in page],
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }


def history(call: Call) -> Json:
    """conversations.history: newest first, replies left out."""
    channel = _readable(call)
    said = [
        one
        for one in call.world.messages.of(channel.id)
        if one.ephemeral_to is None and one.thread_ts is None
    ]
    return _answer(call, _within(call, said[::-1]))


def replies(call: Call) -> Json:
    """conversations.replies: the root and its replies, oldest first."""
    channel = _readable(call)
    named = call.world.messages.get(channel.id, call.text("ts"))
    root = call.world.messages.get(channel.id, named.root_ts) if named is not None else None
    if root is None or root.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    return _answer(call, [root, *_within(call, call.world.messages.replies(root))])


METHODS = {
    "conversations.open": Method(open_conversation, ("im:write", "mpim:write")),
    "conversations.info": Method(info, _READ),
    "conversations.list": Method(list_conversations, _READ),
    "conversations.members": Method(members, _READ),
    "conversations.join": Method(join, ("channels:join",)),
    "conversations.history": Method(history, _HISTORY),
    "conversations.replies": Method(replies, _HISTORY),
    "users.conversations": Method(users_conversations, _READ),
}
