"""The mapping editor: from the list of templates to one field, and what surrounds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.forms.kinds.base import option_id
from bot.listeners.incoming import text_of
from bot.listeners.language import texts_of, told
from bot.listeners.payload import Body, button_in, in_modal, pressed, state_in, team_of, view_of, who
from bot.mapping import Rule
from bot.mapping.file import MAX_BYTES
from bot.slack.api import SlackApi
from bot.slack.sending import SlackSender
from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.mappings import Editing, Mappings
from bot.usecases.ports import Files, Homes
from bot.views import mapping as views
from bot.views import mapping_more as more
from bot.wire import wire


@dataclass(frozen=True)
class Desk:
    """What these listeners share."""

    api: SlackApi
    mappings: Mappings
    homes: Homes
    sender: SlackSender
    files: Files

    async def show(
        self, body: Body, context: AsyncBoltContext, editing: Editing, page: int = 0, told: str = ""
    ) -> None:
        """The editor of a template, in the modal that is open."""
        view = views.editor(editing, texts_of(context), page, told)
        await self.api.update_view(team_of(context), in_modal(body), view)


def _state(body: Body) -> ids.MappingState:
    return state_in(body, ids.MappingState)


def _button(body: Body) -> ids.MappingButton:
    return button_in(body, ids.MappingButton)


def _picked(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option")
    return str(option.get("value") or "") if isinstance(option, Mapping) else ""


def _inputs(body: Body, block: str) -> Mapping[str, Any]:
    """The state of the one input whose block id begins with `block`."""
    values = (view_of(body).get("state") or {}).get("values") or {}
    found: Mapping[str, Any] = next(
        (inputs for name, inputs in values.items() if str(name).split(":")[0] == block), {}
    )
    return next((one for one in found.values() if isinstance(one, Mapping)), {})


# The list and the editor --------------------------------------------------------------------------


async def opened(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Open* on Home."""
    team, user = who(context)
    view = views.templates(await desk.mappings.listed(team, user), texts_of(context))
    await desk.api.open_view(team, str(body["trigger_id"]), view)
    await ack()


async def search_templates(
    ack: AsyncAck, payload: dict[str, Any], context: AsyncBoltContext, *, desk: Desk
) -> None:
    """The templates as somebody types."""
    found = views.matching_templates(
        await desk.mappings.listed(*who(context)), str(payload.get("value") or ""), texts_of(context)
    )
    await ack(options=wire(found))


async def pick_template(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """A template was chosen: its editor."""
    team, user = who(context)
    await desk.show(body, context, await desk.mappings.editing(team, user, _picked(pressed(body))))
    await ack()


async def turn_page(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Previous* or *Next*."""
    team, user = who(context)
    editing = await desk.mappings.editing(team, user, _state(body).template)
    await desk.show(body, context, editing, _button(body).number)
    await ack()


async def back(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Back to the mapping*."""
    team, user = who(context)
    await desk.show(body, context, await desk.mappings.editing(team, user, _state(body).template))
    await ack()


# One field ----------------------------------------------------------------------------------------


async def edit_field(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Fill* or *Change*."""
    team, user = who(context)
    state, key = _state(body), _button(body).field
    editing = await desk.mappings.editing(team, user, state.template)
    rule = editing.rule_of(key)
    chosen = state.model_copy(
        update={
            "field": key,
            "version": editing.version,
            "source": rule.source if rule else "",
            "way": rule.transform if rule else "",
        }
    )
    await _draw_field(desk, context, body, editing, chosen, rule)
    await ack()


async def choose(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """A source or a way was chosen: what it needs appears."""
    team, user = who(context)
    state = _state(body)
    editing = await desk.mappings.editing(team, user, state.template)
    element = pressed(body)
    changed = (
        {"source": _picked(element), "way": ""}
        if element.get("action_id") == ids.MAPPING_SOURCE
        else {"way": _picked(element)}
    )
    chosen = state.model_copy(update=changed)
    await _draw_field(desk, context, body, editing, chosen, editing.rule_of(state.field))
    await ack()


async def _draw_field(
    desk: Desk,
    context: AsyncBoltContext,
    body: Body,
    editing: Editing,
    state: ids.MappingState,
    rule: Rule | None,
) -> None:
    field = next((one for one in editing.fields if one.key == state.field), None)
    if field is None:
        raise Refusal(phrase("The template has no such field any more."), phrase("Open the mapping again."))
    view = views.field_form(editing, state, field, rule, texts_of(context))
    await desk.api.update_view(team_of(context), in_modal(body), view)


async def save_field(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Save* in a field's form: what is wrong stands beside its input."""
    team, user = who(context)
    state = _state(body)
    source = _picked(_inputs(body, "mapping_source"))
    try:
        if source:
            rule = _rule(body, state, source)
            editing = await desk.mappings.put(team, user, state.template, rule, state.version)
        else:
            editing = await desk.mappings.drop(team, user, state.template, state.field, state.version)
    except Refusal as refusal:
        block = _blamed(body, source)
        await ack(response_action="errors", errors={block: told(refusal, texts_of(context))})
        return
    texts = texts_of(context)
    await ack(response_action="update", view=views.editor(editing, texts, state.page, texts.say("Saved.")))


def _rule(body: Body, state: ids.MappingState, source: str) -> Rule:
    locked = _inputs(body, ids.MAPPING_LOCK_BLOCK).get("selected_options")
    return Rule(
        field=state.field,
        source=source,
        transform=_picked(_inputs(body, "mapping_way")) or state.way * (source == state.source),
        value=str(_inputs(body, ids.MAPPING_VALUE_BLOCK).get("value") or "").strip(),
        option=str(_inputs(body, ids.MAPPING_OPTION_BLOCK).get("value") or "").strip().upper(),
        locked=bool(locked),
    )


def _blamed(body: Body, source: str) -> str:
    """The block beside which a problem is shown: the value's, the option's, or the source's."""
    values = (view_of(body).get("state") or {}).get("values") or {}
    for start in (ids.MAPPING_VALUE_BLOCK, ids.MAPPING_OPTION_BLOCK):
        found = [str(name) for name in values if str(name).startswith(f"{start}:{source}")]
        if found:
            return found[0]
    return "mapping_source"


async def drop_field(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Remove* beside a rule whose field is gone."""
    team, user = who(context)
    state = _state(body)
    editing = await desk.mappings.drop(team, user, state.template, _button(body).field, state.version)
    await desk.show(body, context, editing, state.page, texts_of(context).say("Removed."))
    await ack()


# Suggestions, preview, history, files -------------------------------------------------------------


async def suggest(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Suggestions*."""
    team, user = who(context)
    editing = await desk.mappings.editing(team, user, _state(body).template)
    texts = texts_of(context)
    view = more.suggestions(editing, texts) if editing.suggested else views.editor(editing, texts)
    await desk.api.update_view(team, in_modal(body), view)
    await ack()


async def accept(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Add the ticked*."""
    team, user = who(context)
    state = _state(body)
    ticked = set(_ticked(body))
    editing = await desk.mappings.editing(team, user, state.template)
    keys = [one.rule.field for one in editing.suggested if option_id(one.rule.field) in ticked]
    if keys:
        editing = await desk.mappings.accept(team, user, state.template, keys, state.version)
    texts = texts_of(context)
    done = texts.count("{n} added.", "{n} added.", len(keys)) if keys else texts.say("Nothing was ticked.")
    await ack(response_action="update", view=views.editor(editing, texts, 0, done))


def _ticked(body: Body) -> Sequence[str]:
    values = (view_of(body).get("state") or {}).get("values") or {}
    inputs = [one for found in values.values() for one in found.values() if isinstance(one, Mapping)]
    return [str(option.get("value")) for one in inputs for option in one.get("selected_options") or ()]


async def preview(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Preview*, and another request chosen in it."""
    team, user = who(context)
    request = _picked(pressed(body)) if pressed(body).get("action_id") == ids.MAPPING_REQUEST else ""
    seen = await desk.mappings.preview(team, user, _state(body).template, request)
    await desk.api.update_view(team, in_modal(body), more.preview(seen, texts_of(context)))
    await ack()


async def search_requests(
    ack: AsyncAck, payload: dict[str, Any], context: AsyncBoltContext, *, desk: Desk
) -> None:
    """Past requests as somebody types."""
    found = await desk.mappings.requests(*who(context), str(payload.get("value") or ""), 50)
    await ack(options=wire([more.request_option(request) for request in found]))


async def take_over(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Take over … from before*, on a template that was published again."""
    team, user = who(context)
    state = _state(body)
    editing = await desk.mappings.take_over(team, user, state.template, state.version)
    await desk.show(body, context, editing, state.page, texts_of(context).say("Taken over."))
    await ack()


async def undo(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Undo*."""
    team, user = who(context)
    state = _state(body)
    editing = await desk.mappings.undo(team, user, state.template, state.version)
    done = texts_of(context).say("Undone. Press Undo again for the change before.")
    await desk.show(body, context, editing, state.page, done)
    await ack()


async def menu(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """The menu of the editor."""
    team, user = who(context)
    template, chosen, texts = _state(body).template, _picked(pressed(body)), texts_of(context)
    editing = await desk.mappings.editing(team, user, template)
    if chosen == "history":
        view = more.history(editing, await desk.mappings.history(team, user, template), texts)
    elif chosen == "export":
        name, text = await desk.mappings.written(team, user, template)
        title = texts.say("Mapping of {template}", template=editing.template.name)
        await desk.sender.send(team, user, name, text.encode(), title)
        view = more.exported(editing, texts)
    elif chosen == "import":
        view = more.import_form(editing, texts)
    else:
        view = views.templates(await desk.mappings.listed(team, user), texts_of(context))
    await desk.api.update_view(team, in_modal(body), view)
    await ack()


async def restore(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Restore* beside a version."""
    team, user = who(context)
    state, wanted = _state(body), _button(body).number
    editing = await desk.mappings.restore(team, user, state.template, wanted, state.version)
    done = texts_of(context).say("Version {version} is in force again.", version=wanted)
    await desk.show(body, context, editing, 0, done)
    await ack()


async def take_in(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Import*."""
    team, user = who(context)
    state = _state(body)
    chosen = _inputs(body, ids.MAPPING_FILE_BLOCK).get("files") or [{}]
    try:
        text = await text_of(desk.files, team, str(chosen[0].get("id") or ""), most=MAX_BYTES)
        editing = await desk.mappings.take_in(team, user, state.template, text, state.version)
    except Refusal as refusal:
        wrong = told(refusal, texts_of(context))
        await ack(response_action="errors", errors={ids.MAPPING_FILE_BLOCK: wrong})
        return
    texts = texts_of(context)
    await ack(response_action="update", view=views.editor(editing, texts, 0, texts.say("Imported.")))
