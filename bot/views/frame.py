"""The frame around every page that people see in a browser."""

from __future__ import annotations

import base64
import hashlib
from html import escape

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --paper: #fff; --wall: #f2f4f7; --go: #1f6f54; --on: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecf1; --paper: #1b222b; --wall: #12171d; --go: #5cc6a0; --on: #0c1a14 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--wall); color: var(--ink); font: 17px/1.5 system-ui, sans-serif }
main { max-width: 40rem; margin: 6vh auto; padding: 2rem; background: var(--paper); border-radius: 12px }
@media (max-width: 44rem) { main { margin: 0; min-height: 100vh; border-radius: 0; padding: 1.25rem } }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere }
p { overflow-wrap: anywhere }
a.button { display: inline-block; min-height: 44px; padding: .6rem 1.4rem; border-radius: 8px;
  background: var(--go); color: var(--on); font-weight: 600; text-decoration: none }
a.button:focus-visible { outline: 3px solid var(--go); outline-offset: 3px }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Everything switched off that such a page does not need."""


def framed(title: str, body: str) -> str:
    """A whole page. `body` is HTML whose texts from outside were escaped; `title` is plain text."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Slipway</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
