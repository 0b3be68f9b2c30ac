"""The windows of what a workspace decides once for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from slack_sdk.models.blocks import (
    Block,
    ConversationSelectElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
)
from slack_sdk.models.blocks.block_elements import ConversationFilter

from bot import forms, ids
from bot.blockkit import MAX_OPTIONS, Screen, context, modal, plain, section
from bot.texts import Texts
from bot.usecases.calendar import zone_of, zones
from bot.usecases.defaults import ByCategory
from bot.usecases.overview import Overview
from bot.views.topics import topic
from storage.records import WorkspaceSettings


def row(seen: Overview, texts: Texts) -> list[Block]:
    """The defaults on Home."""
    chosen = seen.settings or WorkspaceSettings()
    currency = texts.say("Amounts begin in the currency of each person's country")
    if chosen.currency:
        currency = texts.say("Amounts begin in {currency}", currency=chosen.currency)
    state = f"{currency} · {chosen.time_zone or 'UTC'}"
    name, label = texts.say("Currency and time zone"), texts.say("Change defaults")
    return topic(name, state, ids.OPEN_DEFAULTS, label=label)


def settings(chosen: WorkspaceSettings, texts: Texts) -> Screen:
    """Currency and time zone."""
    asking = forms.Asking(locale=texts.locale.replace("_", "-"), texts=texts)
    currency = forms.currency_option(chosen.currency, asking) if chosen.currency else None
    zone = _zone_option(chosen.time_zone) if chosen.time_zone else None
    blocks: list[Block] = [
        _search(
            ids.CURRENCY_BLOCK,
            texts.say("Currency that amounts begin with"),
            ids.CURRENCY_SEARCH,
            texts.say("That of each person's country"),
            currency,
            texts.say("In requests and in launch forms. Everybody can choose another one there."),
        ),
        _search(
            ids.ZONE_BLOCK,
            texts.say("Time zone"),
            ids.ZONE_SEARCH,
            "UTC",
            zone,
            texts.say(
                "For people whose Slack profile names none. Others are reminded, and see dates, in their own."
            ),
        ),
        context(texts.say("Working hours are part of the reminders: Home → Edit reminders.")),
    ]
    return modal(
        texts.say("Defaults"),
        blocks,
        callback_id=ids.DEFAULTS_FORM,
        submit=texts.say("Save"),
        close=texts.say("Cancel"),
    )


def _search(block: str, label: str, action: str, empty: str, chosen: Option | None, hint: str) -> InputBlock:
    element = ExternalDataSelectElement(
        action_id=action, min_query_length=0, placeholder=plain(empty), initial_option=chosen
    )
    return InputBlock(block_id=block, label=plain(label), element=element, hint=plain(hint), optional=True)


def found_currencies(query: str, texts: Texts) -> list[Option]:
    """The currencies to choose from."""
    return forms.find_currencies(query, forms.Asking(locale=texts.locale.replace("_", "-"), texts=texts))


def found_zones(query: str) -> list[Option]:
    """The time zones that every word of `query` is about, by name or by distance: a hundred at most."""
    words = query.casefold().split()
    fit = [zone for zone in zones() if all(word in _zone_label(zone).casefold() for word in words)]
    return [_zone_option(zone) for zone in fit[:MAX_OPTIONS]]


def _zone_option(zone: str) -> Option:
    return Option(text=plain(_zone_label(zone)), value=zone)


def _zone_label(zone: str) -> str:
    ahead = datetime.now(UTC).astimezone(zone_of(zone)).strftime("%z")
    return f"{zone.replace('_', ' ')} (UTC{ahead[:3]}:{ahead[3:]})"


def channels(known: ByCategory, texts: Texts) -> Screen:
    """The channel of each category."""
    blocks: list[Block] = [
        section(
            texts.say(
                "Cards of requests go to the procurement channel, unless their category has a channel here."
            )
        )
    ]
    for category, channel in known.channels.items():
        element = ConversationSelectElement(
            action_id=ids.CONNECT_INPUT,
            placeholder=plain(texts.say("The procurement channel")),
            initial_conversation=channel or None,
            filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
        )
        block = block_of(category)
        blocks.append(InputBlock(block_id=block, label=plain(category), element=element, optional=True))
    if known.more:
        blocks.append(context(texts.say("Only the first categories are shown.")))
    return modal(
        texts.say("Channels by category"),
        blocks,
        callback_id=ids.CHANNELS_FORM,
        submit=texts.say("Save"),
        close=texts.say("Cancel"),
    )


def block_of(category: str) -> str:
    """The block id of a category's channel."""
    return f"{ids.CATEGORY_CHANNEL_BLOCK}:{forms.option_id(category)}"


def beside(problems: Mapping[str, str], texts: Texts) -> dict[str, str]:
    """Problems by category as problems by block."""
    return {block_of(category): texts.of(said) for category, said in problems.items()}


def channels_text(count: int, texts: Texts) -> str:
    """How many categories go elsewhere, for Home."""
    return texts.count("{n} category goes elsewhere.", "{n} categories go elsewhere.", count)
