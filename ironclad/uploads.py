"""Files that travel with a launch, streamed as `multipart/form-data` (facts §5.2)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import IO, TypeAlias

Content: TypeAlias = bytes | IO[bytes] | AsyncIterable[bytes]

_CHUNK = 64 * 1024
_NAME = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@dataclass(frozen=True)
class Upload:
    """A file. The attribute refers to it by its part: `{"draft": [{"file": "draft_1"}]}`.

    `content` is streamed: an open binary file from where it stands now, an asynchronous iterable as it
    comes, with its `size` announced where given. Nothing is kept, so what is no bytes, no seekable file and
    no iterable that can begin anew is sent only once: a call that needs a renewed token then fails.
    """

    part: str
    filename: str
    content_type: str
    content: Content = field(repr=False)
    size: int | None = None
    _start: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        if not self.part or not self.content_type.isprintable():
            raise ValueError("a file needs a part name and a content type of one line")
        file = self._seekable
        if file is not None:
            object.__setattr__(self, "_start", file.tell())

    @property
    def length(self) -> int | None:
        """How many bytes there are; None when nobody knows before they have been sent."""
        if isinstance(self.content, bytes):
            return len(self.content)
        file = self._seekable
        return file.seek(0, os.SEEK_END) - self._start if file is not None else self.size

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent a second time."""
        if isinstance(self.content, (bytes, AsyncIterable)):
            return not isinstance(self.content, AsyncIterator)
        return self._seekable is not None

    @property
    def _seekable(self) -> IO[bytes] | None:
        if isinstance(self.content, (bytes, AsyncIterable)) or not self.content.seekable():
            return None
        return self.content

    async def chunks(self) -> AsyncIterator[bytes]:
        """The content from its start."""
        if isinstance(self.content, bytes):
            yield self.content
        elif isinstance(self.content, AsyncIterable):
            async for chunk in self.content:
                yield chunk
        else:
            if self._seekable is not None:
                self.content.seek(self._start)
            while chunk := await asyncio.to_thread(self.content.read, _CHUNK):
                yield chunk


class Multipart(AsyncIterable[bytes]):
    """The body of a launch with files: the part `data` holds the JSON, then one part for each file.

    Can be iterated as often as its files can be sent.
    """

    def __init__(self, data: bytes, files: Sequence[Upload], *, boundary: str) -> None:
        self._boundary = boundary
        self._data = self._head('name="data"', "application/json") + data
        self._files = [(b"\r\n" + self._file_head(file), file) for file in files]
        self._end = f"\r\n--{boundary}--\r\n".encode("ascii")

    @property
    def content_type(self) -> str:
        """The value of the `Content-Type` header."""
        return f"multipart/form-data; boundary={self._boundary}"

    @property
    def length(self) -> int | None:
        """The value of the `Content-Length` header; None when a file's length is not known."""
        total = len(self._data) + len(self._end)
        for head, file in self._files:
            length = file.length
            if length is None:
                return None
            total += len(head) + length
        return total

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._data
        for head, file in self._files:
            yield head
            async for chunk in file.chunks():
                yield chunk
        yield self._end

    def _file_head(self, file: Upload) -> bytes:
        # Quoted as browsers do: https://html.spec.whatwg.org/#multipart-form-data
        names = f'name="{file.part.translate(_NAME)}"; filename="{file.filename.translate(_NAME)}"'
        return self._head(names, file.content_type)

    def _head(self, names: str, content_type: str) -> bytes:
        lines = (
            f"--{self._boundary}",
            f"Content-Disposition: form-data; {names}",
            f"Content-Type: {content_type}",
        )
        return "\r\n".join((*lines, "", "")).encode("utf-8", "replace")
