"""Reading bodies and query parameters the way the API does."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from starlette.requests import Request

from tests.sandbox.ironclad.errors import Json, as_object, invalid_param, missing_param

_Item = TypeVar("_Item")
_MOST_PER_PAGE = 100
_LAST_PAGE = 100_000_000


async def json_body(request: Request) -> Any:
    """The JSON body.

    Raises:
        Refusal: INVALID_PARAM where it is none.
    """
    return read_json(await request.body())


def read_json(written: bytes | str) -> Any:
    """A JSON text.

    Raises:
        Refusal: INVALID_PARAM where it is none.
    """
    try:
        return json.loads(written)
    except ValueError as error:
        raise invalid_param("request body is not valid JSON", "body") from error


async def comment_of(request: Request) -> str:
    """`comment.message`, which cancel, pause and resume need (facts page, §6.5).

    Raises:
        Refusal: MISSING_PARAM, INVALID_PARAM.
    """
    body = as_object(await json_body(request), "body")
    message = as_object(body.get("comment", {}), "comment").get("message")
    if not isinstance(message, str) or not message.strip():
        raise missing_param("comment.message")
    return message


def paged(items: Sequence[_Item], query: Mapping[str, str], wire: Callable[[_Item], Json]) -> Json:
    """`{page, pageSize, count, list}`, pages counted from 0.

    Raises:
        Refusal: INVALID_PARAM for `page` or `pageSize` out of bounds.
    """
    page = number(query, "page", 0, range(_LAST_PAGE + 1))
    size = number(query, "pageSize", 20, range(1, _MOST_PER_PAGE + 1))
    shown = items[page * size : (page + 1) * size]
    return {"page": page, "pageSize": size, "count": len(items), "list": [wire(one) for one in shown]}


def number(query: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    """A whole number among the query parameters.

    Raises:
        Refusal: INVALID_PARAM where it is none of the allowed.
    """
    written = query.get(name, str(default))
    if not written.isascii() or not written.isdigit() or int(written) not in allowed:
        message = f"invalid query value '{written}'; value must be from {allowed.start} to {allowed.stop - 1}"
        raise invalid_param(message, f"/?{name}")
    return int(written)


def one_of(query: Mapping[str, str], name: str, allowed: Iterable[str], default: str | None = None) -> str:
    """One of a few words among the query parameters.

    Raises:
        Refusal: MISSING_PARAM where it is absent without a default, INVALID_PARAM for another word.
    """
    value, allowed = query.get(name, default), tuple(allowed)
    if value is None:
        raise missing_param(f"/?{name}")
    if value not in allowed:
        message = f"invalid query value '{value}'; value must be one of [{', '.join(allowed)}]"
        raise invalid_param(message, f"/?{name}")
    return value


def moment(query: Mapping[str, str], name: str) -> datetime | None:
    """A time with its offset among the query parameters; None where it is absent.

    Raises:
        Refusal: INVALID_PARAM where it is none.
    """
    written = query.get(name)
    if written is None:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise invalid_param(f"invalid query value '{written}'", f"/?{name}") from error
    if found.tzinfo is None:
        raise invalid_param(f"invalid query value '{written}'; it has no offset", f"/?{name}")
    return found
