"""The windows about which templates are offered to whom, and where."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    CheckboxesElement,
    ConversationMultiSelectElement,
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    UserMultiSelectElement,
)
from slack_sdk.models.blocks.block_elements import ConversationFilter

from bot import ids
from bot.blockkit import (
    MAX_OPTION,
    MAX_OPTIONS,
    Screen,
    alert,
    button,
    clip,
    context,
    inline,
    modal,
    plain,
    section,
)
from bot.texts import Texts
from bot.usecases.offers import Edited, Item
from bot.usecases.overview import Overview
from bot.views.inputs import asked
from bot.views.message import person
from bot.views.topics import topic
from storage.records import TemplateRule

SHOWN = 40
NAMED = 5


def row(seen: Overview, texts: Texts) -> list[Block]:
    """How many templates are restricted, on Home."""
    state = texts.say("Every template is offered to whomever Ironclad lets launch it.")
    if seen.offers:
        state = texts.count(
            "{n} template is offered to some people or in some channels only.",
            "{n} templates are offered to some people or in some channels only.",
            seen.offers,
        )
    return topic(texts.say("Templates offered"), state, ids.OPEN_OFFERS, label=texts.say("Edit offers"))


def listed(rules: Sequence[TemplateRule], texts: Texts, *, note: str = "") -> Screen:
    """Every restricted template, and a way to each other."""
    pick = ExternalDataSelectElement(
        action_id=ids.OFFERS_TEMPLATE,
        placeholder=plain(texts.say("Choose a template")),
        min_query_length=0,
    )
    blocks: list[Block] = [alert(note, "success")] if note else []
    blocks += [
        section(
            texts.say(
                "Ironclad decides who may launch what. Here you can offer a template to fewer people than "
                "that, or in some channels only."
            )
        ),
        ActionsBlock(block_id="template", elements=[pick]),
    ]
    for rule in rules[:SHOWN]:
        value = ids.OfferState(template=rule.template_id).pack()
        edit = button(texts.say("Edit"), ids.EDIT_OFFER, value)
        blocks.append(
            section(f"*{inline(rule.name or rule.template_id)}*\n{told(rule, texts)}", accessory=edit)
        )
    if len(rules) > SHOWN:
        blocks.append(context(texts.say("and {count} more", count=len(rules) - SHOWN)))
    return modal(texts.say("Templates offered"), blocks, close=texts.say("Close"))


def none_known(texts: Texts) -> Screen:
    """There is nothing to choose from."""
    told = texts.say("No template is known yet. Type /contract once, then come back.")
    return modal(texts.say("Templates offered"), [section(told)], close=texts.say("Close"))


def told(rule: TemplateRule, texts: Texts) -> str:
    """A rule in words, as mrkdwn."""
    if rule.hidden:
        return texts.say("Offered to nobody")
    who = [person(user) for user in rule.users] + [f"<!subteam^{inline(group)}>" for group in rule.groups]
    where = [f"<#{inline(channel)}>" for channel in rule.channels]
    to = texts.say("Offered to everybody")
    if who:
        to = texts.say("Offered to {people}", people=_some(who, texts))
    return texts.say("{offered} in {channels}", offered=to, channels=_some(where, texts)) if where else to


def _some(names: Sequence[str], texts: Texts) -> str:
    more = len(names) - NAMED
    shown = [*names[:NAMED], *([texts.say("{n} more", n=more)] if more > 0 else [])]
    return texts.both(shown)


def edit(edited: Edited, texts: Texts) -> Screen:
    """To whom one template is offered, and where."""
    rule = edited.rule
    return modal(
        texts.say("Templates offered"),
        [section(f"*{inline(rule.name)}*"), _hidden(rule, texts), *_whom(edited, texts), _where(rule, texts)],
        callback_id=ids.OFFER_FORM,
        submit=texts.say("Save"),
        close=texts.say("Cancel"),
        private_metadata=ids.OfferState(template=rule.template_id).pack(),
    )


def _hidden(rule: TemplateRule, texts: Texts) -> InputBlock:
    nobody = Option(text=plain(texts.say("Offer it to nobody")), value="hidden")
    ticked = CheckboxesElement(
        action_id=ids.CONNECT_INPUT,
        options=[nobody],
        initial_options=[nobody] if rule.hidden else None,
    )
    return asked(ids.HIDDEN_BLOCK, texts.say("Not ready yet?"), ticked)


def _whom(edited: Edited, texts: Texts) -> list[Block]:
    people = UserMultiSelectElement(
        action_id=ids.CONNECT_INPUT,
        placeholder=plain(texts.say("Everybody")),
        initial_users=list(edited.rule.users) or None,
        max_selected_items=100,
    )
    groups = ExternalDataMultiSelectElement(
        action_id=ids.OFFER_GROUPS,
        placeholder=plain(texts.say("Everybody")),
        min_query_length=0,
        initial_options=[group_option(*group) for group in edited.groups] or None,
        max_selected_items=20,
    )
    both = texts.say("People and groups together: whoever is among either. Both empty: everybody.")
    return [
        asked(ids.PEOPLE_BLOCK, texts.say("People"), people),
        asked(ids.GROUPS_BLOCK, texts.say("User groups"), groups, hint=both),
    ]


def _where(rule: TemplateRule, texts: Texts) -> InputBlock:
    channels = ConversationMultiSelectElement(
        action_id=ids.CONNECT_INPUT,
        placeholder=plain(texts.say("Everywhere")),
        initial_conversations=list(rule.channels) or None,
        max_selected_items=50,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
    )
    hint = texts.say("Where /contract is typed, or where the card of the request is.")
    return asked(ids.CHANNELS_BLOCK, texts.say("Channels"), channels, hint=hint)


def template_options(items: Sequence[Item]) -> list[Option]:
    """Templates as choices: a hundred at most."""
    return [Option(text=plain(clip(name, MAX_OPTION)), value=key) for key, name in items[:MAX_OPTIONS]]


def group_option(group: str, name: str) -> Option:
    """A user group as a choice."""
    return Option(text=plain(clip(name or group, MAX_OPTION)), value=group)
