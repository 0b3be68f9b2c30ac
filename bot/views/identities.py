"""Who people are in Ironclad: *Is this you?*, and the list that admins keep."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ExternalDataSelectElement,
    InteractiveElement,
    Option,
    PlainTextInputElement,
    UserSelectElement,
)

from bot import ids
from bot.blockkit import (
    MAX_OPTION,
    MAX_OPTIONS,
    Screen,
    actions,
    alert,
    button,
    clip,
    context,
    header,
    inline,
    modal,
    plain,
    section,
)
from bot.texts import ENGLISH, Texts
from bot.usecases.errors import NoAccount
from bot.usecases.identifying import Known
from bot.usecases.overview import Overview
from bot.views.inputs import asked
from bot.views.message import Message, message, moment, person
from bot.views.topics import needs_a_look, topic
from storage.records.intake import Identity


def _title(texts: Texts) -> str:
    return texts.say("People in Ironclad")


def row(seen: Overview, texts: Texts) -> list[Block]:
    """The topic on the Home tab."""
    counts = seen.identities or {}
    waiting, lost = counts.get("claimed", 0), counts.get("unmatched", 0)
    linked = texts.number(counts.get("linked", 0))
    parts = []
    if waiting:
        parts.append(texts.count("{n} says who they are", "{n} say who they are", waiting))
    if lost:
        parts.append(texts.count("{n} without an account", "{n} without an account", lost))
    return topic(
        _title(texts),
        texts.say("{n} linked by hand; everybody else by e-mail", n=linked),
        ids.OPEN_PEOPLE,
        label=texts.say("Link people"),
        problem=needs_a_look(", ".join(parts), texts) if parts else None,
    )


def is_this_you(refusal: NoAccount, request: str, texts: Texts) -> list[Block]:
    """What somebody without an account can do: say who they are, or hand the launch on."""
    blocks: list[Block] = []
    for place, email in enumerate(refusal.candidates):
        value = ids.PersonButton(email=email).pack()
        yes = button(texts.say("Yes, this is me"), ids.CLAIM, value)
        asked_them = f"*{texts.say('Is this you?')}*\n{inline(email, 200)}"
        blocks.append(section(asked_them, accessory=yes, block_id=f"you:{place}"))
    if request:
        let = plain(texts.say("Let a colleague launch it"))
        colleague = UserSelectElement(action_id=ids.HAND_OVER, placeholder=let)
        blocks.append(ActionsBlock(block_id="hand_over", elements=[colleague]))
    else:
        instead = texts.say(
            "Or ask for it with `{command} new`: then a colleague can launch it for you.", command=ids.COMMAND
        )
        blocks.append(context(instead))
    return blocks


def claimed(texts: Texts) -> Screen:
    """Somebody said who they are."""
    text = texts.say(
        "Thank you. Because the addresses are at different domains, a Slipway admin confirms this once, "
        "on Slipway's Home tab. After that, type `/contract` again."
    )
    return modal(texts.say("Who you are"), [section(text)], close=texts.say("Close"))


def people(known: Known, texts: Texts, told: str = "", *, only: str = "") -> Screen:
    """The list: claims to confirm, people without an account, and links; of one person alone with `only`."""
    blocks: list[Block] = [alert(clip(told, 200), "info")] if told else []
    blocks.append(_tools(only, texts))
    if known.claimed:
        blocks.append(header(texts.say("Say who they are")))
        for one in known.claimed:
            blocks += _claim(one, texts)
    if known.unmatched:
        blocks.append(header(texts.say("Without an account")))
        blocks += [_unmatched(one, texts) for one in known.unmatched]
    if known.linked:
        blocks.append(header(texts.say("Linked by hand")))
        blocks += [_linked(one, texts) for one in known.linked]
    if not (known.claimed or known.unmatched or known.linked):
        blocks.append(_plain(only, texts))
    return modal(_title(texts), blocks[:98], close=texts.say("Close"))


def _tools(only: str, texts: Texts) -> Block:
    somebody = UserSelectElement(
        action_id=ids.FIND_PERSON,
        placeholder=plain(texts.say("Find somebody")),
        initial_user=only or None,
    )
    account = ExternalDataSelectElement(
        action_id=ids.FIND_ACCOUNT,
        placeholder=plain(texts.say("Find an Ironclad e-mail")),
        min_query_length=2,
    )
    tools: list[InteractiveElement] = [
        somebody,
        account,
        button(texts.say("Link somebody"), ids.LINK_PERSON),
        button(texts.say("Link many"), ids.LINK_MANY),
    ]
    if only:
        tools.append(button(texts.say("Show everybody"), ids.OPEN_PEOPLE))
    return ActionsBlock(block_id="people_tools", elements=tools)


def account_options(found: Sequence[Identity]) -> list[Option]:
    """People by their e-mail in Ironclad, as choices; each stands for the person in Slack."""
    return [Option(text=plain(clip(one.email, MAX_OPTION)), value=one.user) for one in found[:MAX_OPTIONS]]


def _claim(one: Identity, texts: Texts) -> list[Block]:
    value = ids.PersonButton(user=one.user).pack()
    says = texts.say("{person} says: I am {email}", person=person(one.user), email=inline(one.email, 200))
    return [
        section(f"{says}\n{moment(one.at, texts)}"),
        actions(
            button(texts.say("Confirm"), ids.CONFIRM_CLAIM, value, style="primary"),
            button(texts.say("Refuse"), ids.UNLINK, value),
            block_id=f"claimed:{one.user}",
        ),
    ]


def _unmatched(one: Identity, texts: Texts) -> Block:
    when = moment(one.at, texts)
    tried = texts.say("{person} tried to launch {moment}", person=person(one.user), moment=when)
    link = button(texts.say("Link"), ids.LINK_PERSON, ids.PersonButton(user=one.user).pack())
    return section(tried, accessory=link, block_id=f"unmatched:{one.user}")


def _linked(one: Identity, texts: Texts) -> Block:
    who = texts.say("{person} is {email}", person=person(one.user), email=inline(one.email, 200))
    when = moment(one.at, texts)
    by = texts.say("Linked by {person} {moment}", person=person(one.by), moment=when)
    unlink = button(texts.say("Unlink"), ids.UNLINK, ids.PersonButton(user=one.user).pack())
    return section(f"{who}\n{by}", accessory=unlink, block_id=f"linked:{one.user}")


def _plain(only: str, texts: Texts) -> Block:
    """Nobody, or the one who is looked for, needs anything."""
    if not only:
        return section(texts.say("Everybody so far is in Ironclad under their Slack e-mail address."))
    text = texts.say(
        "{person} is in Ironclad under their Slack e-mail address, or has not tried to launch yet.",
        person=person(only),
    )
    link = button(texts.say("Link"), ids.LINK_PERSON, ids.PersonButton(user=only).pack())
    return section(text, accessory=link, block_id=f"plain:{only}")


def link_form(texts: Texts, user: str = "") -> Screen:
    """Asks who somebody is."""
    who = UserSelectElement(
        action_id=ids.PEOPLE_INPUT,
        placeholder=plain(texts.say("Choose a person")),
        initial_user=user or None,
    )
    email = PlainTextInputElement(action_id=ids.PEOPLE_INPUT, placeholder=plain("sam@example.com"))
    return modal(
        _title(texts),
        [
            asked(ids.LINK_USER_BLOCK, texts.say("Person in Slack"), who, optional=False),
            asked(ids.LINK_EMAIL_BLOCK, texts.say("Their e-mail in Ironclad"), email, optional=False),
        ],
        callback_id=ids.LINK_FORM,
        submit=texts.say("Link"),
        close=texts.say("Cancel"),
    )


def many_form(texts: Texts) -> Screen:
    """Asks for lines of two addresses."""
    lines = PlainTextInputElement(
        action_id=ids.PEOPLE_INPUT,
        multiline=True,
        max_length=3000,
        placeholder=plain("dana@example.com, dana.ruiz@ironclad.example"),
    )
    hint = texts.say("CSV: one line for each person, their Slack e-mail, then their Ironclad e-mail.")
    return modal(
        _title(texts),
        [asked(ids.LINK_LINES_BLOCK, texts.say("Lines"), lines, hint=hint, optional=False)],
        callback_id=ids.LINK_MANY_FORM,
        submit=texts.say("Link"),
        close=texts.say("Cancel"),
    )


def linking(texts: Texts) -> Screen:
    """While many are linked."""
    on = context(texts.say("You can close this window: it goes on without it."))
    return modal(_title(texts), [section(texts.say("Linking…")), on], close=texts.say("Close"))


def linked(email: str, texts: Texts = ENGLISH) -> Message:
    """What somebody is told once an admin has confirmed or said who they are in Ironclad."""
    text = texts.say(
        "In Ironclad you are {email} from now on. Type {command} to launch a contract.",
        email=inline(email, 200),
        command="`/contract`",
    )
    return message(text, [section(text)])
