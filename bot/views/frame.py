"""The frame around every page that people see in a browser: its style, its headers, the way back to Slack."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from urllib.parse import urlencode

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
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""Everything switched off that such a page does not need."""


def framed(title: str, body: str, *, onward: str = "") -> str:
    """A whole page. `body` is HTML whose texts from outside were escaped; `title` is plain text.

    The browser goes on to `onward` by itself.
    """
    refresh = f'<meta http-equiv="refresh" content="0; url={escape(onward, quote=True)}">' if onward else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{refresh}<title>{escape(title)} · Slipway</title><style>{STYLE}</style></head>"
        f'<body><main><p class="brand">Slipway</p><h1>{escape(title)}</h1>{body}</main></body></html>'
    )


def back(team: str, app: str = "", *, label: str = "Back to Slack") -> str:
    """The way back: to the app's Home tab where the app is known; in a browser where Slack is not installed.

    https://docs.slack.dev/interactivity/deep-linking
    """
    there = {"team": team, **({"id": app, "tab": "home"} if app else {})}
    inside = f"slack://{'app' if app else 'open'}?{urlencode(there)}"
    query = urlencode({"app": app, "team": team, "tab": "home"})
    outside = f"https://slack.com/app_redirect?{query}" if app else "https://app.slack.com/client/"
    return (
        f'<p><a class="button go" href="{escape(inside)}">{escape(label)}</a></p>'
        f'<p class="soft">No Slack on this device? <a href="{escape(outside)}" rel="noreferrer">Open it in '
        "the browser</a>. You can close this page.</p>"
    )
