"""Slack's side of an install: a code, or a refresh token, for a bot token."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api import code_of, meaning_of
from bot.slack.scopes import BOT_SCOPES
from bot.usecases.errors import Refusal
from bot.usecases.ports import Granted, Renewed, TryLater
from storage import Install

_AGAIN = "Start again from the install page."
_TOLD: Mapping[str, Refusal] = {
    "invalid_code": Refusal("Slack does not know this code: it was used before, or is too old.", _AGAIN),
    "code_already_used": Refusal("Slack does not take a code twice.", _AGAIN),
    "invalid_refresh_token": Refusal(
        "Slack does not renew its token any more.", "Install Slipway again from the install page."
    ),
    "token_revoked": Refusal("Slack has revoked the token.", "Install Slipway again from the install page."),
    "bad_redirect_uri": Refusal(
        "Slack does not accept the address it was to send you back to.",
        "Add it under OAuth & Permissions → Redirect URLs: SLIPWAY_PUBLIC_URL followed by "
        "/slack/oauth_redirect.",
    ),
    "invalid_client_id": Refusal(
        "Slack does not know this app.", "Check SLIPWAY_SLACK_CLIENT_ID on the app's Basic Information page."
    ),
    "bad_client_secret": Refusal(
        "Slack does not accept the app's secret.",
        "Check SLIPWAY_SLACK_CLIENT_SECRET on the app's Basic Information page.",
    ),
}


class SlackInstaller:
    """Implements `bot.usecases.ports.Installer`."""

    def __init__(
        self, client: AsyncWebClient, *, client_id: str, client_secret: str, redirect_uri: str
    ) -> None:
        self._client = client
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri

    def consent_url(self, state: str) -> str:
        """See `bot.usecases.ports.Installer`."""
        asked = {
            "client_id": self._client_id,
            "scope": ",".join(sorted(BOT_SCOPES)),
            "redirect_uri": self._redirect_uri,
            "state": state,
        }
        # The consent page lives beside the Web API: https://slack.com/api/ and https://slack.com/oauth/….
        root = self._client.base_url.rstrip("/").removesuffix("/api")
        return f"{root}/oauth/v2/authorize?{urlencode(asked)}"

    async def exchange(self, code: str) -> Granted:
        """See `bot.usecases.ports.Installer`."""
        answer = await self._access(code=code, redirect_uri=self._redirect_uri)
        return _granted(answer)

    async def renew(self, refresh_token: str) -> Renewed:
        """See `bot.usecases.ports.Installer`."""
        return _renewed(await self._access(grant_type="refresh_token", refresh_token=refresh_token))

    async def _access(self, **arguments: str) -> Mapping[str, Any]:
        client = {"client_id": self._client_id, "client_secret": self._client_secret}
        try:
            answer = await self._client.api_call("oauth.v2.access", data={**client, **arguments})
        except SlackApiError as error:
            refusal = _TOLD.get(code_of(error))
            if refusal is not None:
                raise refusal from error
            if isinstance(meaning := meaning_of(error), TryLater):
                raise meaning from error
            raise Refusal(f"Slack refused ({code_of(error) or 'no reason given'}).", _AGAIN) from error
        except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
            raise TryLater(5) from error
        return answer.data if isinstance(answer.data, dict) else {}


def _granted(answer: Mapping[str, Any]) -> Granted:
    team, enterprise = answer.get("team") or {}, answer.get("enterprise") or {}
    org_wide = bool(answer.get("is_enterprise_install"))
    where = enterprise if org_wide else team
    renewed = _renewed(answer)
    if not where.get("id"):
        raise Refusal("Slack did not say where the app was installed.", _AGAIN)
    install = Install(
        team=str(where["id"]),
        enterprise=str(enterprise["id"]) if enterprise.get("id") else None,
        org_wide=org_wide,
        name=str(where.get("name") or ""),
        app_id=str(answer.get("app_id") or ""),
        bot_user=str(answer.get("bot_user_id") or ""),
        scopes=tuple(sorted(str(answer.get("scope") or "").replace(",", " ").split())),
        expires_at=renewed.expires_at,
        problem=None,
        installed_by=str((answer.get("authed_user") or {}).get("id") or ""),
        installed_at=datetime.now(UTC),
    )
    return Granted(install, renewed.bot_token, renewed.refresh_token)


def _renewed(answer: Mapping[str, Any]) -> Renewed:
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token:
        raise Refusal("Slack gave no bot token.", _AGAIN)
    ends = datetime.now(UTC) + timedelta(seconds=int(seconds)) if seconds else None
    refresh = answer.get("refresh_token")
    return Renewed(token, str(refresh) if refresh else None, ends)
