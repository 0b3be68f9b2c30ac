"""Requests per minute and company, by bucket (facts page, §9)."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.sandbox.ironclad.errors import Refusal, refusal

_MINUTE = 60.0
_READS = frozenset({"GET", "HEAD"})
_API = "/public/api/v1/"
PER_MINUTE: Mapping[str, int] = {
    "workflows:read": 400,
    "workflows:write": 40,
    "records:read": 600,
    "records:write": 200,
    "webhooks": 600,
    "other": 800,
    "scim:users": 600,
    "scim:users:write": 50,
    "scim:groups": 200,
    "scim:groups:write": 50,
    "company": 4_500,
}


def bucket(method: str, path: str) -> str:
    """The bucket that a request counts against, besides the company's own."""
    reads = method in _READS
    for name in ("workflows", "records"):
        if path == _API + name or path.startswith(f"{_API}{name}/"):
            return f"{name}:{'read' if reads else 'write'}"
    for name in ("Users", "Groups"):
        if path.startswith(f"/scim/v2/{name}"):
            return f"scim:{name.lower()}" + ("" if method in ("GET", "POST", "PUT") else ":write")
    return "webhooks" if path.startswith(f"{_API}webhooks") else "other"


@dataclass
class _Window:
    began: float
    used: int = 0


@dataclass
class Limits:
    """Counts requests in windows of a minute that begin with the first of them.

    That windows are fixed and that `X-RateLimit-Reset` counts seconds are choices.

    Attributes:
        enabled: off for load tests.
        per_minute: the buckets; change an entry to hit it sooner.
    """

    enabled: bool = True
    per_minute: dict[str, int] = field(default_factory=lambda: dict(PER_MINUTE))
    clock: Callable[[], float] = time.monotonic
    _windows: dict[tuple[str, str], _Window] = field(default_factory=dict)

    def count(self, company: str, bucket_name: str) -> dict[str, str]:
        """Count one request and say how the bucket stands, as response headers.

        Raises:
            Refusal: 429 with `headers` for the answer; its body is likely, not documented.
        """
        if not self.enabled:
            return {}
        self._take(company, "company")
        return self._take(company, bucket_name)

    def _take(self, company: str, name: str) -> dict[str, str]:
        now = self.clock()
        window = self._windows.get((company, name))
        if window is None or now - window.began >= _MINUTE:
            window = self._windows[company, name] = _Window(now)
        reset = str(max(1, round(_MINUTE - (now - window.began))))
        limit = self.per_minute[name]
        if window.used >= limit:
            raise TooMany(_headers(limit, 0, reset) | {"Retry-After": reset})
        window.used += 1
        return _headers(limit, limit - window.used, reset)


class TooMany(Refusal):
    """429, with the headers that say when to come back."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        said = refusal(429, "TOO_MANY_REQUESTS", "Too Many Requests, please try again later")
        super().__init__(said.status, said.body)
        self.headers = dict(headers)


def _headers(limit: int, remaining: int, reset: str) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": reset,
    }
