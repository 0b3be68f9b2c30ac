"""Everything that can go wrong with Ironclad, sorted by what the caller knows afterwards.

    IroncladError
    ├── NotSent             Ironclad never saw the call
    ├── Refused             Ironclad answered, and did nothing
    │   ├── Rejected        the content is wrong: names the parameters
    │   ├── BadCredentials  the token endpoint does not accept client, secret, grant or scope
    │   ├── Unauthorized    401, even with a renewed token
    │   ├── Forbidden       403
    │   ├── NotFound        404, or a 400 that says NOT_FOUND
    │   └── RateLimited     429: says how long to wait
    ├── OutcomeUnknown      a call that writes may or may not have been done: look before trying again
    └── Unavailable         a call that only reads got no usable answer: trying again is harmless

Ironclad knows no idempotency key (facts §5.5), so the first three branches are kept apart strictly: only
`NotSent` and `Refused` promise that nothing has happened. No text here ever holds a secret.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Move(StrEnum):
    """Who has to act before the call can succeed."""

    PERSON = "person"  #: whoever filled in the form
    ADMIN = "admin"  #: whoever looks after the connection, or after permissions in Ironclad
    WAIT = "wait"  #: nobody: try again later
    IRONCLAD = "ironclad"  #: Ironclad is broken
    US = "us"  #: the calling program


class IroncladError(Exception):
    """A call did not end well.

    `status` is the HTTP status, `code` Ironclad's or OAuth's error code, `message` their sentence (or ours
    where they gave none), `request_id` the `x-ironclad-requestid` to quote to Ironclad's support,
    `retry_after` seconds. Each is None where Ironclad did not say.
    """

    move: ClassVar[Move] = Move.IRONCLAD

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        answer = " ".join(str(part) for part in (self.status, self.code) if part is not None)
        parts = [self.message or type(self).__name__, f"({answer})" if answer else ""]
        if self.request_id:
            parts.append(f"[request {self.request_id}]")
        return " ".join(part for part in parts if part)


class NotSent(IroncladError):
    """No connection came about: Ironclad never saw the call, sending it again cannot double anything."""

    move = Move.WAIT


class Refused(IroncladError):
    """Ironclad answered, and did nothing."""

    move = Move.US


class Rejected(Refused):
    """The content of the call is wrong (facts §5.4).

    `params` are all parameters that Ironclad names, `key_path` the attribute inside them, `redirect_url`
    Ironclad's own launch form for finishing by hand, `files` the names of files that are to blame.
    """

    move = Move.PERSON

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        params: tuple[str, ...] = (),
        key_path: str | None = None,
        redirect_url: str | None = None,
        files: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, status=status, code=code, request_id=request_id, retry_after=retry_after)
        self.params = params
        self.key_path = key_path
        self.redirect_url = redirect_url
        self.files = files

    def __str__(self) -> str:
        named = [*self.params, *([self.key_path] if self.key_path else [])]
        return super().__str__() + (f": {', '.join(named)}" if named else "")


class Reason(StrEnum):
    """What the token endpoint does not accept, from OAuth's error code."""

    CLIENT = "client"  #: id or secret wrong, or this grant is not allowed for the client
    GRANT = "grant"  #: the code or refresh token is spent, revoked or expired: authorise anew
    SCOPE = "scope"  #: a scope that the app or the instance does not have
    REQUEST = "request"  #: malformed: in practice a client id that is no UUID
    UNKNOWN = "unknown"


class BadCredentials(Refused):
    """The token endpoint does not accept the client, secret, grant or scope. `code` is OAuth's.

    Ironclad answers a wrong secret with 403 `unauthorized_client`, not 401 (facts §2.2).
    """

    move = Move.ADMIN

    @property
    def reason(self) -> Reason:
        """What is not accepted."""
        return {
            "unauthorized_client": Reason.CLIENT,
            "invalid_client": Reason.CLIENT,
            "access_denied": Reason.GRANT,
            "invalid_grant": Reason.GRANT,
            "invalid_scope": Reason.SCOPE,
            "invalid_request": Reason.REQUEST,
        }.get(self.code or "", Reason.UNKNOWN)


class Unauthorized(Refused):
    """Ironclad does not accept the token, not even a renewed one."""

    move = Move.ADMIN


class Forbidden(Refused):
    """The acting user, or the app's scopes, do not allow this."""

    move = Move.ADMIN


class NotFound(Refused):
    """There is no such thing, or the acting user may not see it. Template ids change on republishing."""

    move = Move.PERSON


class RateLimited(Refused):
    """The company's share of calls is used up; `retry_after` says for how many seconds, where known."""

    move = Move.WAIT


class OutcomeUnknown(IroncladError):
    """A call that writes got no usable answer: it may have been done. Look before sending it again."""

    move = Move.US


class Unavailable(IroncladError):
    """A call that only reads got no usable answer."""

    move = Move.IRONCLAD
