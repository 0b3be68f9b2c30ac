"""Whether a message that says it comes from Ironclad's webhook does (facts §8)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature

EVENT_ID = "x-ironclad-webhook-event-id"
VERIFICATION = "x-ironclad-webhook-verification"
LONGEST_HEADER = 4_000  # characters; theirs have about 500
_ALGORITHM = "RSA-SHA256"


def signed_by(key: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether `body` was signed with the private half of `key` (PEM).

    What is signed is the event's id, the body as it was sent, and a nonce, one after the other. Every way
    in which a message can be malformed is simply False.
    """
    event_id, told = headers.get(EVENT_ID, ""), headers.get(VERIFICATION, "")
    if not event_id or max(len(event_id), len(told)) > LONGEST_HEADER:
        return False
    try:
        verification = json.loads(told)
        signature, nonce = _signature(verification), str(verification["nonce"])
        if verification["signAlgorithm"] != _ALGORITHM:
            return False
        _verify(key, signature, event_id.encode() + body + nonce.encode())
    except (InvalidSignature, ValueError, KeyError, TypeError, RecursionError):
        return False
    return True


def _verify(key: str, signature: bytes, message: bytes) -> None:
    """Raise InvalidSignature, or ValueError for a key that is none of RSA's."""
    # Only those to whom Ironclad sends webhooks need this half of the library in memory.
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    public = load_pem_public_key(key.encode())
    if not isinstance(public, rsa.RSAPublicKey):
        raise ValueError("not an RSA key")
    public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())


def _signature(verification: Mapping[str, object]) -> bytes:
    text = verification["signature"]
    if not isinstance(text, str):
        raise TypeError("a signature is a text")
    if verification.get("encoding") == "hex":
        return bytes.fromhex(text)
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
