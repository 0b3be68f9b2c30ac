"""`/workflows` after the launch: list, read, move, documents, approvals (facts page, §6)."""

from collections.abc import Awaitable, Callable

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.sandbox.ironclad.errors import (
    as_object,
    invalid_param,
    missing_param,
    refusal,
    workflow_not_found,
)
from tests.sandbox.ironclad.formulas import formula
from tests.sandbox.ironclad.routes.guard import Call, Guard
from tests.sandbox.ironclad.routes.parameters import comment_of, json_body, moment, paged
from tests.sandbox.ironclad.scopes import (
    CANCEL,
    PAUSE_AND_RESUME,
    READ_APPROVALS,
    READ_DOCUMENTS,
    READ_WORKFLOWS,
    UPDATE_APPROVALS,
)
from tests.sandbox.ironclad.workflows import STATUSES, Event, Workflow, newest_first

_BASE = "/public/api/v1/workflows"
_FILTER_KINDS = {"linkedRecord": "reference", "parentRecord": "reference", "childRecord": "reference"}


def routes(guard: Guard) -> list[Route]:
    """Everything below `/workflows` but the launches."""
    one = f"{_BASE}/{{id}}"
    return [
        guard.route(_BASE, list_workflows, "GET", READ_WORKFLOWS),
        guard.route(one, read_workflow, "GET", READ_WORKFLOWS),
        guard.route(f"{one}/cancel", _moving(Workflow.cancel), "POST", CANCEL),
        guard.route(f"{one}/pause", _moving(Workflow.pause), "POST", PAUSE_AND_RESUME),
        guard.route(f"{one}/resume", _moving(Workflow.resume), "POST", PAUSE_AND_RESUME),
        guard.route(f"{one}/documents", list_documents, "GET", READ_DOCUMENTS),
        guard.route(f"{one}/document/{{key}}/download", download, "GET", READ_DOCUMENTS),
        guard.route(f"{one}/approvals", read_approvals, "GET", READ_APPROVALS),
        guard.route(f"{one}/approvals/{{role}}", decide_approval, "PATCH", UPDATE_APPROVALS),
    ]


class Filterable:
    """A workflow as a filter formula sees it."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow

    def value(self, key: str) -> object:
        """An attribute as it is returned."""
        return self._workflow.wire_attributes().get(key)

    def kind(self, key: str) -> str:
        """The type, by the name the filter's rules use for it."""
        question = self._workflow.template.field(key)
        kind = question.element if question and question.element else question.type if question else "string"
        return _FILTER_KINDS.get(kind, kind)


async def list_workflows(call: Call) -> Response:
    """Last updated first; only active ones unless `status` says otherwise; a new one once it is indexed."""
    statuses = call.query.get("status", "active").split(",")
    for status in statuses:
        if status not in STATUSES:
            message = f"invalid query value '{status}'; value must be one of [{', '.join(STATUSES)}]"
            raise invalid_param(message, "/?status")
    since, template = moment(call.query, "lastUpdated"), call.query.get("template")
    holds = formula(call.query["filter"]) if "filter" in call.query else None
    now = call.world.now()
    found = [
        one
        for one in _visible(call)
        if one.status in statuses
        and one.indexed <= now
        and template in (None, one.template.id)
        and (since is None or one.updated >= since)
        and (holds is None or holds(Filterable(one)))
    ]
    base_url = call.world.public_url
    return JSONResponse(paged(newest_first(found), call.query, lambda one: one.wire(base_url)))


async def read_workflow(call: Call) -> Response:
    """By id or `IC-n`; an unknown one is a 400 here, and only here."""
    return JSONResponse(_workflow(call, missing_status=400).wire(call.world.public_url))


async def list_documents(call: Call) -> Response:
    """The files that go out for signature; nothing is ever excluded here."""
    workflow = _workflow(call)
    documents = [one.wire(workflow.id) for one in workflow.documents]
    return JSONResponse({"signaturePacketDocuments": documents, "excludedFromSignaturePacketDocuments": []})


async def download(call: Call) -> Response:
    """The raw bytes; the file name is only in the document object."""
    document = call.world.document(_workflow(call), call.path("key"))
    if document is None:
        raise refusal(404, "NOT_FOUND", "document does not exist", "key")
    headers = {"Content-Disposition": "attachment"}
    return Response(document.content, media_type=document.content_type, headers=headers)


async def read_approvals(call: Call) -> Response:
    """Who has to approve, and who did."""
    return JSONResponse(_workflow(call).wire_approvals())


async def decide_approval(call: Call) -> Response:
    """Approve, or take it back; the answer is the literal `true`."""
    workflow = _workflow(call)
    status = as_object(await json_body(call.request), "body").get("status")
    if status not in ("approved", "pending"):
        raise missing_param("status") if status is None else invalid_param("invalid status", "status")
    decide = workflow.approve if status == "approved" else workflow.withdraw
    call.world.moved(call.company, workflow, decide(call.path("role"), call.user))
    return JSONResponse(True)


def _moving(move: Callable[[Workflow, str], list[Event]]) -> Callable[[Call], Awaitable[Response]]:
    """Cancel, pause and resume take the workflow id, not `IC-n` (facts page, §6.5), and a comment."""

    async def moved(call: Call) -> Response:
        workflow = _workflow(call, readable=False)
        events = move(workflow, await comment_of(call.request))
        call.world.moved(call.company, workflow, events)
        return Response(status_code=204)

    moved.__name__ = move.__name__
    return moved


def _visible(call: Call) -> list[Workflow]:
    """One sees what one launched and what belongs to designs one may see."""
    return [one for one in call.company.workflows.values() if _may_see(call, one)]


def _may_see(call: Call, workflow: Workflow) -> bool:
    return workflow.creator.id == call.user.id or bool(workflow.template.permissions(call.user.email))


def _workflow(call: Call, *, readable: bool = True, missing_status: int = 404) -> Workflow:
    name = call.path("id")
    found = call.company.workflow(name) if readable else call.company.workflows.get(name)
    if found is None or not _may_see(call, found):
        raise workflow_not_found(missing_status)
    return found
