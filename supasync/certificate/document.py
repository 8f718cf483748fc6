"""What a certificate says, and the one form in which that is written and signed.

The form is JSON with sorted keys, an indent of two, UTF-8 without escapes that are not needed, and
one line end at the end: what `jq -S .` prints. So the signed bytes can be had without supasync.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from supasync.errors import CertificateError

FORMAT = "supasync-certificate"
VERSION = 1
_NOT_ONE = "Ask whoever issued it for the file as it was written, byte for byte."


class _Part(BaseModel):
    """No value is taken for another: neither "1" for 1, nor a key that nobody knows for none."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class End(_Part):
    """Production or the branch. fingerprint: over all compared objects, of which there are
    `objects`. postgresql: the server's version, as `17.10`. unmodelled: what the database has and
    the engine does not compare, counted by what it is."""

    name: str
    ref: str
    fingerprint: str
    objects: int
    postgresql: str
    unmodelled: dict[str, int]


class Rules(_Part):
    """By which the two were compared. engine: a hash of the queries that read a schema, the same
    wherever the same is compared in the same way. left_out: functions that live on branches
    only. no_wider: roles whose effective rights were compared too, none of which may do more on
    the branch. not_compared: what of the platform is compared by that alone."""

    scope: str
    engine: str
    supasync: str
    left_out: list[str]
    no_wider: list[str] = []
    not_compared: list[str] = []


class Witness(_Part):
    """answer: of the second program, "no difference"; "not asked" where nobody wanted to know."""

    program: str
    answer: Literal["no difference", "not asked"]


class Statement(_Part):
    """One branch had production's schema. reparsed: objects whose texts differ only since
    PostgreSQL prints them differently once it has read them; the server found them equal.
    notices: what differs and no sync changes. issued_at: ISO 8601, UTC. issued_by: as whoever
    issued it was known to the machine; nobody has checked that."""

    production: End
    branch: End
    rules: Rules
    witness: Witness
    reparsed: list[str]
    notices: list[str]
    issued_at: str
    issued_by: str
    run: str

    def to_json(self) -> dict[str, Any]:
        """The document without its signature."""
        return {"format": FORMAT, "version": VERSION, "statement": self.model_dump()}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Raises: CertificateError."""
        try:
            return cls.model_validate(document.get("statement"))
        except ValidationError as error:
            at = ".".join(str(part) for part in ("statement", *error.errors()[0]["loc"]))
            raise CertificateError(
                f"It is no certificate: {at} is missing or has another form than it should",
                remedy=_NOT_ONE,
            ) from None


def canonical(document: Mapping[str, Any]) -> bytes:
    """Raises: UnicodeEncodeError for a text that is none (half of a surrogate pair)."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    return text.encode() + b"\n"


def parse(data: bytes) -> dict[str, Any]:
    """A file as a document of a version that is known. Raises: CertificateError."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise CertificateError(
            "It is no certificate: the file is not JSON", remedy=_NOT_ONE
        ) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise CertificateError(
            f'It is no certificate: it has no "format": "{FORMAT}"', remedy=_NOT_ONE
        )
    if type(document.get("version")) is not int or document["version"] != VERSION:
        raise CertificateError(
            f"This version of certificates is unknown here, which knows version {VERSION}",
            remedy="Verify it with the supasync that issued it, or with a newer one.",
        )
    _held_to_the_form(data, document)
    return document


def _held_to_the_form(data: bytes, document: Mapping[str, Any]) -> None:
    """Any byte counts, also one that changes no value: a key that is there twice, for one."""
    try:
        same = canonical(document) == data
    except (ValueError, RecursionError):  # UnicodeEncodeError is a ValueError
        same = False
    if not same:
        raise CertificateError(
            "The file was changed: it is not in the form in which certificates are written",
            remedy=_NOT_ONE,
        )
