"""The Home tab: one's own launches, and for admins the set-up."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ConfirmObject,
    ConversationSelectElement,
    Option,
    StaticSelectElement,
)
from slack_sdk.models.blocks.block_elements import ConversationFilter

from bot import ids
from bot.blockkit import (
    Screen,
    actions,
    button,
    context,
    divider,
    escape,
    header,
    home,
    plain,
    section,
)
from bot.texts import ENGLISH, LANGUAGES, Texts
from bot.usecases.errors import Refusal
from bot.usecases.overview import Overview
from bot.views import (
    changes,
    connections,
    defaults,
    drafts,
    identities,
    intake,
    lists,
    mapping,
    offers,
    policies,
    reminders,
    systems,
    upkeep,
)
from bot.views.message import moment, name_of, standing_of
from bot.views.topics import Drawing, needs_a_look, topic
from storage.records import Launch


def build_home(seen: Overview, texts: Texts = ENGLISH) -> Screen:
    """The Home tab of one person."""
    blocks: list[Block] = [
        header(texts.say("Contracts")),
        *_start(seen, texts),
        *connections.my_sign_in(seen, texts),
    ]
    if seen.requests is not None:
        blocks += lists.on_home(seen.requests, texts)
        away = button(texts.say("I am away…"), ids.OPEN_AWAY)
        blocks.append(section(reminders.away_text(seen.absence, texts), accessory=away))
    if seen.admin:
        blocks += [divider(), header(texts.say("Set-up"))]
        for draw in TOPICS:
            blocks += draw(seen, texts)
    else:
        blocks += connections.admins(seen, texts)
    if seen.drafts:
        blocks += [divider(), *drafts.on_home(seen.drafts, texts)]
    blocks += [divider(), header(texts.say("Your launches")), *_launches(seen, texts)]
    if seen.remembers:
        blocks.append(_memory(texts))
    return home(blocks)


def _memory(texts: Texts) -> Block:
    forget = button(texts.say("Forget"), ids.FORGET)
    forget.confirm = ConfirmObject(
        title=plain(texts.say("Forget what you typed?")),
        text=plain(texts.say("Forms no longer begin with what you typed into them last.")),
        confirm=plain(texts.say("Forget")),
        deny=plain(texts.say("Keep it")),
    )
    text = texts.say(
        "Slipway remembers what you typed into forms last, except amounts, dates and counterparties."
    )
    return section(text, accessory=forget)


def refused_home(refusal: Refusal, texts: Texts = ENGLISH) -> Screen:
    """The Home tab when even the person is not known."""
    said = f"{escape(texts.of(refusal.what))} {escape(texts.of(refusal.do))}"
    return home([header(texts.say("Contracts")), section(said)])


def _start(seen: Overview, texts: Texts) -> list[Block]:
    if seen.connection is None:
        whom = texts.say("Ask a workspace owner or admin to connect it.")
        if seen.admin:
            whom = texts.say("Connect it below.")
        return [section(texts.say("Slipway is not connected to Ironclad yet.") + f" {whom}")]
    start = button(texts.say("Launch a contract"), ids.START_CONTRACT, style="primary")
    return [
        section(texts.say("Type `{command}` in any channel, or start here.", command=ids.COMMAND)),
        actions(start, button(texts.say("New request"), ids.START_REQUEST), block_id="start"),
    ]


def _channel(seen: Overview, texts: Texts) -> list[Block]:
    workspace = seen.workspace
    chosen = workspace.channel if workspace else None
    select = ConversationSelectElement(
        action_id=ids.PICK_CHANNEL,
        placeholder=plain(texts.say("Choose a channel")),
        initial_conversation=chosen,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
    )
    where = texts.say("Where the cards of launches and their threads go.")
    blocks: list[Block] = [
        section(f"*{texts.say('Procurement channel')}*\n{where}"),
        ActionsBlock(
            block_id="channel",
            elements=[select, button(texts.say("Channels by category"), ids.OPEN_CHANNELS)],
        ),
    ]
    if seen.category_channels:
        blocks.append(context(defaults.channels_text(seen.category_channels, texts)))
    if workspace and workspace.channel_problem:
        blocks.append(section(needs_a_look(workspace.channel_problem, texts)))
    elif not chosen:
        none = texts.say("None chosen yet: until then each requester gets the card as a direct message.")
        blocks.append(context(none))
    return blocks


def _admins(_seen: Overview, texts: Texts) -> list[Block]:
    return topic(
        texts.say("Admins"),
        texts.say("Who may change this set-up, besides the workspace's owners."),
        ids.OPEN_ADMINS,
        label=texts.say("Name admins"),
    )


def _audit(_seen: Overview, texts: Texts) -> list[Block]:
    state, label = texts.say("Who changed what, and when."), texts.say("See the log")
    return topic(texts.say("Audit log"), state, ids.OPEN_AUDIT, label=label)


def _language(seen: Overview, texts: Texts) -> list[Block]:
    options = [Option(text=plain(name), value=language) for language, name in LANGUAGES.items()]
    chosen = (seen.settings.language if seen.settings else None) or "en"
    select = StaticSelectElement(
        action_id=ids.PICK_LANGUAGE,
        placeholder=plain(texts.say("Choose a language")),
        options=options,
        initial_option=next((one for one in options if one.value == chosen), options[0]),
    )
    others = texts.say("Everybody is answered in the language of their own Slack.")
    return [
        section(f"*{texts.say('Language of cards and threads')}*\n{others}"),
        ActionsBlock(block_id="language", elements=[select]),
    ]


def _rules(seen: Overview, texts: Texts) -> list[Block]:
    count = sum(len(one.rules) for one in seen.rules)
    state = texts.say("No rules yet: Ironclad does not say when they are needed.")
    if count:
        state = texts.count("{n} rule says when they are asked.", "{n} rules say when they are asked.", count)
    title, label = texts.say("Conditional questions"), texts.say("Open the rules")
    return topic(title, state, ids.OPEN_RULES, label=label)


def _policy(seen: Overview, texts: Texts) -> list[Block]:
    state = policies.summary(seen.policy, texts) if seen.policy else ""
    return topic(texts.say("Approvals"), state, ids.OPEN_POLICY, label=texts.say("Edit approvals"))


def _intake(seen: Overview, texts: Texts) -> list[Block]:
    state = intake.summary(seen.intake, texts) if seen.intake else ""
    return topic(texts.say("Request form"), state, ids.OPEN_INTAKE, label=texts.say("Edit form"))


def _reminders(seen: Overview, texts: Texts) -> list[Block]:
    title, label = texts.say("Reminders and working hours"), texts.say("Edit reminders")
    state = reminders.summary(seen.reminders, texts) if seen.reminders else ""
    return topic(title, state, ids.OPEN_REMINDERS, label=label)


#: The set-up, as admins see it from top to bottom. A topic is usually one row (`bot.views.topics.topic`).
TOPICS: tuple[Drawing, ...] = (
    connections.rows,
    _channel,
    _policy,
    _intake,
    _reminders,
    offers.row,
    changes.home_topic,
    mapping.row,
    identities.row,
    systems.row,
    _admins,
    _audit,
    upkeep.mail_row,
    _language,
    defaults.row,
    _rules,
    upkeep.delete_row,
)


def _launches(seen: Overview, texts: Texts) -> list[Block]:
    if not seen.launches:
        return [section(texts.say("None yet."))]
    return [_one(launch, texts) for launch in seen.launches]


def _one(launch: Launch, texts: Texts) -> Block:
    text = f"*{name_of(launch)}*\n{standing_of(launch, texts)} · {moment(launch.created_at, texts)}"
    if launch.state == "launched" and launch.url:
        return section(text, accessory=button(texts.say("Open"), ids.OPEN_LINK, url=launch.url))
    if launch.state == "refused":
        value = ids.LaunchButton(launch=launch.id).pack()
        return section(text, accessory=button(texts.say("Edit and resubmit"), ids.EDIT_AND_RESUBMIT, value))
    return section(text)
