"""References: a record of Ironclad, a person."""

from __future__ import annotations

import re

from slack_sdk.models.blocks import (
    Block,
    EmailInputElement,
    ExternalDataSelectElement,
    Option,
    UserSelectElement,
)

from bot import ids
from bot.blockkit import MAX_LABEL, MAX_OPTION, MAX_PLACEHOLDER, clip, plain
from bot.forms import kept
from bot.forms.kinds.base import (
    Asking,
    FieldKind,
    Json,
    NotAnAnswerError,
    Typed,
    asked_in,
    is_required,
    label_of,
    one_line,
)
from bot.forms.kinds.texts import check_email
from bot.texts import phrase
from ironclad import Field

NO_RECORD = "?"  # option value of "still searching" and the like: an answer to the search, not to the field
_RECORD_ID = re.compile(r"IC-\d{1,12}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)


# Records ------------------------------------------------------------------------------------------


def record_option(readable_id: str, name: str) -> Option:
    """A record as a choice."""
    text = name if readable_id in name else f"{readable_id} · {name}" if name else readable_id
    return Option(text=plain(clip(text, MAX_OPTION)), value=readable_id)


def no_record(why: str) -> Option:
    """Says in the list of choices why there is none; cannot be submitted."""
    return Option(text=plain(clip(why, MAX_OPTION)), value=NO_RECORD)


def is_record_id(text: str) -> bool:
    """Whether a text is what Ironclad calls a record: `IC-68`, or its id."""
    return _RECORD_ID.fullmatch(text.strip()) is not None


def _ask_record(field: Field, answer: Json, asking: Asking) -> list[Block]:
    readable_id, name = _record(answer)
    placeholder, hint = asking.texts.say("Type a name or an IC number"), ""
    if not asking.searches_records:
        placeholder = asking.texts.say("Type an IC number, such as IC-68")
        hint = asking.texts.say(
            "Slipway was not given the permission to read records, so it cannot find one by its name."
        )
    element = ExternalDataSelectElement(
        action_id=ids.RECORD_SEARCH,
        min_query_length=2,
        placeholder=plain(placeholder, MAX_PLACEHOLDER),
        initial_option=record_option(readable_id, name) if readable_id else None,
    )
    return [asked_in(field, element, asking, hint=hint)]


def _record(answer: Json) -> tuple[str, str]:
    if kept.is_kept(answer, kept.RECORD):
        return str(answer.get("id") or ""), str(answer.get("name") or "")
    return (answer, "") if isinstance(answer, str) else ("", "")


def _read_record(typed: Typed) -> Json:
    picked = typed.picked()
    if not picked:
        return None
    if picked == NO_RECORD:
        raise NotAnAnswerError(
            phrase("That was a note, not a record. Type a name or an IC number and choose one.")
        )
    if picked == _record(typed.kept)[0]:
        return typed.kept
    chosen = typed.element().get("selected_option") or {}
    text = (chosen.get("text") or {}).get("text") if isinstance(chosen, dict) else ""
    return kept.record(picked, str(text or "").removeprefix(f"{picked} · ").removeprefix(picked))


def _show_record(field: Field, answer: Json, asking: Asking) -> str:
    readable_id, name = _record(answer)
    return one_line(f"{readable_id} · {name}" if name and readable_id not in name else name or readable_id)


def _check_record(field: Field, answer: Json, asking: Asking) -> None:
    if not is_record_id(_record(answer)[0]):
        raise NotAnAnswerError(phrase("Choose a record, by its name or its IC number."))


RECORD = FieldKind(ask=_ask_record, read=_read_record, show=_show_record, check=_check_record)


# People -------------------------------------------------------------------------------------------


def _ask_person(field: Field, answer: Json, asking: Asking) -> list[Block]:
    picked = str(answer.get("id") or "") if kept.is_kept(answer, kept.PERSON) else ""
    typed = answer if isinstance(answer, str) else ""
    label = clip(label_of(field), MAX_LABEL - 60)
    return [
        asked_in(
            field,
            UserSelectElement(
                action_id=ids.FIELD,
                placeholder=plain(asking.texts.say("Choose somebody"), MAX_PLACEHOLDER),
                initial_user=picked or None,
            ),
            asking,
            hint=asking.texts.say("They need an Ironclad account with the same e-mail address."),
            optional=True,
        ),
        asked_in(
            field,
            EmailInputElement(action_id=ids.FIELD, initial_value=typed or None),
            asking,
            part="email",
            label=asking.texts.say("{field}: e-mail address, for somebody who is not in Slack", field=label),
            hint=asking.texts.say("One of the two is needed.") if is_required(field) else "",
            optional=True,
        ),
    ]


def _read_person(typed: Typed) -> Json:
    if email := typed.text("email"):
        return email
    user = typed.text(name="selected_user")
    if not user:
        return None
    same = kept.is_kept(typed.kept, kept.PERSON) and typed.kept.get("id") == user
    return typed.kept if same else kept.person(user)


def _show_person(field: Field, answer: Json, asking: Asking) -> str:
    if not kept.is_kept(answer, kept.PERSON):
        return one_line(str(answer))
    name, email = answer.get("name"), answer.get("email")
    return one_line(f"{name} ({email})" if name and email else str(email or name or answer.get("id")))


def _check_person(field: Field, answer: Json, asking: Asking) -> None:
    if kept.is_kept(answer, kept.PERSON):
        if answer.get("email") == "":
            what = phrase(
                "Slack shows no e-mail address of {person}. Type the one they have in Ironclad.",
                person=answer.get("name") or phrase("this person"),
            )
            raise NotAnAnswerError(what, "email")
    else:
        try:
            check_email(field, answer, asking)
        except NotAnAnswerError as wrong:
            raise NotAnAnswerError(wrong.what, "email") from None


PERSON = FieldKind(ask=_ask_person, read=_read_person, show=_show_person, check=_check_person)
