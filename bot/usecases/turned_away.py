"""What people are told whose turn it is not, or not any more."""

from __future__ import annotations

from collections.abc import Mapping

from bot.texts import phrase
from bot.usecases.errors import mention
from storage import Request, RequestState, Task

STANDING: Mapping[RequestState, str] = {
    "routing": phrase("not approved yet"),
    "approving": phrase("not approved yet"),
    "changes": phrase("not approved yet"),
    "contract": phrase("open"),
    "launched": phrase("launched already"),
    "rejected": phrase("rejected"),
    "cancelled": phrase("cancelled"),
}


def not_asked(task: Task) -> str:
    """Who is asked, told to somebody who is not."""
    who: str = ", ".join(mention(user) for user in task.asked[:10]) or phrase("nobody yet")
    more = len(task.asked) - 10
    if more > 0:
        return phrase("You are not asked about this. Asked: {people} and {n} more.", people=who, n=more)
    return phrase("You are not asked about this. Asked: {people}.", people=who)


def why_closed(request: Request, task: Task) -> str:
    """How a task that cannot be decided any more ended."""
    label = request.label
    if task.state == "superseded":
        return phrase(
            "{request} was changed since, so this approval is void; see the newest one in the thread.",
            request=label,
        )
    if request.state == "cancelled":
        return phrase("{request} was cancelled.", request=label)
    if task.state == "waiting":
        return phrase("{request} has not come to this yet.", request=label)
    last = task.decisions[-1] if task.decisions else None
    if last and task.state == "approved":
        return phrase("{request} was approved by {person} already.", request=label, person=mention(last.user))
    if last:
        return phrase("{request} was rejected by {person} already.", request=label, person=mention(last.user))
    return over(request)


def over(request: Request) -> str:
    """How a request stands that has ended."""
    return phrase("{request}: {state}.", request=request.label, state=STANDING[request.state])
