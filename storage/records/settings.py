"""What the admins of a workspace decide on its Home tab."""

from __future__ import annotations

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
    """To whom a template is offered; empty `users` and `channels` mean no restriction."""

    template_id: str
    hidden: bool = False
    #: Slack ids of the people who are offered it.
    users: tuple[str, ...] = ()
    #: Slack ids of the channels where it is offered.
    channels: tuple[str, ...] = ()

    def allows(self, user: str, channel: str | None) -> bool:
        """Whether the template is offered to `user`, who asks in `channel` (None: nowhere in particular)."""
        if self.hidden or (self.users and user not in self.users):
            return False
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True)
class Admin:
    """Somebody named as an admin on Home."""

    user: str
    added_by: str
