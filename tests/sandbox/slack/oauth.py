"""Installing an app: the consent page, codes for tokens, and tokens that rotate (facts page A.11)."""

import base64
import secrets
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tests.sandbox.slack.delivery import Delivery
from tests.sandbox.slack.errors import Json, SlackError
from tests.sandbox.slack.payloads import Payloads
from tests.sandbox.slack.workspace import App, Grant, Installation, Team
from tests.sandbox.slack.world import SlackWorld

CODE_SECONDS = 600.0
SECRETS = frozenset({"client_secret", "code", "refresh_token"})


class Consent:
    """`/oauth/v2/authorize`: somebody is asked whether an app may come in."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world

    async def endpoint(self, request: Request) -> Response:
        """Show the question, or take the answer: `team`, `user` and `answer` (allow or deny)."""
        form = dict(request.query_params)
        if request.method == "POST":
            async with request.form() as sent:
                form |= {name: value for name, value in sent.items() if isinstance(value, str)}
        app = self._world.apps.get(form.get("client_id", ""))
        problem = _problem(app, form)
        if problem or app is None:
            return HTMLResponse(f"<h1>Something went wrong</h1><p>{escape(problem)}</p>", 400)
        if request.method == "GET":
            return HTMLResponse(self._page(app, form))
        return RedirectResponse(self._answer(app, form), 302)

    def _page(self, app: App, form: dict[str, str]) -> str:
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in form.items()
        )
        teams, orgs = self._world.workspaces.teams, self._world.workspaces.enterprises
        places = [(one.id, one.name) for one in teams.values()] + [
            (one.id, one.name) for one in orgs.values()
        ]
        options = "".join(f'<option value="{place}">{escape(name)}</option>' for place, name in places)
        return (
            f"<!doctype html><title>Allow {escape(app.name)}</title>"
            f"<h1>{escape(app.name)} asks to come in</h1><p>It wants: {escape(form.get('scope', ''))}</p>"
            f'<form method="post" action="/oauth/v2/authorize">{hidden}'
            f'<label>Where <select name="team">{options}</select></label>'
            '<button name="answer" value="allow">Allow</button>'
            '<button name="answer" value="deny">Cancel</button></form>'
        )

    def _answer(self, app: App, form: dict[str, str]) -> str:
        told = {"state": form.get("state", "")}
        if form.get("answer") != "allow":
            return f"{form['redirect_uri']}?{urlencode({'error': 'access_denied', **told})}"
        team_id = form.get("team", "")
        user = form.get("user") or _someone(self._world, team_id)
        code = f"{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        scopes = tuple(one for one in form.get("scope", "").replace(",", " ").split() if one)
        self._world.codes[code] = Grant(app, team_id, user, scopes, form["redirect_uri"], self._world.clock())
        return f"{form['redirect_uri']}?{urlencode({'code': code, **told})}"


def _problem(app: App | None, form: dict[str, str]) -> str:
    if app is None:
        return "invalid_client_id"
    if not any(form.get("redirect_uri", "").startswith(one) for one in app.redirect_urls):
        return "bad_redirect_uri"
    return "" if form.get("scope") else "invalid_scope"


def _someone(world: SlackWorld, team_id: str) -> str:
    return next(
        one.id
        for one in world.workspaces.members.values()
        if one.is_admin and team_id in (one.team_id, world.workspaces.teams[one.team_id].enterprise_id)
    )


def with_credentials(args: Json, authorization: str) -> Json:
    """The arguments with the client's id and secret from a Basic header, if there is one."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return args
    client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    return {**args, "client_id": client_id, "client_secret": secret}


def uninstall(world: SlackWorld, delivery: Delivery, team_id: str, app: App) -> None:
    """Somebody removes an app from a team or organisation: its tokens end, and it is told."""
    gone = [
        one
        for one in world.workspaces.installations
        if one.app is app and one.is_active and team_id in (one.team_id, one.enterprise and one.enterprise.id)
    ]
    for one in gone:
        one.is_active = False
    for one in gone[:1]:
        person = next(iter(world.workspaces.members.values()))
        payloads = Payloads(world, one, person)
        events: list[Json] = [
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [one.bot_user_id]}},
            {"type": "app_uninstalled"},
        ]
        for event in events:
            if event["type"] in app.events:
                delivery.event(one, payloads.event(event))


def access(world: SlackWorld, args: Json) -> Json:
    """oauth.v2.access: a code, or a refresh token, for a token. Needs no token itself."""
    kind = args.get("grant_type") or "authorization_code"
    if kind == "refresh_token":
        return _renewed(world, args)
    if kind != "authorization_code":
        raise SlackError("invalid_grant_type")
    grant = world.codes.pop(str(args.get("code")), None)
    if grant is None or world.clock() - grant.issued > CODE_SECONDS:
        raise SlackError("invalid_code")
    _check_client(grant.app, args)
    if args.get("redirect_uri", grant.redirect_uri) != grant.redirect_uri:
        raise SlackError("bad_redirect_uri")
    return _installed(world, grant)


def _check_client(app: App, args: Json) -> None:
    if args.get("client_id") != app.client_id:
        raise SlackError("invalid_client_id")
    if args.get("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret")


def _installed(world: SlackWorld, grant: Grant) -> Json:
    org_wide = grant.team_id in world.workspaces.enterprises
    teams: list[Team] = [
        team for team in world.workspaces.teams.values() if grant.team_id in (team.id, team.enterprise_id)
    ]
    token = f"{'xoxe.xoxb' if grant.app.rotates_tokens else 'xoxb'}-{secrets.token_hex(16)}"
    made: list[Installation] = []
    for team in teams:
        for earlier in world.workspaces.installed(team.id):
            if earlier.app is grant.app:
                earlier.is_active = False
        made.append(world.install(team, grant.app, token=token, scopes=grant.scopes, org_wide=org_wide))
    if grant.app.rotates_tokens:
        _rotate(world, made, token)
    world.changes.touch()
    return _told(world, made, grant.user_id)


def _rotate(world: SlackWorld, installations: list[Installation], token: str) -> None:
    refresh = f"xoxe-1-{secrets.token_hex(16)}"
    for one in installations:
        if token != one.token:
            one.earlier = {one.token: one.expires_at or 0.0}  # two are active at most
        one.token, one.refresh_token = token, refresh
        one.expires_at = world.clock() + world.rules.token_seconds


def _renewed(world: SlackWorld, args: Json) -> Json:
    given = str(args.get("refresh_token") or "")
    now = world.clock()
    known = [
        one
        for one in world.workspaces.installations
        if one.is_active and given and (one.refresh_token == given or one.spent_refresh.get(given, 0.0) > now)
    ]
    if not known:
        raise SlackError("invalid_refresh_token")
    _check_client(known[0].app, args)
    for one in known:
        one.spent_refresh.setdefault(given, now + world.rules.refresh_grace_seconds)
    _rotate(world, known, f"xoxe.xoxb-{secrets.token_hex(16)}")
    return _told(world, known, "")


def _told(world: SlackWorld, made: list[Installation], user_id: str) -> Json:
    first = made[0]
    team, enterprise = world.workspaces.teams[first.team_id], first.enterprise
    told: Json = {
        "access_token": first.token,
        "token_type": "bot",
        "scope": ",".join(sorted(first.scopes)),
        "bot_user_id": first.bot_user_id,
        "app_id": first.app.id,
        "team": None if first.is_org_wide else {"id": team.id, "name": team.name},
        "enterprise": {"id": enterprise.id, "name": enterprise.name} if enterprise else None,
        "is_enterprise_install": first.is_org_wide,
        "authed_user": {"id": user_id},
    }
    if first.refresh_token is not None:
        told |= {"refresh_token": first.refresh_token, "expires_in": int(world.rules.token_seconds)}
    return told
