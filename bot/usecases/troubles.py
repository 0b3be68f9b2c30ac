"""What is wrong with a connection, in words for its admin, from the way Ironclad refused."""

from __future__ import annotations

from bot.usecases.dialling import AUTHORIZATION_CODE
from bot.usecases.errors import Refusal, explain
from bot.usecases.permissions import CORE
from ironclad import (
    BadCredentials,
    Forbidden,
    IroncladError,
    NotFound,
    NotSent,
    RateLimited,
    Reason,
    Rejected,
    Unauthorized,
    Unavailable,
)
from storage import Connection

WHERE = "In Ironclad: Company Settings → API → your app."
ON_HOME = "Open Slipway's Home tab"


def whats_wrong(error: IroncladError, connection: Connection) -> Refusal:
    """What an admin has to mend, from the way verifying failed."""
    if isinstance(error, BadCredentials):
        return bad_credentials(error, connection)
    if isinstance(error, (Forbidden, Rejected)):
        # The token was granted with the permissions asked for, so this is about whom it acts for.
        return unknown_acting_user(connection)
    if isinstance(error, Unauthorized):
        return Refusal(
            "Ironclad did not accept its own token.",
            f"Check the region, and whether the clock is right where Slipway runs. {WHERE}",
        )
    if isinstance(error, NotFound):
        return Refusal(
            "This Ironclad has no public API.",
            "The API is an add-on: without it there is no API tab in Company Settings. Ask your Ironclad "
            "contact to switch it on, or check the region.",
        )
    if isinstance(error, (NotSent, Unavailable, RateLimited)):
        known = explain(error)
        return Refusal(known.what, known.do, again=True)
    return Refusal("Ironclad gave an unexpected answer.", "Check the region, then try again.", again=True)


def bad_credentials(error: BadCredentials, connection: Connection) -> Refusal:
    """What the token endpoint did not accept."""
    if error.reason is Reason.SCOPE:
        missing = error.message if error.message.startswith(("public.", "scim.")) else " ".join(CORE.scopes)
        return Refusal(
            "The Ironclad app lacks a permission that Slipway needs.",
            f"Tick these permissions: {', '.join(missing.split())}. {WHERE}",
        )
    if error.reason is Reason.GRANT:
        return Refusal(
            "Ironclad did not accept the answer that your browser brought back.",
            f"It may have taken too long, or was used before. {ON_HOME} and start again.",
        )
    if error.reason is Reason.REQUEST:
        return Refusal(
            "Ironclad does not know this client ID in this form.", f"Copy it again, whole. {WHERE}"
        )
    if "grant type" in error.message:
        kind = "Authorization Code" if connection.grant == AUTHORIZATION_CODE else "Client Credentials"
        return Refusal(
            f"The Ironclad app does not allow the {kind} grant.",
            f"Tick that grant type for the app, or choose the other grant here. {WHERE}",
        )
    kind = "Authorization Code" if connection.grant == AUTHORIZATION_CODE else "Client Credentials"
    return Refusal(
        "Ironclad did not accept the client ID and secret.",
        "Check that both are copied whole, that the secret was not replaced since, that the region is the "
        f"one you log in to, and that the app allows the {kind} grant. {WHERE}",
    )


def unknown_acting_user(connection: Connection) -> Refusal:
    """The acting user has no account, or may not use the API."""
    return Refusal(
        f"Ironclad does not let {connection.acting_user} in.",
        "Choose somebody whose Slack e-mail is also their Ironclad e-mail and who may launch workflows.",
    )


#: What Ironclad's consent page says when it sends somebody back without a code.
_CONSENT: dict[str, Refusal] = {
    "access_denied": Refusal(
        "You did not allow it in Ironclad, so nothing was connected.",
        f"{ON_HOME} and start again if that was a mistake.",
    ),
    "invalid_scope": Refusal(
        "The Ironclad app lacks a permission that Slipway asks for.",
        f"Tick every permission listed in Slipway's Connect window. {WHERE}",
    ),
    "unauthorized_client": Refusal(
        "The Ironclad app does not allow the Authorization Code grant.",
        f"Tick that grant type for the app. {WHERE}",
    ),
    "invalid_request": Refusal(
        "Ironclad does not know the redirect address or the client ID.",
        f"Compare both with the app, letter by letter. {WHERE}",
    ),
    "server_error": Refusal("Ironclad had a problem of its own.", f"{ON_HOME} and start again."),
    "temporarily_unavailable": Refusal(
        "Ironclad is too busy at the moment.", f"{ON_HOME} and start again in a few minutes."
    ),
}


def consent_refused(code: str) -> Refusal:
    """Why somebody came back from Ironclad's consent page without a code."""
    return _CONSENT.get(
        code, Refusal("Ironclad did not connect, and did not say why.", f"{ON_HOME} and start again.")
    )
