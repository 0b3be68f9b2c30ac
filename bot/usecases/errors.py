"""Refusals: everything that can be said to a person as *what happened* and *what to do next*."""

from __future__ import annotations

from collections.abc import Sequence

from bot.texts import phrase
from ironclad import (
    BadCredentials,
    Forbidden,
    IroncladError,
    NotFound,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)


class Refusal(Exception):
    """Something the person may be told. `again` says that simply trying again can help."""

    def __init__(self, what: str, do: str, *, again: bool = False, link: str | None = None) -> None:
        super().__init__(f"{what} {do}")
        self.what = what
        self.do = do
        self.again = again
        self.link = link


MENTION = "\ue000{}\ue001"  #: how a sentence names a person, until a view writes it as its screen needs


def mention(user: str) -> str:
    """A Slack person in the sentence of a refusal."""
    return MENTION.format(user)


ASK_AN_ADMIN = phrase("Ask a Slipway admin to look at the connection on Slipway's Home tab.")

_ADVICE: dict[type[IroncladError], tuple[str, str, bool]] = {
    BadCredentials: (phrase("Ironclad no longer accepts Slipway's credentials."), ASK_AN_ADMIN, False),
    Unauthorized: (phrase("Ironclad ended Slipway's access."), ASK_AN_ADMIN, False),
    Forbidden: (
        phrase("Ironclad does not let you do this."),
        phrase("Ask your Ironclad administrator for the permission, then try again."),
        True,
    ),
    NotFound: (
        phrase("This template is no longer published in Ironclad."),
        phrase("Type /contract and pick the template again."),
        False,
    ),
    RateLimited: (
        phrase("Ironclad is busy with your company's other requests."),
        phrase("Try again in a minute."),
        True,
    ),
    Rejected: (phrase("Ironclad did not accept the request."), phrase("Correct it and try again."), True),
    NotSent: (phrase("Ironclad cannot be reached."), phrase("Try again in a moment."), True),
    Unavailable: (phrase("Ironclad is not answering."), phrase("Try again in a moment."), True),
    OutcomeUnknown: (
        phrase("Ironclad did not confirm the request."),
        phrase("Look in Ironclad before trying again."),
        False,
    ),
}


def explain(error: IroncladError) -> Refusal:
    """The sentence for a person behind an error of Ironclad's client."""
    for kind in type(error).__mro__:
        if kind in _ADVICE:
            return Refusal(_ADVICE[kind][0], _ADVICE[kind][1], again=_ADVICE[kind][2])
    return Refusal(
        phrase("Ironclad gave an answer that Slipway does not understand."),
        phrase("Try again later."),
        again=True,
    )


def not_connected(*, admin: bool) -> Refusal:
    """Nobody has connected Ironclad yet: an admin is sent to Home, others are told whom to ask."""
    return Refusal(
        phrase("Slipway is not connected to Ironclad yet."),
        phrase("Open Slipway's Home tab and press Connect Ironclad.")
        if admin
        else phrase("Ask a workspace owner or admin to connect it on Slipway's Home tab."),
    )


class NoAccount(Refusal):
    """The person exists in Slack but not in Ironclad; `candidates` are addresses that may be theirs there."""

    def __init__(self, email: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(
            phrase("There is no Ironclad account for {email}.", email=email),
            phrase("Ask your Ironclad administrator to invite that address, then type /contract again."),
        )
        self.email = email
        self.candidates = tuple(candidates)
