"""`POST /workflows` and `/workflows/async` (facts page, §5)."""

import asyncio

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.sandbox.ironclad.documents import Part
from tests.sandbox.ironclad.errors import Json, Refusal, invalid_param, missing_param, refusal
from tests.sandbox.ironclad.launching import Order, read_order
from tests.sandbox.ironclad.routes.guard import Call, Guard
from tests.sandbox.ironclad.routes.parameters import json_body, one_of, read_json
from tests.sandbox.ironclad.scopes import CREATE_WORKFLOWS
from tests.sandbox.ironclad.world import IroncladWorld, Job

_BASE = "/public/api/v1/workflows"


def routes(guard: Guard) -> list[Route]:
    """Both ways to launch, and the status of the slower one."""
    return [
        guard.route(_BASE, launch_now, "POST", CREATE_WORKFLOWS),
        guard.route(f"{_BASE}/async", launch_later, "POST", CREATE_WORKFLOWS),
        guard.route(f"{_BASE}/async/{{job}}", launch_status, "GET", CREATE_WORKFLOWS),
    ]


async def launch_now(call: Call) -> Response:
    """200 with the workflow."""
    order = await _order(call)
    if call.world.rules.launch_seconds > 0:
        await asyncio.sleep(call.world.rules.launch_seconds)
    try:
        workflow = call.world.launch(call.company, order, call.user)
    except Refusal as refused:
        if call.world.rules.redirect_in_refusal and "code" in refused.body:
            refused.body["redirectUrl"] = call.world.launch_form(call.company, order.template)
        raise
    return JSONResponse(workflow.wire(call.world.public_url))


async def launch_later(call: Call) -> Response:
    """200 with a job. JSON only, as documented; every refusal but a malformed body comes with the job."""
    body = await json_body(call.request)
    order = read_order(body, use_defaults=_use_defaults(call))
    payload = {**body, "creator": {"type": "id", "id": call.user.id}}
    job = call.world.launch_later(call.company, order, call.user, payload)
    return JSONResponse(
        {"asyncJobId": job.id, "asyncJobStatusUrl": f"{call.world.public_url}{_BASE}/async/{job.id}"}
    )


async def launch_status(call: Call) -> Response:
    """200 for every known job, also for a failed one."""
    job = call.world.jobs.get(call.path("job"))
    if job is None or job.company is not call.company:
        raise refusal(404, "NOT_FOUND", "not found", "asyncJobId")
    return JSONResponse({"status": job.state, "requestPayload": job.payload, **_outcome(call.world, job)})


def _outcome(world: IroncladWorld, job: Job) -> Json:
    if job.workflow is not None:
        api = f"{world.public_url}{_BASE}/{job.workflow.id}"
        urls = {"browserUrl": world.workflow_page(job.workflow), "apiUrl": api}
        return {"workflowUrls": urls, "workflow": {"id": job.workflow.id}}
    if job.refusal is not None:
        return {
            "error": {**job.refusal.body, "redirectUrl": world.launch_form(job.company, job.order.template)}
        }
    return {}


async def _order(call: Call) -> Order:
    kind = call.request.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json":
        return read_order(await json_body(call.request), use_defaults=_use_defaults(call))
    if kind == "multipart/form-data":
        data, parts = await _multipart(call.request)
        return read_order(read_json(data), use_defaults=_use_defaults(call), parts=parts)
    raise invalid_param("content type must be application/json or multipart/form-data", "Content-Type")


async def _multipart(request: Request) -> tuple[str, dict[str, Part]]:
    """The `data` part, and the files by their part names."""
    parts: dict[str, Part] = {}
    data = None
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                kind = value.content_type or "application/octet-stream"
                parts[name] = Part(value.filename or "", kind, await value.read())
            elif name == "data":
                data = value
    if data is None:
        raise missing_param("data")
    return data, parts


def _use_defaults(call: Call) -> bool:
    return one_of(call.query, "useDefaultValues", ["true", "false"], "false") == "true"
