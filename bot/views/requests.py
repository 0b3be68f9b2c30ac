"""The modals of a request: asking, changing, looking, and what deciding needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    PlainTextInputElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import FileInputElement

from bot import forms, ids
from bot.blockkit import (
    MAX_TEXT,
    Screen,
    actions,
    alert,
    button,
    clip,
    context,
    divider,
    inline,
    modal,
    plain,
    section,
)
from bot.texts import ENGLISH, Texts, phrase
from bot.usecases.courses import Picture
from bot.usecases.following import WORKFLOW
from bot.usecases.intake import Intake, Question, questions
from bot.views import in_brief, notes
from bot.views.message import moment, person
from ironclad import Field, Options, Required
from storage import Event, Request, Task

TITLE = phrase("Contract request")
MAX_FILES = 10
_TYPES = {"text": "string", "long": "string", "email": "email", "choice": "string", "date": "date"}


def fields_of_intake(intake: Intake, texts: Texts = ENGLISH) -> tuple[Field, ...]:
    """The questions as the form engine takes them; people are asked beside it."""
    return tuple(_field(one, texts) for one in questions(intake) if one.kind != "person")


def _field(question: Question, texts: Texts) -> Field:
    return Field(
        key=question.key,
        type=_TYPES.get(question.kind, "number"),
        label=texts.of(question.label),
        required=Required.ALWAYS if question.required else Required.NEVER,
        options=Options(values=question.choices) if question.choices else None,
    )


def people_of_intake(intake: Intake) -> tuple[Question, ...]:
    """The questions that a person is the answer to."""
    return tuple(question for question in questions(intake) if question.kind == "person")


def person_block(key: str) -> str:
    """The block id of a question about a person."""
    return f"{ids.PERSON_BLOCK}:{key}"


def block_of(problem: str) -> str:
    """The block beside which a problem is shown: of a field by its key, or named already."""
    return problem if ":" in problem else f"f:{problem}"


def new_request(
    intake: Intake, state: ids.NewRequestState, values: Mapping[str, Any], texts: Texts = ENGLISH
) -> Screen:
    """The form of a new request, filled with what is known."""
    usual = {"currency": intake.currency} if intake.currency else {}
    blocks = _questions(intake, {**usual, **values}, texts)
    if state.files:
        names = ", ".join(inline(one.name, 60) for one in state.files)
        blocks.append(context(texts.say("Comes along: {files}", files=names)))
    blocks.append(
        InputBlock(
            block_id=ids.FILES_BLOCK,
            label=plain(texts.say("Files")),
            element=FileInputElement(action_id=ids.CONNECT_INPUT, max_files=MAX_FILES),
            optional=True,
        )
    )
    return modal(
        texts.of(TITLE),
        blocks,
        callback_id=ids.NEW_REQUEST,
        submit=texts.say("Send"),
        close=texts.say("Cancel"),
        private_metadata=state.pack(),
    )


def _questions(intake: Intake, values: Mapping[str, Any], texts: Texts) -> list[Block]:
    filled = {key: _as_asked(key, value) for key, value in values.items()}
    blocks = list(forms.draw_whole(fields_of_intake(intake, texts), filled, forms.Asking(texts=texts)))
    return blocks + [
        _person(question, values.get(question.key), texts) for question in people_of_intake(intake)
    ]


def _as_asked(key: str, value: Any) -> Any:
    if key != "amount":
        return value
    number = float(value)
    return int(number) if number == int(number) else number


def _person(question: Question, chosen: Any, texts: Texts) -> InputBlock:
    return InputBlock(
        block_id=person_block(question.key),
        label=plain(texts.of(question.label)),
        element=UserSelectElement(
            action_id=ids.CONNECT_INPUT,
            placeholder=plain(texts.say("Choose a person")),
            initial_user=chosen if isinstance(chosen, str) and chosen else None,
        ),
        optional=not question.required,
    )


def accepted(request: Request, texts: Texts = ENGLISH) -> Screen:
    """Right after a request was sent."""
    text = f"*{request.label} · {inline(request.title, 120)}*\n{texts.say('It is on its way.')}"
    where = texts.say("Its card is in the procurement channel. You are told directly when it is your turn.")
    return modal(texts.of(TITLE), [section(text), context(where)])


def edit_request(picture: Picture, texts: Texts = ENGLISH) -> Screen:
    """The form again, to change what is asked for or to answer a question."""
    request = picture.request
    blocks: list[Block] = []
    question = next((one for one in reversed(picture.events) if one.kind == "changes"), None)
    asked = request.state == "changes" and question is not None
    if asked and question is not None:
        text = inline(str(question.detail.get("question") or ""), 1500)
        blocks.append(
            section(texts.say("{person} asks: “{question}”", person=person(question.by), question=text))
        )
    if any(task.state in ("approved", "open") and task.decisions for task in picture.tasks):
        blocks.append(context(texts.say("Approvals that a change touches are asked again.")))
    blocks += _questions(picture.intake, request.values, texts)
    if asked:
        blocks.insert(1, reason_input(texts.say("Your answer"), "", optional=True))
    return modal(
        texts.say("Edit {request}", request=request.label),
        blocks,
        callback_id=ids.EDIT_REQUEST_FORM,
        submit=texts.say("Send answer") if asked else texts.say("Save"),
        close=texts.say("Cancel"),
        private_metadata=ids.EditState(request=request.id, revision=request.revision).pack(),
    )


def reason_input(label: str, hint: str, *, optional: bool = False) -> InputBlock:
    """Where somebody says why."""
    element = PlainTextInputElement(action_id=ids.CONNECT_INPUT, multiline=True, max_length=MAX_TEXT)
    return InputBlock(
        block_id=ids.REASON_BLOCK,
        label=plain(label),
        hint=plain(hint) if hint else None,
        element=element,
        optional=optional,
    )


# Looking --------------------------------------------------------------------------------------------


def details(picture: Picture, user: str, *, admin: bool, texts: Texts = ENGLISH) -> Screen:
    """Everything this person may see of a request, with what they may do about it."""
    request = picture.request
    blocks: list[Block] = [section(f"*{in_brief.headline(picture)}*\n{in_brief.standing(picture, texts)}")]
    lines = in_brief.facts(picture, hidden=False, texts=texts)
    if lines:
        blocks.append(section(clip("\n".join(lines), 2900)))
    blocks += _files(request, texts)
    steps = [in_brief.step(picture, task, texts) for task in picture.course.live]
    if steps:
        blocks += [divider(), section(clip("\n".join(steps), 2900))]
    told = [_happened(event, texts) for event in picture.events[-12:]]
    blocks += [divider(), context(clip("\n".join(told) or texts.say("Nothing happened yet."), 2900))]
    blocks += _actions(picture, user, admin, texts)
    return modal(request.label, blocks)


def _files(request: Request, texts: Texts) -> list[Block]:
    files = request.details.get("files") or []
    if not files:
        return []
    names = [_file(one) for one in files[:MAX_FILES]]
    return [section(f"*{texts.say('Files')}* " + ", ".join(names))]


def _file(one: Mapping[str, Any]) -> str:
    name, url = inline(str(one.get("name") or "file"), 80), str(one.get("url") or "")
    safe = url.startswith("https://") and not set(url) & set("|<> ")
    return f"<{url}|{name}>" if safe else name


def _happened(event: Event, texts: Texts) -> str:
    when, by = moment(event.at, texts), person(event.by)
    if event.kind == WORKFLOW:
        return f"{when}: Ironclad: {inline(str(event.detail.get('to') or ''), 40)}"
    told = {
        "created": texts.say("{person} asked for it", person=by),
        "approved": texts.say("{person} approved", person=by),
        "rejected": texts.say("{person} rejected it", person=by),
        "changes": texts.say("{person} asked for changes", person=by),
        "changed": texts.say("{person} changed it", person=by),
        "handed_on": texts.say("{person} handed on a task", person=by),
        "again": texts.say("approvals are asked again"),
        "cancelled": texts.say("{person} cancelled it", person=by),
    }
    return f"{when}: {told.get(event.kind, inline(event.kind, 40))}"


def _actions(picture: Picture, user: str, admin: bool, texts: Texts) -> list[Block]:
    request, task = picture.request, picture.course.current
    blocks: list[Block] = []
    if task and request.state == "approving" and user in task.asked:
        blocks.append(notes.decision_buttons(request, task, texts))
    row = []
    value = ids.RequestButton(request=request.id).pack()
    open_still = request.state in ("routing", "approving", "changes", "contract") and picture.launch is None
    if task and request.state == "contract" and user in task.asked and picture.launch is None:
        row.append(button(texts.say("Launch contract"), ids.LAUNCH_REQUEST, value, style="primary"))
    if open_still and (admin or user == request.requester):
        row.append(button(texts.say("Edit"), ids.EDIT_REQUEST, value))
        row.append(button(texts.say("Cancel request"), ids.CANCEL_REQUEST, value, style="danger"))
    if task and open_still and (admin or (task.kind == "contract" and user == request.requester)):
        handed = ids.TaskButton(task=task.id, revision=request.revision).pack()
        row.append(button(texts.say("Reassign"), ids.HAND_ON, handed))
    return blocks + ([actions(*row, block_id="request")] if row else [])


# Deciding -------------------------------------------------------------------------------------------


def reject(request: Request, task: Task, texts: Texts = ENGLISH) -> Screen:
    """Ask for the reason of a rejection."""
    blocks: list[Block] = [
        section(f"*{request.label} · {inline(request.title, 120)}*"),
        reason_input(texts.say("Why do you reject it?"), texts.say("The requester and the thread see this.")),
    ]
    return _small(texts, texts.say("Reject"), blocks, ids.REJECT_FORM, texts.say("Reject"), request, task)


def ask_for_changes(request: Request, task: Task, texts: Texts = ENGLISH) -> Screen:
    """Ask what should be changed."""
    blocks: list[Block] = [
        section(f"*{request.label} · {inline(request.title, 120)}*"),
        reason_input(
            texts.say("What should be changed or explained?"),
            texts.say("The requester is asked in the thread."),
        ),
    ]
    return _small(
        texts, texts.say("Ask for changes"), blocks, ids.CHANGES_FORM, texts.say("Ask"), request, task
    )


def hand_on(request: Request, task: Task, texts: Texts = ENGLISH) -> Screen:
    """Ask who takes the place."""
    approval = task.kind == "approval"
    select = InputBlock(
        block_id=ids.PERSON_BLOCK,
        label=plain(texts.say("Who decides instead?") if approval else texts.say("Who launches it?")),
        element=UserSelectElement(
            action_id=ids.CONNECT_INPUT, placeholder=plain(texts.say("Choose a person"))
        ),
    )
    blocks: list[Block] = [section(f"*{request.label} · {inline(request.title, 120)}*"), select]
    title = texts.say("Delegate") if approval else texts.say("Reassign")
    return _small(texts, title, blocks, ids.HAND_ON_FORM, title, request, task)


def _small(
    texts: Texts,
    title: str,
    blocks: Sequence[Block],
    callback: str,
    submit: str,
    request: Request,
    task: Task,
) -> Screen:
    return modal(
        title,
        blocks,
        callback_id=callback,
        submit=submit,
        close=texts.say("Cancel"),
        private_metadata=ids.TaskState(task=task.id, revision=request.revision).pack(),
    )


def cancel(request: Request, texts: Texts = ENGLISH) -> Screen:
    """Ask whether a request is really to be called off."""
    return modal(
        texts.say("Cancel request"),
        [
            alert(texts.say("Everybody who was asked is told that nothing is left to do."), "warning"),
            section(f"*{request.label} · {inline(request.title, 120)}*"),
            reason_input(texts.say("Why?"), texts.say("Shown in the thread."), optional=True),
        ],
        callback_id=ids.CANCEL_REQUEST_FORM,
        submit=texts.say("Cancel request"),
        close=texts.say("Keep it"),
        private_metadata=ids.EditState(request=request.id, revision=request.revision).pack(),
    )


def done(text: str, texts: Texts = ENGLISH) -> Screen:
    """A press in a modal has been carried out."""
    return modal(texts.of(TITLE), [section(text)])
