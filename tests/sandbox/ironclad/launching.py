"""From a launch request to a workflow, or to the refusal that names what is wrong (facts page, §5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.sandbox.ironclad.company import Company
from tests.sandbox.ironclad.documents import DOCX, Document, Part, word_document
from tests.sandbox.ironclad.errors import (
    Json,
    as_object,
    forbidden,
    invalid_attribute,
    invalid_param,
    missing,
    missing_param,
    template_not_found,
    virus_detected,
)
from tests.sandbox.ironclad.people import User
from tests.sandbox.ironclad.rules import Rules
from tests.sandbox.ironclad.templates import COUNTERPARTY_PAPER, OUR_PAPER, PAPER, Field, Template
from tests.sandbox.ironclad.values import Surroundings, check, is_empty, missing_columns, parts
from tests.sandbox.ironclad.workflows import Workflow

_RECORDS = frozenset({"linkedRecord", "parentRecord", "childRecord"})


@dataclass(frozen=True)
class Order:
    """A launch as it was asked for.

    Attributes:
        template: the id that was sent.
        parts: files by part name; None for a JSON request.
    """

    template: str
    attributes: Mapping[str, Any]
    use_defaults: bool = False
    parts: Mapping[str, Part] | None = None


def read_order(body: Any, *, use_defaults: bool, parts: Mapping[str, Part] | None = None) -> Order:
    """The order in a request body.

    `creator` is ignored with OAuth tokens, and an extra top-level key was accepted live.

    Raises:
        Refusal: MISSING_PARAM or INVALID_PARAM for `template` or `attributes`.
    """
    body = as_object(body, "body")
    for key in ("template", "attributes"):
        if key not in body:
            raise missing_param(key)
    if not isinstance(body["template"], str):
        raise invalid_param("template must be a string", "template")
    return Order(body["template"], as_object(body["attributes"], "attributes"), use_defaults, parts)


def launch(company: Company, rules: Rules, order: Order, by: User, now: datetime) -> Workflow:
    """Make the workflow. The company has it afterwards; a refusal leaves nothing behind.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, MISSING_PARAM naming all that is missing, INVALID_PARAM naming the
            first wrong value, CONTENT_UNAVAILABLE, or a detected virus.
    """
    template = _launchable(company, order.template, by)
    attributes = _with_defaults(template, order)
    roles = {role.id for role in template.roles}
    around = Surroundings(order.parts, company.record, rules.downloads, rules.bare_dates)
    lacking = list(_missing(company, template, attributes))
    if lacking:
        raise missing(lacking)
    known = {key: value for key, value in attributes.items() if _is_known(template, key, rules)}
    for key, value in known.items():
        if key not in roles and (question := template.field(key)) is not None:
            check(question, value, around)
    _scan(order)
    assignees = _assignees(company, template, known)
    workflow = Workflow(
        template=template,
        number=company.next_number(),
        creator=by,
        created=now,
        indexed=now + timedelta(seconds=rules.index_lag),
        attributes=_kept(company, template, known),
        files=_files(company, template, known, order, by, now),
        assignees=assignees,
    )
    company.workflows[workflow.id] = workflow
    return workflow


def _launchable(company: Company, template_id: str, by: User) -> Template:
    template = company.templates.get(template_id)
    permissions = template.permissions(by.email) if template else []
    if template is None or not permissions:
        raise template_not_found()
    if "launch" not in permissions:
        raise forbidden()
    return template


def _with_defaults(template: Template, order: Order) -> Json:
    if not order.use_defaults:
        return dict(order.attributes)
    defaults = {one.key: one.default for one in template.fields if _has_default(one)}
    return {**defaults, **order.attributes}


def _has_default(question: Field) -> bool:
    """Live schemas show `[{}]` and `{"days":0,"months":0}` where the designer set nothing (§4.2)."""
    default = question.default
    nothing = isinstance(default, dict) and not any(default.values())
    return default is not None and default != [{}] and not nothing


def _missing(company: Company, template: Template, attributes: Json) -> Iterator[str]:
    needed = {one.key for one in template.fields if one.required == "always"}
    needed |= {one.key for one in template.conditions if one.needed(attributes)}
    for question in template.fields:
        value = attributes.get(question.key)
        if question.key in needed and is_empty(value):
            yield question.key
        yield from missing_columns(question, value)
    for role in template.roles:
        assigned = attributes.get(role.id) or (role.default and company.user(role.default))
        if role.approves and not assigned:
            yield role.id


def _is_known(template: Template, key: str, rules: Rules) -> bool:
    known = template.field(key) is not None or any(role.id == key for role in template.roles)
    if not known and rules.unknown_attributes == "refuse":
        raise invalid_attribute(key, f"non-existent attribute(s) specified: {key}")
    return known


def _scan(order: Order) -> None:
    infected = [part.filename for part in (order.parts or {}).values() if part.infected]
    if infected:
        raise virus_detected(infected)


def _assignees(company: Company, template: Template, attributes: Json) -> dict[str, User]:
    assignees: dict[str, User] = {}
    for role in template.roles:
        named = attributes.get(role.id, role.default)
        user = company.user(named) if isinstance(named, str) else None
        if user is not None:
            assignees[role.id] = user
        elif role.id in attributes:
            raise invalid_attribute(role.id, "invalid user for user attribute")
    return assignees


def _kept(company: Company, template: Template, attributes: Json) -> Json:
    kept: Json = {}
    if template.generates and template.field(PAPER) is None:
        kept[PAPER] = OUR_PAPER
    for key, value in attributes.items():
        question = template.field(key)
        if question is None or question.element == "document":
            continue
        kept[key] = _linked(company, value) if question.type in _RECORDS else value
    return kept


def _linked(company: Company, name: str) -> Json:
    record = company.record(name)
    return {"recordId": record.id, "readableId": record.ironclad_id} if record else {}


def _files(
    company: Company, template: Template, attributes: Json, order: Order, by: User, now: datetime
) -> dict[str, list[Document]]:
    files: dict[str, list[Document]] = {}
    for path, question, value in _asked(template, attributes):
        if question.element == "document" and value is not None:
            files[path] = [
                Document(part.filename, part.content_type, part.content, by, company.name, now)
                for part in (_received(one, order) for one in value)
            ]
    if template.generates and attributes.get(PAPER) != COUNTERPARTY_PAPER:
        draft = word_document(template.name)
        files["draft"] = [Document(f"{template.name}.docx", DOCX, draft, by, company.name, now)]
    return files


def _asked(template: Template, attributes: Json) -> Iterator[tuple[str, Field, Any]]:
    """Every question of the design with its value, those inside others by their paths."""
    for question in template.fields:
        yield question.key, question, attributes.get(question.key)
        yield from parts(question, attributes.get(question.key))


def _received(value: Mapping[str, str], order: Order) -> Part:
    if order.parts is not None:
        return order.parts[value["file"]]
    # A URL that "can be downloaded" has an address and no content here: nothing leaves this machine.
    name = value["url"].rstrip("/").rsplit("/", 1)[-1]
    return Part(name, "application/octet-stream", b"")
