"""What the admins of a workspace decide on its Home tab."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """The defaults of a workspace."""

    #: ISO 4217, with which amounts begin; empty: that of each person's own country.
    currency: str = ""
    #: IANA name, for people whose Slack profile names none; empty: UTC.
    time_zone: str = ""
    #: A language tag for messages that everybody reads; None: English. Modals follow the person's own.
    language: str | None = None


@dataclass(frozen=True, slots=True)
class TemplateRule:
    """To whom a template is offered; nobody and nothing named means no restriction."""

    template_id: str
    #: A template that is published again gets another id, but keeps its name.
    name: str = ""
    hidden: bool = False
    #: Slack ids of the people who are offered it.
    users: tuple[str, ...] = ()
    #: Slack ids of the user groups whose members are offered it, too.
    groups: tuple[str, ...] = ()
    #: Slack ids of the channels where it is offered.
    channels: tuple[str, ...] = ()

    @property
    def restricts(self) -> bool:
        """Whether it says anything."""
        return self.hidden or bool(self.users or self.groups or self.channels)

    def is_about(self, template_id: str, name: str) -> bool:
        """Whether this is the template's rule."""
        return template_id == self.template_id or (name != "" and name == self.name)

    def allows(self, user: str, groups: Collection[str], places: Collection[str]) -> bool:
        """Whether the template is offered to `user`, a member of `groups`, who asks in one of `places`."""
        if self.hidden:
            return False
        somebody = bool(self.users or self.groups)
        if somebody and user not in self.users and not set(groups) & set(self.groups):
            return False
        return not self.channels or bool(set(places) & set(self.channels))


@dataclass(frozen=True, slots=True)
class Admin:
    """Somebody named as an admin on Home."""

    user: str
    added_by: str
