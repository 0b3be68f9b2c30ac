"""Files of a workflow: what was uploaded, and the draft that Ironclad makes on our paper."""

import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

from tests.sandbox.ironclad.errors import Json
from tests.sandbox.ironclad.identifiers import nano_id, timestamp
from tests.sandbox.ironclad.people import User

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
VIRUS_MARK = b"EICAR-STANDARD-ANTIVIRUS-TEST"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Part:
    """A file of a multipart request."""

    filename: str
    content_type: str
    content: bytes

    @property
    def infected(self) -> bool:
        """Whether the scanner refuses it: it holds the EICAR test mark."""
        return VIRUS_MARK in self.content


@dataclass(frozen=True)
class Document:
    """A file as a workflow holds it."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    author: User
    company: str
    at: datetime
    key: str = field(default_factory=nano_id)
    version: str = field(default_factory=nano_id)

    def wire(self, workflow_id: str) -> Json:
        """OpenAPI `WorkflowDocumentModel`; `download` is a path without a host."""
        author = {
            "type": "internalUser",
            "displayName": self.author.name,
            "email": self.author.email,
            "userId": self.author.id,
            "companyName": self.company,
        }
        return {
            "version": self.version,
            "versionNumber": 1,
            "filename": self.filename,
            "key": self.key,
            "download": f"/public/api/v1/workflows/{workflow_id}/document/{self.key}/download",
            "lastModified": {"timestamp": timestamp(self.at), "author": author},
        }


def word_document(title: str) -> bytes:
    """A real, one-line Word document."""
    body = f"<w:body><w:p><w:r><w:t>{escape(title)}</w:t></w:r></w:p></w:body>"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="'
        'application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{DOCX}.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}">{body}</w:document>',
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, _XML + content)
    return written.getvalue()
