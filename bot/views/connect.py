"""The *Connect Ironclad* modal and what follows it."""

from __future__ import annotations

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
from bot.usecases.dialling import AUTHORIZATION_CODE, CLIENT_CREDENTIALS
from bot.usecases.permissions import BY_DEFAULT, CORE, FURTHER, USUAL, Group, groups_in
from ironclad import Region
from storage.records import Connection

TITLE = "Connect Ironclad"
WHERE = "In Ironclad: Company Settings → API → Create new app (or your app)."
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
    earlier: Connection | None = None,
    *,
    grant: str = "",
    problem: str = "",
) -> Screen:
    """Ask for credentials; `earlier` is what is corrected: its answers (not its secret) are filled in."""
    grant = grant or (earlier.grant if earlier else CLIENT_CREDENTIALS)
    blocks: list[Block] = [*_problem(problem), *_permissions(earlier), divider(), *_app(place)]
    blocks += [
        _text(ids.CLIENT_ID_BLOCK, "Client ID", WHERE, earlier.client_id if earlier else ""),
        _secret(earlier),
        _region(place, earlier),
        _grant(grant),
    ]
    if grant == AUTHORIZATION_CODE:
        blocks.append(
            section(
                "Register this *redirect address* for the app in Ironclad, letter by letter:\n"
                f"```{escape(place.callback)}```\nLaunches carry the name of whoever agrees on Ironclad's "
                "page. Others can sign in as themselves on their own Home tab, so that theirs do too."
            )
        )
    else:
        blocks.append(_acting_user())
    blocks += [divider(), _finish(place)]
    return modal(
        TITLE,
        blocks,
        callback_id=ids.CONNECT,
        submit="Continue",
        close="Cancel",
        private_metadata=ids.ConnectState(connection=earlier.id if earlier else "").pack(),
    )


def _problem(problem: str) -> list[Block]:
    if not problem:
        return []
    blocks: list[Block] = [alert(clip(problem, 200))]
    if len(problem) > 200:
        blocks.append(section(escape(problem)))
    return blocks


def _permissions(earlier: Connection | None) -> list[Block]:
    chosen = {group.key for group in groups_in(earlier.wanted)} if earlier else set(BY_DEFAULT)
    return [
        header("Permissions to be granted"),
        section(f"*To {CORE.title}* (always)\n{_explained(CORE)}"),
        section("\n".join(f"*To {group.title}*\n{_explained(group)}" for group in USUAL)),
        _choice(ids.USUAL_BLOCK, "Besides launching, Slipway may", USUAL, chosen),
        section("\n".join(f"*To {group.title}*\n{_explained(group)}" for group in FURTHER)),
        _choice(ids.FURTHER_BLOCK, "Further, if your plan has them, Slipway may", FURTHER, chosen),
    ]


def _explained(group: Group) -> str:
    return "\n".join(f"• `{one.scope}` {one.use}" for one in group.permissions)


def _choice(block: str, label: str, groups: tuple[Group, ...], chosen: set[str]) -> InputBlock:
    options = [Option(text=plain(group.title), value=group.key) for group in groups]
    ticked = [option for option in options if option.value in chosen]
    return InputBlock(
        block_id=block,
        label=plain(label),
        hint=plain("What is left out is switched off in Slipway. Tick the same for the app in Ironclad."),
        optional=True,
        element=CheckboxesElement(
            action_id=ids.CONNECT_INPUT, options=options, initial_options=ticked or None
        ),
    )


def _app(place: Place) -> list[Block]:
    blocks: list[Block] = [
        header("Your app in Ironclad"),
        section(
            f"{WHERE}\nNo API tab there? The API is an add-on: ask your Ironclad contact.",
            accessory=button("Open the guide", ids.OPEN_LINK, url=place.guide),
        ),
    ]
    if place.host:
        blocks.append(
            context(f"This deployment reaches Ironclad at {inline(place.host)}, whatever the region.")
        )
    return blocks


def _text(block: str, label: str, hint: str, filled: str) -> InputBlock:
    element = PlainTextInputElement(action_id=ids.CONNECT_INPUT, max_length=200, initial_value=filled or None)
    return InputBlock(block_id=block, label=plain(label), hint=plain(hint), element=element)


def _secret(earlier: Connection | None) -> InputBlock:
    hint = (
        "Shown once by Ironclad, when the app is made. Slipway keeps it encrypted and never shows it again."
    )
    if earlier:
        hint = "Leave empty to keep the one you typed, if client ID and region stay the same."
    block = _text(ids.CLIENT_SECRET_BLOCK, "Client secret", hint, "")
    block.optional = earlier is not None
    return block


def _region(place: Place, earlier: Connection | None) -> InputBlock:
    options = [Option(text=plain(region.label), value=region.value) for region in Region]
    chosen = next((o for o in options if earlier and o.value == earlier.region), None)
    return InputBlock(
        block_id=ids.REGION_BLOCK,
        label=plain("Datacenter region"),
        hint=plain(
            "The address you log in to: ironcladapp.com, eu1.ironcladapp.com or demo.ironcladapp.com."
        ),
        element=StaticSelectElement(
            action_id=ids.CONNECT_INPUT,
            placeholder=plain("Choose a region"),
            options=options,
            initial_option=chosen,
        ),
    )


def _grant(chosen: str) -> InputBlock:
    options = [
        Option(
            value=CLIENT_CREDENTIALS,
            text=plain("Client credentials (recommended)"),
            description=plain("Launches carry the requester's own name"),
        ),
        Option(
            value=AUTHORIZATION_CODE,
            text=plain("Authorization code"),
            description=plain("You agree on Ironclad's page; launches carry your name"),
        ),
    ]
    return InputBlock(
        block_id=ids.GRANT_BLOCK,
        label=plain("Grant type"),
        hint=plain("In Ironclad: the app's grant types. Tick there what you choose here."),
        dispatch_action=True,
        element=RadioButtonsElement(
            action_id=ids.GRANT,
            options=options,
            initial_option=next(one for one in options if one.value == chosen),
        ),
    )


def _acting_user() -> InputBlock:
    return InputBlock(
        block_id=ids.ACTING_USER_BLOCK,
        label=plain("Acting user"),
        hint=plain(
            "Whose Ironclad account Slipway uses for itself, to look people up. Found by Slack e-mail."
        ),
        element=UserSelectElement(action_id=ids.CONNECT_INPUT, placeholder=plain("Choose a person")),
    )


def _finish(place: Place) -> InputBlock:
    link = "by mail and in Slack" if place.mails else "in Slack"
    save = Option(
        value=SAVE,
        text=plain("Save changes"),
        description=plain(f"You get a link {link}, approve, and it is in use"),
    )
    publish = Option(
        value=PUBLISH,
        text=plain("Publish"),
        description=plain("A second admin reviews it first; then you get the link"),
    )
    options = [publish] if place.review_always else [save, publish]
    return InputBlock(
        block_id=ids.FINISH_BLOCK,
        label=plain("When you continue"),
        hint=plain("Here, every connection is reviewed by a second admin.") if place.review_always else None,
        element=RadioButtonsElement(action_id=ids.CONNECT_INPUT, options=options, initial_option=options[0]),
    )


def sent(connection: Connection, *, mails: bool) -> Screen:
    """Saved: the link is on its way."""
    where = "by mail and as a direct message from Slipway" if mails else "as a direct message from Slipway"
    again = button(
        "Send the link again", ids.SEND_LINK_AGAIN, ids.ConnectionButton(connection=connection.id).pack()
    )
    return modal(
        TITLE,
        [
            alert("Saved. One step is left: approve the link.", "info"),
            section(
                f"It comes {where}, works once and for 30 minutes. Nothing is sent to Ironclad before you "
                "approve."
            ),
            actions(again, block_id="again"),
            context("You can close this window. Home shows how it stands."),
        ],
    )


def published() -> Screen:
    """Published: others were asked."""
    return modal(
        TITLE,
        [
            alert("Published for review.", "info"),
            section(
                "The other admins are asked, on Home and by direct message. They see region, permissions and "
                "your name, never the secret. Once one of them approves, you get the link to verify it."
            ),
        ],
    )


def refused(what: str, do: str) -> Screen:
    """Why this cannot be done."""
    return modal(TITLE, [alert(clip(what, 200), "warning"), section(escape(do))])
