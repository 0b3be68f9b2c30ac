"""What a draft keeps of an answer beyond what Ironclad is sent: where a file is, a record's name, a row's id.

Such a piece of an answer is an object with the key `MARK`, which no field of Ironclad's has. `outgoing`
turns kept answers into what is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any
MARK = "#"  #: says which kind of kept thing an object is
FILE, RECORD, PERSON, ROW = "file", "record", "person", "row"


@dataclass(frozen=True)
class KeptFile:
    """A file in Slack. `sha256` is known once its bytes have been seen."""

    id: str
    name: str
    size: int
    mimetype: str = "application/octet-stream"
    sha256: str = ""

    @classmethod
    def of(cls, kept: Json) -> KeptFile | None:
        """The file that a draft keeps, if it is one."""
        if not is_kept(kept, FILE):
            return None
        told = {name: str(kept.get(name) or "") for name in ("id", "name", "mimetype", "sha256")}
        size = kept.get("size")
        return cls(**told, size=size if isinstance(size, int) else 0)

    def kept(self) -> dict[str, Json]:
        """As a draft keeps it."""
        known = {MARK: FILE, "id": self.id, "name": self.name, "size": self.size, "mimetype": self.mimetype}
        return {**known, "sha256": self.sha256} if self.sha256 else known


def is_kept(value: Json, kind: str) -> bool:
    """Whether it is a kept thing of this kind."""
    return isinstance(value, Mapping) and value.get(MARK) == kind


def record(readable_id: str, name: str) -> dict[str, Json]:
    """A picked record."""
    return {MARK: RECORD, "id": readable_id, "name": name}


def person(user: str, *, email: str | None = None, name: str = "") -> dict[str, Json]:
    """A picked Slack person; the e-mail address is who they are in Ironclad, None while nobody looked."""
    return {MARK: PERSON, "id": user, "email": email, "name": name}


def row(row_id: str, cells: Mapping[str, Json]) -> dict[str, Json]:
    """A row of a table."""
    return {**cells, MARK: ROW, f"{MARK}id": row_id}


def row_id(kept: Json) -> str:
    """Which row it is; empty for a row that nobody edited here yet."""
    found = kept.get(f"{MARK}id") if isinstance(kept, Mapping) else None
    return found if isinstance(found, str) else ""


@dataclass(frozen=True)
class Outgoing:
    """What is sent: attributes as Ironclad takes them, and the files that their `{"file": part}` name.

    `keys` says of each part to which field it belongs.
    """

    attributes: dict[str, Json]
    files: Mapping[str, KeptFile] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)


def outgoing(answers: Mapping[str, Json]) -> Outgoing:
    """Kept answers as Ironclad takes them."""
    files: dict[str, KeptFile] = {}
    keys: dict[str, str] = {}
    attributes = {}
    for key, answer in answers.items():
        attributes[key] = _sent(answer, files)
        keys |= dict.fromkeys(files.keys() - keys.keys(), key)
    return Outgoing(attributes, files, keys)


def with_files(value: Json, known: Mapping[str, KeptFile]) -> Json:
    """Kept answers with what is known of their files by now, by the files' ids."""
    if file := KeptFile.of(value):
        return known.get(file.id, file).kept()
    if isinstance(value, list):
        return [with_files(one, known) for one in value]
    if isinstance(value, Mapping):
        return {key: with_files(one, known) for key, one in value.items()}
    return value


def without_files(value: Json, ids: Collection[str]) -> Json:
    """Kept answers without these files, by their ids; None where nothing else is left."""
    if file := KeptFile.of(value):
        return None if file.id in ids else value
    if isinstance(value, list):
        return [one for each in value if (one := without_files(each, ids)) is not None] or None
    if isinstance(value, Mapping):
        kept = ((key, without_files(one, ids)) for key, one in value.items())
        left = {key: one for key, one in kept if one is not None}
        return left if any(not key.startswith(MARK) for key in left) else None
    return value


def _sent(value: Json, files: dict[str, KeptFile]) -> Json:
    if isinstance(value, list):
        return [_sent(one, files) for one in value]
    if not isinstance(value, Mapping):
        return value
    if file := KeptFile.of(value):
        part = f"file_{len(files) + 1}"
        files[part] = file
        return {"file": part}
    if is_kept(value, RECORD):
        return value["id"]
    if is_kept(value, PERSON):
        return value["email"]
    return {key: _sent(one, files) for key, one in value.items() if not key.startswith(MARK)}


def people_in(answers: Json) -> Iterator[str]:
    """The Slack ids of people whose e-mail address nobody has looked up yet."""
    if is_kept(answers, PERSON):
        yield from [answers["id"]] if answers.get("email") is None else []
    elif isinstance(answers, Mapping):
        for one in answers.values():
            yield from people_in(one)
    elif isinstance(answers, list):
        for one in answers:
            yield from people_in(one)


def with_people(value: Json, known: Mapping[str, Mapping[str, Json]]) -> Json:
    """Kept answers with the people that were looked up in their place, by their Slack ids."""
    if is_kept(value, PERSON):
        return known.get(value["id"], value)
    if isinstance(value, list):
        return [with_people(one, known) for one in value]
    if isinstance(value, Mapping):
        return {key: with_people(one, known) for key, one in value.items()}
    return value


def files_in(answers: Json) -> Iterator[KeptFile]:
    """Every file that answers keep."""
    if file := KeptFile.of(answers):
        yield file
    elif isinstance(answers, Mapping):
        for key, one in answers.items():
            if not key.startswith(MARK):
                yield from files_in(one)
    elif isinstance(answers, list):
        for one in answers:
            yield from files_in(one)
