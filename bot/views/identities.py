"""Who people are in Ironclad: *Is this you?*, and the list that admins keep."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InputBlock,
    PlainTextInputElement,
    UserSelectElement,
)

from bot import ids
from bot.blockkit import (
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
from bot.views.message import Message, message, moment, person
from bot.views.topics import topic
from storage.records.intake import Identity

TITLE = "People in Ironclad"


def row(seen: Overview, texts: Texts) -> list[Block]:
    """The topic on the Home tab."""
    counts = seen.identities or {}
    waiting, lost = counts.get("claimed", 0), counts.get("unmatched", 0)
    state = f"{counts.get('linked', 0)} linked by hand; everybody else by e-mail"
    parts = [f"{waiting} say who they are" if waiting else "", f"{lost} without an account" if lost else ""]
    problem = ", ".join(part for part in parts if part)
    return topic(TITLE, state, ids.OPEN_PEOPLE, label="Link people", problem=problem or None)


def is_this_you(refusal: NoAccount, request: str) -> list[Block]:
    """What somebody without an account can do: say who they are, or hand the launch on."""
    blocks: list[Block] = []
    for place, email in enumerate(refusal.candidates):
        value = ids.PersonButton(email=email).pack()
        yes = button("Yes, this is me", ids.CLAIM, value)
        blocks.append(
            section(f"*Is this you?*\n{inline(email, 200)}", accessory=yes, block_id=f"you:{place}")
        )
    if request:
        colleague = UserSelectElement(action_id=ids.HAND_OVER, placeholder=plain("Let a colleague launch it"))
        blocks.append(ActionsBlock(block_id="hand_over", elements=[colleague]))
    else:
        blocks.append(
            context(f"Or ask for it with `{ids.COMMAND} new`: then a colleague can launch it for you.")
        )
    return blocks


def claimed() -> Screen:
    """Somebody said who they are."""
    text = (
        "Thank you. Because the addresses are at different domains, a Slipway admin confirms this once, "
        "on Slipway's Home tab. After that, type `/contract` again."
    )
    return modal("Who you are", [section(text)])


def people(known: Known, told: str = "", *, only: str = "") -> Screen:
    """The list: claims to confirm, people without an account, and links; of one person alone with `only`."""
    blocks: list[Block] = [alert(clip(told, 200), "info")] if told else []
    tools = [
        UserSelectElement(
            action_id=ids.FIND_PERSON, placeholder=plain("Find somebody"), initial_user=only or None
        ),
        button("Link somebody", ids.LINK_PERSON),
        button("Link many", ids.LINK_MANY),
    ]
    if only:
        tools.append(button("Show everybody", ids.OPEN_PEOPLE))
    blocks.append(ActionsBlock(block_id="people_tools", elements=tools))
    if known.claimed:
        blocks.append(header("Say who they are"))
        for one in known.claimed:
            blocks += _claim(one)
    if known.unmatched:
        blocks.append(header("Without an account"))
        for one in known.unmatched:
            value = ids.PersonButton(user=one.user).pack()
            text = f"{person(one.user)} tried to launch {moment(one.at)}"
            link = button("Link", ids.LINK_PERSON, value)
            blocks.append(section(text, accessory=link, block_id=f"unmatched:{one.user}"))
    if known.linked:
        blocks.append(header("Linked by hand"))
        for one in known.linked:
            value = ids.PersonButton(user=one.user).pack()
            text = (
                f"{person(one.user)} is {inline(one.email, 200)}\nLinked by {person(one.by)} {moment(one.at)}"
            )
            blocks.append(
                section(text, accessory=button("Unlink", ids.UNLINK, value), block_id=f"linked:{one.user}")
            )
    if only and not (known.claimed or known.unmatched or known.linked):
        link = button("Link", ids.LINK_PERSON, ids.PersonButton(user=only).pack())
        text = (
            f"{person(only)} is in Ironclad under their Slack e-mail address, or has not tried to launch yet."
        )
        blocks.append(section(text, accessory=link, block_id=f"plain:{only}"))
    elif not (known.claimed or known.unmatched or known.linked):
        blocks.append(section("Everybody so far is in Ironclad under their Slack e-mail address."))
    return modal(TITLE, blocks[:98])


def _claim(one: Identity) -> list[Block]:
    value = ids.PersonButton(user=one.user).pack()
    return [
        section(f"{person(one.user)} says: I am {inline(one.email, 200)}\n{moment(one.at)}"),
        actions(
            button("Confirm", ids.CONFIRM_CLAIM, value, style="primary"),
            button("Refuse", ids.UNLINK, value),
            block_id=f"claimed:{one.user}",
        ),
    ]


def link_form(user: str = "") -> Screen:
    """Asks who somebody is."""
    who = UserSelectElement(
        action_id=ids.PEOPLE_INPUT, placeholder=plain("Choose a person"), initial_user=user or None
    )
    email = PlainTextInputElement(action_id=ids.PEOPLE_INPUT, placeholder=plain("sam@example.com"))
    return modal(
        TITLE,
        [
            InputBlock(block_id=ids.LINK_USER_BLOCK, label=plain("Person in Slack"), element=who),
            InputBlock(block_id=ids.LINK_EMAIL_BLOCK, label=plain("Their e-mail in Ironclad"), element=email),
        ],
        callback_id=ids.LINK_FORM,
        submit="Link",
        close="Cancel",
    )


def many_form() -> Screen:
    """Asks for lines of two addresses."""
    lines = PlainTextInputElement(
        action_id=ids.PEOPLE_INPUT,
        multiline=True,
        max_length=3000,
        placeholder=plain("dana@example.com, dana.ruiz@ironclad.example"),
    )
    hint = "CSV: one line for each person, their Slack e-mail, then their Ironclad e-mail."
    block = InputBlock(block_id=ids.LINK_LINES_BLOCK, label=plain("Lines"), hint=plain(hint), element=lines)
    return modal(TITLE, [block], callback_id=ids.LINK_MANY_FORM, submit="Link", close="Cancel")


def linking() -> Screen:
    """While many are linked."""
    return modal(TITLE, [section("Linking…"), context("You can close this window: it goes on without it.")])


def linked(email: str, texts: Texts = ENGLISH) -> Message:
    """What somebody is told once an admin has confirmed or said who they are in Ironclad."""
    text = texts.say(
        "In Ironclad you are {email} from now on. Type {command} to launch a contract.",
        email=inline(email, 200),
        command="`/contract`",
    )
    return message(text, [section(text)])
