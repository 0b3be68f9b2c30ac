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
from bot.texts import Texts
from bot.usecases.courses import Picture
from bot.usecases.listing import Lists, Page
from bot.views import in_brief
from bot.views.message import since


def _title(which: str, texts: Texts) -> str:
    return {
        "mine": texts.say("Your requests"),
        "waiting": texts.say("Waiting for you"),
        "all": texts.say("All requests"),
    }[which]


def _empty(which: str, texts: Texts) -> str:
    return {
        "mine": texts.say("You have not asked for anything yet."),
        "waiting": texts.say("Nothing waits for you."),
        "all": texts.say("Nobody has asked for anything yet."),
    }[which]


def _states(texts: Texts) -> dict[str, str]:
    return {
        "any": texts.say("Any state"),
        "open": texts.say("Open requests"),
        "approval": texts.say("In approval"),
        "contract": texts.say("Ready to launch"),
        "launched": texts.say("Launched"),
        "ended": texts.say("Rejected or cancelled"),
    }


def on_home(lists: Lists, texts: Texts) -> list[Block]:
    """The beginnings of the lists, what waits for the person first."""
    blocks: list[Block] = []
    for page in (lists.waiting, lists.mine, lists.all):
        if page is not None and (page.rows or page.wanted.which != "all"):
            blocks += _beginning(page, texts)
    return blocks


def _beginning(page: Page, texts: Texts) -> list[Block]:
    which = page.wanted.which
    blocks: list[Block] = [header(_title(which, texts))]
    if not page.rows:
        return [*blocks, section(_empty(which, texts))]
    blocks += [_row(picture, texts) for picture in page.rows]
    if page.more or which == "all":
        value = ids.ListButton(which=which).pack()
        blocks.append(actions(button(texts.say("See all"), ids.SEE_LIST, value), block_id=f"list:{which}"))
    return blocks


def _row(picture: Picture, texts: Texts) -> Block:
    value = ids.RequestButton(request=picture.request.id).pack()
    return section(line(picture, texts), accessory=button(texts.say("Details"), ids.REVIEW, value))


def line(picture: Picture, texts: Texts) -> str:
    """One request in a list: what it is called, how it stands, whose turn it is and for how long."""
    task = picture.course.current
    text = f"*{in_brief.headline(picture)}*\n{in_brief.standing(picture, texts)}"
    if task is not None and picture.request.state in ("approving", "contract") and task.asked:
        text += f" · {in_brief.named(task.asked, texts)} · {since(task.opened_at, texts)}"
    return text


def whole(page: Page, texts: Texts) -> Screen:
    """A list with search, filter and pages."""
    which, wanted = page.wanted.which, page.wanted
    blocks: list[Block] = []
    if which != "waiting":
        blocks += [_search(wanted.words, texts), _filter(wanted.state, texts)]
    blocks += [_row(picture, texts) for picture in page.rows]
    if not page.rows:
        blocks.append(
            section(texts.say("Nothing fits.") if wanted.words or wanted.state else _empty(which, texts))
        )
    buttons = []
    if wanted.before:
        first = ids.ListButton(which=which).pack()
        buttons.append(button(texts.say("First page"), ids.LIST_FIRST, first))
    if page.more:
        last = wanted.before + len(page.rows) if which == "waiting" else page.rows[-1].request.number
        following = ids.ListButton(which=which, before=last).pack()
        buttons.append(button(texts.say("Next page"), ids.LIST_NEXT, following))
    if buttons:
        blocks.append(actions(*buttons, block_id="pages"))
    if which != "waiting":
        hint = texts.say("Search by number, or by words of what is asked for and the counterparty.")
        blocks.append(context(hint))
    state = ids.ListButton(which=which, words=wanted.words, state=wanted.state, before=wanted.before).pack()
    title, close = _title(which, texts), texts.say("Close")
    if which == "waiting":
        return modal(title, blocks, close=close, private_metadata=state)
    return modal(
        title,
        blocks,
        callback_id=ids.LIST_FORM,
        submit=texts.say("Search"),
        close=close,
        private_metadata=state,
    )


def _search(words: str, texts: Texts) -> InputBlock:
    element = PlainTextInputElement(
        action_id=ids.CONNECT_INPUT,
        max_length=100,
        initial_value=words or None,
        placeholder=plain(texts.say("REQ-12, or words")),
    )
    return InputBlock(
        block_id=ids.SEARCH_BLOCK,
        label=plain(texts.say("Search")),
        element=element,
        optional=True,
    )


def _filter(chosen: str, texts: Texts) -> ActionsBlock:
    options = {key: Option(text=plain(text), value=key) for key, text in _states(texts).items()}
    select = StaticSelectElement(
        action_id=ids.LIST_FILTER,
        options=list(options.values()),
        initial_option=options[chosen or "any"],
        placeholder=plain(texts.say("Any state")),
    )
    return ActionsBlock(block_id=ids.FILTER_BLOCK, elements=[select])


def status_line(picture: Picture, texts: Texts) -> str:
    """How a request stands, for `/contract status`."""
    steps = [in_brief.step(picture, task, texts) for task in picture.course.live]
    return "\n".join([line(picture, texts), *steps])
