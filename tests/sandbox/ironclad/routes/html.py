"""The plain look of the stand-in's few pages."""

from html import escape

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1d1c1d}"
    "h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.4rem .6rem;border-bottom:1px solid #ddd;overflow-wrap:anywhere}th{width:34%;font-weight:600}"
    "button{font:inherit;padding:.4rem 1rem}.note{color:#616061}"
)


def page(title: str, content: str, script: str = "") -> str:
    """A whole page. The title is escaped here; the content is markup, escaped by who made it."""
    name = escape(title)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{name} – Ironclad stand-in</title>'
        f"<style>{_STYLE}</style></head>"
        f'<body><p class="note">Ironclad, local stand-in</p><h1>{name}</h1>{content}{script}</body></html>'
    )


def pairs(rows: list[tuple[str, str]]) -> str:
    """A table of names and values, both escaped."""
    lines = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return f"<table>{lines}</table>"
