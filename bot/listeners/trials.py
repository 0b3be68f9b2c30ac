"""Trying rules of conditional questions with sample answers, before they are saved and after."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.models.blocks import Block, InputBlock

from bot import forms, ids
from bot.blockkit import Screen
from bot.forms.conditions import Rule, outlook
from bot.forms.kinds import Asking, NotAnAnswerError, Typed, kind_of
from bot.forms.rule_builder import blank_in, rule_in
from bot.listeners.conditions import Shared, list_state, offer, rule_state
from bot.listeners.language import texts_of
from bot.listeners.payload import Body, state_in, team_of, view_of
from bot.texts import Texts
from bot.usecases.ruling import QuestionBook
from bot.views import conditions, trying


def register(app: AsyncApp, shared: Shared) -> None:
    """Attach the listeners; before those of launch forms, since samples are typed into the same inputs."""
    app.action(ids.TRY_RULE)(partial(try_one, rules=shared))
    app.action(ids.TRY_ALL)(partial(try_all, rules=shared))
    app.view(ids.TRY_RULES)(partial(look_again, rules=shared))
    app.action(ids.FIELD, matchers=[in_trial])(partial(sample_changed, rules=shared))
    app.options(ids.FIELD_SEARCH, matchers=[in_trial])(partial(search_samples, rules=shared))


def _trial_state(body: Body) -> ids.TrialState:
    return state_in(body, ids.TrialState)


async def try_one(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Try it* beside a rule that is not saved yet: together with the others."""
    await ack()
    state, texts = rule_state(body), texts_of(context)
    book = await rules.book(context, state.template)
    rule = rule_in(blank_in(forms.typed_of(view_of(body).get("state")), state.shape, book.fields))
    if not isinstance(rule, Rule):
        blank = blank_in(forms.typed_of(view_of(body).get("state")), state.shape, book.fields)
        missing = " ".join(dict.fromkeys(texts.of(what) for what in rule.values()))
        form = conditions.rule_form(
            book, blank, texts, version=state.version, instead_of=state.instead_of, problem=missing
        )
        await rules.redraw(context, body, form)
        return
    trial = ids.TrialState(
        template=state.template, rule=rule.model_dump(mode="json"), instead_of=state.instead_of
    )
    await rules.api.push_view(team_of(context), str(body["trigger_id"]), _trial(book, trial, {}, texts))


async def try_all(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Try it* below the list: the rules as they are."""
    await ack()
    book = await rules.book(context, list_state(body).template)
    trial = ids.TrialState(template=book.template_id)
    await rules.api.push_view(
        team_of(context), str(body["trigger_id"]), _trial(book, trial, {}, texts_of(context))
    )


async def look_again(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """*Look again*: what the sample answers bring up."""
    trial = _trial_state(body)
    book = await rules.book(context, trial.template)
    typed = forms.typed_of(view_of(body).get("state"))
    await ack(response_action="update", view=_trial(book, trial, typed, texts_of(context)))


async def sample_changed(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, rules: Shared) -> None:
    """A sample answer was chosen."""
    await ack()
    trial = _trial_state(body)
    book = await rules.book(context, trial.template)
    typed = forms.typed_of(view_of(body).get("state"))
    await rules.redraw(context, body, _trial(book, trial, typed, texts_of(context)))


async def in_trial(body: Body) -> bool:
    """Whether an input of a form was changed in this modal, which uses the inputs of launch forms."""
    return view_of(body).get("callback_id") == ids.TRY_RULES


async def search_samples(
    ack: AsyncAck, body: Body, payload: dict[str, Any], context: AsyncBoltContext, *, rules: Shared
) -> None:
    """The choices of a sample answer as somebody types."""
    book = await rules.book(context, _trial_state(body).template)
    words = str(payload.get("value") or "")
    found = forms.find_options(book.fields, str(payload.get("block_id")), words, _asking(texts_of(context)))
    await offer(ack, found)


def _asking(texts: Texts, live: frozenset[str] = frozenset()) -> Asking:
    return Asking(locale=texts.locale.replace("_", "-"), live=live)


def _trial(book: QuestionBook, trial: ids.TrialState, typed: Mapping[str, Any], texts: Texts) -> Screen:
    tried = _tried(book, trial)
    deciders = {key for rule in tried for key in rule.deciders}
    fields = [field for field in book.fields if field.key in deciders]
    asking = _asking(texts, frozenset(deciders))
    answers: dict[str, Any] = {}
    inputs: list[Block] = []
    for field in fields:
        kind = kind_of(field)
        if kind is None:
            continue
        try:
            answers[field.key] = kind.read(Typed(field, typed, asking))
        except NotAnAnswerError:
            continue
        finally:
            inputs += _optional(kind.ask(field, answers.get(field.key), asking))
    return trying.trying(book, inputs, outlook(tried, book.fields, answers), trial.pack(), texts)


def _optional(blocks: list[Block]) -> list[Block]:
    for block in blocks:
        if isinstance(block, InputBlock):
            block.optional = True
    return blocks


def _tried(book: QuestionBook, trial: ids.TrialState) -> list[Rule]:
    rules = list(book.rules)
    if trial.rule is None:
        return rules
    fresh = Rule.model_validate(trial.rule)
    if trial.instead_of:
        return [fresh if rule.id == trial.instead_of else rule for rule in rules]
    return [*rules, fresh]
