"""What arrived: every request with what became of it."""

import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from tests.sandbox.ironclad.errors import Json
from tests.sandbox.ironclad.identifiers import timestamp

_MOST_BODY = 64 * 1024
_HIDDEN = "…"
_SECRETS = ("client_secret", "refresh_token", "code")
_SECRET_JSON = re.compile(rf'"({"|".join(_SECRETS)})"\s*:\s*"[^"]*"')


@dataclass
class LoggedRequest:
    """One request.

    Attributes:
        query: the first value of each parameter.
        headers: names in lower case, without `authorization`.
        body: at most 64 KiB of it; secrets of the token endpoint are hidden.
        status: of the answer; None where the connection was dropped, or nothing was answered yet.
        fault: the kind of fault it met.
        seconds: from arrival to the end of the answer.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: datetime
    status: int | None = None
    fault: str | None = None
    seconds: float | None = None

    @property
    def json(self) -> Any:
        """The body, read as JSON; None where it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def wire(self) -> Json:
        """For `/sandbox/requests`."""
        return {
            "method": self.method,
            "path": self.path,
            "query": dict(self.query),
            "headers": dict(self.headers),
            "body": self.body.decode(errors="replace"),
            "at": timestamp(self.at),
            "status": self.status,
            "fault": self.fault,
            "seconds": self.seconds,
        }


class RequestLog:
    """The newest requests, oldest first. `remember` bounds them."""

    def __init__(self, remember: int = 5_000) -> None:
        self.entries: deque[LoggedRequest] = deque(maxlen=remember)

    def add(self, scope: Mapping[str, Any], body: bytes, at: datetime) -> LoggedRequest:
        """Note a request of an ASGI scope."""
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        headers.pop("authorization", None)
        query = {key: values[0] for key, values in parse_qs(scope["query_string"].decode()).items()}
        entry = LoggedRequest(
            scope["method"], scope["path"], query, headers, _without_secrets(scope["path"], body), at
        )
        self.entries.append(entry)
        return entry

    def of(self, method: str, path: str) -> list[LoggedRequest]:
        """The requests of one method to one path, oldest first."""
        return [one for one in self.entries if (one.method, one.path) == (method, path)]


def _without_secrets(path: str, body: bytes) -> bytes:
    kept = body[:_MOST_BODY]
    if path != "/oauth/token":
        return kept
    written = kept.decode(errors="replace")
    if written.lstrip().startswith("{"):
        return _SECRET_JSON.sub(rf'"\1":"{_HIDDEN}"', written).encode()
    fields = {key: _HIDDEN if key in _SECRETS else values[0] for key, values in parse_qs(written).items()}
    return urlencode(fields).encode()
