"""Ironclad's authorization server: clients, codes, tokens, and both grants (facts page, §2)."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.sandbox.ironclad.company import Company
from tests.sandbox.ironclad.errors import Json, oauth_refusal, unauthorized
from tests.sandbox.ironclad.people import User
from tests.sandbox.ironclad.rules import Rules

GRANTS = ("authorization_code", "client_credentials")


@dataclass(frozen=True)
class Client:
    """A registered app.

    Attributes:
        id: a UUID.
        grants: of `authorization_code`, `client_credentials`.
        scopes: what it registered; a request may ask for a subset.
    """

    company: Company = field(repr=False, compare=False)
    secret: str = field(repr=False)
    id: str = field(default_factory=lambda: str(uuid4()))
    title: str = "Contracts from Slack"
    grants: tuple[str, ...] = GRANTS
    scopes: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """An authorization code: good once, for one client and one redirect address."""

    client: Client
    user: User
    redirect_uri: str
    scopes: tuple[str, ...]
    expires: datetime


@dataclass(frozen=True)
class RefreshToken:
    """Does not expire; is spent by its use."""

    client: Client
    user: User
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class AccessToken:
    """A bearer token. `user` is None for client credentials, which act for whom each request names."""

    client: Client
    user: User | None
    scopes: tuple[str, ...]
    expires: datetime


@dataclass(frozen=True)
class Authorization:
    """A request at the consent page that was found in order."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None


class OAuth:
    """The state of the authorization server, and its decisions.

    Attributes:
        exchanges: how often the token endpoint gave a token, by grant type.
        reuses: how often a spent refresh token was used again. That ends the whole grant: Ironclad does not
            document what it does, so this takes the strictest of what authorization servers do (RFC 9700
            §4.14.2).
    """

    def __init__(self, rules: Rules, clock: Callable[[], datetime]) -> None:
        self.clients: dict[str, Client] = {}
        self.exchanges: dict[str, int] = {}
        self._rules = rules
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._access: dict[str, AccessToken] = {}
        self._refresh: dict[str, RefreshToken] = {}
        self._revoked: set[str] = set()
        self.reuses = 0
        self._spent: dict[str, RefreshToken] = {}

    def add(self, client: Client) -> Client:
        """Register an app."""
        self.clients[client.id] = client
        return client

    def authenticate(self, token: str) -> AccessToken:
        """What a bearer token stands for.

        Raises:
            Refusal: 401, with the words for an invalid, a revoked or an expired token.
        """
        found = self._access.get(token)
        if found is None:
            raise unauthorized("invalid authentication token")
        if token in self._revoked:
            raise unauthorized("token has been revoked")
        if found.expires <= self._clock():
            raise unauthorized("token has expired")
        return found

    def revoke_all(self) -> None:
        """Every access and refresh token given so far stops working, as when an admin revokes the app."""
        self._revoked.update(self._access)
        self._refresh.clear()

    def expire_all(self) -> None:
        """Every access token given so far has run out."""
        now = self._clock()
        for value, token in self._access.items():
            self._access[value] = AccessToken(token.client, token.user, token.scopes, now)

    # The consent page.

    def authorization(self, query: Mapping[str, str]) -> Authorization:
        """Check a request to `/oauth/authorize`; an unregistered scope is left to `scope_is_registered`.

        Raises:
            Refusal: 400 invalid_request, 403 unauthorized_client.
        """
        client = self._client(query.get("client_id"))
        if query.get("response_type") != "code":
            raise _invalid_request("Invalid value for response_type, expected code")
        if query.get("redirect_uri") not in client.redirect_uris:
            raise _invalid_request("Invalid value for redirect_uri")
        if "authorization_code" not in client.grants:
            raise _grant_not_allowed()
        asked = tuple((query.get("scope") or "").split()) or client.scopes
        return Authorization(client, query["redirect_uri"], asked, query.get("state"))

    def grant_code(self, request: Authorization, user: User) -> str:
        """The user said yes."""
        code = secrets.token_urlsafe(24)
        expires = self._clock() + timedelta(seconds=self._rules.code_seconds)
        self._codes[code] = Code(request.client, user, request.redirect_uri, request.scopes, expires)
        return code

    # The token endpoint.

    def token(self, fields: Mapping[str, Any], basic: tuple[str, str] | None = None) -> Json:
        """Answer `POST /oauth/token`.

        Args:
            basic: client id and secret of an `Authorization: Basic` header; else they are among the fields.

        Raises:
            Refusal: OAuth errors with the statuses of facts page §2.2; a wrong secret is 403, not 401.
        """
        client_id, secret = basic or (fields.get("client_id"), fields.get("client_secret"))
        client = self._client(client_id)
        if not isinstance(secret, str) or not secrets.compare_digest(secret.encode(), client.secret.encode()):
            raise oauth_refusal(403, "unauthorized_client", "unauthorized")
        grants = {
            "client_credentials": self._client_credentials,
            "authorization_code": self._authorization_code,
            "refresh_token": self._refresh_token,
        }
        kind = fields.get("grant_type")
        if not isinstance(kind, str) or kind not in grants:
            raise _invalid_request("Invalid value for grant_type")
        answer = grants[kind](client, fields)
        self.exchanges[kind] = self.exchanges.get(kind, 0) + 1
        return answer

    def _client_credentials(self, client: Client, fields: Mapping[str, Any]) -> Json:
        if "client_credentials" not in client.grants:
            raise _grant_not_allowed()
        return self._issue(client, None, _scopes(fields, client.scopes))

    def _authorization_code(self, client: Client, fields: Mapping[str, Any]) -> Json:
        if "authorization_code" not in client.grants:
            raise _grant_not_allowed()
        if not fields.get("redirect_uri"):
            raise oauth_refusal(400, "invalid_request", "missing redirect uri")
        code = self._codes.get(str(fields.get("code")))
        if code is None:
            raise oauth_refusal(403, "invalid_grant", "invalid authorization code")
        if code.client.id != client.id:
            raise oauth_refusal(401, "invalid_client", "invalid client")
        if code.redirect_uri != fields["redirect_uri"]:
            raise oauth_refusal(403, "invalid_grant", "invalid redirect uri")
        del self._codes[str(fields["code"])]
        if code.expires <= self._clock():
            raise oauth_refusal(403, "invalid_grant", "authorization code has expired")
        return self._issue(client, code.user, code.scopes)

    def _refresh_token(self, client: Client, fields: Mapping[str, Any]) -> Json:
        spent = str(fields.get("refresh_token"))
        earlier = self._refresh.get(spent)
        if earlier is None and spent in self._spent:
            self.reuses += 1
            self._end(self._spent[spent])
        if earlier is None:
            raise oauth_refusal(403, "invalid_grant", "invalid refresh token")
        if earlier.client.id != client.id:
            raise oauth_refusal(401, "invalid_client", "invalid client")
        scopes = _scopes(fields, earlier.scopes)
        self._spent[spent] = self._refresh.pop(spent)
        return self._issue(client, earlier.user, scopes)

    def _end(self, grant: RefreshToken) -> None:
        """Every token that this person gave this app stops working."""
        for value, token in self._access.items():
            if (token.client, token.user) == (grant.client, grant.user):
                self._revoked.add(value)
        for value, kept in list(self._refresh.items()):
            if (kept.client, kept.user) == (grant.client, grant.user):
                del self._refresh[value]

    def _issue(self, client: Client, user: User | None, scopes: tuple[str, ...]) -> Json:
        seconds = self._rules.token_seconds
        value = secrets.token_urlsafe(32)
        self._access[value] = AccessToken(client, user, scopes, self._clock() + timedelta(seconds=seconds))
        answer = {
            "token_type": "Bearer",
            "access_token": value,
            "expires_in": seconds,
            "scope": " ".join(scopes),
        }
        if user is not None:
            renewal = secrets.token_urlsafe(32)
            self._refresh[renewal] = RefreshToken(client, user, scopes)
            answer["refresh_token"] = renewal
        return answer

    def _client(self, client_id: Any) -> Client:
        try:
            UUID(str(client_id))
        except ValueError as error:
            raise _invalid_request("Invalid value for client_id, expected type UUID") from error
        client = self.clients.get(str(client_id))
        if client is None:
            raise oauth_refusal(403, "unauthorized_client", "unauthorized")
        return client


def _scopes(fields: Mapping[str, Any], allowed: tuple[str, ...]) -> tuple[str, ...]:
    """What was asked for, or all that is allowed; `allowed` bounds it."""
    asked = tuple(str(fields.get("scope") or "").split()) or allowed
    if not set(asked) <= set(allowed):
        raise oauth_refusal(400, "invalid_scope", "invalid scope")
    return asked


def _invalid_request(problem: str) -> Exception:
    return oauth_refusal(400, "invalid_request", f"Invalid or missing parameters: {problem}")


def _grant_not_allowed() -> Exception:
    return oauth_refusal(403, "unauthorized_client", "client not authorized to use this oauth grant type")
