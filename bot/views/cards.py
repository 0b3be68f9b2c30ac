"""A request's card in the procurement channel."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, ButtonElement

from bot import ids
from bot.blockkit import actions, button, clip, context, section
from bot.texts import ENGLISH, Texts
from bot.usecases.courses import Picture
from bot.views import threads
from bot.views.in_brief import (
    facts,
    headline,
    standing,
    step,
)
from bot.views.message import Message, course_of, message, moment, person
from storage import Request

BRIEF = ("amount", "needed_by", "category", "department", "start", "end", "term_months", "owner")


def card(picture: Picture, texts: Texts = ENGLISH) -> Message:
    """The request's card in the procurement channel."""
    if picture.request.source == "launch" and picture.launch is not None:
        return threads.card(picture.launch, texts)
    request = picture.request
    blocks: list[Block] = [section(f"*{headline(picture)}*\n{standing(picture, texts)}")]
    brief = facts(picture, BRIEF, hidden=True, texts=texts)
    if brief:
        blocks.append(section(" · ".join(brief)))
    steps = [step(picture, task, texts) for task in picture.course.live]
    if picture.launch is not None and (line := course_of(picture.launch, texts)):
        steps.append(line)
    if steps:
        blocks.append(section(clip("\n".join(steps), 2900)))
    blocks.append(
        context(
            f"{texts.say('Requested by {person}', person=person(request.requester))} · "
            f"{moment(request.created_at, texts)}{_from(request, texts)}"
        )
    )
    blocks.append(actions(*_next(picture, texts), block_id="next"))
    return message(f"{headline(picture)}: {standing(picture, texts)}", blocks)


def _from(request: Request, texts: Texts) -> str:
    link = request.details.get("link")
    if not isinstance(link, str) or not link.startswith("https://"):
        return ""
    return f" · <{link.replace('|', '%7C').replace('>', '%3E')}|{texts.say('where it came from')}>"


def _next(picture: Picture, texts: Texts) -> list[ButtonElement]:
    """The next action, and the details."""
    request, launch = picture.request, picture.launch
    value = ids.RequestButton(request=request.id).pack()
    review = button(texts.say("Details"), ids.REVIEW, value)
    if launch is not None and launch.state == "launched" and launch.url:
        return [button(texts.say("Open in Ironclad"), ids.OPEN_LINK, url=clip(launch.url, 3000)), review]
    if request.state == "approving":
        return [button(texts.say("Review and decide"), ids.REVIEW, value, style="primary")]
    if request.state == "changes":
        return [button(texts.say("Edit and answer"), ids.EDIT_REQUEST, value, style="primary"), review]
    if request.state == "contract" and launch is None:
        return [button(texts.say("Launch contract"), ids.LAUNCH_REQUEST, value, style="primary"), review]
    return [review]
