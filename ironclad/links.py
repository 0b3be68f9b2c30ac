"""Addresses of Ironclad's pages for people (facts §1)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode


def workflow_url(host: str, workflow_id: str) -> str:
    """Where a person sees a workflow, for when the API gave no address.

    `host` is a base URL or a bare host name. Live answers have the singular `workflow` in it; the OpenAPI
    file's example has the plural.
    """
    return f"{_origin(host)}/workflow/{segment(workflow_id)}"


def launch_form_url(
    host: str, company_id: str, template_id: str, prefill: Mapping[str, str] | None = None
) -> str:
    """Ironclad's own launch form; `prefill` are values by property id, which travel in the fragment.

    https://support.ironcladapp.com "Create a Pre-filled Launch Form"
    """
    form = f"{_origin(host)}/c/{segment(company_id)}/workflows/launch/{segment(template_id)}"
    return f"{form}#{urlencode(prefill, quote_via=quote, safe='')}" if prefill else form


def segment(name: str) -> str:
    """An id as one segment of a path. Raises ValueError for one that would address something else."""
    if not name.strip(".").strip():
        raise ValueError("this cannot be the id of anything")
    return quote(name, safe="")


def _origin(host: str) -> str:
    return (host if "://" in host else f"https://{host}").rstrip("/")
