"""The modals of a launch: choosing a template, filling its form, seeing how it went."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    Block,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    StaticSelectElement,
)

from bot import ids
from bot.blockkit import (
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_PLACEHOLDER,
    Screen,
    actions,
    alert,
    button,
    clip,
    context,
    escape,
    modal,
    plain,
    section,
)
from bot.texts import ENGLISH, Texts
from bot.usecases.errors import NoAccount, Refusal
from bot.usecases.ports import Offered, Where
from bot.views.identities import is_this_you
from bot.views.message import demo_mark, name_of, spoken, standing_of
from storage.records import Launch


def loading(request: str = "", texts: Texts = ENGLISH) -> Screen:
    """Shown at once while Ironclad is asked."""
    state = ids.PickState(request=request).pack()
    blocks = [section(texts.say("Loading your Ironclad templates…"))]
    return modal(_title(texts), blocks, close=texts.say("Cancel"), private_metadata=state)


def asked_from(view: Screen, where: Where) -> Screen:
    """The same window, remembering from where it was asked for."""
    state = ids.PickState(request=where.request, channel=where.channel)
    return {**view, "private_metadata": state.pack()}


def _title(texts: Texts) -> str:
    return texts.say("Launch a contract")


def template_option(template_id: str, name: str) -> Option:
    """One template as a choice."""
    return Option(text=plain(clip(name, MAX_OPTION)), value=template_id)


def matching_templates(offer: Offered, query: str) -> list[Option]:
    """The templates whose name holds every word of `query`: a hundred at most, as Slack allows."""
    words = query.casefold().split()
    found = [item for item in offer.items if all(word in item[1].casefold() for word in words)]
    return [template_option(*item) for item in found[:MAX_OPTIONS]]


def pick_template(offer: Offered, request: str = "", texts: Texts = ENGLISH) -> Screen:
    """Choose one of the templates that this person may launch; searched as one types beyond a hundred."""
    element: StaticSelectElement | ExternalDataSelectElement
    if len(offer.items) <= MAX_OPTIONS:
        element = StaticSelectElement(
            action_id=ids.TEMPLATE,
            placeholder=plain(texts.say("Choose a template"), MAX_PLACEHOLDER),
            options=[template_option(*item) for item in offer.items],
            focus_on_load=True,
        )
    else:
        element = ExternalDataSelectElement(
            action_id=ids.TEMPLATE,
            placeholder=plain(texts.say("Type to search"), MAX_PLACEHOLDER),
            min_query_length=0,
            focus_on_load=True,
        )
    count = texts.count(
        "{n} template in Ironclad that you may launch.",
        "{n} templates in Ironclad that you may launch.",
        len(offer.items),
    )
    label = plain(texts.say("Template"))
    blocks: list[Block] = [
        *demo_mark(texts, demo=offer.demo),
        InputBlock(block_id=ids.TEMPLATE_BLOCK, label=label, element=element),
        context(count),
    ]
    if offer.elsewhere:
        blocks.append(context(texts.say("More are offered to you in other channels: type /contract there.")))
    if not request:
        instead = button(texts.say("Ask for one instead"), ids.START_REQUEST)
        blocks.append(actions(instead, block_id="ask_instead"))
    return modal(
        _title(texts),
        blocks,
        callback_id=ids.PICK_TEMPLATE,
        submit=texts.say("Continue"),
        close=texts.say("Cancel"),
        private_metadata=ids.PickState(request=request).pack(),
    )


def progress(launch: Launch, texts: Texts) -> Screen:
    """Right after the submit, and whenever the same form comes again."""
    blocks = [
        section(f"*{name_of(launch)}*\n{standing_of(launch, texts)}"),
        context(texts.say("You can close this window. The result comes to the request's thread.")),
    ]
    return modal(_title(texts), blocks, close=texts.say("Close"))


def result(launch: Launch, texts: Texts) -> Screen:
    """How a launch ended, in the modal that is still open."""
    blocks: list[Block] = [section(f"*{name_of(launch)}*\n{standing_of(launch, texts)}")]
    if launch.state == "launched" and launch.url:
        there = button(texts.say("Open in Ironclad"), ids.OPEN_LINK, url=launch.url, style="primary")
        blocks.append(actions(there, block_id="open"))
    elif launch.state == "refused":
        problem = launch.problem or {}
        what = texts.of(str(problem.get("what") or "")) or texts.say("Ironclad did not accept it.")
        blocks.insert(0, alert(what))
        value = ids.LaunchButton(launch=launch.id).pack()
        edit = button(texts.say("Edit and resubmit"), ids.EDIT_AND_RESUBMIT, value, style="primary")
        blocks.append(actions(edit, block_id="refused"))
    elif launch.state == "asking":
        blocks.append(section(texts.say("Slipway needs your decision: see the request's thread.")))
    return modal(_title(texts), blocks, close=texts.say("Close"))


def refused(refusal: Refusal, request: str = "", texts: Texts = ENGLISH) -> Screen:
    """What happened and what to do next, with a way to try again where that can help."""
    what, do = texts.of(refusal.what), texts.of(refusal.do)
    named = spoken(what) != escape(what)
    blocks: list[Block] = [section(f"*{spoken(what)}*") if named else alert(what, "warning")]
    blocks.append(section(spoken(clip(do, 1000))))
    if isinstance(refusal, NoAccount):
        blocks.extend(is_this_you(refusal, request, texts))
    buttons = []
    if refusal.again:
        buttons.append(button(texts.say("Try again"), ids.TRY_AGAIN))
    if refusal.link:
        buttons.append(button(texts.say("Open Ironclad"), ids.OPEN_LINK, url=refusal.link))
    if buttons:
        blocks.append(actions(*buttons, block_id="refusal"))
    return modal(
        _title(texts),
        blocks,
        close=texts.say("Close"),
        private_metadata=ids.PickState(request=request).pack(),
    )
