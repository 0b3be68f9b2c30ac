"""The two addresses that people are sent to: a workflow, and a launch form. They only show."""

import json

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.sandbox.ironclad.routes.html import page, pairs
from tests.sandbox.ironclad.world import IroncladWorld

_PREFILLED = (
    "<h2>Pre-filled</h2><table id=prefilled></table><script>"
    "const table = document.getElementById('prefilled');"
    "for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {"
    "const row = table.insertRow(); row.insertCell().textContent = key; "
    "row.insertCell().textContent = value; }"
    "if (!table.rows.length) table.insertRow().insertCell().textContent = 'Nothing.';</script>"
)


def routes(world: IroncladWorld) -> list[Route]:
    """Both."""
    pages = Pages(world)
    return [
        Route("/workflow/{id}", pages.workflow, methods=["GET"]),
        Route("/c/{company}/workflows/launch/{template}", pages.launch_form, methods=["GET"]),
    ]


class Pages:
    """Shows what the world holds."""

    def __init__(self, world: IroncladWorld) -> None:
        self._world = world

    async def workflow(self, request: Request) -> Response:
        """Title, step, people, attributes and files of a workflow."""
        wanted = request.path_params["id"]
        found = next((one for one in self._world.workflows if wanted in (one.id, one.ironclad_id)), None)
        if found is None:
            return HTMLResponse(page("No such workflow", ""), 404)
        state = [("Number", found.ironclad_id), ("Step", found.step), ("Status", found.status)]
        people = [("Launched by", found.creator.email), ("Template", found.template.name)]
        attributes = [
            (_label(found.template.field(key), key), _shown(value)) for key, value in found.attributes.items()
        ]
        files = [("Document", document.filename) for document in found.documents]
        return HTMLResponse(page(found.title, pairs([*state, *people, *attributes, *files])))

    async def launch_form(self, request: Request) -> Response:
        """The questions of a launch form, and what its address fills in (the fragment, facts page §1)."""
        company = self._world.companies.get(request.path_params["company"])
        template = company.templates.get(request.path_params["template"]) if company else None
        if template is None:
            return HTMLResponse(page("No such launch form", ""), 404)
        questions = [
            (one.label, f"{one.key}: {one.type}, required {one.required}") for one in template.fields
        ]
        return HTMLResponse(page(f"Launch {template.name}", pairs(questions), _PREFILLED))


def _label(question: object, key: str) -> str:
    return str(getattr(question, "label", key))


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
