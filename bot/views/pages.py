"""The pages that people see in a browser: an approval link, the way to Ironclad and back, the guide.

Plain HTML without scripts, readable on a phone and by a screen reader. Every text from outside goes through
`html.escape`.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from html import escape
from urllib.parse import quote

from bot.usecases.dialling import CLIENT_CREDENTIALS
from bot.usecases.errors import Refusal
from bot.usecases.permissions import CORE, EVERY, FURTHER, USUAL, Group, has
from bot.usecases.verifying import Asked, Done
from ironclad import Region
from storage.records import Connection

STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5a6674; --paper: #ffffff; --wall: #f2f4f7;
  --line: #d5dbe3; --go: #1f6f54; --go-ink: #ffffff; --warn: #8a3b12; --warn-paper: #fdf0e6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf1; --soft: #a7b2bf; --paper: #1b222b;
  --wall: #12171d; --line: #36414e; --go: #5cc6a0; --go-ink: #0c1a14; --warn: #ffb98a;
  --warn-paper: #3a2415; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--wall); color: var(--ink); font: 17px/1.5 system-ui, -apple-system,
  "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 40rem; margin: 6vh auto; padding: 2rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: 12px; }
@media (max-width: 44rem) { main { margin: 0; min-height: 100vh; border: 0; border-radius: 0;
  padding: 1.25rem; } }
p.brand { margin: 0 0 1.5rem; color: var(--soft); font-weight: 600; letter-spacing: .02em; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 1rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
ul, ol { padding-left: 1.25rem; } li { margin: .3rem 0; }
code { font: .88em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.demo, .note { padding: .75rem 1rem; border-radius: 8px; background: var(--warn-paper); color: var(--warn);
  font-weight: 600; }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin: 2rem 0 0; }
button, a.button { font: inherit; font-weight: 600; padding: .7rem 1.4rem; border-radius: 8px;
  cursor: pointer; border: 1px solid var(--line); background: transparent; color: var(--ink);
  text-decoration: none; display: inline-block; min-height: 44px; }
button.go, a.button.go { background: var(--go); border-color: var(--go); color: var(--go-ink); }
button:focus-visible, a:focus-visible { outline: 3px solid var(--go); outline-offset: 3px; }
a { color: inherit; } p.soft { color: var(--soft); font-size: .92rem; }
"""


@lru_cache(1)
def style_hash() -> str:
    """What a content security policy has to allow for `STYLE`, and for nothing else."""
    return base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def _page(title: str, body: str, *, refresh: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{refresh}<title>{escape(title)} · Slipway</title><style>{STYLE}</style></head>"
        f'<body><main><p class="brand">Slipway</p><h1>{escape(title)}</h1>{body}</main></body></html>'
    )


def approve(asked: Asked) -> str:
    """What a link asks, with *Approve* and *Not me*."""
    connection = asked.connection
    where = asked.workspace.name if asked.workspace and asked.workspace.name else "your Slack workspace"
    who = escape(asked.person.name)
    if asked.ticket.purpose == "sign_in":
        title, lead = "Sign in to Ironclad", f"{who}, Ironclad will ask you to let Slipway act as you."
    elif asked.ticket.purpose == "reconnect":
        title, lead = "Reconnect Ironclad", f"{who} asked to connect {escape(where)} to Ironclad again."
    else:
        title, lead = "Connect Ironclad to Slack", f"{who} asked to connect {escape(where)} to Ironclad."
    after = (
        "Approve, and Slipway tries the credentials at once."
        if connection.grant == CLIENT_CREDENTIALS
        else "Approve, and you go on to Ironclad, which asks you to log in and to agree."
    )
    return _page(
        title,
        f"{_demo(connection)}<p>{lead}</p>{_facts(connection)}{_permissions(connection)}"
        f"<p>{after} If this was not you, nothing is connected, and the workspace's admins can see it.</p>"
        '<form method="post"><button class="go" name="verdict" value="approve">Approve</button>'
        '<button name="verdict" value="decline">Not me</button></form>',
    )


def _demo(connection: Connection | None) -> str:
    if connection is None or not connection.demo:
        return ""
    return '<p class="demo">DEMO: this is Ironclad\'s demo environment. Contracts made here are not real.</p>'


def _facts(connection: Connection) -> str:
    grant = (
        "Client credentials: each launch carries its requester's own name"
        if connection.grant == CLIENT_CREDENTIALS
        else "Authorization code: launches carry the name of whoever agrees in Ironclad"
    )
    rows = [
        ("Region", Region(connection.region).label),
        ("Client ID", connection.client_id),
        ("Grant", grant),
    ]
    if connection.acting_user:
        rows.append(("Acting user", connection.acting_user))
    return "<dl>" + "".join(f"<dt>{k}</dt><dd>{escape(v)}</dd>" for k, v in rows) + "</dl>"


def _permissions(connection: Connection) -> str:
    scopes = connection.scopes or connection.wanted or CORE.scopes
    lines = [
        f"<li>{escape(permission.use)} <br><code>{escape(permission.scope)}</code></li>"
        for group in EVERY
        for permission in group.permissions
        if has(permission.scope, scopes)
    ]
    return f"<h2>What is granted, and what Slipway does with it</h2><ul>{''.join(lines)}</ul>"


def leaving(url: str) -> str:
    """On the way to Ironclad. A page, not a redirect: a log-in elsewhere must not count as our form's aim."""
    target = escape(url, quote=True)
    return _page(
        "On to Ironclad",
        f"<p>Ironclad now asks you to log in and to agree. If nothing happens, press the button.</p>"
        f'<p><a class="button go" href="{target}" rel="noreferrer">Continue to Ironclad</a></p>',
        refresh=f'<meta http-equiv="refresh" content="0; url={target}">',
    )


def done(outcome: Done) -> str:
    """How it ended, and the way back to Slack."""
    if outcome.verdict == "declined":
        return _page(
            "Nothing was connected",
            "<p>Thank you. The link no longer works, and nothing was handed over.</p>"
            "<p>If you think that somebody uses your name, tell whoever runs Slack in your company.</p>"
            + _back(outcome.team),
        )
    if outcome.purpose == "sign_in":
        return _page(
            "You are signed in",
            f"{_demo(outcome.connection)}<p>Contracts that you launch from Slack now carry your own name in "
            f"Ironclad: {escape(outcome.found)}.</p>{_back(outcome.team)}",
        )
    return _page(
        "Ironclad is connected",
        f"{_demo(outcome.connection)}<p>{escape(outcome.found)}.</p>{_switched_off(outcome.connection)}"
        f"<p>People in the workspace can now type <code>/contract</code>.</p>{_back(outcome.team)}",
    )


def _switched_off(connection: Connection | None) -> str:
    if connection is None:
        return ""
    lost = [scope for scope in connection.wanted if not has(scope, connection.scopes)]
    if not lost:
        return ""
    named = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in lost)
    return (
        "<p>The Ironclad app does not have these permissions, so what needs them stays switched off. Tick "
        f"them in Ironclad and press <em>Change</em> on Slipway's Home to add them.</p><ul>{named}</ul>"
    )


def problem(refusal: Refusal, *, again: bool = False) -> str:
    """What went wrong, and what to do."""
    retry = '<form method="get"><button class="go">Try again</button></form>' if again else ""
    return _page(
        "That did not work",
        f"<p><strong>{escape(refusal.what)}</strong></p><p>{escape(refusal.do)}</p>{retry}",
    )


def _back(team: str) -> str:
    return (
        f'<p><a class="button go" href="slack://open?team={quote(team, safe="")}">Back to Slack</a></p>'
        '<p class="soft">You can close this page.</p>'
    )


def guide(callback: str) -> str:
    """How to make the app in Ironclad, with what has to be pasted there."""
    return _page(
        "Make an app for Slipway in Ironclad",
        "<ol>"
        "<li>Log in to Ironclad as an administrator and open <strong>Company Settings → API</strong>. "
        "No API tab? The API is an add-on: ask your Ironclad contact.</li>"
        "<li>Press <strong>Create new app</strong> and call it Slipway.</li>"
        "<li>Grant types: tick <strong>Client Credentials</strong> (recommended) or "
        "<strong>Authorization Code</strong>.</li>"
        f"<li>Redirect URI, for Authorization Code: <code>{escape(callback)}</code></li>"
        "<li>Requested resource scopes: tick those below that you want. Where the list shows another "
        "spelling of <code>applyContractActions</code>, tick that one.</li>"
        "<li>Save. Copy the <strong>client ID</strong> and the <strong>client secret</strong>: that one is "
        "shown once.</li>"
        "<li>Back in Slack: Slipway's Home tab → Connect Ironclad. The region is the address you log in to: "
        "<code>ironcladapp.com</code>, <code>eu1.ironcladapp.com</code> or <code>demo.ironcladapp.com</code>."
        "</li></ol>"
        + _group_list("Needed for launching", (CORE,))
        + _group_list("Usual", USUAL)
        + _group_list("Further, if you want them", FURTHER),
    )


def _group_list(title: str, groups: tuple[Group, ...]) -> str:
    lines = "".join(
        f"<li><code>{escape(one.scope)}</code><br>{escape(one.use)}</li>"
        for group in groups
        for one in group.permissions
    )
    return f"<h2>{escape(title)}</h2><ul>{lines}</ul>"
