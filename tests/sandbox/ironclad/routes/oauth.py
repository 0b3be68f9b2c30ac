"""`/oauth/*`: consent page, token endpoint, and who one is (facts page, §2)."""

import base64
import binascii
import json
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.sandbox.ironclad.errors import oauth_refusal
from tests.sandbox.ironclad.oauth import Authorization
from tests.sandbox.ironclad.routes.guard import Call, Guard, refusals
from tests.sandbox.ironclad.routes.html import page
from tests.sandbox.ironclad.world import IroncladWorld

_ENTITLEMENT = {"name": "Jurist", "description": "AI for legal work", "type": "boolean", "value": True}
_ASKED = ("response_type", "client_id", "redirect_uri", "scope", "state")


def routes(world: IroncladWorld, guard: Guard) -> list[Route]:
    """All of `/oauth`."""
    consent = Consent(world)
    return [
        Route("/oauth/authorize", refusals(consent.ask), methods=["GET"]),
        Route("/oauth/authorize", refusals(consent.decide), methods=["POST"]),
        Route("/oauth/token", refusals(TokenEndpoint(world).answer), methods=["POST"]),
        guard.route("/oauth/userinfo", userinfo),
        guard.route("/oauth/company-info", company_info),
        guard.nowhere("/oauth/{rest:path}"),
    ]


class Consent:
    """The page on which a person lets an app in. There is no log-in: the person picks who to be."""

    def __init__(self, world: IroncladWorld) -> None:
        self._world = world

    async def ask(self, request: Request) -> Response:
        """The page, or the way back with what is wrong."""
        asked = self._world.oauth.authorization(request.query_params)
        if not set(asked.scopes) <= set(asked.client.scopes):
            return _back(asked, error="invalid_scope")
        return HTMLResponse(_consent_page(asked, request.query_params))

    async def decide(self, request: Request) -> Response:
        """What the page's form sends: `decision` allow or deny, and `user`, an e-mail address."""
        async with request.form() as form:
            answers = {key: str(value) for key, value in form.items()}
        asked = self._world.oauth.authorization(answers)
        user = asked.client.company.user(answers.get("user", ""))
        if answers.get("decision") != "allow" or user is None:
            return _back(asked, error="access_denied")
        return _back(asked, code=self._world.oauth.grant_code(asked, user))


class TokenEndpoint:
    """`POST /oauth/token`, JSON or form, credentials in the body or in a Basic header."""

    def __init__(self, world: IroncladWorld) -> None:
        self._world = world

    async def answer(self, request: Request) -> Response:
        """Tokens; never to be cached."""
        fields = await _fields(request)
        answer = self._world.oauth.token(fields, _basic(request))
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})


async def userinfo(call: Call) -> Response:
    """Who the token acts for."""
    user = call.user
    return JSONResponse(
        {
            "sub": user.id,
            "id": user.id,
            "email": user.email,
            "username": user.email,
            "firstName": user.first_name,
            "lastName": user.last_name,
            "displayName": user.name,
            "title": user.title,
            "companyId": call.company.id,
            "companyName": call.company.name,
            "scopes": list(call.token.scopes),
        }
    )


async def company_info(call: Call) -> Response:
    """Whose Ironclad it is."""
    company = call.company
    named = {"companyId": company.id, "companyName": company.name, "companyDisplayName": company.name}
    return JSONResponse({**named, "entitlements": {"jurist": _ENTITLEMENT}})


async def _fields(request: Request) -> Mapping[str, Any]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/x-www-form-urlencoded":
        async with request.form() as form:
            return {key: str(value) for key, value in form.items()}
    try:
        fields = json.loads(await request.body())
    except ValueError:
        fields = None
    if kind != "application/json" or not isinstance(fields, dict):
        raise oauth_refusal(400, "invalid_request", "Invalid or missing parameters: body")
    return fields


def _basic(request: Request) -> tuple[str, str] | None:
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise oauth_refusal(400, "invalid_request", "Invalid or missing parameters: Authorization") from error
    return client_id, secret


def _back(asked: Authorization, **answer: str) -> Response:
    state = {} if asked.state is None else {"state": asked.state}
    joint = "&" if "?" in asked.redirect_uri else "?"
    return RedirectResponse(f"{asked.redirect_uri}{joint}{urlencode({**answer, **state})}", 302)


def _consent_page(asked: Authorization, query: Mapping[str, str]) -> str:
    kept = "".join(
        f'<input type="hidden" name="{name}" value="{escape(query[name])}">'
        for name in _ASKED
        if name in query
    )
    people = "".join(
        f'<option value="{escape(user.email)}">{escape(user.name)} ({escape(user.email)})</option>'
        for user in asked.client.company.people
    )
    wants = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in asked.scopes)
    return page(
        f"Allow {asked.client.title}?",
        f"<p>It asks to act in {escape(asked.client.company.name)} as you, with these scopes:</p>"
        f"<ul>{wants}</ul>"
        f'<form method="post" action="/oauth/authorize">{kept}'
        f'<p><label>You are <select name="user">{people}</select></label></p>'
        '<button name="decision" value="allow">Allow</button> '
        '<button name="decision" value="deny">Deny</button>'
        "</form>",
    )
