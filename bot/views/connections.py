"""Connections on the Home tab, and the modals to look after one."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
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
from bot.views.inputs import asked
from bot.views.message import moment, person
from bot.views.topics import needs_a_look
from ironclad import Region
from storage.records import Connection

TITLE = "Ironclad"
APPROVE, RETURN = "approve", "return"


def rows(seen: Overview, texts: Texts) -> list[Block]:
    """Ironclad under *Contract lifecycle management*: a row for each connection."""
    blocks: list[Block] = [context(f"*{texts.say('Contract lifecycle management')}*")]
    for connection in seen.connections[:5]:
        blocks += _row(connection, texts, in_use=seen.connection)
    if not seen.connections:
        connect = button(texts.say("Connect Ironclad"), ids.OPEN_CONNECT, style="primary")
        blocks.append(section(f"*Ironclad* · {texts.say('not connected')}", accessory=connect))
    else:
        another = button(texts.say("Connect another"), ids.OPEN_CONNECT)
        blocks.append(actions(another, block_id="connect_another"))
    return blocks


def my_sign_in(seen: Overview, texts: Texts) -> list[Block]:
    """One's own sign-in to Ironclad, where launches would otherwise carry another's name."""
    connection = seen.connection
    if connection is None or connection.grant != AUTHORIZATION_CODE:
        return []
    value = ids.ConnectionButton(connection=connection.id).pack()
    if seen.sign_in is None:
        whose = inline(connection.acting_user or texts.say("whoever connected"))
        told = texts.say(
            "Contracts you launch carry the name of {person}. Sign in, and they carry yours.", person=whose
        )
        press = button(texts.say("Sign in as yourself"), ids.SIGN_IN, value)
    elif seen.sign_in.problem:
        told = needs_a_look(seen.sign_in.problem, texts)
        press = button(texts.say("Sign in again"), ids.SIGN_IN, value)
    else:
        told = texts.say("Contracts you launch carry your own: {name}.", name=inline(seen.sign_in.account))
        press = button(texts.say("Sign out"), ids.SIGN_OUT, value)
    return [section(f"*{texts.say('Your name in Ironclad')}*\n{told}", accessory=press)]


def admins(seen: Overview, texts: Texts) -> list[Block]:
    """Whom to ask, for those who are no admins."""
    if not seen.admins:
        return [context(texts.say("Slipway's admins here are the owners and admins of this workspace."))]
    people = ", ".join(person(one) for one in seen.admins)
    return [context(texts.say("Slipway's admins here: {people}", people=people))]


def _row(connection: Connection, texts: Texts, *, in_use: Connection | None) -> list[Block]:
    value = ids.ConnectionButton(connection=connection.id).pack()
    press = button(texts.say("Manage"), ids.MANAGE_CONNECTION, value)
    if connection.state == "review":
        press = button(texts.say("Review"), ids.OPEN_REVIEW, value)
    blocks: list[Block] = [
        section(f"{name(connection, texts)} · {standing(connection, texts)}", accessory=press)
    ]
    if connection.problem:
        blocks.append(section(needs_a_look(connection.problem, texts)))
    if connection.verified and (off := missed(connection.scopes, connection.wanted)):
        titles = ", ".join(f"~{texts.of(group.title)}~" for group in off)
        why = texts.say("Switched off for want of a permission: {groups}. Manage says which.", groups=titles)
        blocks.append(context(why))
    if connection.state == "standby" and in_use is None:
        unused = texts.say("Connected, but new launches do not use it yet: Manage → Use for launches.")
        blocks.append(context(unused))
    return blocks


def name(connection: Connection, texts: Texts) -> str:
    """The connection's name, as mrkdwn: the demo is unmistakable."""
    if connection.demo:
        return f"*Ironclad* · {texts.say('*DEMO*, not production')}"
    return f"*Ironclad* · {escape(Region(connection.region).label)}"


def standing(connection: Connection, texts: Texts) -> str:
    """How a connection stands, in a few words of mrkdwn."""
    company = inline(connection.company_name or texts.say("your company"))
    if connection.broken_at is not None:
        since = moment(connection.broken_at, texts)
        return texts.say("connection to {company} *broken* since {moment}", company=company, moment=since)
    by, reviewer = person(connection.created_by), person(connection.reviewed_by or "")
    return {
        "review": texts.say("waits for a second admin's review · published by {person}", person=by),
        "returned": texts.say("returned by {person}", person=reviewer),
        "checking": texts.say("waits for {person} to approve the link", person=by),
        "ready": texts.say("connected to {company}", company=company),
        "standby": texts.say("connected to {company} · not used for new launches", company=company),
        "failed": texts.say("could not be verified"),
    }[connection.state]


def manage(connection: Connection, texts: Texts, *, note: str = "", level: str = "success") -> Screen:
    """Everything about one connection, and what can be done with it."""
    blocks: list[Block] = [alert(clip(note, 200), level)] if note else []
    head = [name(connection, texts), standing(connection, texts), _facts(connection, texts)]
    blocks.append(section("\n".join(head)))
    if connection.problem:
        blocks.append(section(needs_a_look(connection.problem, texts)))
    blocks += _findings(connection, texts)
    blocks.append(section(_permissions(connection, texts)))
    buttons = _buttons(connection, texts)
    blocks += [actions(*buttons[n : n + 5], block_id=f"connection_{n}") for n in range(0, len(buttons), 5)]
    return modal(
        TITLE,
        blocks,
        callback_id=ids.CONNECTION,
        close=texts.say("Close"),
        private_metadata=ids.ConnectState(connection=connection.id).pack(),
    )


def _facts(connection: Connection, texts: Texts) -> str:
    grant = texts.say("Authorization code")
    if connection.grant == CLIENT_CREDENTIALS:
        grant = texts.say("Client credentials")
    region, account = Region(connection.region).label, connection.acting_user or "–"
    facts = [
        texts.say("Region {region} · {grant}", region=escape(region), grant=grant),
        texts.say("Client ID `{id}`", id=inline(connection.client_id)),
        texts.say("Acting user {account}", account=inline(account)),
        texts.say(
            "By {person} {moment}",
            person=person(connection.created_by),
            moment=moment(connection.created_at, texts),
        ),
    ]
    if connection.reviewed_by and connection.state != "returned":
        facts.append(texts.say("Approved by {people}", people=person(connection.reviewed_by)))
    return "\n".join(facts)


def _findings(connection: Connection, texts: Texts) -> list[Block]:
    if connection.checked_at is None:
        return []
    lines = []
    for one in connection.findings:
        mark = {True: "✓", False: "✗"}.get(one.get("good"), "–")  # type: ignore[arg-type]
        title, told = (escape(texts.of(str(one.get(key)))) for key in ("name", "told"))
        do = f" {escape(texts.of(str(one['do'])))}" if one.get("do") else ""
        lines.append(f"{mark} *{title}:* {told}{do}")
    when = moment(connection.checked_at, texts)
    daily = texts.say("Checked {moment}. Slipway checks by itself every day.", moment=when)
    return [section(clip("\n".join(lines), 2900)), context(daily)]


def _permissions(connection: Connection, texts: Texts) -> str:
    scopes = connection.scopes or connection.wanted
    on = [texts.of(group.title) for group in EVERY if not missing_in(group, scopes)]
    lines = [texts.say("*Slipway may* do nothing yet.")]
    if on:
        lines = [texts.say("*Slipway may* {purposes}.", purposes=", ".join(on))]
    for group in EVERY:
        if missing := missing_in(group, scopes):
            refused = connection.scopes and all(scope in connection.wanted for scope in missing)
            listed = f"`{'`, `'.join(missing)}`"
            why = texts.say("not granted by Ironclad") if refused else texts.say("not asked for")
            lines.append(f"~{texts.of(group.title)}~ {texts.say('switched off:')} {listed} {why}")
    return clip("\n".join(lines), 2900)


def _buttons(connection: Connection, texts: Texts) -> list[ButtonElement]:
    value = ids.ConnectionButton(connection=connection.id).pack()
    if not connection.verified:
        first = [button(texts.say("Send the link again"), ids.SEND_LINK_AGAIN, value)]
        return [
            *(first if connection.state in ("checking", "failed") else []),
            button(texts.say("Correct it"), ids.CHANGE_CONNECTION, value),
            _discard(value, texts),
        ]
    found = [button(texts.say("Check"), ids.CHECK_CONNECTION, value)]
    if connection.grant == AUTHORIZATION_CODE:
        found.append(button(texts.say("Reconnect"), ids.RECONNECT, value))
    found.append(button(texts.say("Replace the secret"), ids.OPEN_NEW_SECRET, value))
    found.append(button(texts.say("Change"), ids.CHANGE_CONNECTION, value))
    if connection.state == "standby":
        found.append(button(texts.say("Use for launches"), ids.PUT_IN_USE, value))
    found.append(_disconnect(connection, value, texts))
    return found


def _discard(value: str, texts: Texts) -> ButtonElement:
    remove = button(texts.say("Remove"), ids.DISCONNECT, value, style="danger")
    told = texts.say("Slipway deletes what was typed, with the secret. Nothing was connected yet.")
    remove.confirm = ConfirmObject(
        title=plain(texts.say("Remove this?")),
        text=plain(told),
        confirm=plain(texts.say("Remove")),
        deny=plain(texts.say("Keep it")),
    )
    return remove


def _disconnect(connection: Connection, value: str, texts: Texts) -> ButtonElement:
    leave = button(texts.say("Disconnect"), ids.DISCONNECT, value, style="danger")
    told = texts.say(
        "Slipway deletes the secret and every sign-in. Launches under way wait for a new connection to "
        "{where}. Contracts in Ironclad stay there; Slipway stops following them.",
        where=texts.say("the demo") if connection.demo else texts.say("production"),
    )
    leave.confirm = ConfirmObject(
        title=plain(texts.say("Disconnect Ironclad?")),
        text=plain(told),
        confirm=plain(texts.say("Disconnect")),
        deny=plain(texts.say("Keep it")),
    )
    return leave


def review(connection: Connection, texts: Texts) -> Screen:
    """What a second admin sees: region, permissions, who; never the secret."""
    verdicts = [
        Option(
            value=APPROVE,
            text=plain(texts.say("Approve")),
            description=plain(texts.say("Its admin then gets the link to verify it")),
        ),
        Option(
            value=RETURN,
            text=plain(texts.say("Return")),
            description=plain(texts.say("With a reason, so that it can be corrected")),
        ),
    ]
    verdict = RadioButtonsElement(action_id=ids.CONNECT_INPUT, options=verdicts)
    reason = PlainTextInputElement(action_id=ids.CONNECT_INPUT, max_length=500, multiline=True)
    return modal(
        texts.say("Review a connection"),
        [
            section(f"{name(connection, texts)}\n{_facts(connection, texts)}"),
            section(_asked_for(connection, texts)),
            asked(ids.VERDICT_BLOCK, texts.say("Your decision"), verdict, optional=False),
            asked(ids.REASON_BLOCK, texts.say("Reason, if you return it"), reason),
        ],
        callback_id=ids.REVIEW_CONNECTION,
        submit=texts.say("Decide"),
        close=texts.say("Cancel"),
        private_metadata=ids.ConnectState(connection=connection.id).pack(),
    )


def _asked_for(connection: Connection, texts: Texts) -> str:
    lines = [
        f"• `{one.scope}` {texts.of(one.use)}"
        for group in EVERY
        for one in group.permissions
        if one.scope in connection.wanted
    ]
    return clip("\n".join([f"*{texts.say('Permissions asked for')}*", *lines]), 2900)


def decided(connection: Connection, texts: Texts, *, approved: bool) -> Screen:
    """The review is done."""
    by = person(connection.created_by)
    text = texts.say("Approved.") if approved else texts.say("Returned.")
    after = texts.say("{person} was told why, and can correct it.", person=by)
    if approved:
        after = texts.say("{person} now gets the link to verify it.", person=by)
    return modal(TITLE, [alert(text, "success"), section(after)], close=texts.say("Close"))


def new_secret(connection: Connection, texts: Texts) -> Screen:
    """Ask for the secret that replaces the one in use."""
    how = texts.say(
        "Make a new secret in Ironclad (Company Settings → API → your app) and paste it here. Slipway tries "
        "it first; until it works, the old one stays in use."
    )
    secret = PlainTextInputElement(action_id=ids.CONNECT_INPUT, max_length=200)
    return modal(
        texts.say("Replace the secret"),
        [
            section(f"{name(connection, texts)}\n{how}"),
            asked(ids.CLIENT_SECRET_BLOCK, texts.say("New client secret"), secret, optional=False),
        ],
        callback_id=ids.NEW_SECRET,
        submit=texts.say("Replace"),
        close=texts.say("Cancel"),
        private_metadata=ids.ConnectState(connection=connection.id).pack(),
    )


def in_browser(connection: Connection, url: str, texts: Texts, *, signing_in: bool) -> Screen:
    """One button that leads to the browser."""
    title = texts.say("Reconnect Ironclad")
    why = texts.say("Agree on Ironclad's page once more; launches that wait then go on by themselves.")
    if signing_in:
        title = texts.say("Sign in to Ironclad")
        why = texts.say("Sign in to Ironclad as yourself: contracts you launch then carry your own name.")
    go = button(texts.say("Continue in your browser"), ids.OPEN_LINK, url=url, style="primary")
    return modal(
        title,
        [
            section(f"{name(connection, texts)}\n{why}"),
            actions(go, block_id="go"),
            context(texts.say("The link works once and for 30 minutes.")),
        ],
        close=texts.say("Close"),
    )


def gone(texts: Texts) -> Screen:
    """It was disconnected or removed."""
    told = alert(texts.say("It is gone, with its secret."), "success")
    return modal(TITLE, [told, section(texts.say("Home shows how things stand."))], close=texts.say("Close"))
