"""Who acts when it is not a person in Slack, and which way they come."""

from __future__ import annotations

from typing import Final

from storage import AuditOrigin

COMMAND_LINE: Final = "command line"  #: whoever may run `slipway` on the server
SLIPWAY: Final = "Slipway"  #: what happens by itself
SLACK: Final = "Slack"  #: what Slack reports without saying who did it


def origin_of(actor: str) -> AuditOrigin:
    """The way by which an actor comes who is named by these words, or else by a Slack id."""
    if actor == COMMAND_LINE:
        return "cli"
    return "system" if actor in (SLIPWAY, SLACK) else "slack"
