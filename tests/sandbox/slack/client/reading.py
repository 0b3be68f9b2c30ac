"""What a person sees: `/client/bootstrap` once, `/client/state` again and again."""

from tests.sandbox.slack.client.session import Session, remembered
from tests.sandbox.slack.errors import Json
from tests.sandbox.slack.messages import Message
from tests.sandbox.slack.views import View
from tests.sandbox.slack.workspace import Channel, Installation, Member

_REFUSALS_SHOWN = 50


def bootstrap(session: Session) -> Json:
    """Team, people, channels and apps, as the person knows them."""
    workspaces = session.world.workspaces
    team = workspaces.teams[session.member.team_id]
    return {
        "team": {"id": team.id, "name": team.name, "domain": team.domain},
        "me": shown_person(session.member),
        "people": [shown_person(one) for one in workspaces.members.values() if not one.deleted],
        "channels": [_shown_channel(session, one) for one in session.channels()],
        "apps": [_shown_app(one) for one in session.installations()],
    }


def shown_person(member: Member) -> Json:
    """A person in a list."""
    return {
        "id": member.id,
        "name": member.name,
        "real_name": member.real_name,
        "email": member.email,
        "is_admin": member.is_admin or member.is_owner,
        "is_bot": member.is_bot,
        "color": member.color,
    }


def _shown_channel(session: Session, channel: Channel) -> Json:
    bots = [one.bot_user_id for one in session.installations()]
    shown: Json = {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.kind != "public",
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_member": session.member.id in channel.members,
        "app_is_member": any(bot in channel.members for bot in bots),
    }
    if channel.kind == "im":
        shown["with"] = next((one for one in channel.members if one != session.member.id), session.member.id)
    return shown


def _shown_app(installation: Installation) -> Json:
    app = installation.app
    commands = [
        {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
        for one in app.commands
    ]
    shortcuts = [
        {"callback_id": one.callback_id, "name": one.name, "type": one.type} for one in app.shortcuts
    ]
    return {
        "id": app.id,
        "name": app.name,
        "bot_user_id": installation.bot_user_id,
        "commands": commands,
        "shortcuts": shortcuts,
    }


def state(session: Session) -> Json:
    """Everything on the person's screen now."""
    world, me = session.world, session.member
    homes = (world.views.home(one.app.id, me.id) for one in session.installations())
    home = next((one for one in homes if one is not None), None)
    return {
        "version": world.changes.version,
        "conversations": {one.id: {"messages": _messages(session, one)} for one in session.channels()},
        "views": [_shown_view(session, one) for one in world.views.stack(me.id)],
        "home": _shown_view(session, home) if home is not None else None,
        "toasts": list(world.toasts.get(me.id, [])),
        "refused": [
            {"method": one.method, "error": one.error, "messages": one.messages, "at": one.at}
            for one in list(world.traffic.refused)[-_REFUSALS_SHOWN:]
        ],
    }


def _messages(session: Session, channel: Channel) -> list[Json]:
    said = session.world.messages.of(channel.id)
    return [shown_message(session, one) for one in said if one.visible_to(session.member.id)]


def shown_message(session: Session, message: Message) -> Json:
    """A message on the screen."""
    author = session.world.workspaces.members[message.author]
    installation = session.world.workspaces.of_bot(message.author)
    shown: Json = {
        "ts": message.ts,
        "name": author.real_name,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "reply_count": len(session.world.messages.replies(message)),
        "edited": message.edited_at is not None,
        "ephemeral": message.ephemeral_to is not None,
        "files": [session.world.file_object(one) for one in message.files],
    }
    if message.metadata is not None:
        shown["metadata"] = message.metadata
    return shown | (
        {"user": author.id} if installation is None else {"user": author.id, "bot_id": installation.bot_id}
    )


def _shown_view(session: Session, view: View) -> Json:
    return {
        **session.payloads(session.app(view.app_id)).view(view),
        "state_values": remembered(view),
        "errors": view.errors,
        "banner": view.banner,
        "busy": view.busy,
    }
