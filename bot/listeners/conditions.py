"""Conditional questions on the Home tab: listing and writing rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.models.blocks import Option

from bot import forms, ids
from bot.blockkit import MAX_OPTIONS, Screen
from bot.forms.conditions import Rule
from bot.forms.kinds import option_id
from bot.forms.rule_builder import TARGET, Blank, blank_in, blank_of, field_block, rule_in, value_block
from bot.forms.rule_inputs import field_option, targets_of, value_options
from bot.forms.rule_problems import TARGET as ABOUT_THE_TARGET
from bot.listeners.language import texts_of
from bot.listeners.payload import Body, pressed, state_in, team_of, view_of, who
from bot.slack.api import SlackApi
from bot.slack.sending import SlackSender
from bot.texts import Texts
from bot.usecases.errors import Refusal
from bot.usecases.ports import Files
from bot.usecases.ruling import QuestionBook, Ruling
from bot.views import conditions as views
from bot.views import modals
from bot.wire import wire
from ironclad import Field


@dataclass(frozen=True)
class Shared:
    """What these listeners share."""

    api: SlackApi
    ruling: Ruling
    sender: SlackSender
    files: Files

    async def book(self, who: AsyncBoltContext, template_id: str) -> QuestionBook:
        """A template's rules. Raises `Refusal`."""
        return await self.ruling.book(who.team_id or "", who.user_id or "", template_id)

    async def list_of(
        self, who: AsyncBoltContext, template_id: str, *, page: int = 0, notice: str = ""
    ) -> Screen:
        """The list of a template, as it is now."""
        templates = await self.ruling.templates(who.team_id or "")
        book = await self.book(who, template_id)
        return views.rules_list(templates, book, texts_of(who), page=page, notice=notice)

    async def redraw(self, who: AsyncBoltContext, body: Body, view: Screen, *, root: bool = False) -> None:
        """Show another state of the modal in which something was pressed, or of the one below it."""
        here = view_of(body)
        shown = str(here.get("root_view_id") if root else here.get("id") or "")
        await self.api.update_view(who.team_id or "", shown, view)


def register(app: AsyncApp, shared: Shared, *, done: Any) -> None:
    """Attach the listeners of conditional questions; `done` only says that something was heard."""
    app.action(ids.OPEN_RULES)(partial(open_rules, rules=shared))
    app.view(ids.RULES)(done)
    app.action(ids.RULES_TEMPLATE)(partial(choose_template, rules=shared))
    app.options(ids.RULES_TEMPLATE)(partial(search_templates, rules=shared))
    for turned in (ids.RULES_BACK, ids.RULES_NEXT):
        app.action(turned)(partial(turn, rules=shared))
    app.action(ids.RULE_MENU)(partial(pick_from_menu, rules=shared))
    for answered in (ids.ACCEPT_RULE, ids.DROP_RULE):
        app.action(answered)(partial(answer_suggestion, rules=shared))
    app.action(ids.ADD_RULE)(partial(add, rules=shared))
    for changed in (ids.RULE_FIELD, ids.RULE_OPERATOR, ids.RULE_LONGER, ids.RULE_SHORTER, ids.RULE_WIDER):
        app.action(changed)(partial(reshape, rules=shared))
    for searched in (ids.RULE_TARGET, ids.RULE_FIELD, ids.RULE_VALUE):
        app.options(searched)(partial(search, rules=shared))
    app.view(ids.RULE)(partial(save, rules=shared))


# The list -----------------------------------------------------------------------------------------


async def open_rules(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Conditional questions* on Home."""
    team, texts = team_of(context), texts_of(context)
    try:
        await rules.ruling.only_admins(*who(context))
        templates = await rules.ruling.templates(team)
        view = views.rules_list(templates, None, texts) if templates else views.no_templates(texts)
    except Refusal as refusal:
        view = modals.refused(refusal, texts=texts)
    await rules.api.open_view(team, str(body["trigger_id"]), view)
    await ack()


async def choose_template(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """Another template was chosen in the list."""
    await ack()
    chosen = pressed(body).get("selected_option")
    template_id = str(chosen.get("value") or "") if isinstance(chosen, Mapping) else ""
    await rules.redraw(context, body, await rules.list_of(context, template_id))


async def search_templates(
    ack: AsyncAck, payload: dict[str, Any], context: AsyncBoltContext, *, rules: Shared
) -> None:
    """The templates as somebody types."""
    templates = await rules.ruling.templates(team_of(context))
    await offer(ack, views.matching_templates(templates, str(payload.get("value") or "")))


async def turn(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Back* or *Next* in a long list."""
    await ack()
    state = list_state(body)
    step = 1 if pressed(body).get("action_id") == ids.RULES_NEXT else -1
    await rules.redraw(
        context, body, await rules.list_of(context, state.template, page=max(state.page + step, 0))
    )


async def pick_from_menu(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Change* or *Remove* beside a rule."""
    await ack()
    chosen = pressed(body).get("selected_option")
    word, _, rule_id = str(chosen.get("value") if isinstance(chosen, Mapping) else "").partition(":")
    state, texts = list_state(body), texts_of(context)
    book = await rules.book(context, state.template)
    rule = book.rule(rule_id)
    if word == "change":
        form = views.rule_form(book, blank_of(rule), texts, version=book.version, instead_of=rule_id)
        await rules.api.push_view(team_of(context), str(body["trigger_id"]), form)
        return
    await rules.ruling.remove(*who(context), state.template, rule_id)
    shown = await rules.list_of(context, state.template, page=state.page, notice=texts.say("Removed."))
    await rules.redraw(context, body, shown)


async def answer_suggestion(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Accept* or *Drop*."""
    await ack()
    state, texts, button = list_state(body), texts_of(context), pressed(body)
    accepted = button.get("action_id") == ids.ACCEPT_RULE
    await rules.ruling.answer(
        *who(context),
        state.template,
        str(button.get("value") or ""),
        accepted=accepted,
    )
    notice = texts.say("Accepted: the rule is in use.") if accepted else texts.say("Dropped for good.")
    await rules.redraw(
        context, body, await rules.list_of(context, state.template, page=state.page, notice=notice)
    )


# One rule -----------------------------------------------------------------------------------------


async def add(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Add a rule*."""
    await ack()
    book = await rules.book(context, list_state(body).template)
    form = views.rule_form(book, Blank(), texts_of(context), version=book.version)
    await rules.api.push_view(team_of(context), str(body["trigger_id"]), form)


async def reshape(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """Another question or operator was chosen, or a condition added or removed."""
    await ack()
    state = rule_state(body)
    book = await rules.book(context, state.template)
    blank = _reshaped(
        blank_in(forms.typed_of(view_of(body).get("state")), state.shape, book.fields), pressed(body)
    )
    form = views.rule_form(book, blank, texts_of(context), version=state.version, instead_of=state.instead_of)
    await rules.redraw(context, body, form)


def _reshaped(blank: Blank, button: Mapping[str, Any]) -> Blank:
    value = str(button.get("value") or "")
    number = int(value) if value.isdigit() else -1
    match button.get("action_id"):
        case ids.RULE_LONGER:
            return blank.longer(number)
        case ids.RULE_SHORTER:
            return blank.without(number)
        case ids.RULE_WIDER:
            return blank.wider()
    return blank


async def search(
    ack: AsyncAck, body: Body, payload: dict[str, Any], context: AsyncBoltContext, *, rules: Shared
) -> None:
    """Questions, or the choices of one, as somebody types."""
    state, texts = rule_state(body), texts_of(context)
    book = await rules.book(context, state.template)
    block, words = str(payload.get("block_id")), str(payload.get("value") or "").casefold().split()
    if block == TARGET:
        options = [field_option(field) for field in targets_of(book.fields)]
    elif ":value:" in block:
        options = _choices(block, book.fields, texts)
    else:
        options = [field_option(field) for field in book.fields]
    found = [one for one in options if all(word in _label(one).casefold() for word in words)]
    await offer(ack, found[:MAX_OPTIONS])


def _label(option: Option) -> str:
    return str(wire(option)["text"]["text"])


def _choices(block: str, fields: tuple[Field, ...], texts: Texts) -> list[Option]:
    name = block.split(":")[3]
    field = next((field for field in fields if option_id(field.key).startswith(name)), None)
    return value_options(field, texts) if field else []


async def save(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Save* of a rule: problems beside their inputs, a good one is in use at once."""
    state, texts = rule_state(body), texts_of(context)
    book = await rules.book(context, state.template)
    blank = blank_in(forms.typed_of(view_of(body).get("state")), state.shape, book.fields)
    rule = rule_in(blank)
    if not isinstance(rule, Rule):
        await ack(response_action="errors", errors={block: texts.of(what) for block, what in rule.items()})
        return
    wrong = await rules.ruling.keep(
        *who(context),
        state.template,
        rule,
        version=state.version,
        instead_of=state.instead_of,
    )
    if wrong:
        errors: dict[str, str] = {}
        for problem in wrong:
            errors.setdefault(_beside(problem.part, blank), texts.of(problem.what))
        await ack(response_action="errors", errors=errors)
        return
    await ack()
    shown = await rules.list_of(context, state.template, notice=texts.say("Saved: the rule is in use."))
    await rules.redraw(context, body, shown, root=True)


def _beside(part: str, blank: Blank) -> str:
    """The input beside which a problem is told."""
    if part == ABOUT_THE_TARGET or int(part) >= len(blank.lines):
        return TARGET
    line = blank.lines[int(part)]
    return value_block(line) if line.values else field_block(line)


# What travels -------------------------------------------------------------------------------------


def list_state(body: Body) -> ids.RulesState:
    return state_in(body, ids.RulesState)


def rule_state(body: Body) -> ids.RuleState:
    return state_in(body, ids.RuleState)


async def offer(ack: AsyncAck, options: list[Option]) -> None:
    await ack(options=wire(options))
