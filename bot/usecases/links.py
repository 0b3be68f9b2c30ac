"""Addresses of Ironclad's own pages, for a connection's host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ironclad import Region, launch_form_url, workflow_url
from storage import Connection


@dataclass(frozen=True)
class Links:
    """`private_host` replaces the region's host, as it does for the API."""

    private_host: str | None = None

    def host(self, connection: Connection) -> str:
        """Where this connection's Ironclad lives, without a slash at the end."""
        return self.private_host or Region(connection.region).url

    def workflow(self, connection: Connection, workflow_id: str) -> str:
        """The page of a workflow."""
        return workflow_url(self.host(connection), workflow_id)

    def launch_form(
        self, connection: Connection, template_id: str, prefill: Mapping[str, str] | None = None
    ) -> str | None:
        """Ironclad's own form of a template; None while the company is not known."""
        if not connection.company_id:
            return None
        return launch_form_url(self.host(connection), connection.company_id, template_id, prefill or {})
