"""From Ironclad's JSON to models. Raises `Unreadable` where not even an id can be made out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from ironclad.models import (
    JSON,
    Company,
    Document,
    Group,
    Identity,
    LaunchProblem,
    LaunchState,
    LaunchStatus,
    Record,
    Template,
    User,
    Webhook,
    Workflow,
    fields_of,
)

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)


class Unreadable(ValueError):
    """The answer is not what the endpoint promises."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of a list; `more` says that asking for the next page is worth while."""

    items: tuple[T, ...]
    more: bool


def parse(body: bytes) -> JSON:
    """The body as JSON. Half an emoji, which JavaScript happily writes, becomes a replacement character."""
    try:
        value: JSON = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable("the answer is not JSON") from None
    return _whole_characters(value) if b"\\ud" in body.lower() else value


def _no_number(name: str) -> None:
    """NaN and Infinity are no JSON."""


def _whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {_whole_characters(key): _whole_characters(item) for key, item in value.items()}
    return value


def in_json(read: Callable[[JSON], T]) -> Callable[[bytes], T]:
    """A reader of bodies from a reader of JSON."""
    return lambda body: read(parse(body))


def nothing(body: bytes) -> None:
    """Success says it all, whatever the body (cancel answers 204)."""


# Templates and workflows ----------------------------------------------------------------------------


def templates(answer: JSON) -> list[Template]:
    """`GET /workflow-schemas`: a list without pages (facts §4.1). Entries without an id are left out."""
    entries = _list(_object(answer), "list")
    return [template(entry) for entry in entries if isinstance(entry, Mapping) and entry.get("id")]


def template(answer: JSON | Mapping[str, JSON]) -> Template:
    """`GET /workflow-schemas/{id}`."""
    entry = _object(answer)
    schema = entry.get("schema")
    fields = fields_of(schema) if isinstance(schema, Mapping) else ()
    return _model(Template, {**entry, "fields": fields, "raw": schema})


def workflow(answer: JSON) -> Workflow:
    """`GET /workflows/{id}`, and what a launch answers."""
    entry = _object(answer)
    return _model(Workflow, {**entry, "raw": entry})


def workflows(page: int, size: int) -> Callable[[JSON], Page[Workflow]]:
    """Page `page` (from 0) of `GET /workflows`."""

    def read(answer: JSON) -> Page[Workflow]:
        # An entry without an id makes the page unreadable: a workflow that is passed over would look as if
        # it had never been launched.
        items = tuple(workflow(entry) for entry in _list(_object(answer), "list"))
        count = _object(answer).get("count")
        short = (page + 1) * size >= count if isinstance(count, int) else len(items) < size
        return Page(items, more=bool(items) and not short)

    return read


def launch_job(answer: JSON) -> str:
    """The job id of `POST /workflows/async`."""
    job = _object(answer).get("asyncJobId")
    if not isinstance(job, str) or not job:
        raise Unreadable("the answer names no job")
    return job


def launch_status(answer: JSON) -> LaunchStatus:
    """`GET /workflows/async/{asyncJobId}`; any state but the two final ones is "in progress".

    The OpenAPI file itself spells that one two ways (facts §5.3).
    """
    entry = _object(answer)
    if entry.get("status") == LaunchState.FAILED:
        return LaunchStatus(state=LaunchState.FAILED, error=problem(entry.get("error")))
    if entry.get("status") != LaunchState.SUCCESS:
        return LaunchStatus(state=LaunchState.IN_PROGRESS)
    done = workflow(entry.get("workflow"))
    url = _model(Workflow, {**entry, "id": done.id}).url
    return LaunchStatus(state=LaunchState.SUCCESS, workflow_id=done.id, browser_url=url)


def problem(said: JSON) -> LaunchProblem:
    """An error in any of Ironclad's shapes: REST, OAuth, SCIM, wrapped in `data`, or a bare string.

    Facts §5.4 and §9.
    """
    if isinstance(said, str):
        return LaunchProblem(message=said)
    entry = said if isinstance(said, dict) else {}
    inner = entry.get("data")
    if isinstance(inner, dict):
        entry = inner
    metadata = entry.get("metadata")
    return LaunchProblem(
        code=_first_text(entry, "code", "error", "scimType", "schema"),
        message=_first_text(entry, "message", "error_description", "detail") or "",
        params=_params(entry.get("param")),
        key_path=_first_text(metadata, "keyPath") if isinstance(metadata, dict) else None,
        redirect_url=_first_text(entry, "redirectUrl"),
        files=tuple(_texts(entry.get("files"))),
    )


def _texts(named: JSON) -> list[str]:
    return [name for name in named if isinstance(name, str)] if isinstance(named, list) else []


def _params(named: JSON) -> tuple[str, ...]:
    """All parameters named: a plain name, or a JSON array inside a string (facts §5.4)."""
    if isinstance(named, str) and named.startswith("["):
        try:
            named = json.loads(named)
        except (ValueError, RecursionError):
            return (named,) if isinstance(named, str) else ()
    if isinstance(named, list):
        return tuple(name for name in named if isinstance(name, str) and name)
    return (named,) if isinstance(named, str) and named else ()


def webhook(answer: JSON) -> Webhook:
    """One registration."""
    return _model(Webhook, _object(answer))


def webhooks(size: int) -> Callable[[JSON], Page[Webhook]]:
    """A page of `GET /webhooks`, which tells no count (facts §8)."""

    def read(answer: JSON) -> Page[Webhook]:
        entries = _list(_object(answer), "list")
        return Page(tuple(webhook(entry) for entry in entries), more=len(entries) >= size)

    return read


def pem(body: bytes) -> str:
    """A public key as a text."""
    text = body.decode("ascii", "replace").strip()
    if not text.startswith("-----BEGIN PUBLIC KEY-----"):
        raise Unreadable("the answer is no public key")
    return text


def documents(answer: JSON) -> list[Document]:
    """`GET /workflows/{id}/documents`: the packet in its order, then what is left out of it."""
    shelves = {"signaturePacketDocuments": True, "excludedFromSignaturePacketDocuments": False}
    return [
        _model(Document, {**entry, "in_packet": in_packet})
        for shelf, in_packet in shelves.items()
        for entry in _entries(answer, shelf)
        if entry.get("key")
    ]


def record(answer: JSON) -> Record:
    """`GET /records/{id}`."""
    return _model(Record, _object(answer))


def records(answer: JSON) -> list[Record]:
    """A page of `GET /records`. Entries without an id are left out."""
    return [_model(Record, entry) for entry in _entries(answer, "list") if entry.get("id")]


# People ---------------------------------------------------------------------------------------------


def identity(answer: JSON) -> Identity:
    """`GET /oauth/userinfo`."""
    return _model(Identity, _object(answer))


def company(answer: JSON) -> Company:
    """`GET /oauth/company-info`."""
    entry = _object(answer)
    name = _first_text(entry, "companyDisplayName", "companyName")
    return _model(Company, {"id": entry.get("companyId"), "name": name or ""})


def user_with_email(email: str) -> Callable[[JSON], User | None]:
    """The one user of a SCIM list whose e-mail is `email`; the filter is not trusted to have been applied."""

    def read(answer: JSON) -> User | None:
        users = (_user(entry) for entry in _resources(answer))
        return next((user for user in users if user.email.casefold() == email.casefold()), None)

    return read


def users_beginning(text: str) -> Callable[[JSON], tuple[User, ...]]:
    """The users of a SCIM list whose e-mail begins with `text`; the filter is not trusted either."""

    def read(answer: JSON) -> tuple[User, ...]:
        users = (_user(entry) for entry in _resources(answer) if entry.get("id"))
        return tuple(one for one in users if one.email.casefold().startswith(text.casefold()))

    return read


def user(answer: JSON) -> User:
    """One user of SCIM."""
    return _user(answer if isinstance(answer, dict) else {})


def _user(entry: Mapping[str, JSON]) -> User:
    name = entry.get("name")
    parts = (
        [_first_text(name, part) for part in ("givenName", "familyName")] if isinstance(name, dict) else []
    )
    return _model(
        User,
        {
            "id": entry.get("id"),
            "email": _first_text(entry, "userName") or "",
            "name": " ".join(part for part in parts if part),
            "title": entry.get("title"),
            "active": entry.get("active") is not False,
        },
    )


def groups(start: int) -> Callable[[JSON], Page[Group]]:
    """The page of SCIM groups that begins at `start`, counted from 1."""

    def read(answer: JSON) -> Page[Group]:
        items = tuple(_group(entry) for entry in _resources(answer) if entry.get("id"))
        total = _object(answer).get("totalResults")
        return Page(items, more=bool(items) and isinstance(total, int) and start + len(items) <= total)

    return read


def _group(entry: Mapping[str, JSON]) -> Group:
    members = tuple(filter(None, (_first_text(member, "value") for member in _entries(entry, "members"))))
    return _model(
        Group, {"id": entry.get("id"), "name": _first_text(entry, "displayName") or "", "members": members}
    )


# Parts ----------------------------------------------------------------------------------------------


def _object(answer: JSON | Mapping[str, JSON]) -> Mapping[str, JSON]:
    if not isinstance(answer, Mapping):
        raise Unreadable("the answer is no object")
    return answer


def _list(entry: Mapping[str, JSON], key: str) -> list[JSON]:
    items = entry.get(key)
    if not isinstance(items, list):
        raise Unreadable(f"the answer has no {key}")
    return items


def _entries(answer: JSON | Mapping[str, JSON], key: str) -> Iterable[Mapping[str, JSON]]:
    items = _object(answer).get(key)
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _resources(answer: JSON) -> Iterable[Mapping[str, JSON]]:
    """The entries of a SCIM list, which may leave the list out when nothing is in it (RFC 7644 §3.4.2)."""
    if "Resources" not in _object(answer) and _object(answer).get("totalResults") != 0:
        raise Unreadable("the answer is no list")
    return _entries(answer, "Resources")


def _first_text(entry: Mapping[str, JSON], *keys: str) -> str | None:
    return next((text for key in keys if isinstance(text := entry.get(key), str) and text), None)


def _model(kind: type[Model], entry: Mapping[str, Any]) -> Model:
    try:
        return kind.model_validate(entry)
    except ValidationError as odd:
        where = ".".join(str(part) for part in odd.errors()[0]["loc"])
        # Pydantic's own text quotes the values, which belong to people.
        raise Unreadable(f"the answer has no usable {where}") from None
