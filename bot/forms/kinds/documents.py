"""Documents: uploaded in the form, or taken from Slack where they are too large for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import FileInputElement

from bot import ids
from bot.blockkit import MAX_OPTION, actions, button, clip, exactly, section
from bot.forms.contents import ANY_KINDS, DRAFT_KINDS, MOST_BYTES, extension
from bot.forms.kept import KeptFile
from bot.forms.kinds.base import (
    MOST_IN_HEADING,
    Asking,
    FieldKind,
    Json,
    NotAnAnswerError,
    Typed,
    asked_in,
    block_id,
    label_of,
    one_line,
    option_id,
)
from bot.texts import phrase
from ironclad import Field

DRAFT = "draft"
MOST_FILES = 10  # of Slack's file input
SHOWN_ALONE = 4  # with a button each; the others move up when one is removed
ADD, TAKE, HAS = "add", "take", "has."  # parts: the file input, the button beside it, a file that is attached


def allowed(field: Field) -> tuple[str, ...]:
    """The kinds of files that this field takes."""
    return DRAFT_KINDS if field.key == DRAFT else ANY_KINDS


def _ask(field: Field, answer: Json, asking: Asking) -> list[Block]:
    files = attached(answer)
    blocks: list[Block] = []
    if files:
        blocks.append(
            section(
                f"*{exactly(label_of(field), MOST_IN_HEADING)}*", block_id=block_id(field, "label", asking)
            )
        )
    blocks += [_attached(field, file, asking) for file in files[:SHOWN_ALONE]]
    if more := files[SHOWN_ALONE:]:
        named = ", ".join(exactly(file.name, 60) for file in more)
        blocks.append(
            section(
                asking.texts.say("Also attached: {files}", files=named),
                block_id=block_id(field, "more", asking),
            )
        )
    if len(files) < MOST_FILES:
        blocks.append(_file_input(field, files, asking))
    if len(files) < MOST_FILES and asking.room > 0:  # it is asked in a window of its own which
        take = button(asking.texts.say("Take a file from Slack"), ids.TAKE_FILE, about=label_of(field))
        blocks.append(actions(take, block_id=block_id(field, TAKE, asking)))
    return blocks


def _attached(field: Field, file: KeptFile, asking: Asking) -> Block:
    return section(
        f"{exactly(file.name, 120)} · {size_of(file.size)} · {asking.texts.say('attached')}",
        accessory=button(asking.texts.say("Remove"), ids.REMOVE_FILE, file.id, about=file.name),
        block_id=block_id(field, HAS + file.id, asking),
    )


def _file_input(field: Field, files: Sequence[KeptFile], asking: Asking) -> Block:
    return asked_in(
        field,
        FileInputElement(
            action_id=ids.FIELD, filetypes=list(allowed(field)), max_files=MOST_FILES - len(files)
        ),
        asking,
        part=_add(files),
        label=asking.texts.say("{field}: more files", field=label_of(field)) if files else "",
        hint=_hint(field, asking),
        optional=True if files else None,
    )


def _hint(field: Field, asking: Asking) -> str:
    if asking.room > 0:
        return asking.texts.say(
            "{kinds}, up to 10 MB each. A larger one: share it in Slack, then take it from there.",
            kinds=takes(field),
        )
    return asking.texts.say("{kinds}, up to 10 MB each.", kinds=takes(field))


def takes(field: Field) -> str:
    """The kinds of files in words."""
    return phrase("Word or PDF") if field.key == DRAFT else phrase("Documents and pictures")


def _add(files: Sequence[KeptFile]) -> str:
    """The part of the file input, which is renamed with every file that is attached.

    Slack would go on showing in it what has been attached by now.
    """
    return ADD + (f".{option_id(' '.join(file.id for file in files))[:8]}" if files else "")


def attached(answer: Json) -> list[KeptFile]:
    """The files of an answer."""
    return [file for one in (answer if isinstance(answer, list) else []) if (file := KeptFile.of(one))]


def size_of(size: int) -> str:
    """A size as people read it."""
    if size < 1000 * 1000:
        return f"{max(1, round(size / 1000))} kB" if size else "0 kB"
    return f"{size / 1_000_000:.1f} MB"


def _read(typed: Typed) -> Json:
    files = {file.id: file for file in attached(typed.kept)}
    for part in typed.parts:
        if part == ADD or part.startswith(f"{ADD}."):
            for one in typed.element(part).get("files") or []:
                file = _uploaded(one)
                _refuse(typed.field, file, good=[file.kept() for file in files.values()] or None)
                files.setdefault(file.id, file)
    return [file.kept() for file in files.values()] or None


def _uploaded(told: Mapping[str, Json]) -> KeptFile:
    size = told.get("size")
    return KeptFile(
        id=str(told.get("id") or ""),
        name=str(told.get("name") or told.get("title") or "file"),
        size=size if isinstance(size, int) else 0,
        mimetype=str(told.get("mimetype") or "application/octet-stream"),
    )


def _show(field: Field, answer: Json, asking: Asking) -> str:
    return one_line(", ".join(f"{file.name} ({size_of(file.size)})" for file in attached(answer)))


def _check(field: Field, answer: Json, asking: Asking) -> None:
    files = attached(answer)
    if not files:
        raise NotAnAnswerError(phrase("Attach a file."))
    if len(files) > MOST_FILES:
        raise NotAnAnswerError(phrase("Attach {files} files at most.", files=MOST_FILES))
    for file in files:
        _refuse(field, file, good=None)


def fits(field: Field, file: KeptFile) -> bool:
    """Whether this field takes a file, by its name and size."""
    try:
        _refuse(field, file, good=None)
    except NotAnAnswerError:
        return False
    return True


def _refuse(field: Field, file: KeptFile, *, good: Json) -> None:
    """Refuse a file that cannot be sent, by its name and size; `good` are those that can."""
    name = clip(file.name, MAX_OPTION)
    if extension(file.name) not in allowed(field):
        what = phrase("Ironclad does not take “{file}” here. Attach: {kinds}.", file=name, kinds=takes(field))
        raise NotAnAnswerError(what, good=good)
    if file.size > MOST_BYTES:
        what = phrase("“{file}” has {size}; Slipway sends up to 100 MB.", file=name, size=size_of(file.size))
        raise NotAnAnswerError(what, good=good)


DOCUMENTS = FieldKind(ask=_ask, read=_read, show=_show, check=_check)
