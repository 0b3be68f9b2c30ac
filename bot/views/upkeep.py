"""What keeps a workspace going: trying the mail, deleting what is kept."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement

from bot import ids
from bot.blockkit import (
    MAX_ALERT,
    Screen,
    actions,
    alert,
    button,
    clip,
    context,
    escape,
    inline,
    modal,
    plain,
    section,
)
from bot.texts import Texts
from bot.usecases.erasing import Erasable
from bot.usecases.errors import Refusal
from bot.usecases.overview import Overview
from bot.views.topics import topic


def mail_row(seen: Overview, texts: Texts) -> list[Block]:
    """Trying the mail, on Home."""
    state = texts.say("Approval links also come by mail, where a mail server is set.")
    return topic(texts.say("Mail"), state, ids.TRY_MAIL, label=texts.say("Send me a test mail"))


def mail_on_its_way(to: str, texts: Texts) -> Screen:
    """Waiting for the mail server."""
    told = texts.say("Sending a mail to {address} …", address=inline(to))
    return modal(texts.say("Test mail"), [section(told)], close=texts.say("Close"))


def mail_tried(to: str, problem: str, texts: Texts) -> Screen:
    """How it went."""
    again = button(texts.say("Try again"), ids.TRY_MAIL)
    if problem:
        blocks: list[Block] = [
            alert(texts.say("The mail could not be sent."), "error"),
            section(escape(texts.of(problem))),
            context(texts.say("SLIPWAY_SMTP_URL and SLIPWAY_MAIL_FROM of the deployment say where and how.")),
        ]
    else:
        taken = texts.say("The mail server took a mail to {address}.", address=to)
        blocks = [
            alert(clip(taken, MAX_ALERT), "success"),
            section(texts.say("If it does not arrive within minutes, look into the spam folder.")),
        ]
    return modal(
        texts.say("Test mail"), [*blocks, actions(again, block_id="again")], close=texts.say("Close")
    )


def refused(refusal: Refusal, title: str, texts: Texts) -> Screen:
    """Why it cannot be done."""
    told = alert(clip(texts.of(refusal.what), MAX_ALERT), "warning")
    return modal(title, [told, section(escape(texts.of(refusal.do)))], close=texts.say("Close"))


# Deleting -----------------------------------------------------------------------------------------


def delete_row(seen: Overview, texts: Texts) -> list[Block]:
    """Deleting everything, on Home."""
    state = texts.say("Everything that Slipway keeps of this workspace, once Ironclad is disconnected.")
    return topic(texts.say("Delete data"), state, ids.OPEN_DELETE, label=texts.say("See what is kept"))


def delete(found: Erasable, texts: Texts) -> Screen:
    """What is deleted and what stays; and the word that has to be typed."""
    blocks: list[Block] = [
        section(f"*{texts.say('Slipway deletes')}*\n{_kinds(found.counts, texts)}"),
        section(
            "\n".join(
                (
                    f"*{texts.say('What stays')}*",
                    f"• {texts.say('the audit log, with an entry about this')}",
                    f"• {texts.say('messages in Slack, whose buttons then say that they are over')}",
                    f"• {texts.say('contracts in Ironclad')}",
                    f"• {texts.say('the app in this workspace, until it is removed in Slack')}",
                )
            )
        ),
    ]
    if found.under_way:
        lost = texts.count(
            "{n} launch is under way. Slipway forgets it, and will not know whether Ironclad made it.",
            "{n} launches are under way. Slipway forgets them, and will not know whether Ironclad made them.",
            found.under_way,
        )
        blocks.insert(0, alert(clip(lost, MAX_ALERT), "warning"))
    blocks.append(
        InputBlock(
            block_id=ids.CONFIRM_BLOCK,
            label=plain(texts.say("Type {word} to confirm", word=found.word)),
            element=PlainTextInputElement(action_id=ids.CONNECT_INPUT, max_length=200),
            hint=plain(texts.say("This cannot be undone.")),
        )
    )
    return modal(
        texts.say("Delete data"),
        blocks,
        callback_id=ids.DELETE_FORM,
        submit=texts.say("Delete everything"),
        close=texts.say("Keep it"),
    )


def _kinds(counts: Mapping[str, int], texts: Texts) -> str:
    """The rows in words: what somebody would recognise, and the rest together."""
    named = {
        texts.say("requests, with approvals and history"): ("requests",),
        texts.say("launches, with what was sent"): ("launches",),
        texts.say("drafts"): ("drafts",),
        texts.say("templates and their earlier versions"): ("templates", "template_versions"),
        texts.say("rules: approvals, mapping, conditional questions, offers, settings"): (
            "rulebooks",
            "question_rules",
            "template_rules",
            "workspace_settings",
            "category_channels",
            "admins",
        ),
        texts.say("people: profiles, who they are in Ironclad, what they typed last"): (
            "people",
            "identities",
            "memories",
            "absences",
        ),
        texts.say("API keys and the webhook"): ("api_keys", "hooks"),
    }
    told = {name for names in named.values() for name in names}
    lines = {line: sum(counts.get(name, 0) for name in names) for line, names in named.items()}
    lines[texts.say("everything that belongs to these")] = sum(
        count for name, count in counts.items() if name not in told
    )
    shown = [f"• {texts.number(count)} · {line}" for line, count in lines.items() if count]
    return "\n".join(shown) or texts.say("nothing: there is nothing left")


def deleted(texts: Texts) -> Screen:
    """It is gone."""
    told = texts.say("Everything was deleted. The audit log has the last entry.")
    return modal(texts.say("Delete data"), [alert(told, "success")], close=texts.say("Close"))
