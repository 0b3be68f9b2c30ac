"""What a file really is, told by its first bytes: a text named `contract.pdf` is no PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.texts import phrase

HEAD = 4096  #: how many bytes are enough to tell
MOST_BYTES = 100 * 1024 * 1024  # nothing says what Ironclad takes at launch; its imports take this much
DRAFT_KINDS = ("docx", "doc", "pdf")  # what Ironclad can turn into a signature packet
ANY_KINDS = (
    *DRAFT_KINDS,
    *("xlsx", "xls", "pptx", "ppt", "rtf", "txt", "csv", "xml", "htm", "html", "eml", "msg"),
    *("png", "jpg", "jpeg", "gif", "tif", "tiff"),
)

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def extension(name: str) -> str:
    """The part after the last dot, in small letters; empty without one."""
    stem, dot, ending = name.rpartition(".")
    return ending.casefold() if dot and stem else ""


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(marks)


def _is_text(head: bytes) -> bool:
    return b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))


_LOOKS: Mapping[str, Callable[[bytes], bool]] = {
    "pdf": lambda head: b"%PDF-" in head[:1024],
    **dict.fromkeys(("docx", "xlsx", "pptx"), _begins(_ZIP)),
    **dict.fromkeys(("xls", "ppt", "msg"), _begins(_OLE)),
    "doc": _begins(_OLE, b"{\\rtf"),  # Word writes RTF under this name, too
    "rtf": _begins(b"{\\rtf"),
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    **dict.fromkeys(("jpg", "jpeg"), _begins(b"\xff\xd8\xff")),
    "gif": _begins(b"GIF87a", b"GIF89a"),
    **dict.fromkeys(("tif", "tiff"), _begins(b"II*\x00", b"MM\x00*")),
    **dict.fromkeys(("txt", "csv", "xml", "htm", "html", "eml"), _is_text),
}


def wrong_with(name: str, head: bytes) -> str | None:
    """Why a file of this name cannot begin so; None when it can."""
    kind = extension(name)
    looks = _LOOKS.get(kind)
    if not head:
        return phrase("“{file}” is empty. Attach another file.", file=name)
    if looks is None or looks(head):
        return None
    if kind == "docx" and head.startswith(_OLE):
        return phrase(
            "“{file}” is protected with a password or an old Word file. Save it as .docx without one.",
            file=name,
        )
    return phrase(
        "“{file}” is no {kind} file inside, whatever its name says. Attach the right file.",
        file=name,
        kind=kind.upper(),
    )
