"""Who is acting, where, and what they can get at."""

from dataclasses import dataclass
from typing import Any

from tests.sandbox.slack.elements import Typed, fields_of, kept, merged
from tests.sandbox.slack.errors import Json, NotPossible
from tests.sandbox.slack.messages import Message
from tests.sandbox.slack.payloads import Payloads
from tests.sandbox.slack.views import View
from tests.sandbox.slack.workspace import Channel, Installation, Member
from tests.sandbox.slack.world import SlackWorld


@dataclass(frozen=True)
class Session:
    """One person at their Slack."""

    world: SlackWorld
    member: Member

    @classmethod
    def of(cls, world: SlackWorld, user_id: Any) -> "Session":
        """The session of a person.

        Raises:
            NotPossible: `unknown_user`, for bots as well.
        """
        member = world.workspaces.members.get(user_id) if isinstance(user_id, str) else None
        if member is None or member.is_bot or member.deleted:
            raise NotPossible("unknown_user")
        return cls(world, member)

    def can_read(self, channel: Channel) -> bool:
        """Public channels of the own team, and everything the person is in."""
        return self.member.id in channel.members or (
            channel.kind == "public" and channel.team_id == self.member.team_id
        )

    def channels(self) -> list[Channel]:
        """Every conversation this person can read."""
        return [one for one in self.world.workspaces.channels.values() if self.can_read(one)]

    def channel(self, channel_id: Any) -> Channel:
        """A conversation this person can read, or NotPossible `unknown_channel`."""
        channel = self.world.workspaces.channels.get(str(channel_id))
        if channel is None or not self.can_read(channel):
            raise NotPossible("unknown_channel")
        return channel

    def message(self, channel: Channel, ts: Any) -> Message:
        """A message this person sees, or NotPossible `unknown_message`."""
        message = self.world.messages.get(channel.id, str(ts))
        if message is None or not message.visible_to(self.member.id):
            raise NotPossible("unknown_message")
        return message

    def view(self, view_id: Any) -> View:
        """One of this person's open views or Home tabs, or NotPossible `view_not_open`."""
        view = self.world.views.find(self.member.id, str(view_id))
        if view is None:
            raise NotPossible("view_not_open")
        return view

    def installations(self) -> list[Installation]:
        """The apps of the person's own team."""
        return self.world.workspaces.installed(self.member.team_id)

    def app(self, app_id: str) -> Installation:
        """An app by id: its installation in the person's own team, or else wherever it is installed."""
        known = [one for one in self.world.workspaces.installations if one.app.id == app_id and one.is_active]
        for one in known:
            if one.team_id == self.member.team_id:
                return one
        if not known:
            raise NotPossible("unknown_app")
        return known[0]

    def payloads(self, installation: Installation) -> Payloads:
        """Composes what that app hears about this person."""
        return Payloads(self.world, installation, self.member)

    def remember(self, view: View, state: Any) -> None:
        """Keep what the person has typed in a view. What is no field of it is left out."""
        if isinstance(state, dict):
            view.typed = kept(view.blocks, merged(view.typed, state))


def typed_in_message(message: Message, state: Any) -> Typed:
    """What is chosen in a message's own menus and inputs."""
    return kept(message.blocks, state) if isinstance(state, dict) else {}


def remembered(view: View) -> Json:
    """The raw values Slack holds for a view: those typed, not the initial ones."""
    entered: Json = {}
    for field in fields_of(view.blocks):
        if field.action_id in view.typed.get(field.block_id, {}):
            entered.setdefault(field.block_id, {})[field.action_id] = view.typed[field.block_id][
                field.action_id
            ]
    return entered
