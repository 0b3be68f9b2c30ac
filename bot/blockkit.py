"""The few pieces of Block Kit that every screen is made of, and the checks Slack's library lacks.

`slack_sdk.models` refuses most of what Slack refuses (lengths, counts). It does not notice duplicate
block ids, a select without options or a form without a submit button; Slack then refuses the whole
view, and for an answer to a submit it tells only the user. So `modal` and `home` look for these too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot.wire import wire

Screen = dict[str, Any]  #: a view as Slack's Web API takes it
MAX_VIEW_BLOCKS = 100  # https://docs.slack.dev/reference/block-kit/blocks
MAX_TITLE = 24  # https://docs.slack.dev/reference/views/modal-views
MAX_TEXT = 3000
PACKED = 2800  # characters that are put together into one text
LINE = 2000  # characters of one line that is put together with others
MAX_LABEL = 2000
MAX_OPTION = 75
MAX_OPTIONS = 100
MAX_BUTTON = 75
MAX_PLACEHOLDER = 150
MAX_ALERT = 200


_FORMATS = re.compile(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])")  # a mark within a word formats nothing
_KEPT_MARK = re.compile(r"<!date\^00000000\^\{_\}\|([*_~`])>")
_LOOKALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}


class UnfitViewError(ValueError):
    """The view would be refused by Slack: a mistake of ours, found before it is sent."""


def clip(text: str, limit: int) -> str:
    """`text` cut to `limit` characters, ending in an ellipsis when something was lost."""
    # One long text makes Slack refuse the whole view, so a word is lost rather than the form.
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escape(text: str) -> str:
    """People's text for a mrkdwn object: a vendor called ``<!channel>`` pings nobody.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def inline(text: str, limit: int = 200) -> str:
    """People's text as one escaped line of mrkdwn, cut to `limit` characters before escaping."""
    return escape(clip(" ".join(text.split()), limit))


def exactly(text: str, limit: int = 200) -> str:
    """People's text as `inline` makes it, letter by letter. In a link or a plain text it must be `bare`."""
    return literal(clip(" ".join(text.split()), limit), limit * len("&amp;"))


def bare(text: str) -> str:
    """The same without what keeps marks from formatting it."""
    return _KEPT_MARK.sub(r"\1", text)


def literal(text: str, room: int = LINE) -> str:
    """One line of people's text as mrkdwn that shows it letter by letter: ``*5*`` keeps its stars.

    Slack has no escape for the marks that format text, but never formats the fallback of a date, which is
    what it shows of one it cannot write. Where there is no room for that, others that look alike stand there.
    """
    line = escape(text)
    if line.startswith("&gt;"):
        line = f"\u00ad{line}"  # would be a quotation
    exact = _FORMATS.sub(lambda mark: f"<!date^00000000^{{_}}|{mark[0]}>", line)
    return exact if len(exact) <= room else _FORMATS.sub(lambda mark: _LOOKALIKES[mark[0]], line)


def plain(text: str, limit: int = MAX_TEXT) -> PlainTextObject:
    """A plain text object; an empty text becomes a dash, because Slack refuses empty ones."""
    return PlainTextObject(text=clip(text.strip(), limit) or "–", emoji=False)


def mrkdwn(text: str) -> MarkdownTextObject:
    """A mrkdwn object. People's text in it must have gone through `escape` or `inline`."""
    return MarkdownTextObject(text=clip(text.strip(), MAX_TEXT) or "–", verbatim=True)


def section(
    text: str, *, accessory: ButtonElement | None = None, block_id: str | None = None
) -> SectionBlock:
    """A paragraph of mrkdwn."""
    return SectionBlock(text=mrkdwn(text), accessory=accessory, block_id=block_id)


def packed(lines: Sequence[str]) -> Iterator[str]:
    """Lines put together into texts that fit a section each."""
    text = ""
    for line in lines:
        if text and len(text) + len(line) + 1 > PACKED:
            yield text
            text = ""
        text = f"{text}\n{line}" if text else line
    if text:
        yield text


def header(text: str) -> HeaderBlock:
    """A heading."""
    return HeaderBlock(text=plain(text, 150))


def context(*texts: str) -> ContextBlock:
    """A line of small mrkdwn."""
    return ContextBlock(elements=[mrkdwn(text) for text in texts])


def divider() -> DividerBlock:
    """A rule between parts."""
    return DividerBlock()


def alert(text: str, level: str = "error") -> AlertBlock:
    """A coloured notice at the top of a modal; `level` is info, warning, error or success."""
    return AlertBlock(text=plain(text, MAX_ALERT), level=level)


def actions(*buttons: ButtonElement, block_id: str | None = None) -> ActionsBlock:
    """A row of buttons."""
    return ActionsBlock(elements=list(buttons), block_id=block_id)


def button(
    text: str,
    action: str,
    value: str = "",
    *,
    style: str | None = None,
    url: str | None = None,
    about: str = "",
) -> ButtonElement:
    """A button; with `url` it opens a page (and still tells us that it was pressed).

    `about` is what a screen reader adds to its text, where several on a screen say the same.
    """
    return ButtonElement(
        text=plain(text, MAX_BUTTON),
        action_id=action,
        value=value or None,
        style=style,
        url=url,
        accessibility_label=clip(f"{text}: {about}", MAX_BUTTON) if about else None,
    )


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str | None = None,
    submit: str | None = None,
    close: str = "Close",
    private_metadata: str = "",
    notify_on_close: bool = False,
) -> Screen:
    """A modal as ``views.open`` takes it.

    Raises `UnfitViewError` (or slack_sdk's own error) where Slack would refuse it.
    """
    view = View(
        type="modal",
        title=plain(title, MAX_TITLE),
        blocks=list(blocks),
        callback_id=callback_id,
        submit=plain(submit, MAX_TITLE) if submit else None,
        close=plain(close, MAX_TITLE),
        private_metadata=private_metadata or None,
        notify_on_close=notify_on_close or None,
    )
    return _checked(view, blocks)


def home(blocks: Sequence[Block]) -> Screen:
    """A Home tab as ``views.publish`` takes it. Raises as `modal` does."""
    return _checked(View(type="home", blocks=list(blocks)), blocks)


def _checked(view: View, blocks: Sequence[Block]) -> Screen:
    repeated = [
        name for name, times in Counter(b.block_id for b in blocks if b.block_id).items() if times > 1
    ]
    if repeated:
        raise UnfitViewError(f"block ids used twice: {repeated}")
    if view.type == "modal" and view.submit is None and any(isinstance(b, InputBlock) for b in blocks):
        raise UnfitViewError("a modal with inputs needs a submit button")
    if not blocks:
        raise UnfitViewError("a view needs at least one block")
    return dict(wire(view))
