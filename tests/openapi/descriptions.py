"""Ironclad's OpenAPI files as judges of requests.

They are used as they are but for the mistakes listed in `_mend`, which are mended in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import yaml
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest

FOLDER = Path(__file__).parents[3] / "shared" / "ironclad"
FILES = {
    "/public/api/v1": "ironclad-public-api-openapi.yml",
    "/oauth": "ironclad-oauth-20-api-openapi.yml",
    "/scim/v2": "ironclad-scim-api-openapi.yml",
}
# What every HTTP request has, or httpx adds on its own.
PLAIN_HEADERS = {
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "user-agent",
}


class UndocumentedError(AssertionError):
    """The request has something that the file does not know."""


class Descriptions:
    """The three files together."""

    def __init__(self) -> None:
        self._files = {base: OpenAPI.from_dict(_load(name)) for base, name in FILES.items()}

    def check(self, request: httpx.Request) -> None:
        """Raises what openapi-core raises for a path, method, parameter, header or body that is wrong."""
        described = next(api for base, api in self._files.items() if request.url.path.startswith(base + "/"))
        understood: Any = described.unmarshal_request(_as_openapi_core_sees_it(request))
        if understood.errors:
            raise understood.errors[0]
        # openapi-core passes over what is not described; Ironclad would, too, and nobody would notice.
        unknown = set(request.url.params) - set(understood.parameters.query)
        unknown |= set(request.headers) - PLAIN_HEADERS - set(understood.parameters.header)
        if unknown:
            raise UndocumentedError(f"not in the OpenAPI file: {', '.join(sorted(unknown))}")


def _as_openapi_core_sees_it(request: httpx.Request) -> MockRequest:
    return MockRequest(
        f"{request.url.scheme}://{request.url.host}",
        request.method,
        request.url.raw_path.partition(b"?")[0].decode(),
        args=dict(request.url.params),
        headers=dict(request.headers),
        data=request.content,
        content_type=request.headers.get("content-type", ""),
    )


def _load(name: str) -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    _mend(described)
    return described


def _mend(described: dict[str, Any]) -> None:
    schemas = described["components"].get("schemas", {})
    if "AttributesModel" in schemas:
        # An example taken for a rule: whether a launch needs counterpartyName, its template says.
        del schemas["AttributesModel"]["required"]
        # A slip: the property is called `attributes`.
        schemas["WorkflowLaunchMultipartModel"]["properties"]["data"]["required"] = ["template", "attributes"]
    for operation in _operations(described):
        if "security" in operation:
            # openapi-core does not know OAuth; the same header is described as an API key beside it.
            operation["security"] = [{"sec0": []}]
        for parameter in operation.get("parameters", ()):
            if parameter.get("name") == "status" and parameter["schema"]["type"] == "array":
                parameter["explode"] = False  # "comma-separated", says its own description


def _operations(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in described["paths"].values():
        yield from (operation for operation in path.values() if isinstance(operation, dict))
