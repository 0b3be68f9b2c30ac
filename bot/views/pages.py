"""The pages that people see in a browser: an approval link, the way to Ironclad and back, the guide.

Plain HTML without scripts, readable on a phone and by a screen reader. Every text from outside goes through
`html.escape`.
"""

from __future__ import annotations

from html import escape

from bot.usecases.dialling import CLIENT_CREDENTIALS
from bot.usecases.errors import Refusal
from bot.usecases.permissions import CORE, EVERY, FURTHER, USUAL, Group, has
from bot.usecases.verifying import Asked, Done
from bot.views.frame import back, framed
from ironclad import Region
from storage.records import Connection


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
    return framed(
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
    return framed(
        "On to Ironclad",
        f"<p>Ironclad now asks you to log in and to agree. If nothing happens, press the button.</p>"
        f'<p><a class="button go" href="{target}" rel="noreferrer">Continue to Ironclad</a></p>',
        onward=url,
    )


def done(outcome: Done, app: str = "") -> str:
    """How it ended, and the way back to Slack: to the Home tab of the `app`, where that is known."""
    if outcome.verdict == "declined":
        return framed(
            "Nothing was connected",
            "<p>Thank you. The link no longer works, and nothing was handed over.</p>"
            "<p>If you think that somebody uses your name, tell whoever runs Slack in your company.</p>"
            + back(outcome.team, app),
        )
    if outcome.purpose == "sign_in":
        return framed(
            "You are signed in",
            f"{_demo(outcome.connection)}<p>Contracts that you launch from Slack now carry your own name in "
            f"Ironclad: {escape(outcome.found)}.</p>{back(outcome.team, app)}",
        )
    return framed(
        "Ironclad is connected",
        f"{_demo(outcome.connection)}<p>{escape(outcome.found)}.</p>{_switched_off(outcome.connection)}"
        f"<p>People in the workspace can now type <code>/contract</code>.</p>{back(outcome.team, app)}",
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
    return framed(
        "That did not work",
        f"<p><strong>{escape(refusal.what)}</strong></p><p>{escape(refusal.do)}</p>{retry}",
    )


def guide(callback: str) -> str:
    """How to make the app in Ironclad, with what has to be pasted there."""
    return framed(
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
