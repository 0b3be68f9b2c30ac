"""The admins' screens of conditional questions: a template's list, and one rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from slack_sdk.models.blocks import (
    Block,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    OverflowMenuElement,
    SectionBlock,
    StaticSelectElement,
)

from bot import ids
from bot.blockkit import (
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_PLACEHOLDER,
    MAX_TEXT,
    Screen,
    actions,
    alert,
    button,
    clip,
    context,
    divider,
    header,
    inline,
    modal,
    mrkdwn,
    plain,
    section,
)
from bot.forms.conditions import (
    UNARY,
    YES,
    Comparison,
    Effect,
    Rule,
    amount,
    manner_of,
)
from bot.forms.rule_builder import Blank
from bot.forms.rule_inputs import ask, operator_name, targets_of
from bot.forms.rule_problems import Problem, label_of
from bot.texts import Texts
from bot.usecases.ruling import QuestionBook
from bot.views.message import moment, person
from ironclad import Field, Required

ON_A_PAGE = 15
SUGGESTED_AT_ONCE = 5
NAMED_AT_MOST = 20

Templates = Sequence[tuple[str, str]]


# The list -----------------------------------------------------------------------------------------


def no_templates(texts: Texts) -> Screen:
    """Nothing to write rules for yet."""
    text = texts.say(
        "Slipway has not seen a template of Ironclad yet. Type `{command}` once, then come back.",
        command=ids.COMMAND,
    )
    return modal(_title(texts), [section(text)], close=texts.say("Close"))


def rules_list(
    templates: Templates, book: QuestionBook | None, texts: Texts, *, page: int = 0, notice: str = ""
) -> Screen:
    """The rules of a template, or the choice of one."""
    blocks: list[Block] = [alert(notice, "success")] if notice else []
    blocks.append(_which(templates, book, texts))
    if book is None:
        blocks.append(
            context(
                texts.say(
                    "Ironclad says that a question is conditional, but not when. What you know of it you can "
                    "write down here: the form then asks at the right time."
                )
            )
        )
        return _listed(blocks, ids.RulesState(), texts)
    last = max((len(book.rules) - 1) // ON_A_PAGE, 0)
    page = min(max(page, 0), last)
    blocks += [*_heading(book, texts), *_rules(book, page, texts), *_turning(page, last, texts)]
    blocks += [*_buttons(book, texts), *_suggested(book, texts), *_unruled(book, texts)]
    return _listed(blocks, ids.RulesState(template=book.template_id, page=page), texts)


def _listed(blocks: Sequence[Block], state: ids.RulesState, texts: Texts) -> Screen:
    return modal(
        _title(texts),
        blocks,
        callback_id=ids.RULES,
        submit=texts.say("Done"),
        close=texts.say("Close"),
        private_metadata=state.pack(),
    )


def _title(texts: Texts) -> str:
    return texts.say("Conditional questions")


def matching_templates(templates: Templates, query: str) -> list[Option]:
    """The templates whose names hold every word of `query`."""
    words = query.casefold().split()
    found = [one for one in templates if all(word in one[1].casefold() for word in words)]
    return [_template(*one) for one in found[:MAX_OPTIONS]]


def _template(template_id: str, name: str) -> Option:
    return Option(text=plain(clip(name, MAX_OPTION)), value=template_id)


def _which(templates: Templates, book: QuestionBook | None, texts: Texts) -> Block:
    chosen = _template(book.template_id, book.template_name) if book else None
    hint = plain(texts.say("Choose a template"), MAX_PLACEHOLDER)
    select: StaticSelectElement | ExternalDataSelectElement
    if len(templates) <= MAX_OPTIONS:
        options = [_template(*one) for one in templates]
        chosen = chosen if chosen in options else None
        select = StaticSelectElement(
            action_id=ids.RULES_TEMPLATE, options=options, initial_option=chosen, placeholder=hint
        )
    else:
        select = ExternalDataSelectElement(
            action_id=ids.RULES_TEMPLATE, min_query_length=0, initial_option=chosen, placeholder=hint
        )
    return InputBlock(
        block_id="which", label=plain(texts.say("Template")), element=select, dispatch_action=True
    )


def _heading(book: QuestionBook, texts: Texts) -> Iterator[Block]:
    if book.changed_at:
        yield context(
            texts.say(
                "Version {version} · changed by {person} {moment}",
                version=book.version,
                person=person(book.changed_by),
                moment=moment(book.changed_at, texts),
            )
        )
    problems = book.problems
    if problems:
        yield alert(texts.say("Some rules no longer fit the template, and are left out until they do."))
        lines = [f"• {inline(texts.of(problem.what), 300)}" for problem in problems[:5]]
        yield section("\n".join(dict.fromkeys(lines)))


def _rules(book: QuestionBook, page: int, texts: Texts) -> Iterator[Block]:
    if not book.rules:
        yield section(texts.say("There is no rule yet."))
    known = {field.key: field for field in book.fields}
    for place, rule in enumerate(book.rules[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]):
        text = sentence(rule, known, texts)
        times = (book.contradicted or {}).get(rule.target, 0)
        if times and rule.effect is not Effect.REQUIRE:
            wrong = texts.count(
                "Needs a look: Ironclad asked for it {n} time when this rule said no.",
                "Needs a look: Ironclad asked for it {n} times when this rule said no.",
                times,
            )
            text += f"\n*{wrong}*"
        menu = OverflowMenuElement(
            action_id=ids.RULE_MENU,
            options=[
                Option(text=plain(texts.say("Change")), value=f"change:{rule.id}"),
                Option(text=plain(texts.say("Remove")), value=f"remove:{rule.id}"),
            ],
        )
        yield SectionBlock(text=mrkdwn(text), accessory=menu, block_id=f"rule:{place}")


def _turning(page: int, last: int, texts: Texts) -> Iterator[Block]:
    if not last:
        return
    shown = texts.say("Page {page} of {pages}", page=page + 1, pages=last + 1)
    yield context(shown)
    turns = []
    if page > 0:
        turns.append(button(texts.say("Back"), ids.RULES_BACK))
    if page < last:
        turns.append(button(texts.say("Next"), ids.RULES_NEXT))
    yield actions(*turns, block_id="turning")


def _buttons(book: QuestionBook, texts: Texts) -> Iterator[Block]:
    shown = [button(texts.say("Import"), ids.OPEN_IMPORT)]
    if book.version:
        shown.append(button(texts.say("History"), ids.RULES_HISTORY))
    if book.rules:
        shown.insert(0, button(texts.say("Export"), ids.EXPORT_RULES))
        shown.insert(0, button(texts.say("Try it"), ids.TRY_ALL))
    if targets_of(book.fields) and len(book.fields) > 1:
        shown.insert(0, button(texts.say("Add a rule"), ids.ADD_RULE, style="primary"))
    yield actions(*shown, block_id="what_to_do")


def _suggested(book: QuestionBook, texts: Texts) -> Iterator[Block]:
    if not book.suggestions:
        return
    known = {field.key: field for field in book.fields}
    yield divider()
    yield header(texts.say("Suggestions"))
    yield context(texts.say("Guesses. Nothing is used before you accept it."))
    for place, one in enumerate(book.suggestions[:SUGGESTED_AT_ONCE]):
        why = inline(texts.of(one.reason), 1000)
        yield section(f"{sentence(one.rule, known, texts)}\n{why}")
        yield actions(
            button(texts.say("Accept"), ids.ACCEPT_RULE, one.rule.id),
            button(texts.say("Drop"), ids.DROP_RULE, one.rule.id),
            block_id=f"suggestion:{place}",
        )
    more = len(book.suggestions) - SUGGESTED_AT_ONCE
    if more > 0:
        yield context(texts.count("{n} more follows.", "{n} more follow.", more))


def _unruled(book: QuestionBook, texts: Texts) -> Iterator[Block]:
    ruled = {rule.target for rule in book.rules}
    open_ = [f for f in book.fields if f.required is Required.CONDITIONAL and f.key not in ruled]
    if not open_:
        return
    names = [inline(label_of(field), 80) for field in open_[:NAMED_AT_MOST]]
    if len(open_) > NAMED_AT_MOST:
        rest = len(open_) - NAMED_AT_MOST
        names.append(texts.count("{n} other", "{n} others", rest))
    yield context(texts.say("Without a rule, asked under *May be needed*: {names}", names=texts.both(names)))


# Rules in words -----------------------------------------------------------------------------------


def sentence(rule: Rule, known: Mapping[str, Field], texts: Texts) -> str:
    """A rule as people say it, in mrkdwn."""
    groups = [
        _and_or([_comparison(test, known, texts) for test in group.tests], group.join, texts)
        for group in rule.groups
    ]
    if len(groups) > 1:
        groups = [
            f"({one})" if len(group.tests) > 1 else one
            for one, group in zip(groups, rule.groups, strict=True)
        ]
    when = _and_or(groups, rule.join, texts)
    field = _name(rule.target, known)
    whole = {
        Effect.ASK: texts.say("Ask *{field}*, and require an answer, when {when}", field=field, when=when),
        Effect.SHOW: texts.say("Ask *{field}*, optionally, when {when}", field=field, when=when),
        Effect.REQUIRE: texts.say("Require *{field}* when {when}", field=field, when=when),
    }
    return clip(whole[rule.effect], MAX_TEXT - 300)


def _and_or(parts: Sequence[str], join: str, texts: Texts) -> str:
    word = texts.say("and") if join == "all" else texts.say("or")
    return f" {word} ".join(parts)


def _comparison(test: Comparison, known: Mapping[str, Field], texts: Texts) -> str:
    field = known.get(test.field) or Field(key=test.field, type="string")
    said = f"*{_name(test.field, known)}* {operator_name(test.op, field, texts)}"
    if test.op in UNARY:
        return said
    values = [_value(field, value, texts) for value in test.values[:NAMED_AT_MOST]]
    if len(test.values) > NAMED_AT_MOST:
        values.append("…")
    return f"{said} {' / '.join(values)}"


def _value(field: Field, value: str, texts: Texts) -> str:
    match manner_of(field):
        case "boolean":
            return texts.say("Yes") if value == YES else texts.say("No")
        case "number" | "monetaryAmount":
            return texts.number(amount(field, value) or Decimal(0))
        case "date":
            try:
                return texts.date(date.fromisoformat(value))
            except ValueError:
                return inline(value, 40)
        case _:
            return f"“{inline(value, 120)}”"


def _name(key: str, known: Mapping[str, Field]) -> str:
    return inline(label_of(known[key]) if key in known else key, 120).replace("*", "∗")


# One rule -----------------------------------------------------------------------------------------


def rule_form(
    book: QuestionBook, blank: Blank, texts: Texts, *, version: int, instead_of: str = "", problem: str = ""
) -> Screen:
    """A rule to fill in."""
    blocks: list[Block] = [alert(problem)] if problem else []
    blocks += [section(f"*{inline(book.template_name)}*"), *ask(blank, book.fields, texts)]
    blocks.append(actions(button(texts.say("Try it"), ids.TRY_RULE), block_id="r:try"))
    state = ids.RuleState(
        template=book.template_id, version=version, instead_of=instead_of, shape=blank.shape
    )
    return modal(
        texts.say("Rule"),
        blocks,
        callback_id=ids.RULE,
        submit=texts.say("Save"),
        close=texts.say("Cancel"),
        private_metadata=state.pack(),
    )


def problem_lines(problems: Sequence[Problem], texts: Texts) -> str:
    """What is wrong with a rule, as one text."""
    return " ".join(dict.fromkeys(texts.of(problem.what) for problem in problems))
