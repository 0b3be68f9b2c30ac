"""The *Connect Ironclad* modal and what follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
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
    divider,
    escape,
    header,
    inline,
    modal,
    plain,
    section,
)
from bot.texts import Texts
from bot.usecases.dialling import AUTHORIZATION_CODE, CLIENT_CREDENTIALS
from bot.usecases.errors import Refusal
from bot.usecases.permissions import BY_DEFAULT, CORE, FURTHER, USUAL, Group, groups_in
from bot.views.inputs import asked
from ironclad import Region
from storage.records import Connection

SAVE, PUBLISH = "save", "publish"


@dataclass(frozen=True)
class Place:
    """What the modal needs to know of the deployment."""

    callback: str  #: the redirect address of this deployment
    host: str | None = None  #: a private host, which then replaces every region's
    mails: bool = False
    review_always: bool = False

    @property
    def guide(self) -> str:
        """The page that says what to do in Ironclad."""
        return self.callback.removesuffix("/callback") + "/guide"


def connect(
    place: Place,
    texts: Texts,
    earlier: Connection | None = None,
    *,
    grant: str = "",
    problem: str = "",
) -> Screen:
    """Ask for credentials; `earlier` is what is corrected: its answers (not its secret) are filled in."""
    grant = grant or (earlier.grant if earlier else CLIENT_CREDENTIALS)
    client_id = earlier.client_id if earlier else ""
    blocks: list[Block] = [
        *_problem(texts.of(problem)),
        *_permissions(earlier, texts),
        divider(),
        *_app(place, texts),
        _text(ids.CLIENT_ID_BLOCK, texts.say("Client ID"), _place_in_ironclad(texts), client_id),
        _secret(earlier, texts),
        _region(earlier, texts),
        _grant(grant, texts),
        _redirect(place, texts) if grant == AUTHORIZATION_CODE else _acting_user(texts),
        divider(),
        _finish(place, texts),
    ]
    return modal(
        texts.say("Connect Ironclad"),
        blocks,
        callback_id=ids.CONNECT,
        submit=texts.say("Continue"),
        close=texts.say("Cancel"),
        private_metadata=ids.ConnectState(connection=earlier.id if earlier else "").pack(),
    )


def _place_in_ironclad(texts: Texts) -> str:
    return texts.say("In Ironclad: Company Settings → API → Create new app (or your app).")


def _redirect(place: Place, texts: Texts) -> Block:
    register = texts.say("Register this *redirect address* for the app in Ironclad, letter by letter:")
    whose = texts.say(
        "Launches carry the name of whoever agrees on Ironclad's page. Others can sign in as themselves on "
        "their own Home tab, so that theirs do too."
    )
    return section(f"{register}\n```{escape(place.callback)}```\n{whose}")


def _problem(problem: str) -> list[Block]:
    if not problem:
        return []
    blocks: list[Block] = [alert(clip(problem, 200))]
    if len(problem) > 200:
        blocks.append(section(escape(problem)))
    return blocks


def _permissions(earlier: Connection | None, texts: Texts) -> list[Block]:
    chosen = {group.key for group in groups_in(earlier.wanted)} if earlier else set(BY_DEFAULT)
    usual = texts.say("Besides launching, Slipway may")
    further = texts.say("Further, if your plan has them, Slipway may")
    return [
        header(texts.say("Permissions to be granted")),
        section(f"{_purpose(CORE, texts)} {texts.say('(always)')}\n{_explained(CORE, texts)}"),
        section(_all_explained(USUAL, texts)),
        _choice(ids.USUAL_BLOCK, usual, USUAL, chosen, texts),
        section(_all_explained(FURTHER, texts)),
        _choice(ids.FURTHER_BLOCK, further, FURTHER, chosen, texts),
    ]


def _purpose(group: Group, texts: Texts) -> str:
    return texts.say("*To {purpose}*", purpose=texts.of(group.title))


def _all_explained(groups: Sequence[Group], texts: Texts) -> str:
    return "\n".join(f"{_purpose(group, texts)}\n{_explained(group, texts)}" for group in groups)


def _explained(group: Group, texts: Texts) -> str:
    return "\n".join(f"• `{one.scope}` {texts.of(one.use)}" for one in group.permissions)


def _choice(block: str, label: str, groups: tuple[Group, ...], chosen: set[str], texts: Texts) -> InputBlock:
    options = [Option(text=plain(texts.of(group.title)), value=group.key) for group in groups]
    ticked = [option for option in options if option.value in chosen]
    boxes = CheckboxesElement(action_id=ids.CONNECT_INPUT, options=options, initial_options=ticked or None)
    hint = texts.say("What is left out is switched off in Slipway. Tick the same for the app in Ironclad.")
    return asked(block, label, boxes, hint=hint)


def _app(place: Place, texts: Texts) -> list[Block]:
    missing = texts.say("No API tab there? The API is an add-on: ask your Ironclad contact.")
    guide = button(texts.say("Open the guide"), ids.OPEN_LINK, url=place.guide)
    blocks: list[Block] = [
        header(texts.say("Your app in Ironclad")),
        section(f"{_place_in_ironclad(texts)}\n{missing}", accessory=guide),
    ]
    if place.host:
        host = inline(place.host)
        there = texts.say("This deployment reaches Ironclad at {host}, whatever the region.", host=host)
        blocks.append(context(there))
    return blocks


def _text(block: str, label: str, hint: str, filled: str) -> InputBlock:
    element = PlainTextInputElement(action_id=ids.CONNECT_INPUT, max_length=200, initial_value=filled or None)
    return asked(block, label, element, hint=hint, optional=False)


def _secret(earlier: Connection | None, texts: Texts) -> InputBlock:
    hint = texts.say(
        "Shown once by Ironclad, when the app is made. Slipway keeps it encrypted and never shows it again."
    )
    if earlier:
        hint = texts.say("Leave empty to keep the one you typed, if client ID and region stay the same.")
    block = _text(ids.CLIENT_SECRET_BLOCK, texts.say("Client secret"), hint, "")
    block.optional = earlier is not None
    return block


def _region(earlier: Connection | None, texts: Texts) -> InputBlock:
    options = [Option(text=plain(region.label), value=region.value) for region in Region]
    region = StaticSelectElement(
        action_id=ids.CONNECT_INPUT,
        placeholder=plain(texts.say("Choose a region")),
        options=options,
        initial_option=next((o for o in options if earlier and o.value == earlier.region), None),
    )
    hint = texts.say(
        "The address you log in to: ironcladapp.com, eu1.ironcladapp.com or demo.ironcladapp.com."
    )
    return asked(ids.REGION_BLOCK, texts.say("Datacenter region"), region, hint=hint, optional=False)


def _grant(chosen: str, texts: Texts) -> InputBlock:
    options = [
        Option(
            value=CLIENT_CREDENTIALS,
            text=plain(texts.say("Client credentials (recommended)")),
            description=plain(texts.say("Launches carry the requester's own name")),
        ),
        Option(
            value=AUTHORIZATION_CODE,
            text=plain(texts.say("Authorization code")),
            description=plain(texts.say("You agree on Ironclad's page; launches carry your name")),
        ),
    ]
    hint = texts.say("In Ironclad: the app's grant types. Tick there what you choose here.")
    return InputBlock(
        block_id=ids.GRANT_BLOCK,
        label=plain(texts.say("Grant type")),
        hint=plain(hint),
        dispatch_action=True,
        element=RadioButtonsElement(
            action_id=ids.GRANT,
            options=options,
            initial_option=next(one for one in options if one.value == chosen),
        ),
    )


def _acting_user(texts: Texts) -> InputBlock:
    whom = UserSelectElement(action_id=ids.CONNECT_INPUT, placeholder=plain(texts.say("Choose a person")))
    hint = texts.say(
        "Whose Ironclad account Slipway uses for itself, to look people up. Found by Slack e-mail."
    )
    return asked(ids.ACTING_USER_BLOCK, texts.say("Acting user"), whom, hint=hint, optional=False)


def _finish(place: Place, texts: Texts) -> InputBlock:
    comes = texts.say("You get a link in Slack, approve, and it is in use")
    if place.mails:
        comes = texts.say("You get a link by mail and in Slack, approve, and it is in use")
    save = Option(value=SAVE, text=plain(texts.say("Save changes")), description=plain(comes))
    publish = Option(
        value=PUBLISH,
        text=plain(texts.say("Publish")),
        description=plain(texts.say("A second admin reviews it first; then you get the link")),
    )
    options = [publish] if place.review_always else [save, publish]
    choice = RadioButtonsElement(action_id=ids.CONNECT_INPUT, options=options, initial_option=options[0])
    always = texts.say("Here, every connection is reviewed by a second admin.")
    hint = always if place.review_always else ""
    return asked(ids.FINISH_BLOCK, texts.say("When you continue"), choice, hint=hint, optional=False)


def sent(connection: Connection, texts: Texts, *, mails: bool) -> Screen:
    """Saved: the link is on its way."""
    value = ids.ConnectionButton(connection=connection.id).pack()
    again = button(texts.say("Send the link again"), ids.SEND_LINK_AGAIN, value)
    where = texts.say("It comes as a direct message from Slipway.")
    if mails:
        where = texts.say("It comes by mail and as a direct message from Slipway.")
    works = texts.say("It works once and for 30 minutes. Nothing is sent to Ironclad before you approve.")
    return modal(
        texts.say("Connect Ironclad"),
        [
            alert(texts.say("Saved. One step is left: approve the link."), "info"),
            section(f"{where} {works}"),
            actions(again, block_id="again"),
            context(texts.say("You can close this window. Home shows how it stands.")),
        ],
        close=texts.say("Close"),
    )


def published(texts: Texts) -> Screen:
    """Published: others were asked."""
    told = texts.say(
        "The other admins are asked, on Home and by direct message. They see region, permissions and "
        "your name, never the secret. Once one of them approves, you get the link to verify it."
    )
    return modal(
        texts.say("Connect Ironclad"),
        [alert(texts.say("Published for review."), "info"), section(told)],
        close=texts.say("Close"),
    )


def refused(refusal: Refusal, texts: Texts) -> Screen:
    """Why this cannot be done."""
    return modal(
        texts.say("Connect Ironclad"),
        [
            alert(clip(texts.of(refusal.what), 200), "warning"),
            section(escape(texts.of(refusal.do))),
        ],
        close=texts.say("Close"),
    )
