"""`/scim/v2` for reading users and groups (facts page, §7.3)."""

import json
import re
from collections.abc import Callable, Mapping, Sequence

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.sandbox.ironclad.errors import Json, Refusal, scim_refusal
from tests.sandbox.ironclad.people import Group, User
from tests.sandbox.ironclad.routes.guard import Call, Guard
from tests.sandbox.ironclad.scopes import READ_GROUPS, READ_USERS

_CORE = "urn:ietf:params:scim:schemas:core:2.0:"
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_FILTER = re.compile(r'\s*([A-Za-z][\w.:]*)\s+(eq|co|sw)\s+("(?:[^"\\]|\\.)*")\s*', re.IGNORECASE)
_MOST = 1000
_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "eq": lambda value, wanted: value == wanted,
    "co": lambda value, wanted: wanted in value,
    "sw": lambda value, wanted: value.startswith(wanted),
}


def routes(guard: Guard) -> list[Route]:
    """Users and groups."""
    return [
        guard.route("/scim/v2/Users", list_users, scope=READ_USERS),
        guard.route("/scim/v2/Users/{id}", read_user, scope=READ_USERS),
        guard.route("/scim/v2/Groups", list_groups, scope=READ_GROUPS),
        guard.route("/scim/v2/Groups/{id}", read_group, scope=READ_GROUPS),
        guard.nowhere("/scim/{rest:path}"),
    ]


async def list_users(call: Call) -> Response:
    """Those who belong to the company."""
    return _listed(call, [_user(one) for one in call.company.people])


async def read_user(call: Call) -> Response:
    """By id."""
    user = call.company.users.get(call.path("id"))
    if user is None or not user.active:
        raise _not_found(call)
    return JSONResponse(_user(user))


async def list_groups(call: Call) -> Response:
    """All groups."""
    return _listed(call, [_group(one) for one in call.company.groups.values()])


async def read_group(call: Call) -> Response:
    """By id."""
    group = call.company.groups.get(call.path("id"))
    if group is None:
        raise _not_found(call)
    return JSONResponse(_group(group))


def _listed(call: Call, resources: Sequence[Json]) -> Response:
    start = _number(call.query, "startIndex", 1, least=1)
    count = _number(call.query, "count", 25, least=0)
    left_out = {name.strip() for name in call.query.get("excludedAttributes", "").split(",")}
    found = [one for one in resources if _matches(one, call.query.get("filter"))]
    shown = found[start - 1 : start - 1 + count]
    return JSONResponse(
        {
            "schemas": [_LIST],
            "totalResults": len(found),
            "startIndex": start,
            "itemsPerPage": count,
            "Resources": [{key: one[key] for key in one.keys() - left_out} for one in shown],
        }
    )


def _matches(resource: Json, asked: str | None) -> bool:
    """One comparison of a text, in any case (RFC 7644 3.4.2.2; userName is not case exact)."""
    if asked is None:
        return True
    found = _FILTER.fullmatch(asked)
    if found is None:
        raise scim_refusal(400, f"invalid filter: {asked}", "invalidFilter")
    wanted = str(json.loads(found[3])).lower()
    return any(_TESTS[found[2].lower()](value.lower(), wanted) for value in _values(resource, found[1]))


def _values(resource: Json, path: str) -> list[str]:
    if path in ("emails", "emails.value"):
        return [one["value"] for one in resource.get("emails", ())]
    value = resource.get(path)
    return [value] if isinstance(value, str) else []


def _number(query: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    written = query.get(name, str(default))
    if not written.isascii() or not written.isdigit() or not least <= int(written) <= _MOST:
        raise scim_refusal(400, f"invalid value for {name}", "invalidValue")
    return int(written)


def _user(user: User) -> Json:
    return {
        "schemas": [f"{_CORE}User"],
        "id": user.id,
        "userName": user.email,
        "name": {"givenName": user.first_name, "familyName": user.last_name},
        "displayName": user.name,
        "title": user.title,
        "emails": [{"value": user.email, "type": "work", "primary": True}],
        "active": user.active,
        _ENTERPRISE: {"department": user.department},
    }


def _group(group: Group) -> Json:
    members = [{"type": "User", "value": one} for one in group.members]
    meta = {"resourceType": "Group"}
    return {
        "schemas": [f"{_CORE}Group"],
        "id": group.id,
        "displayName": group.name,
        "members": members,
        "meta": meta,
    }


def _not_found(call: Call) -> Refusal:
    return scim_refusal(404, f"Resource {call.path('id')} not found")
