"""`/workflow-schemas` (facts page, §4.1)."""

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.sandbox.ironclad.errors import template_not_found
from tests.sandbox.ironclad.routes.guard import Call, Guard
from tests.sandbox.ironclad.routes.parameters import one_of
from tests.sandbox.ironclad.scopes import READ_SCHEMAS

_BASE = "/public/api/v1/workflow-schemas"


def routes(guard: Guard) -> list[Route]:
    """The list and one of it."""
    return [
        guard.route(_BASE, list_schemas, scope=READ_SCHEMAS),
        guard.route(f"{_BASE}/{{id}}", read_schema, scope=READ_SCHEMAS),
    ]


async def list_schemas(call: Call) -> Response:
    """The designs the acting user may see, all on one page without a count."""
    one_of(call.query, "form", ["launch"])
    seen = [(template, template.permissions(call.user.email)) for template in call.company.templates.values()]
    return JSONResponse({"list": [template.wire(allowed) for template, allowed in seen if allowed]})


async def read_schema(call: Call) -> Response:
    """One design; one that the user may not see does not exist."""
    one_of(call.query, "form", ["launch"])
    template = call.company.templates.get(call.path("id"))
    permissions = template.permissions(call.user.email) if template else []
    if template is None or not permissions:
        raise template_not_found()
    return JSONResponse(template.wire(permissions))
