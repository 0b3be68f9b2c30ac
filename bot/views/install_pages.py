"""The pages of an install: plain HTML without scripts, readable on a phone and by a screen reader."""

from __future__ import annotations

from html import escape

from bot.usecases.errors import Refusal
from bot.views.frame import back, framed
from storage.records import Install


def start(consent: str) -> str:
    """*Add to Slack*."""
    return framed(
        "Add Slipway to Slack",
        "<p>Slipway launches Ironclad contracts from Slack: people type <code>/contract</code>, answer the "
        "template's questions, and follow the contract in a thread.</p>"
        "<p>Slack will ask which workspace, or which organisation, and show what Slipway may do there. A "
        "workspace admin may have to approve it.</p>"
        f'<p><a class="button go" href="{escape(consent)}">Add to Slack</a></p>',
    )


def done(install: Install, missing: frozenset[str]) -> str:
    """The app is in; what is next."""
    where = escape(install.name) or "your workspace"
    lacking = ""
    if missing:
        names = ", ".join(f"<code>{escape(name)}</code>" for name in sorted(missing))
        lacking = (
            f'<p role="alert"><strong>Not everything was allowed:</strong> {names}. What needs it will not '
            "work. Install again and allow it.</p>"
        )
    spread = (
        "<p>It is installed for the whole organisation: an organisation admin now adds it to workspaces.</p>"
        if install.org_wide
        else ""
    )
    return framed(
        f"Slipway is in {install.name or 'your workspace'}",
        f"<p>Slipway was added to <strong>{where}</strong>.</p>{lacking}{spread}"
        "<p>Next, a workspace admin opens Slipway's Home tab and connects Ironclad.</p>"
        + back(install.team, install.app_id, label="Open Slipway in Slack"),
    )


def refused(refusal: Refusal) -> str:
    """Why nothing was installed, and what to do."""
    return framed(
        "Nothing was installed",
        f"<p>{escape(refusal.what)}</p><p>{escape(refusal.do)}</p>"
        '<p><a class="button go" href="/slack/install">Back to the install page</a></p>',
    )
