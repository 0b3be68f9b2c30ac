"""Files of a launch: found in Slack, looked at, and brought along when the launch is sent.

A draft keeps where a file is, never its bytes. They are read from Slack when the launch is sent, into a
file without a name that is gone when the process is, and looked at once more before Ironclad gets them.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import IO

from bot.forms.contents import HEAD, MOST_BYTES, wrong_with
from bot.forms.kept import KeptFile
from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.ports import Files, FileUnreadable, SharedFile, TryLater
from ironclad import Upload

LOOK_SECONDS = 1.2  # for all files of a submitted page together: Slack waits three seconds for its answer
_FILE_LINK = re.compile(r"/files(?:-pri)?/(?:[A-Z0-9]+/|[A-Z0-9]+-)?(F[A-Z0-9]{6,})(?:/|$|\?|\|)")
_FILE_ID = re.compile(r"F[A-Z0-9]{6,}")
_MESSAGE_LINK = re.compile(
    r"/archives/([CGD][A-Z0-9]{6,})/p(\d{10})(\d{6})(?:\?(?:.*&)?thread_ts=(\d+\.\d+))?"
)


def thread_of(link: str) -> tuple[str, str] | None:
    """The channel, and the first message, of the thread that a link to a message leads to."""
    message = _MESSAGE_LINK.search(link)
    return (message[1], message[4] or f"{message[2]}.{message[3]}") if message else None


class FilesUnfit(Exception):
    """Files that cannot be sent: what is wrong, by the part that they were to be sent as."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Carried:
    """Files ready to be sent, and what is known of them now: their checksums above all."""

    uploads: tuple[Upload, ...]
    files: Mapping[str, KeptFile]


class Whereabouts:
    """In which conversations a person is, each looked up once."""

    def __init__(self, files: Files, team: str, user: str) -> None:
        self._files = files
        self._team = team
        self._user = user
        self._known: dict[str, bool] = {}

    async def is_in(self, channel: str) -> bool:
        """Whether they are in a channel that the app sees. Raises `TryLater`."""
        if channel not in self._known:
            self._known[channel] = await self._files.is_member(self._team, channel, self._user)
        return self._known[channel]

    async def may_see(self, shared: SharedFile) -> bool:
        """Whether they may see a file themselves. Raises `TryLater`."""
        if shared.owner == self._user:
            return True
        for channel in shared.channels:
            if await self.is_in(channel):
                return True
        return False


class Documents:
    """Finds people's files in Slack and carries them to Ironclad."""

    def __init__(self, files: Files) -> None:
        self._files = files

    # Looking --------------------------------------------------------------------------------------

    async def look(self, team: str, files: Iterable[KeptFile]) -> dict[str, str]:
        """What is wrong with the beginning of files that nobody has read yet, by file id.

        Only as far as Slack answers in time; whatever was not seen is looked at when the launch is sent.
        """
        new = [file for file in files if not file.sha256]
        found: dict[str, str] = {}

        async def one(file: KeptFile) -> None:
            if wrong := await self._begins_wrong(team, file):
                found[file.id] = wrong

        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await asyncio.gather(*(one(file) for file in new))
        except (TimeoutError, TryLater):
            pass
        return found

    async def _begins_wrong(self, team: str, file: KeptFile) -> str | None:
        try:
            shared = await self._files.file(team, file.id)
            if shared is None:
                return _gone(file)
            async with self._files.read(team, shared) as chunks:
                return wrong_with(file.name, await _head(chunks))
        except FileUnreadable as unreadable:
            return unreadable.what

    # Taking from Slack ----------------------------------------------------------------------------

    async def taken(self, team: str, user: str, link: str) -> list[KeptFile]:
        """The files behind a link to a file or a message. Raises `Refusal`, `TryLater`.

        Only those that this person may see themselves: the app may be where they are not.
        """
        found = await self.chosen(team, user, await self._behind(team, user, link.strip()))
        if not found:
            raise Refusal(
                phrase("Slipway sees no file of yours there."),
                phrase(
                    "Share the file in a channel that you and Slipway are both in, "
                    "and copy the link of that message."
                ),
            )
        return found

    async def chosen(self, team: str, user: str, ids: Iterable[str]) -> list[KeptFile]:
        """Those of these files that are still there and that this person may see themselves.

        Raises `FileUnreadable`, `TryLater`.
        """
        told = await asyncio.gather(*(self._files.file(team, one) for one in dict.fromkeys(ids)))
        where = Whereabouts(self._files, team, user)
        return [shared.file for shared in told if shared and await where.may_see(shared)]

    async def _behind(self, team: str, user: str, link: str) -> Iterable[str]:
        if file := _FILE_LINK.search(link) or _FILE_ID.fullmatch(link):
            return [file[1] if file.re is _FILE_LINK else file[0]]
        if thread := thread_of(link):
            channel, ts = thread
            if not await Whereabouts(self._files, team, user).is_in(channel):
                return []
            try:
                return await self._files.shared_with(team, channel, ts)
            except FileUnreadable as unreadable:
                raise Refusal(unreadable.what, phrase("Share the file where Slipway is.")) from unreadable
        raise Refusal(
            phrase("This is no link to a file or a message in Slack."),
            phrase("In Slack, choose Copy link beside the file or its message, and paste it here."),
        )

    # Carrying -------------------------------------------------------------------------------------

    @asynccontextmanager
    async def carried(self, team: str, files: Mapping[str, KeptFile]) -> AsyncIterator[Carried]:
        """The files by part, read whole and found good. Raises `FilesUnfit`, `TryLater`."""
        async with AsyncExitStack() as stack:
            uploads: list[Upload] = []
            known: dict[str, KeptFile] = {}
            problems: dict[str, str] = {}
            for part, file in files.items():
                content = stack.enter_context(_unnamed_file())
                try:
                    known[part] = await self._fetch(team, file, content)
                except FileUnreadable as unreadable:
                    problems[part] = unreadable.what
                    continue
                uploads.append(Upload(part, file.name, file.mimetype, content))
            if problems:
                raise FilesUnfit(problems)
            yield Carried(tuple(uploads), known)

    async def _fetch(self, team: str, file: KeptFile, into: IO[bytes]) -> KeptFile:
        shared = await self._files.file(team, file.id)
        if shared is None:
            raise FileUnreadable(_gone(file))
        digest, size, head = hashlib.sha256(), 0, b""
        async with self._files.read(team, shared) as chunks:
            async for chunk in chunks:
                size += len(chunk)
                if size > MOST_BYTES:
                    what = phrase("“{file}” is larger than the 100 MB that Slipway sends.", file=file.name)
                    raise FileUnreadable(what)
                head = head if len(head) >= HEAD else head + chunk[:HEAD]
                digest.update(chunk)
                await asyncio.to_thread(into.write, chunk)
        if size != shared.file.size:
            raise TryLater(5)  # the line broke: what arrived is not the file
        if wrong := wrong_with(file.name, head):
            raise FileUnreadable(wrong)
        into.seek(0)
        return replace(file, size=size, sha256=digest.hexdigest())


def _gone(file: KeptFile) -> str:
    return phrase("“{file}” is no longer in Slack. Attach it again.", file=file.name)


def _unnamed_file() -> IO[bytes]:
    """A file that nobody finds, and that is gone with the process."""
    return tempfile.TemporaryFile(prefix="slipway-")


async def _head(chunks: AsyncIterator[bytes]) -> bytes:
    head = b""
    async for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    return head
