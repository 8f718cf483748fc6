"""What one look at a database says: a digest per object, and one fingerprint over all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from supasync import ports
from supasync.catalog import queries
from supasync.catalog.kinds import KINDS
from supasync.catalog.object import Id
from supasync.catalog.scope import Scope
from supasync.errors import UnexpectedAnswer


@dataclass(frozen=True, kw_only=True)
class Session:
    """Who we are on a database and what we may become there."""

    user: str
    superuser: bool
    roles: frozenset[str]
    member: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class State:
    stamp: str
    """Compared only with earlier stamps of the same database."""
    fingerprint: str
    digests: Mapping[Id, str]
    addresses: Mapping[Id, queries.Address] = field(repr=False)
    accepted: Mapping[Id, tuple[str, str]]
    """Re-parse records: the source digest and the digest this database made of that text."""
    unmodelled: Mapping[str, int]
    session: Session
    server_version: int
    """As server_version_num: 170010."""
    key: str
    """Identifies scope and engine: a remembered State of another key is not used."""
    document: Mapping[str, Any] = field(repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "stamp": self.stamp, "document": self.document}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Raises: KeyError, TypeError, ValueError when `value` was not made by to_json."""
        return cls.decode(value["key"], value["stamp"], value["document"])

    @classmethod
    def decode(cls, key: str, stamp: str, document: Mapping[str, Any]) -> Self:
        digests: dict[Id, str] = {}
        addresses: dict[Id, queries.Address] = {}
        for rank, path, digest, catalog, oid, sub in document["objects"]:
            id_ = (KINDS[rank].kind, *path)
            digests[id_] = digest
            addresses[id_] = (catalog, oid, sub)
        session = document["session"]
        return cls(
            stamp=stamp,
            fingerprint=document["fingerprint"] or hashlib.md5(b"").hexdigest(),  # noqa: S324
            digests=digests,
            addresses=addresses,
            accepted=decode_accepted(document["accepted"]),
            unmodelled=document["unmodelled"] or {},
            session=Session(
                user=session["user"],
                superuser=session["superuser"],
                roles=frozenset(session["roles"]),
                member=frozenset(session["member"]),
            ),
            server_version=session["version"],
            key=key,
            document=document,
        )

    def equal_to(self, id_: Id, source: State) -> bool:
        """Whether the object is the source's: the same digest, or accepted for that very text."""
        mine, theirs = self.digests.get(id_), source.digests.get(id_)
        return mine == theirs or (mine is not None and self.accepted.get(id_) == (theirs, mine))


def decode_accepted(comment: str | None) -> dict[Id, tuple[str, str]]:
    """{id: (source digest, accepted digest)} from the comment on our schema."""
    records = json.loads(comment)["accepted"] if comment else []
    return {tuple(id_): (source, accepted) for id_, source, accepted in records}


def key(scope: Scope) -> str:
    return hashlib.sha256(queries.observe(scope, None).encode()).hexdigest()[:32]


async def observe(database: ports.Database, scope: Scope, remembered: State | None = None) -> State:
    """Look at a database once: one SQL call, and no deparsing when nothing changed since.

    remembered: an earlier State of this same database.
    Raises: SqlError, UnknownError.
    """
    known = key(scope)
    if remembered is not None and remembered.key != known:
        remembered = None
    text = await database.fetch(queries.observe(scope, remembered.stamp if remembered else None))
    if text is None:
        raise UnexpectedAnswer(f"{database.name}: the catalog query returned no row")
    stamp, document = json.loads(text)
    if document is None and remembered is not None:
        return replace(remembered, stamp=stamp)
    if document is None:
        raise UnexpectedAnswer(f"{database.name}: the catalog query returned no document")
    return State.decode(known, stamp, document)
