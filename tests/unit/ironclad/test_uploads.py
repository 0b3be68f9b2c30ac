from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path

import httpx
import pytest

from ironclad import JSON, OutcomeUnknown, StaticToken, Unauthorized, Upload
from ironclad.uploads import Content, Multipart
from tests.unit.ironclad.fakes import Scripted, ironclad, scripted, workflow

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ATTRIBUTES: dict[str, JSON] = {"counterpartyName": "Lanternfish Ltd", "draft": [{"file": "draft_1"}]}


def created() -> Scripted:
    return scripted(httpx.Response(200, json=workflow()))


def parts_of(request: httpx.Request) -> list[Message]:
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.content)
    return list(message.iter_parts())


def payload_of(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


class Reiterable:
    def __aiter__(self) -> AsyncIterator[bytes]:
        return stream(b"by", b"tes")


class Renewed(StaticToken):
    """Has a second token after the first was rejected."""

    async def token(self, *, rejected: str | None = None) -> str:
        return "the-second" if rejected else "the-first"


async def test_the_bytes_of_a_launch_with_a_file() -> None:
    """To the letter as facts §5.2 shows them."""
    data = json.dumps({"template": "t1"}).encode()
    body = Multipart(data, [Upload("draft_1", "their-nda.docx", DOCX, b"<bytes>")], boundary="B")
    assert b"".join([chunk async for chunk in body]) == (
        b'--B\r\nContent-Disposition: form-data; name="data"\r\nContent-Type: application/json\r\n\r\n'
        b'{"template": "t1"}'
        b'\r\n--B\r\nContent-Disposition: form-data; name="draft_1"; filename="their-nda.docx"\r\n'
        b"Content-Type: " + DOCX.encode() + b"\r\n\r\n<bytes>\r\n--B--\r\n"
    )
    assert body.content_type == "multipart/form-data; boundary=B"


async def test_a_launch_with_files_is_understood() -> None:
    far_end = created()
    second = Upload("draft_2", "a.pdf", "application/pdf", b"\r\n--not-the-boundary--\r\n")
    files = [Upload("draft_1", "their-nda.docx", DOCX, b"\x00\xff"), second]
    made = await ironclad(far_end).launch("t1", ATTRIBUTES, files=files)
    assert made.id == workflow()["id"]
    data, *sent = parts_of(far_end.requests[0])
    assert json.loads(payload_of(data)) == {"template": "t1", "attributes": ATTRIBUTES}
    assert data.get_content_type() == "application/json"
    assert [payload_of(part) for part in sent] == [b"\x00\xff", second.content]
    assert [part.get_filename() for part in sent] == ["their-nda.docx", "a.pdf"]
    assert [part.get_content_type() for part in sent] == [DOCX, "application/pdf"]


@pytest.mark.parametrize("name", ['quo"te.pdf', "line\r\nbreak.pdf", "Žluťoučký.pdf", "half\ud83d.pdf"])
async def test_no_file_name_breaks_out_of_its_header(name: str) -> None:
    far_end = created()
    await ironclad(far_end).launch("t1", {}, files=[Upload("draft_1", name, "application/pdf", b"x")])
    assert len(parts_of(far_end.requests[0])) == 2
    content = far_end.requests[0].content
    assert content.count(b"\r\n\r\n") == 2
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")


async def test_content_of_every_kind_with_its_length_where_it_is_known(tmp_path: Path) -> None:
    path = tmp_path / "draft.pdf"
    path.write_bytes(b"head" + b"bytes" * 50_000)
    with path.open("rb") as file:
        file.seek(4)
        contents: list[Content] = [b"bytes", io.BytesIO(b"bytes"), Reiterable(), stream(b"by", b"tes"), file]
        for content in contents:
            far_end = created()
            await ironclad(far_end).launch("t1", {}, files=[Upload("f", "f.pdf", "application/pdf", content)])
            request = far_end.requests[0]
            expected = b"bytes" * (50_000 if content is file else 1)
            assert payload_of(parts_of(request)[1]) == expected
            if isinstance(content, (bytes, io.IOBase)):
                assert int(request.headers["Content-Length"]) == len(request.content)
            else:
                assert request.headers["Transfer-Encoding"] == "chunked"


async def test_a_stream_of_known_size_announces_it() -> None:
    far_end = created()
    upload = Upload("f", "f.pdf", "application/pdf", stream(b"by", b"tes"), size=5)
    await ironclad(far_end).launch("t1", {}, files=[upload])
    assert int(far_end.requests[0].headers["Content-Length"]) == len(far_end.requests[0].content)


async def test_with_a_renewed_token_the_files_are_sent_again_from_their_start() -> None:
    for content in (b"bytes", io.BytesIO(b"bytes"), Reiterable()):
        far_end = scripted(httpx.Response(401), httpx.Response(200, json=workflow()))
        upload = Upload("f", "f.pdf", "application/pdf", content)
        await ironclad(far_end, tokens=Renewed("x")).launch("t1", {}, files=[upload])
        payloads = [payload_of(parts_of(request)[1]) for request in far_end.requests]
        assert payloads == [b"bytes", b"bytes"]


async def test_a_stream_that_is_gone_is_not_sent_again_in_part() -> None:
    far_end = scripted(httpx.Response(401, json={"code": "UNAUTHORIZED"}))
    upload = Upload("f", "f.pdf", "application/pdf", stream(b"bytes"))
    with pytest.raises(Unauthorized):
        await ironclad(far_end, tokens=Renewed("x")).launch("t1", {}, files=[upload])


async def test_a_source_that_fails_comes_through_as_it_is() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"some"
        raise FileNotFoundError("gone from Slack")

    with pytest.raises(FileNotFoundError, match="gone from Slack"):
        await ironclad(created()).launch("t1", {}, files=[Upload("f", "f", "text/plain", failing())])


async def test_a_source_that_fails_with_an_error_of_httpx_leaves_the_outcome_unknown() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"some"
        raise httpx.ReadError("")

    with pytest.raises(OutcomeUnknown):
        await ironclad(created()).launch("t1", {}, files=[Upload("f", "f", "text/plain", failing())])


@pytest.mark.parametrize("parts", [("a", "a"), ("data",)])
async def test_part_names_must_be_free(parts: tuple[str, ...]) -> None:
    files = [Upload(part, "f.pdf", "application/pdf", b"x") for part in parts]
    with pytest.raises(ValueError, match="part name"):
        await ironclad(created()).launch("t1", {}, files=files)


@pytest.mark.parametrize(("part", "kind"), [("", "text/plain"), ("f", "text/plain\r\nX: y")])
def test_an_upload_that_no_header_can_carry(part: str, kind: str) -> None:
    with pytest.raises(ValueError, match="part name"):
        Upload(part, "f", kind, b"")
