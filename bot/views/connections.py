"""Connections on the Home tab, and the modals to look after one."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
)

from bot import ids
from bot.blockkit import Screen, actions, alert, button, clip, context, escape, inline, modal, plain, section
from bot.texts import Texts
from bot.usecases.dialling import AUTHORIZATION_CODE, CLIENT_CREDENTIALS
from bot.usecases.overview import Overview
from bot.usecases.permissions import EVERY, missed, missing_in
from bot.views.message import DEMO_MARK, moment, person
from ironclad import Region
from storage.records import Connection

TITLE = "Ironclad"
APPROVE, RETURN = "approve", "return"


def rows(seen: Overview, texts: Texts) -> list[Block]:
    """Ironclad under *Contract lifecycle management*: a row for each connection."""
    blocks: list[Block] = [context("*Contract lifecycle management*")]
    for connection in seen.connections[:5]:
        blocks += _row(connection, in_use=seen.connection)
    if not seen.connections:
        connect = button("Connect Ironclad", ids.OPEN_CONNECT, style="primary")
        blocks.append(section("*Ironclad* · not connected", accessory=connect))
    else:
        blocks.append(
            actions(button("Connect another", ids.OPEN_CONNECT), block_id="connect_another"),
        )
    return blocks


def my_sign_in(seen: Overview) -> list[Block]:
    """One's own sign-in to Ironclad, where launches would otherwise carry another's name."""
    connection = seen.connection
    if connection is None or connection.grant != AUTHORIZATION_CODE:
        return []
    value = ids.ConnectionButton(connection=connection.id).pack()
    if seen.sign_in is None:
        text = (
            f"*Your name in Ironclad*\nContracts you launch carry the name of "
            f"{inline(connection.acting_user or 'whoever connected')}. Sign in, and they carry yours."
        )
        return [section(text, accessory=button("Sign in as yourself", ids.SIGN_IN, value))]
    if seen.sign_in.problem:
        text = f"*Your name in Ironclad*\n*Needs a look:* {escape(seen.sign_in.problem)}"
        return [section(text, accessory=button("Sign in again", ids.SIGN_IN, value))]
    text = f"*Your name in Ironclad*\nContracts you launch carry your own: {inline(seen.sign_in.account)}."
    return [section(text, accessory=button("Sign out", ids.SIGN_OUT, value))]


def admins(seen: Overview) -> list[Block]:
    """Whom to ask, for those who are no admins."""
    if not seen.admins:
        return [context("Slipway's admins here are the owners and admins of this workspace.")]
    return [context(f"Slipway's admins here: {', '.join(person(one) for one in seen.admins)}")]


def _row(connection: Connection, *, in_use: Connection | None) -> list[Block]:
    value = ids.ConnectionButton(connection=connection.id).pack()
    label, action = (
        ("Review", ids.OPEN_REVIEW) if connection.state == "review" else ("Manage", ids.MANAGE_CONNECTION)
    )
    row = section(f"{name(connection)} · {standing(connection)}", accessory=button(label, action, value))
    blocks: list[Block] = [row]
    if connection.problem:
        blocks.append(section(f"*Needs a look:* {escape(connection.problem)}"))
    if connection.verified and (off := missed(connection.scopes, connection.wanted)):
        titles = ", ".join(f"~{group.title}~" for group in off)
        blocks.append(context(f"Switched off for want of a permission: {titles}. Manage says which."))
    if connection.state == "standby" and in_use is None:
        blocks.append(context("Connected, but new launches do not use it yet: Manage → Use for launches."))
    return blocks


def name(connection: Connection) -> str:
    """The connection's name, as mrkdwn: the demo is unmistakable."""
    region = Region(connection.region).label
    return f"*Ironclad* · {DEMO_MARK}" if connection.demo else f"*Ironclad* · {escape(region)}"


def standing(connection: Connection) -> str:
    """How a connection stands, in a few words of mrkdwn."""
    company = inline(connection.company_name or "your company")
    if connection.broken_at is not None:
        return f"connection to {company} *broken* since {moment(connection.broken_at)}"
    return {
        "review": f"waits for a second admin's review · published by {person(connection.created_by)}",
        "returned": f"returned by {person(connection.reviewed_by or '')}",
        "checking": f"waits for {person(connection.created_by)} to approve the link",
        "ready": f"connected to {company}",
        "standby": f"connected to {company} · not used for new launches",
        "failed": "could not be verified",
    }[connection.state]


def manage(connection: Connection, *, note: str = "", level: str = "success") -> Screen:
    """Everything about one connection, and what can be done with it."""
    blocks: list[Block] = [alert(clip(note, 200), level)] if note else []
    blocks.append(section(f"{name(connection)}\n{standing(connection)}\n{_facts(connection)}"))
    if connection.problem:
        blocks.append(section(f"*Needs a look:* {escape(connection.problem)}"))
    blocks += _findings(connection)
    blocks.append(section(_permissions(connection)))
    buttons = _buttons(connection)
    blocks += [actions(*buttons[n : n + 5], block_id=f"connection_{n}") for n in range(0, len(buttons), 5)]
    return modal(
        TITLE,
        blocks,
        callback_id=ids.CONNECTION,
        private_metadata=ids.ConnectState(connection=connection.id).pack(),
    )


def _facts(connection: Connection) -> str:
    grant = "Client credentials" if connection.grant == CLIENT_CREDENTIALS else "Authorization code"
    facts = [
        f"Region {escape(Region(connection.region).label)} · {grant}",
        f"Client ID `{inline(connection.client_id)}`",
        f"Acting user {inline(connection.acting_user or '–')}",
        f"By {person(connection.created_by)} {moment(connection.created_at)}",
    ]
    if connection.reviewed_by and connection.state != "returned":
        facts.append(f"Approved by {person(connection.reviewed_by)}")
    return "\n".join(facts)


def _findings(connection: Connection) -> list[Block]:
    if connection.checked_at is None:
        return []
    lines = []
    for one in connection.findings:
        mark = {True: "✓", False: "✗"}.get(one.get("good"), "–")  # type: ignore[arg-type]
        do = f" {escape(str(one.get('do') or ''))}" if one.get("do") else ""
        lines.append(f"{mark} *{escape(str(one.get('name')))}:* {escape(str(one.get('told')))}{do}")
    return [
        section(clip("\n".join(lines), 2900)),
        context(f"Checked {moment(connection.checked_at)}. Slipway checks by itself every day."),
    ]


def _permissions(connection: Connection) -> str:
    scopes = connection.scopes or connection.wanted
    on = [group.title for group in EVERY if not missing_in(group, scopes)]
    lines = [f"*Slipway may* {', '.join(on)}." if on else "*Slipway may* do nothing yet."]
    for group in EVERY:
        if missing := missing_in(group, scopes):
            wanted = all(scope in connection.wanted for scope in missing)
            why = "not granted by Ironclad" if wanted and connection.scopes else "not asked for"
            lines.append(f"~{group.title}~ switched off: `{'`, `'.join(missing)}` {why}")
    return clip("\n".join(lines), 2900)


def _buttons(connection: Connection) -> list[ButtonElement]:
    value = ids.ConnectionButton(connection=connection.id).pack()
    if not connection.verified:
        first = [button("Send the link again", ids.SEND_LINK_AGAIN, value)]
        return [
            *(first if connection.state in ("checking", "failed") else []),
            button("Correct it", ids.CHANGE_CONNECTION, value),
            _discard(value),
        ]
    found = [button("Check", ids.CHECK_CONNECTION, value)]
    if connection.grant == AUTHORIZATION_CODE:
        found.append(button("Reconnect", ids.RECONNECT, value))
    found.append(button("Replace the secret", ids.OPEN_NEW_SECRET, value))
    found.append(button("Change", ids.CHANGE_CONNECTION, value))
    if connection.state == "standby":
        found.append(button("Use for launches", ids.PUT_IN_USE, value))
    found.append(_disconnect(connection, value))
    return found


def _discard(value: str) -> ButtonElement:
    remove = button("Remove", ids.DISCONNECT, value, style="danger")
    remove.confirm = ConfirmObject(
        title=plain("Remove this?"),
        text=plain("Slipway deletes what was typed, with the secret. Nothing was connected yet."),
        confirm=plain("Remove"),
        deny=plain("Keep it"),
    )
    return remove


def _disconnect(connection: Connection, value: str) -> ButtonElement:
    leave = button("Disconnect", ids.DISCONNECT, value, style="danger")
    leave.confirm = ConfirmObject(
        title=plain("Disconnect Ironclad?"),
        text=plain(
            "Slipway deletes the secret and every sign-in. Launches under way wait for a new connection to "
            f"{'the demo' if connection.demo else 'production'}. Contracts in Ironclad stay there; Slipway "
            "stops following them."
        ),
        confirm=plain("Disconnect"),
        deny=plain("Keep it"),
    )
    return leave


def review(connection: Connection) -> Screen:
    """What a second admin sees: region, permissions, who; never the secret."""
    verdicts = [
        Option(
            value=APPROVE,
            text=plain("Approve"),
            description=plain("Its admin then gets the link to verify it"),
        ),
        Option(
            value=RETURN,
            text=plain("Return"),
            description=plain("With a reason, so that it can be corrected"),
        ),
    ]
    return modal(
        "Review a connection",
        [
            section(f"{name(connection)}\n{_facts(connection)}"),
            section(_asked_for(connection)),
            InputBlock(
                block_id=ids.VERDICT_BLOCK,
                label=plain("Your decision"),
                element=RadioButtonsElement(action_id=ids.CONNECT_INPUT, options=verdicts),
            ),
            InputBlock(
                block_id=ids.REASON_BLOCK,
                label=plain("Reason, if you return it"),
                optional=True,
                element=PlainTextInputElement(action_id=ids.CONNECT_INPUT, max_length=500, multiline=True),
            ),
        ],
        callback_id=ids.REVIEW_CONNECTION,
        submit="Decide",
        close="Cancel",
        private_metadata=ids.ConnectState(connection=connection.id).pack(),
    )


def _asked_for(connection: Connection) -> str:
    lines = [
        f"• `{one.scope}` {one.use}"
        for group in EVERY
        for one in group.permissions
        if one.scope in connection.wanted
    ]
    return clip("*Permissions asked for*\n" + "\n".join(lines), 2900)


def decided(connection: Connection, *, approved: bool) -> Screen:
    """The review is done."""
    text = "Approved." if approved else "Returned."
    after = "now gets the link to verify it." if approved else "was told why, and can correct it."
    return modal(TITLE, [alert(text, "success"), section(f"{person(connection.created_by)} {after}")])


def new_secret(connection: Connection) -> Screen:
    """Ask for the secret that replaces the one in use."""
    return modal(
        "Replace the secret",
        [
            section(
                f"{name(connection)}\nMake a new secret in Ironclad (Company Settings → API → your app) and "
                "paste it here. Slipway tries it first; until it works, the old one stays in use."
            ),
            InputBlock(
                block_id=ids.CLIENT_SECRET_BLOCK,
                label=plain("New client secret"),
                element=PlainTextInputElement(action_id=ids.CONNECT_INPUT, max_length=200),
            ),
        ],
        callback_id=ids.NEW_SECRET,
        submit="Replace",
        close="Cancel",
        private_metadata=ids.ConnectState(connection=connection.id).pack(),
    )


def in_browser(connection: Connection, url: str, *, signing_in: bool) -> Screen:
    """One button that leads to the browser."""
    why = (
        "Sign in to Ironclad as yourself: contracts you launch then carry your own name."
        if signing_in
        else "Agree on Ironclad's page once more; launches that wait then go on by themselves."
    )
    go = button("Continue in your browser", ids.OPEN_LINK, url=url, style="primary")
    return modal(
        "Sign in to Ironclad" if signing_in else "Reconnect Ironclad",
        [
            section(f"{name(connection)}\n{why}"),
            actions(go, block_id="go"),
            context("The link works once and for 30 minutes."),
        ],
    )


def gone(text: str) -> Screen:
    """It was disconnected or removed."""
    return modal(TITLE, [alert(text, "success"), section("Home shows how things stand.")])
