"""`GET /records` (facts page, §7.1)."""

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.sandbox.ironclad.errors import refusal
from tests.sandbox.ironclad.formulas import formula
from tests.sandbox.ironclad.records import sorted_records
from tests.sandbox.ironclad.routes.guard import Call, Guard
from tests.sandbox.ironclad.routes.parameters import moment, one_of, paged
from tests.sandbox.ironclad.scopes import READ_RECORDS

_BASE = "/public/api/v1/records"


def routes(guard: Guard) -> list[Route]:
    """The list and one of it."""
    return [
        guard.route(_BASE, list_records, scope=READ_RECORDS),
        guard.route(f"{_BASE}/{{id}}", read_record, scope=READ_RECORDS),
    ]


async def list_records(call: Call) -> Response:
    """By agreementDate, newest first, unless asked otherwise. A formula sees a record's name as `name`."""
    order = one_of(call.query, "sortField", ["agreementDate", "name", "lastUpdated"], "agreementDate")
    direction = one_of(call.query, "sortDirection", ["ASC", "DESC"], "DESC")
    since = moment(call.query, "lastUpdated")
    kinds = call.query["types"].split(",") if "types" in call.query else None
    holds = formula(call.query["filter"]) if "filter" in call.query else None
    found = [
        one
        for one in call.company.records.values()
        if (kinds is None or one.type in kinds)
        and (since is None or one.updated >= since)
        and (holds is None or holds(one))
    ]
    ordered = sorted_records(found, order, descending=direction == "DESC")
    return JSONResponse(paged(ordered, call.query, lambda one: one.wire()))


async def read_record(call: Call) -> Response:
    """By UUID or `IC-n`."""
    name = call.path("id")
    record = call.company.record(name)
    if record is None:
        raise refusal(404, "NOT_FOUND", f"couldn't find a record matching the id [{name}]")
    return JSONResponse(record.wire())
