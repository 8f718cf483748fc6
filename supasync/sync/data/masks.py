"""What becomes of a masked value: on production's side, and here.

Of a `hash` or `email` only a SHA-256 digest leaves production; the key, which makes it this
project's own, is never sent there.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid

from supasync.config import KEYED, Mask
from supasync.errors import UsageError
from supasync.sync.data.rowtext import Value

HASH_LETTERS = 32
_EMAIL_LETTERS = 20
_DOMAIN = "example.com"  # reserved, and takes no mail (RFC 2606, RFC 7505)
_STARS = 3


class Masker:
    """key: None where nothing is masked with one. project: production's ref."""

    def __init__(self, key: str | None, project: str) -> None:
        self._key = None if key is None else key.encode()
        self._project = project

    def digest(self, what: str, text: str) -> str:
        """Of a text, in hexadecimal; without a key nobody's own."""
        message = f"{self._project}\0{what}\0{text}".encode()
        if self._key is None:
            return hashlib.sha256(message).hexdigest()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()

    def value(self, mask: Mask | None, type_: str, read: Value) -> Value:
        """What the branch gets. read: as it was read, None where nothing was.

        Raises: UsageError where the mask needs a key.
        """
        if mask is None or mask.kind == "partial" or (mask.reads and read is None):
            return read
        if mask.kind in KEYED and self._key is None:
            raise UsageError(f"The mask {mask.kind} needs the key of [masks]", remedy="Add it.")
        match mask.kind:
            case "null":
                return None
            case "constant":
                return mask.constant
            case "hash":
                found = self.digest("hash", read or "")[:HASH_LETTERS]
                return str(uuid.UUID(found)) if type_ == "uuid" else found
            case "email":
                found = self.digest("email", read or "")[:_EMAIL_LETTERS]
                return f"{found}@{_DOMAIN}"


def form(mask: Mask | None) -> str | None:
    """In which form a column is read (asking.Column); None when it is not read."""
    if mask is None:
        return "plain"
    if mask.kind == "partial":
        return f"first:{mask.partial}"
    return "digest" if mask.reads else None


def letters(mask: Mask) -> int:
    """How many a value has at most."""
    match mask.kind:
        case "hash":
            return HASH_LETTERS
        case "email":
            return _EMAIL_LETTERS + 1 + len(_DOMAIN)
        case "partial":
            return mask.partial + _STARS
        case _:
            return len(mask.constant)
