"""What the admins of a workspace decide on its Home tab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """The defaults of a workspace."""

    #: ISO 4217, for amounts whose template does not say.
    currency: str = "USD"
    #: IANA name; of deadlines, reminders and working hours.
    time_zone: str = "UTC"
    #: A language tag for messages that everybody reads; None: English. Modals follow the person's own.
    language: str | None = None
    #: Monday is 0.
    work_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    day_starts: time = time(9)
    day_ends: time = time(17)


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
