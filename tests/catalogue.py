"""Collects what Slipway says from its source and keeps `bot/locale/*.po` in step: ``make texts``.

Entries are sorted and carry no line numbers, so that two people's additions rarely meet in one place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import normalize, read_po

from bot.texts import LANGUAGES

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "bot" / "locale"
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
SAID_BY = ("say", "phrase")
COUNTED_BY = "count"

Id = str | tuple[str, str]  #: a sentence, or its two forms


class NotCollectableError(ValueError):
    """A sentence that cannot be collected, with the place where it stands."""


@dataclass(frozen=True)
class Said:
    """A sentence in the source, and the names of the values given to it (None when not known)."""

    id: Id
    where: str
    values: frozenset[str] | None


def said() -> Iterator[Said]:
    """Every sentence of the product. Raises `NotCollectableError`."""
    for file in sorted((ROOT / "bot").rglob("*.py")):
        if file != ROOT / "bot" / "texts.py":
            yield from said_in(file.read_text(), str(file.relative_to(ROOT)))


def said_in(source: str, name: str) -> Iterator[Said]:
    """The sentences of one module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (found := _sentence(node, f"{name}:{node.lineno}")):
            yield found


def _sentence(call: ast.Call, where: str) -> Said | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == COUNTED_BY and len(call.args) == 3:
        one, many = _literal(call.args[0], where), _literal(call.args[1], where)
        given = _given(call)
        return Said((one, many), where, None if given is None else given | {"n"})
    if name in SAID_BY and call.args:
        return Said(_literal(call.args[0], where), where, _given(call))
    return None


def _literal(node: ast.expr, where: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise NotCollectableError(f"{where}: say a literal, not something put together before")


def _given(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name)


def places(text: str) -> frozenset[str]:
    """The names of the values that a sentence has places for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def kept(language: str) -> Catalog:
    """The catalogue of a language as it is on disk."""
    file = LOCALE / f"{language}.po"
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as source:
        return read_po(source, locale=language)


def main() -> None:
    """Bring every catalogue in step: new sentences without a translation, those no longer said dropped."""
    ids = {one.id for one in said()}
    for language in TRANSLATED:
        before = kept(language)
        messages = [before.get(id_) or Message(id_) for id_ in sorted(ids, key=_order)]
        text = _header(language) + "".join(_entry(message, before.num_plurals) for message in messages)
        (LOCALE / f"{language}.po").write_text(text, encoding="utf-8")
        missing = sum(not translated(message) for message in messages)
        print(f"{language}: {len(messages)} sentences, {missing} to translate")  # noqa: T201


def translated(message: Message) -> bool:
    """Whether every form of a sentence has a translation."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def _order(id_: Id) -> tuple[str, str]:
    first = id_ if isinstance(id_, str) else id_[0]
    return first.casefold(), first


def _header(language: str) -> str:
    plural = Catalog(locale=language).plural_forms
    lines = (
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {plural}",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines)


def _entry(message: Message, forms: int) -> str:
    if isinstance(message.id, str):
        string = message.string if isinstance(message.string, str) else ""
        return f"\nmsgid {_line(message.id)}\nmsgstr {_line(string)}\n"
    strings = message.string if isinstance(message.string, tuple) else ()
    lines = [f"msgid {_line(message.id[0])}", f"msgid_plural {_line(message.id[1])}"]
    for n in range(forms):
        lines.append(f"msgstr[{n}] {_line(strings[n] if n < len(strings) else '')}")
    return "\n" + "\n".join(lines) + "\n"


def _line(text: str) -> str:
    return normalize(text, width=0)  # one line for a sentence, however long: nothing to wrap anew


if __name__ == "__main__":
    main()
