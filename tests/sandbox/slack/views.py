"""Open modals and Home tabs: the stack of three, hashes, external ids, and what was typed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.sandbox.slack.elements import Typed, kept, with_ids
from tests.sandbox.slack.errors import Json, SlackError

DEEPEST = 3
LARGEST_BYTES = 250_000
TROUBLE = "We had some trouble connecting. Try again?"


@dataclass
class View:
    """One modal view or one person's Home tab of one app."""

    id: str
    team_id: str
    app_id: str
    bot_id: str
    user_id: str
    hash: str
    definition: Json
    root_view_id: str
    previous_view_id: str | None = None
    typed: Typed = field(default_factory=dict)
    errors: dict[str, str] | None = None
    banner: str | None = None
    busy: bool = False
    channel_id: str | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks as Slack keeps them, every id filled in."""
        blocks: list[Json] = self.definition["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        """The app's own name for the view, empty when it has none."""
        return str(self.definition.get("external_id", ""))

    def slack_object(self, values: Json | None = None) -> Json:
        """The view as methods answer it and payloads carry it, with `state.values`."""
        shown = self.definition
        return {
            "id": self.id,
            "team_id": self.team_id,
            "type": shown["type"],
            "blocks": self.blocks,
            "private_metadata": shown.get("private_metadata", ""),
            "callback_id": shown.get("callback_id", ""),
            "state": {"values": values or {}},
            "hash": self.hash,
            "title": shown.get("title", {"type": "plain_text", "text": "View Title"}),
            "clear_on_close": shown.get("clear_on_close", False),
            "notify_on_close": shown.get("notify_on_close", False),
            "close": shown.get("close"),
            "submit": shown.get("submit"),
            "previous_view_id": self.previous_view_id,
            "root_view_id": self.root_view_id,
            "app_id": self.app_id,
            "external_id": self.external_id,
            "app_installed_team_id": self.team_id,
            "bot_id": self.bot_id,
        }


@dataclass(frozen=True)
class Owner:
    """For whom a view is shown, and by which app."""

    team_id: str
    app_id: str
    bot_id: str
    user_id: str


class Views:
    """Everything that is open now. A person has one modal at most: a new one takes the place of the old."""

    def __init__(self, new_id: Callable[[str], str], clock: Callable[[], float]) -> None:
        self._new_id = new_id
        self._clock = clock
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[tuple[str, str], View] = {}
        self._by_id: dict[str, View] = {}
        self._by_external_id: dict[tuple[str, str], View] = {}
        self._count = 0

    def stack(self, user_id: str) -> list[View]:
        """A person's open modal, the root first."""
        return self._stacks.get(user_id, [])

    def home(self, app_id: str, user_id: str) -> View | None:
        """The Home tab an app has published to a person."""
        return self._homes.get((app_id, user_id))

    def find(self, user_id: str, view_id: str) -> View | None:
        """One of a person's views, Home included, by id."""
        mine = [*self.stack(user_id), *(home for (_, owner), home in self._homes.items() if owner == user_id)]
        return next((view for view in mine if view.id == view_id), None)

    def team_of(self, view_id: str) -> str | None:
        """The team that a view was opened in."""
        view = self._by_id.get(view_id)
        return view.team_id if view is not None else None

    def named(self, team_id: str, *, view_id: str | None, external_id: str | None) -> View | None:
        """An open modal view of a team by its id or by its external id."""
        view = self._by_id.get(view_id) if view_id else self._by_external_id.get((team_id, external_id or ""))
        return view if view is not None and view.team_id == team_id else None

    def open(self, owner: Owner, definition: Json) -> View:
        """Show a modal."""
        view = self._made(owner, definition)
        self._leave(self.stack(owner.user_id))
        self._stacks[owner.user_id] = [view]
        self._enter(view)
        return view

    def push(self, owner: Owner, definition: Json) -> View:
        """Put a view on top of a person's open modal.

        Raises:
            SlackError: `not_found` when nothing is open, `push_limit_reached` above three.
        """
        stack = self.stack(owner.user_id)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST:
            raise SlackError("push_limit_reached")
        view = self._made(owner, definition)
        view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
        stack.append(view)
        self._enter(view)
        return view

    def replace(self, view: View, definition: Json) -> View:
        """Show something else in a view; what was typed stays where both ids stay (facts page B.3)."""
        self._check(definition, view.team_id, besides=view)
        self._by_external_id.pop((view.team_id, view.external_id), None)
        view.definition = self._filled(definition)
        if view.id in self._by_id:
            self._enter(view)
        view.typed = kept(view.blocks, view.typed)
        view.hash = self._hash()
        view.errors, view.banner = None, None
        return view

    def publish(self, owner: Owner, definition: Json, expected_hash: str | None) -> View:
        """Show a Home tab.

        Raises:
            SlackError: `hash_conflict` when it has changed since.
        """
        published = self.home(owner.app_id, owner.user_id)
        if published is None:
            published = self._made(owner, definition)
            self._homes[owner.app_id, owner.user_id] = published
            return published
        self.check_hash(published, expected_hash)
        return self.replace(published, definition)

    def check_hash(self, view: View, expected: str | None) -> None:
        """Refuse with `hash_conflict` a call that was made for an older state of the view."""
        if expected is not None and expected != view.hash:
            raise SlackError("hash_conflict")

    def close(self, view: View, *, everything: bool = False) -> None:
        """Take a view, or the whole modal, from the screen. Closing what is closed changes nothing."""
        stack = self.stack(view.user_id)
        if view.id in self._by_id:
            first = 0 if everything else stack.index(view)
            self._leave(stack[first:])
            del stack[first:]

    def _enter(self, view: View) -> None:
        self._by_id[view.id] = view
        if view.external_id:
            self._by_external_id[view.team_id, view.external_id] = view

    def _leave(self, views: list[View]) -> None:
        for view in views:
            self._by_id.pop(view.id, None)
            self._by_external_id.pop((view.team_id, view.external_id), None)

    def _made(self, owner: Owner, definition: Json) -> View:
        self._check(definition, owner.team_id, besides=None)
        view_id = self._new_id("V")
        return View(
            id=view_id,
            team_id=owner.team_id,
            app_id=owner.app_id,
            bot_id=owner.bot_id,
            user_id=owner.user_id,
            hash=self._hash(),
            definition=self._filled(definition),
            root_view_id=view_id,
        )

    def _check(self, definition: Json, team_id: str, *, besides: View | None) -> None:
        if len(json.dumps(definition, ensure_ascii=False).encode()) > LARGEST_BYTES:
            raise SlackError("view_too_large")
        external_id = definition.get("external_id")
        if not external_id:
            return
        holder = self.named(team_id, view_id=None, external_id=external_id)
        if holder is not None and holder is not besides:
            raise SlackError("duplicate_external_id")

    def _filled(self, definition: Json) -> Json:
        return {**definition, "blocks": with_ids(definition["blocks"], lambda: self._new_id("b"))}

    def _hash(self) -> str:
        self._count += 1
        return f"{int(self._clock())}.{self._count:08x}"
