"""What stands before every route of the API: token, acting user, limits, scope; and the shape of refusals."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.sandbox.ironclad.company import Company
from tests.sandbox.ironclad.errors import Refusal, forbidden, refusal, scim_refusal, unauthorized
from tests.sandbox.ironclad.limits import TooMany, bucket
from tests.sandbox.ironclad.oauth import AccessToken
from tests.sandbox.ironclad.people import User
from tests.sandbox.ironclad.world import IroncladWorld

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Call:
    """A request whose sender is known."""

    world: IroncladWorld
    request: Request
    token: AccessToken
    user: User

    @property
    def company(self) -> Company:
        """The company the token is for."""
        return self.token.client.company

    @property
    def query(self) -> Mapping[str, str]:
        """The query parameters."""
        return self.request.query_params

    def path(self, name: str) -> str:
        """A parameter of the path."""
        return str(self.request.path_params[name])


Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True)
class Guard:
    """Makes routes out of handlers."""

    world: IroncladWorld

    def route(self, path: str, handler: Handler, method: str = "GET", scope: str | None = None) -> Route:
        """A route of the API; `scope` None asks for a token alone."""

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, handler, scope)

        return Route(path, endpoint, methods=[method], name=handler.__name__)

    def nowhere(self, path: str) -> Route:
        """Everything else below a path: a bad token is 401 on any path (facts page, §2.4), then 404."""

        async def nothing(call: Call) -> Response:
            raise refusal(404, "NOT_FOUND", "not found")

        async def endpoint(request: Request) -> Response:
            return await self._answer(request, nothing, None)

        return Route(path, endpoint, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])

    async def _answer(self, request: Request, handler: Handler, scope: str | None) -> Response:
        headers: dict[str, str] = {}
        try:
            token = self.world.oauth.authenticate(_bearer(request))
            company = token.client.company
            headers = self.world.limits.count(company.id, bucket(request.method, request.url.path))
            user = self._acting_user(request, token)
            if scope is not None and scope not in token.scopes:
                raise forbidden()
            response = await handler(Call(self.world, request, token, user))
        except TooMany as refused:
            return JSONResponse(refused.body, refused.status, refused.headers)
        except Refusal as refused:
            response = JSONResponse(_spoken(request, refused), refused.status)
        response.headers.update(headers)
        return response

    def _acting_user(self, request: Request, token: AccessToken) -> User:
        """Who acts: the consenting user, or whom a client-credentials request names (facts page, §2.4)."""
        rules = self.world.rules
        company = token.client.company
        if token.user is not None:
            user = company.user(token.user.id)
            return user if user is not None else _refuse(unauthorized("token has been revoked"))
        named = request.headers.get("x-as-user-email") or request.headers.get("x-as-user-id")
        if not named:
            message = "x-as-user-email or x-as-user-id is required"
            raise refusal(rules.missing_user_status, rules.missing_user_code, message, "x-as-user-email")
        user = company.user(named)
        unknown = refusal(rules.unknown_user_status, rules.unknown_user_code, "access forbidden")
        return user if user is not None else _refuse(unknown)


def refusals(endpoint: Endpoint) -> Endpoint:
    """The same answers to refusals on routes that need no token."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refusal as refused:
            return JSONResponse(refused.body, refused.status)

    return answered


def _refuse(refused: Refusal) -> User:
    raise refused


def _bearer(request: Request) -> str:
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    return value if kind.lower() == "bearer" else ""


def _spoken(request: Request, refused: Refusal) -> object:
    """SCIM has an envelope of its own, and a 403 there says nothing more."""
    body = refused.body
    if not request.url.path.startswith("/scim/") or "code" not in body:
        return body
    return scim_refusal(refused.status, None if refused.status == 403 else body.get("message")).body
