"""A typed, asynchronous client for Ironclad's public API.

async with httpx.AsyncClient() as http:
    region = Region.NORTH_AMERICA
    grant = ClientCredentials(client_id, client_secret)
    tokens = RefreshingTokens(grant, MemoryVault(), http, region.url)
    ironclad = Ironclad(http=http, base_url=region.url, tokens=tokens, acting_user="dana@example.com")
    template = next(t for t in await ironclad.templates() if t.name == "Mutual NDA")
    workflow = await ironclad.launch(template.id, {"counterpartyName": "Lanternfish Ltd"})
    print(workflow.title, workflow.ironclad_id)
"""

from ironclad.auth import (
    AuthorizationCode,
    ClientCredentials,
    Grant,
    Tokens,
    authorize_url,
    exchange_code,
)
from ironclad.client import Ironclad
from ironclad.errors import (
    BadCredentials,
    Forbidden,
    IroncladError,
    Move,
    NotFound,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Reason,
    Refused,
    Rejected,
    Unauthorized,
    Unavailable,
)
from ironclad.filters import (
    Formula,
    all_of,
    any_of,
    at_least,
    at_most,
    contains,
    equals,
    greater_than,
    is_empty,
    is_not_empty,
    is_property,
    less_than,
    not_equal,
)
from ironclad.links import launch_form_url, workflow_url
from ironclad.models import (
    EVERY_STATUS,
    JSON,
    Company,
    Document,
    Field,
    Group,
    Identity,
    LaunchProblem,
    LaunchState,
    LaunchStatus,
    Options,
    Record,
    Region,
    Required,
    Status,
    Template,
    User,
    Workflow,
    fields_of,
)
from ironclad.tokens import Held, MemoryVault, RefreshingTokens, StaticToken, TokenSource, TokenVault
from ironclad.transport import Http, Timeouts, open_http, reach
from ironclad.uploads import Upload

__all__ = [
    "EVERY_STATUS",
    "JSON",
    "AuthorizationCode",
    "BadCredentials",
    "ClientCredentials",
    "Company",
    "Document",
    "Field",
    "Forbidden",
    "Formula",
    "Grant",
    "Group",
    "Held",
    "Http",
    "Identity",
    "Ironclad",
    "IroncladError",
    "LaunchProblem",
    "LaunchState",
    "LaunchStatus",
    "MemoryVault",
    "Move",
    "NotFound",
    "NotSent",
    "Options",
    "OutcomeUnknown",
    "RateLimited",
    "Reason",
    "Record",
    "RefreshingTokens",
    "Refused",
    "Region",
    "Rejected",
    "Required",
    "StaticToken",
    "Status",
    "Template",
    "Timeouts",
    "TokenSource",
    "TokenVault",
    "Tokens",
    "Unauthorized",
    "Unavailable",
    "Upload",
    "User",
    "Workflow",
    "all_of",
    "any_of",
    "at_least",
    "at_most",
    "authorize_url",
    "contains",
    "equals",
    "exchange_code",
    "fields_of",
    "greater_than",
    "is_empty",
    "is_not_empty",
    "is_property",
    "launch_form_url",
    "less_than",
    "not_equal",
    "open_http",
    "reach",
    "workflow_url",
]
