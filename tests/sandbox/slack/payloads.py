"""The bodies Slack sends to an app, field by field (facts page A.5, A.6)."""

from tests.sandbox.slack.elements import chosen, state_values
from tests.sandbox.slack.errors import Json, NotPossible
from tests.sandbox.slack.messages import Message, api_object
from tests.sandbox.slack.views import View
from tests.sandbox.slack.workspace import Channel, Installation, Member
from tests.sandbox.slack.world import SlackWorld


class Payloads:
    """Composes what one installed app hears about one person."""

    def __init__(self, world: SlackWorld, installation: Installation, member: Member) -> None:
        self._world = world
        self._installation = installation
        self._member = member

    def command(self, channel: Channel, command: str, text: str) -> dict[str, str]:
        """A slash command, as form fields."""
        member, app = self._member, self._installation.app
        team = self._world.workspaces.teams[self._installation.team_id]
        return {
            "token": app.verification_token,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": shown_name(channel),
            "user_id": member.id,
            "user_name": member.name,
            "command": command,
            "text": text,
            "api_app_id": app.id,
            "is_enterprise_install": str(self._installation.is_org_wide).lower(),
            **self._enterprise_fields(),
            "response_url": self._response_url(channel, None),
            "trigger_id": self._trigger(channel_id=channel.id),
        }

    def global_shortcut(self, callback_id: str) -> Json:
        """An entry of the lightning menu; it names no channel."""
        return {
            **self._head("shortcut"),
            "callback_id": callback_id,
            "trigger_id": self._trigger(),
            "action_ts": self._world.messages.next_ts(),
        }

    def message_shortcut(self, callback_id: str, channel: Channel, message: Message) -> Json:
        """An entry of a message's own menu."""
        return {
            **self._head("message_action"),
            "callback_id": callback_id,
            "trigger_id": self._trigger(channel_id=channel.id),
            "action_ts": self._world.messages.next_ts(),
            "response_url": self._response_url(channel, message),
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": shown_name(channel)},
            "message": self.message(message),
        }

    def view_action(self, view: View, action: Json) -> Json:
        """A press or a choice in a modal or on Home, with the state of the whole view."""
        return {
            **self._head("block_actions"),
            "trigger_id": self._trigger(view_id=view.id),
            "container": {"type": "view", "view_id": view.id},
            "view": self.view(view),
            "actions": [action],
        }

    def message_action(self, channel: Channel, message: Message, action: Json, values: Json) -> Json:
        """A press or a choice in a message."""
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral_to is not None,
        }
        if message.thread_ts is not None:
            container["thread_ts"] = message.thread_ts
        return {
            **self._head("block_actions"),
            "trigger_id": self._trigger(channel_id=channel.id),
            "container": container,
            "channel": {"id": channel.id, "name": shown_name(channel)},
            "message": self.message(message),
            "response_url": self._response_url(channel, message),
            "state": {"values": values},
            "actions": [action],
        }

    def submission(self, view: View) -> Json:
        """The submit button of a modal."""
        return {
            **self._head("view_submission"),
            "trigger_id": self._trigger(view_id=view.id),
            "view": self.view(view),
            "response_urls": [],
        }

    def closed(self, view: View, *, is_cleared: bool) -> Json:
        """A modal was left. What was typed is not told (facts page A.5)."""
        return {**self._head("view_closed"), "view": view.slack_object(), "is_cleared": is_cleared}

    def suggestion(self, action: Json, query: str, place: Json) -> Json:
        """Somebody types into an external select; `place` says where. The state is empty (facts page A.4)."""
        return {
            **self._head("block_suggestion"),
            "action_id": action["action_id"],
            "block_id": action["block_id"],
            "value": query,
            **place,
        }

    def view(self, view: View) -> Json:
        """A view with what is typed in it now."""
        values = state_values(view.blocks, view.typed, self._world.file_object)
        return view.slack_object(values)

    def message(self, message: Message) -> Json:
        """A message, with its metadata, as payloads carry it."""
        return shown_message(self._world, message, with_metadata=True)

    def event(self, event: Json) -> Json:
        """The envelope of one event; its `event_id` is the same in every retry."""
        world, installation = self._world, self._installation
        return {
            "token": installation.app.verification_token,
            "team_id": installation.team_id,
            "api_app_id": installation.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": world.workspaces.new_id("Ev"),
            "event_time": int(world.clock()),
            "authorizations": [
                {
                    "enterprise_id": installation.enterprise.id if installation.enterprise else None,
                    "team_id": installation.team_id,
                    "user_id": installation.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": installation.is_org_wide,
                }
            ],
            "is_ext_shared_channel": False,
        }

    def _head(self, kind: str) -> Json:
        member, app = self._member, self._installation.app
        team = self._world.workspaces.teams[self._installation.team_id]
        enterprise = self._installation.enterprise
        # An organisation's payloads about views need not name the workspace; the person's always does.
        nameless = self._installation.is_org_wide and kind.startswith("view_")
        return {
            "type": kind,
            "token": app.verification_token,
            "api_app_id": app.id,
            "team": None if nameless else {"id": team.id, "domain": team.domain},
            "user": {
                "id": member.id,
                "username": member.name,
                "name": member.name,
                "team_id": member.team_id,
            },
            "enterprise": {"id": enterprise.id, "name": enterprise.name} if enterprise else None,
            "is_enterprise_install": self._installation.is_org_wide,
        }

    def _enterprise_fields(self) -> dict[str, str]:
        enterprise = self._installation.enterprise
        if enterprise is None:
            return {}
        return {"enterprise_id": enterprise.id, "enterprise_name": enterprise.name}

    def _trigger(self, *, channel_id: str | None = None, view_id: str | None = None) -> str:
        app_id = self._installation.app.id
        return self._world.triggers.issue(app_id, self._member.id, channel_id=channel_id, view_id=view_id)

    def _response_url(self, channel: Channel, message: Message | None) -> str:
        url_id = self._world.response_urls.issue(
            channel.id,
            self._member.id,
            self._installation.bot_user_id,
            message.ts if message is not None else None,
        )
        return f"{self._world.base_url}response/{url_id}"


def action(world: SlackWorld, block: Json, element: Json, raw: object) -> Json:
    """One entry of `actions`: what was pressed or chosen."""
    kind = element["type"]
    told: Json = {
        "type": kind,
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "action_ts": world.messages.next_ts(),
    }
    copied = {name: element[name] for name in ("text", "value", "style", "placeholder") if name in element}
    if kind in ("button", "workflow_button", "icon_button"):
        return told | copied
    if kind == "overflow":
        return told | {"selected_option": _overflow_option(element, raw)}
    return told | copied | chosen(element, raw, world.file_object)


def _overflow_option(element: Json, raw: object) -> Json:
    for option in element["options"]:
        if option.get("value") == raw:
            chosen_option: Json = option
            return chosen_option
    raise NotPossible("no_such_option")


def shown_message(world: SlackWorld, message: Message, *, with_metadata: bool) -> Json:
    """A message as methods and payloads show it."""
    channel = world.workspaces.channels[message.channel_id]
    installation = world.workspaces.of_bot(message.author)
    app: Json | None = None
    if installation is not None:
        app = {
            "bot_id": installation.bot_id,
            "app_id": installation.app.id,
            "bot_profile": {
                "id": installation.bot_id,
                "app_id": installation.app.id,
                "name": installation.app.name,
            },
        }
    shown = api_object(message, world.messages, team_id=channel.team_id, app=app, with_metadata=with_metadata)
    files = [found for one in message.files if (found := world.file_object(one)) is not None]
    return {**shown, "files": files} if files else shown


def shown_name(channel: Channel) -> str:
    """The channel's name as payloads carry it."""
    names = {"im": "directmessage", "private": "privategroup", "mpim": f"mpdm-{channel.id.lower()}"}
    return names.get(channel.kind, channel.name)
