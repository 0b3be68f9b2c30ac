"""A person at their Slack, for tests: does what people do and sees what they see, through the client API."""

import mimetypes
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import httpx

from tests.sandbox.slack.controls import Control, Surface, buttons, found, inputs
from tests.sandbox.slack.element_rules import options_of
from tests.sandbox.slack.elements import Typed, initial, kept, merged
from tests.sandbox.slack.errors import Json
from tests.sandbox.slack.screen import Names, blocks_text, text_of, view_text

_STATE_SECONDS = 40.0


class Person:
    """Drives one person's Slack.

    Every deed looks at the screen again when it is done; `view`, `screen`, `texts` and the like read what was
    seen last. What happens later, by an event or by work of the app, is awaited with `wait_for`.

    Args:
        client: reaches the stand-in, over its address or `httpx.ASGITransport`.
        user_id: who this is.
    """

    def __init__(self, client: httpx.AsyncClient, user_id: str) -> None:
        self.id = user_id
        self._client = client
        self._state: Json = {"version": 0, "views": [], "home": None, "conversations": {}}
        self._known: Json = {}
        self._typed: dict[str, Typed] = {}
        self._files: Names = {}

    # Looking

    async def look(self, *, wait: float = 0.0) -> Json:
        """See the screen as it is now, or after the next change within `wait` seconds."""
        since = self._state["version"] if wait else 0
        query = {"as": self.id, "since": since, "wait": wait}
        answer = await self._client.get("/client/state", params=query, timeout=_STATE_SECONDS)
        state: Json = answer.json()
        if "version" not in state:
            raise LookupError(f"{self.id} cannot look: {state.get('error')}")
        self._state = state
        self._forget_what_is_gone()
        return state

    def _forget_what_is_gone(self) -> None:
        """A value lives as long as its field is on the screen; one that comes back is empty again."""
        shown = {
            view["id"]: view["blocks"] for view in (*self._state["views"], self.home()) if view is not None
        }
        for channel, conversation in self._state["conversations"].items():
            shown |= {f"{channel}/{one['ts']}": one["blocks"] for one in conversation["messages"]}
        self._typed = {key: kept(shown[key], typed) for key, typed in self._typed.items() if key in shown}

    async def wait_for(self, predicate: Callable[["Person"], Any], timeout: float = 5.0) -> Any:
        """Look until the predicate holds, and return what it gave.

        Raises:
            TimeoutError: it did not in `timeout` seconds; the message shows the screen.
        """
        deadline = time.monotonic() + timeout
        await self.look()
        while not (result := predicate(self)):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{self.id} waited {timeout} s in vain. The screen:\n{self.screen()}")
            await self.look(wait=min(left, 1.0))
        return result

    def view(self) -> Json | None:
        """The top view of the open modal, None when none is open."""
        views: list[Json] = self._state["views"]
        return views[-1] if views else None

    def home(self) -> Json | None:
        """The app's Home tab, None before it was published."""
        home: Json | None = self._state["home"]
        return home

    def screen(self) -> str:
        """The modal, or else Home, as plain text: titles, texts, labels, values, hints, errors, buttons."""
        view = self.view() or self.home()
        if view is None:
            return ""
        typed = merged(view["state_values"], self._typed.get(view["id"], {}))
        return view_text(view, typed, self._names())

    def errors(self) -> dict[str, str]:
        """The sentences beside fields of the modal, by the label of the field."""
        view = self.view()
        if view is None or not view["errors"]:
            return {}
        labels = {block["block_id"]: text_of(block.get("label")) for block in view["blocks"]}
        return {labels[block_id]: text for block_id, text in view["errors"].items()}

    def toasts(self) -> list[str]:
        """The passing notices shown so far."""
        return [one["text"] for one in self._state.get("toasts", [])]

    def refused(self) -> list[Json]:
        """What Slack has refused from the app so far."""
        refused: list[Json] = self._state.get("refused", [])
        return refused

    def messages(self, channel: str) -> list[Json]:
        """All messages of a conversation this person sees, replies among them."""
        conversation = self._state["conversations"].get(self.channel_id(channel), {})
        messages: list[Json] = conversation.get("messages", [])
        return messages

    def texts(self, channel: str) -> list[str]:
        """What stands in a conversation itself, oldest first: each message's blocks, or else its text."""
        return [said(one) for one in self.messages(channel) if one["thread_ts"] is None]

    def thread(self, channel: str, ts: str) -> list[str]:
        """A message and the replies under it, oldest first."""
        return [said(one) for one in self.messages(channel) if ts in (one["ts"], one["thread_ts"])]

    def dm(self) -> list[str]:
        """The direct conversation with the app, threads included."""
        return [said(one) for one in self.messages(self.dm_id())]

    def dm_id(self) -> str:
        """The channel id of the direct conversation with the app."""
        bots = {app["bot_user_id"] for app in self._known.get("apps", [])}
        for channel in self._known.get("channels", []):
            if channel["is_im"] and channel.get("with") in bots:
                return str(channel["id"])
        raise LookupError(f"{self.id} has no direct conversation with an app; has anything been done yet?")

    def channel_id(self, channel: str) -> str:
        """The id of a channel by its id or by its name with `#`."""
        known = self._known.get("channels", [])
        for one in known:
            if channel in (one["id"], f"#{one['name']}"):
                return str(one["id"])
        raise LookupError(
            f"{self.id} sees no channel {channel}; there are: {', '.join(one['name'] for one in known)}"
        )

    async def arrive(self) -> None:
        """Learn the team: people, channels, apps. Done by itself at the first deed."""
        answer = await self._client.get("/client/bootstrap", params={"as": self.id})
        self._known = answer.json()

    # Doing

    async def command(self, text: str, channel: str = "#general") -> Json:
        """Type a slash command."""
        return await self._do("command", {"text": text}, channel=channel)

    async def say(
        self, text: str, channel: str, *, thread_ts: str | None = None, files: Sequence[str] = ()
    ) -> Json:
        """Write a message, perhaps into a thread, perhaps with uploaded files."""
        asked = {"text": text, "thread_ts": thread_ts, "files": list(files)}
        return await self._do("message", asked, channel=channel)

    async def shortcut(
        self, callback_id: str, channel: str | None = None, message_ts: str | None = None
    ) -> Json:
        """Use a global shortcut, or one on a message."""
        asked = {"callback_id": callback_id, "message_ts": message_ts}
        return await self._do("shortcut", asked, channel=channel)

    async def open_home(self) -> Json:
        """Open the app's Home tab; wait for what it publishes with `wait_for(lambda p: p.home())`."""
        return await self._do("home", {})

    async def fill(self, values: Mapping[str, Any], where: str | None = None) -> None:
        """Fill inputs by the label beside them, as one reads it: option texts, people's and channels' names.

        Text and numbers are strings, dates are dates or ISO strings, several choices are a list, files are a
        list of `(name, bytes)`. A choice that the app wants to hear of at once is sent at once.
        """
        for label, value in values.items():
            control = found(label, self._inputs(where), "input")
            raw = await self._raw(control, value)
            self._remember(control, raw)
            if control.dispatches:
                await self._act(control, raw)

    async def press(self, button: str | Control, where: str | None = None) -> Json:
        """Press a button, or choose from a `…` menu.

        Args:
            button: what stands on it, or what `find_button` returned: that may be stale by now.
            where: `modal`, `home`, a channel (`#name` or id) or `channel/ts` for one message; without it the
                open modal, or else Home and all conversations.
        """
        control = button if isinstance(button, Control) else await self.find_button(button, where)
        return await self._act(control, control.value)

    async def find_button(self, button: str, where: str | None = None) -> Control:
        """A button as it is on the screen now; of several equal ones in messages, the newest."""
        await self._arrived()
        await self.look()
        surfaces = self._surfaces(where)
        last = {one.caption: one for surface in surfaces for one in buttons(surface)}
        known = [one for surface in surfaces for one in buttons(surface)]
        if button in last and last[button].surface.message_ts is not None:
            return last[button]
        return found(button, known, "button")

    async def submit(self) -> Json:
        """Press the modal's submit button."""
        view = self._open_view()
        return await self._do("submit", {"view_id": view["id"], "state": self._typed.get(view["id"], {})})

    async def close(self, *, clear: bool = False) -> Json:
        """Press Cancel, or with `clear` the X of the whole modal."""
        return await self._do("close", {"view_id": self._open_view()["id"], "clear": clear})

    async def search_options(self, label: str, query: str, where: str | None = None) -> list[str]:
        """Type into an external select and read what is offered."""
        control = found(label, self._inputs(where), "input")
        return [text_of(option["text"]) for option in await self._offered(control, query)]

    async def upload(self, name: str, content: bytes) -> str:
        """Upload a file and return its id; its type is told by its name."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        sent = {"file": (name, content, kind)}
        answer = await self._client.post("/client/upload", params={"as": self.id}, files=sent)
        file_id = str(answer.json()["id"])
        self._files[file_id] = name
        return file_id

    # Inside

    async def _do(self, deed: str, asked: Json, *, channel: str | None = None) -> Json:
        await self._arrived()
        body = {"as": self.id, **asked}
        if channel is not None:
            body["channel"] = self.channel_id(channel)
        answer = await self._client.post(f"/client/{deed}", json=body, timeout=_STATE_SECONDS)
        told: Json = answer.json()
        await self.look()
        return told

    async def _arrived(self) -> None:
        if not self._known:
            await self.arrive()

    async def _act(self, control: Control, raw: Any) -> Json:
        asked = {**control.address(), "value": raw, "state": self._typed.get(_key(control.surface), {})}
        return await self._do("action", asked)

    def _open_view(self) -> Json:
        view = self.view()
        if view is None:
            raise LookupError(f"{self.id} has no modal open")
        return view

    def _surfaces(self, where: str | None) -> list[Surface]:
        """Where to look for a control, oldest first."""
        view, home = self.view(), self.home()
        if where == "modal" or (where is None and view is not None):
            return [_view_surface(self._open_view(), "the modal")]
        if where == "home":
            return [_view_surface(home, "Home")] if home is not None else []
        if where is not None:
            channel, _, ts = where.partition("/")
            return self._message_surfaces(self.channel_id(channel), ts)
        everywhere = [
            one for channel in self._state["conversations"] for one in self._message_surfaces(channel, "")
        ]
        everywhere.sort(key=lambda one: one.message_ts or "")
        return [*([_view_surface(home, "Home")] if home is not None else []), *everywhere]

    def _message_surfaces(self, channel: str, ts: str) -> list[Surface]:
        messages = self._state["conversations"].get(channel, {}).get("messages", [])
        return [
            Surface(one["blocks"], f"message {one['ts']}", channel=channel, message_ts=one["ts"])
            for one in messages
            if ts in ("", one["ts"])
        ]

    def _inputs(self, where: str | None) -> list[Control]:
        return [one for surface in self._surfaces(where) for one in inputs(surface)]

    def _remember(self, control: Control, raw: Any) -> None:
        key = _key(control.surface)
        news = {control.block["block_id"]: {control.element["action_id"]: raw}}
        self._typed[key] = merged(self._typed.get(key, {}), news)

    async def _raw(self, control: Control, value: Any) -> Any:
        """The raw value of the client API for what a person calls it."""
        if isinstance(value, date):
            return value.isoformat()
        if control.element["type"] == "file_input":
            return [await self.upload(name, content) for name, content in value]
        if isinstance(value, list | tuple):
            return [await self._choice(control, one) for one in value]
        return await self._choice(control, value)

    async def _choice(self, control: Control, value: Any) -> Any:
        kind = control.element["type"]
        if value is None or kind.endswith(("_input", "picker")):
            return value
        if kind.endswith("external_select"):
            offered = await self._offered(control, str(value))
            return _option(control, [*offered, *_initial_options(control)], value)
        if options_of(control.element):
            return _option(control, options_of(control.element), value)["value"]
        return self._person_or_channel(str(value))

    def _person_or_channel(self, name: str) -> str:
        for one in self._known.get("people", []):
            if name in (one["id"], one["real_name"], one["name"]):
                return str(one["id"])
        return self.channel_id(name)

    async def _offered(self, control: Control, query: str) -> list[Json]:
        body = {"as": self.id, **control.address(), "query": query}
        answer = (await self._client.post("/client/options", json=body, timeout=_STATE_SECONDS)).json()
        if not answer["ok"]:
            raise LookupError(f"{control.caption!r} offers nothing: {answer['error']}")
        return options_of(answer)

    def _names(self) -> Names:
        people = {one["id"]: one["real_name"] for one in self._known.get("people", [])}
        channels = {one["id"]: f"#{one['name']}" for one in self._known.get("channels", [])}
        return {**people, **channels, **self._files}


def said(message: Json) -> str:
    """A message as text: its blocks when it has any, else its text."""
    return "\n".join(blocks_text(message["blocks"])) if message["blocks"] else str(message["text"])


def _key(surface: Surface) -> str:
    return surface.view_id or f"{surface.channel}/{surface.message_ts}"


def _view_surface(view: Json, name: str) -> Surface:
    return Surface(view["blocks"], name, view_id=view["id"])


def _initial_options(control: Control) -> list[Json]:
    value = initial(control.element)
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _option(control: Control, options: list[Json], wanted: Any) -> Json:
    for option in options:
        if text_of(option["text"]) == wanted:
            return option
    offered = ", ".join(text_of(option["text"]) for option in options) or "none"
    raise LookupError(f"{control.caption!r} has no option {wanted!r}; there are: {offered}")
