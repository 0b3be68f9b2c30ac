"""Secrets at rest: AES-256-GCM with the owner's identity bound in.

A sealed text reads ``v1.<key id>.<base64url of nonce and ciphertext>``. The associated data names the
workspace, table, column, row and key, so that a value copied to another row, column or workspace does
not open. Whatever does not open is an error, never passed through.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = "v1"
_KEY_BYTES = 32
_NONCE_BYTES = 12  # 96 bits: the length GCM is defined for (NIST SP 800-38D §5.2.1.1)
_TAG_BYTES = 16
_SEALED = re.compile(r"v1\.([0-9a-f]{12})\.([A-Za-z0-9_-]+)", re.ASCII)
_HOW_TO_MAKE_ONE = "Make a key with `slipway keys new` and put it in SLIPWAY_ENCRYPTION_KEYS."


class BadKeyError(ValueError):
    """No usable key was given; says how to make one, never repeats what was given."""


class SealedValueError(Exception):
    """A stored value does not open: wrong key, other owner, altered, or not sealed at all."""


class Owner(NamedTuple):
    """Where a sealed value lives. It opens for exactly this owner."""

    workspace: str
    table: str
    column: str
    row: str


def new_key() -> str:
    """A fresh key: 32 random bytes in urlsafe base64."""
    return base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).decode("ascii")


class Sealing:
    """Seals with the first key, opens with any of them.

    Raises `BadKeyError` when there is no key or one of them is not 32 bytes of urlsafe base64.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise BadKeyError(f"There is no encryption key. {_HOW_TO_MAKE_ONE}")
        self._ciphers: dict[str, AESGCM] = {}
        for place, key in enumerate(keys, start=1):
            raw = _key_bytes(key, place)
            self._ciphers[_key_id(raw)] = AESGCM(raw)
        self._first = next(iter(self._ciphers))

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Short names of the keys, the sealing one first. They tell nothing about the keys."""
        return tuple(self._ciphers)

    @property
    def prefix(self) -> str:
        """How everything begins that is sealed with the first key."""
        return f"{_VERSION}.{self._first}."

    def key_id_of(self, sealed: str) -> str:
        """The name of the key that `sealed` needs. Raises `SealedValueError` if it is not a sealed text."""
        return _parts(sealed)[0]

    def seal(self, owner: Owner, text: str) -> str:
        """Seal `text` for `owner`; no two sealed texts are alike."""
        # JSON from outside may carry half a surrogate pair: it must come back as it went in.
        return self.seal_bytes(owner, text.encode("utf-8", "surrogatepass"))

    def open(self, owner: Owner, sealed: str) -> str:
        """The text that was sealed for `owner`, or `SealedValueError`."""
        return self.open_bytes(owner, sealed).decode("utf-8", "surrogatepass")

    def seal_bytes(self, owner: Owner, content: bytes) -> str:
        """Seal `content` for `owner`."""
        nonce = os.urandom(_NONCE_BYTES)
        box = self._ciphers[self._first].encrypt(nonce, content, _associated(owner, self._first))
        return f"{_VERSION}.{self._first}.{_encode(nonce + box)}"

    def open_bytes(self, owner: Owner, sealed: str) -> bytes:
        """The bytes that were sealed for `owner`, or `SealedValueError`."""
        key_id, box = _parts(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealedValueError(f"sealed with key {key_id}, which is not among the keys given")
        try:
            return cipher.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], _associated(owner, key_id))
        except InvalidTag:
            raise SealedValueError(f"does not open for {owner.table}.{owner.column}") from None


def _key_bytes(key: str, place: int) -> bytes:
    try:
        raw = base64.b64decode(key.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise BadKeyError(
            f"Encryption key number {place} is not 32 bytes of urlsafe base64. {_HOW_TO_MAKE_ONE}"
        )
    return raw


def _key_id(raw: bytes) -> str:
    return hashlib.sha256(b"slipway key id\0" + raw).hexdigest()[:12]


def _encode(box: bytes) -> str:
    return base64.urlsafe_b64encode(box).rstrip(b"=").decode("ascii")


def _associated(owner: Owner, key_id: str) -> bytes:
    # JSON, because plain joining would let ("a|b", "c") pass for ("a", "b|c").
    return json.dumps([*owner, key_id]).encode("ascii")


def _parts(sealed: str) -> tuple[str, bytes]:
    match = _SEALED.fullmatch(sealed)
    if match is None:
        raise SealedValueError("not a sealed value")
    encoded = match[2]
    try:
        box = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise SealedValueError("not a sealed value") from None
    # base64 leaves spare bits: without this, two texts would open to the same value.
    if _encode(box) != encoded or len(box) < _NONCE_BYTES + _TAG_BYTES:
        raise SealedValueError("not a sealed value")
    return match[1], box
