"""How Slack says no."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]
"""One JSON object, as it travels."""


class SlackError(Exception):
    """An answer with `ok: false`: HTTP 200, Slack's error code, and its messages where it gives some."""

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = list(messages)
        self.extra = extra

    def body(self) -> Json:
        """The JSON body of the answer."""
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


class NotPossible(Exception):
    """A person tried what Slack's own client would not let them do; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def missing(field: str) -> SlackError:
    """The answer to a call without a required argument."""
    return SlackError("invalid_arguments", [f"[ERROR] missing required field: {field}"])
