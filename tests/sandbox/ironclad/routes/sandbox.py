"""`/sandbox/*`: the other side's own simple API, and the switches. The real Ironclad has none of it."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from tests.sandbox.ironclad.company import Company
from tests.sandbox.ironclad.errors import (
    Json,
    as_object,
    invalid_param,
    refusal,
    template_not_found,
    workflow_not_found,
)
from tests.sandbox.ironclad.faults import Fault
from tests.sandbox.ironclad.identifiers import timestamp
from tests.sandbox.ironclad.routes.guard import refusals
from tests.sandbox.ironclad.routes.parameters import json_body, number
from tests.sandbox.ironclad.rules import Rules
from tests.sandbox.ironclad.workflows import Event, Workflow, newest_first
from tests.sandbox.ironclad.world import IroncladWorld

_Model = TypeVar("_Model", bound=BaseModel)
_LOOPBACK = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"
_BY_HAND = "By hand, on the other side."
_MOVES: dict[str, Callable[[Workflow], list[Event]]] = {
    "approve": Workflow.review,
    "sign": Workflow.sign,
    "cancel": lambda workflow: workflow.cancel(_BY_HAND),
    "pause": lambda workflow: workflow.pause(_BY_HAND),
    "resume": lambda workflow: workflow.resume(_BY_HAND),
}


def mount(world: IroncladWorld) -> Mount:
    """All of it, readable from pages of this machine only."""
    side = OtherSide(world)
    switches = Switches(world)
    table = (
        ("/workflows", "GET", side.workflows),
        ("/workflows/{id}/{move}", "POST", side.move),
        ("/templates", "GET", side.templates),
        ("/templates/{id}/republish", "POST", side.republish),
        ("/requests", "GET", side.requests),
        ("/faults", "GET", switches.faults),
        ("/faults", "POST", switches.add_fault),
        ("/faults", "DELETE", switches.clear_faults),
        ("/rules", "GET", switches.rules),
        ("/rules", "POST", switches.change_rules),
    )
    routes = [Route(path, refusals(endpoint), methods=[method]) for path, method, endpoint in table]
    cors = Middleware(CORSMiddleware, allow_origin_regex=_LOOPBACK, allow_methods=["*"], allow_headers=["*"])
    return Mount("/sandbox", routes=routes, middleware=[cors])


class OtherSide:
    """What Ironclad's own people see and do."""

    def __init__(self, world: IroncladWorld) -> None:
        self._world = world

    async def workflows(self, request: Request) -> Response:
        """Every workflow, last updated first."""
        return JSONResponse(
            {"workflows": [_seen(self._world, one) for one in newest_first(self._world.workflows)]}
        )

    async def move(self, request: Request) -> Response:
        """Approve, sign, complete, cancel, pause or resume; the answer is the workflow as it is now."""
        company, workflow = self._find(request.path_params["id"])
        name = request.path_params["move"]
        if name == "complete":
            self._world.archive(company, workflow)
        elif name in _MOVES:
            self._world.moved(company, workflow, _MOVES[name](workflow))
        else:
            raise refusal(404, "NOT_FOUND", f"there is no {name}")
        return JSONResponse(_seen(self._world, workflow))

    async def templates(self, request: Request) -> Response:
        """Every published design."""
        found = [
            (company, one) for company in self._world.companies.values() for one in company.templates.values()
        ]
        listed = [
            {"id": one.id, "name": one.name, "company": company.name, "fields": len(one.fields)}
            | {"launchForm": self._world.launch_form(company, one.id)}
            for company, one in found
        ]
        return JSONResponse({"templates": listed})

    async def republish(self, request: Request) -> Response:
        """The design gets a new id."""
        wanted = request.path_params["id"]
        for company in self._world.companies.values():
            if wanted in company.templates:
                renewed = self._world.republish(company.templates[wanted])
                return JSONResponse({"id": renewed.id, "name": renewed.name})
        raise template_not_found()

    async def requests(self, request: Request) -> Response:
        """The newest `limit` requests, newest first."""
        limit = number(request.query_params, "limit", 100, range(1, 5_001))
        newest = list(self._world.requests.entries)[: -limit - 1 : -1]
        return JSONResponse({"requests": [one.wire() for one in newest]})

    def _find(self, name: str) -> tuple[Company, Workflow]:
        for company in self._world.companies.values():
            workflow = company.workflow(name)
            if workflow is not None:
                return company, workflow
        raise workflow_not_found()


class Switches:
    """Faults and rules over HTTP."""

    def __init__(self, world: IroncladWorld) -> None:
        self._world = world

    async def faults(self, request: Request) -> Response:
        """What is switched on."""
        return JSONResponse({"faults": [one.model_dump() for one in self._world.faults.active]})

    async def add_fault(self, request: Request) -> Response:
        """Switch one on; the body has the fields of `Fault`."""
        fault = self._world.faults.add(_read(Fault, await json_body(request)))
        return JSONResponse(fault.model_dump(), 201)

    async def clear_faults(self, request: Request) -> Response:
        """Switch all off."""
        self._world.faults.clear()
        return Response(status_code=204)

    async def rules(self, request: Request) -> Response:
        """How it behaves; `limited` says whether rates are limited."""
        return JSONResponse(
            self._world.rules.model_dump(mode="json") | {"limited": self._world.limits.enabled}
        )

    async def change_rules(self, request: Request) -> Response:
        """Change some of the rules, and `limited`."""
        body = dict(as_object(await json_body(request), "body"))
        limited = body.pop("limited", self._world.limits.enabled)
        changed = _read(Rules, self._world.rules.model_dump() | body)
        for name in body:
            setattr(self._world.rules, name, getattr(changed, name))
        self._world.limits.enabled = limited is True
        return await self.rules(request)


def _seen(world: IroncladWorld, workflow: Workflow) -> Json:
    """A workflow for the other side's page; `tooLong` flags what Archive will refuse."""
    return {
        "id": workflow.id,
        "ironcladId": workflow.ironclad_id,
        "title": workflow.title,
        "template": workflow.template.name,
        "templateId": workflow.template.id,
        "step": workflow.step,
        "status": workflow.status,
        "creator": workflow.creator.email,
        "created": timestamp(workflow.created),
        "lastUpdated": timestamp(workflow.updated),
        "attributes": workflow.wire_attributes(),
        "documents": [one.wire(workflow.id) for one in workflow.documents],
        "approvals": workflow.wire_approvals()["approvalGroups"],
        "comments": list(workflow.comments),
        "tooLong": workflow.too_long,
        "url": world.workflow_page(workflow),
    }


def _read(model: type[_Model], body: Any) -> _Model:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise invalid_param(problems, "body") from error
