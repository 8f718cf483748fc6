"""From a statement to a signed file, and from a file to what can be believed of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from supasync.certificate import keys
from supasync.certificate.document import Statement, canonical, parse
from supasync.errors import CertificateError

ALGORITHM = "Ed25519"
_ASK = "Ask whoever issued it for the file as it was written, byte for byte."


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A certificate that is as its signer wrote it. key: the name of the key that it was signed
    with. trusted: that is the key that was asked for. Without one nothing is proved: whoever
    writes a certificate can put any key of theirs into it."""

    statement: Statement
    key: str
    trusted: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "verified": self.trusted,
            "key": self.key,
            "statement": self.statement.model_dump(),
        }


def issue(statement: Statement, key: Ed25519PrivateKey) -> bytes:
    """The certificate as a file."""
    document = statement.to_json()
    signature = {
        "algorithm": ALGORITHM,
        "public_key": _text(keys.raw(key.public_key())),
        "value": _text(key.sign(canonical(document))),
    }
    return canonical({**document, "signature": signature})


def check(data: bytes, expected: Ed25519PublicKey | None) -> Checked:
    """data: the file. expected: the key that certificates are to be signed with, had by another
    way than with the certificate; None when nobody said. Raises: CertificateError."""
    document = parse(data)
    key, value = _signature(document.get("signature"))
    body = {name: part for name, part in document.items() if name != "signature"}
    try:
        key.verify(value, canonical(body))
    except InvalidSignature:
        raise CertificateError(
            "The certificate was changed after it was signed, or its signature was",
            remedy="Believe nothing in it; ask whoever issued it for the file as it was written.",
        ) from None
    if expected is not None and keys.raw(expected) != keys.raw(key):
        raise CertificateError(
            f"The certificate is signed with another key, {keys.name(key)}, than the one that was "
            f"given, {keys.name(expected)}",
            remedy="Believe nothing in it, unless you know that other key too: then give that one.",
        )
    if body.keys() != {"format", "version", "statement"}:
        raise CertificateError("It is no certificate: it has parts that nobody knows", remedy=_ASK)
    return Checked(
        statement=Statement.from_json(document), key=keys.name(key), trusted=expected is not None
    )


def _signature(found: object) -> tuple[Ed25519PublicKey, bytes]:
    """Raises: CertificateError."""
    if not isinstance(found, Mapping) or found.keys() != {"algorithm", "public_key", "value"}:
        raise CertificateError("It is no certificate: it is not signed", remedy=_ASK)
    if found["algorithm"] != ALGORITHM:
        raise CertificateError(
            f"The signature is not {ALGORITHM}'s, which is the only one known", remedy=_ASK
        )
    try:
        public = base64.b64decode(found["public_key"], validate=True)
        value = base64.b64decode(found["value"], validate=True)
        return Ed25519PublicKey.from_public_bytes(public), value
    except (TypeError, ValueError, binascii.Error):
        raise CertificateError(
            "The certificate's signature or key cannot be read", remedy=_ASK
        ) from None


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
