"""Lists of requests: their beginnings on Home, the whole behind *See all*."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InputBlock,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
)

from bot import ids
from bot.blockkit import Screen, actions, button, context, header, modal, plain, section
from bot.usecases.courses import Picture
from bot.usecases.listing import Lists, Page
from bot.views import in_brief
from bot.views.message import since

_TITLES = {"mine": "Your requests", "waiting": "Waiting for you", "all": "All requests"}
_EMPTY = {
    "mine": "You have not asked for anything yet.",
    "waiting": "Nothing waits for you.",
    "all": "Nobody has asked for anything yet.",
}
_STATES = {
    "any": "Any state",
    "open": "Open",
    "approval": "In approval",
    "contract": "Ready to launch",
    "launched": "Launched",
    "ended": "Rejected or cancelled",
}


def on_home(lists: Lists) -> list[Block]:
    """The beginnings of the lists, what waits for the person first."""
    blocks: list[Block] = []
    for page in (lists.waiting, lists.mine, lists.all):
        if page is not None and (page.rows or page.wanted.which != "all"):
            blocks += _beginning(page)
    return blocks


def _beginning(page: Page) -> list[Block]:
    which = page.wanted.which
    blocks: list[Block] = [header(_TITLES[which])]
    if not page.rows:
        return [*blocks, section(_EMPTY[which])]
    blocks += [_row(picture) for picture in page.rows]
    if page.more or which == "all":
        value = ids.ListButton(which=which).pack()
        blocks.append(actions(button("See all", ids.SEE_LIST, value), block_id=f"list:{which}"))
    return blocks


def _row(picture: Picture) -> Block:
    value = ids.RequestButton(request=picture.request.id).pack()
    return section(line(picture), accessory=button("Details", ids.REVIEW, value))


def line(picture: Picture) -> str:
    """One request in a list: what it is called, how it stands, whose turn it is and for how long."""
    task = picture.course.current
    text = f"*{in_brief.headline(picture)}*\n{in_brief.standing(picture)}"
    if task is not None and picture.request.state in ("approving", "contract") and task.asked:
        text += f" · {in_brief.named(task.asked)} · {since(task.opened_at)}"
    return text


def whole(page: Page) -> Screen:
    """A list with search, filter and pages."""
    which, wanted = page.wanted.which, page.wanted
    blocks: list[Block] = []
    if which != "waiting":
        blocks += [_search(wanted.words), _filter(wanted.state)]
    blocks += [_row(picture) for picture in page.rows]
    if not page.rows:
        blocks.append(section("Nothing fits." if wanted.words or wanted.state else _EMPTY[which]))
    buttons = []
    if wanted.before:
        first = ids.ListButton(which=which).pack()
        buttons.append(button("First page", ids.LIST_FIRST, first))
    if page.more:
        last = wanted.before + len(page.rows) if which == "waiting" else page.rows[-1].request.number
        following = ids.ListButton(which=which, before=last).pack()
        buttons.append(button("Next page", ids.LIST_NEXT, following))
    if buttons:
        blocks.append(actions(*buttons, block_id="pages"))
    if which != "waiting":
        blocks.append(context("Search by number, or by words of what is asked for and the counterparty."))
    state = ids.ListButton(which=which, words=wanted.words, state=wanted.state, before=wanted.before).pack()
    if which == "waiting":
        return modal(_TITLES[which], blocks, private_metadata=state)
    return modal(_TITLES[which], blocks, callback_id=ids.LIST_FORM, submit="Search", private_metadata=state)


def _search(words: str) -> InputBlock:
    element = PlainTextInputElement(
        action_id=ids.CONNECT_INPUT,
        max_length=100,
        initial_value=words or None,
        placeholder=plain("REQ-12, or words"),
    )
    return InputBlock(
        block_id=ids.SEARCH_BLOCK,
        label=plain("Search"),
        element=element,
        optional=True,
    )


def _filter(chosen: str) -> ActionsBlock:
    options = {key: Option(text=plain(text), value=key) for key, text in _STATES.items()}
    select = StaticSelectElement(
        action_id=ids.LIST_FILTER,
        options=list(options.values()),
        initial_option=options[chosen or "any"],
        placeholder=plain("Any state"),
    )
    return ActionsBlock(block_id=ids.FILTER_BLOCK, elements=[select])


def status_line(picture: Picture) -> str:
    """How a request stands, for `/contract status`."""
    steps = [in_brief.step(picture, task) for task in picture.course.live]
    return "\n".join([line(picture), *steps])
