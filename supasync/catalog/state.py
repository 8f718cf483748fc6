"""What one look at a database says: a digest per object, and one fingerprint over all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Self

from supasync import ports
from supasync.catalog import look, queries
from supasync.catalog.kinds import KINDS, RANK
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
    """Compared only with earlier stamps of the same database; "" is not known."""
    fingerprint: str
    digests: Mapping[Id, str] = field(repr=False)
    addresses: Mapping[Id, queries.Address] = field(repr=False)
    key: str
    """Identifies scope and engine: a remembered State of another key is not used."""
    about: Mapping[str, Any] = field(repr=False)
    """The rest of the document: session, roles, records, and what a later look goes by."""

    @property
    def accepted(self) -> Mapping[Id, tuple[str, str]]:
        """Re-parse records: the source digest and what this database made of that text."""
        comment = self.about["accepted"]
        records = json.loads(comment)["accepted"] if comment else []
        return {tuple(id_): (source, accepted) for id_, source, accepted in records}

    @property
    def unmodelled(self) -> Mapping[str, int]:
        """What the database has and the engine does not carry, counted."""
        found: Mapping[str, int] = self.about["unmodelled"] or {}
        return found

    @property
    def session(self) -> Session:
        session = self.about["session"]
        return Session(
            user=session["user"],
            superuser=session["superuser"],
            roles=frozenset(session["roles"]),
            member=frozenset(session["member"]),
        )

    @property
    def server_version(self) -> int:
        """As server_version_num: 170010."""
        return int(self.about["session"]["version"])

    @property
    def mergeable(self) -> bool:
        """Whether a later look may tell only what is new: we compute the server's fingerprint."""
        return bool(self.about["mergeable"])

    def to_json(self) -> dict[str, Any]:
        rows = [
            [RANK[id_[0]], list(id_[1:]), digest, *self.addresses[id_]]
            for id_, digest in self.digests.items()
        ]
        document = {**self.about, "objects": rows, "fingerprint": self.fingerprint}
        return {"key": self.key, "stamp": self.stamp, "document": document}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Raises: KeyError, TypeError, ValueError when `value` was not made by to_json."""
        return cls.decode(value["key"], value["stamp"], value["document"])

    @classmethod
    def decode(cls, key_: str, stamp: str, document: Mapping[str, Any]) -> Self:
        digests, addresses = _rows(document["objects"])
        about = {k: v for k, v in document.items() if k not in ("objects", "fingerprint")}
        about.setdefault("mergeable", fingerprint(digests) == document["fingerprint"])
        return cls(
            stamp=stamp,
            fingerprint=document["fingerprint"],
            digests=digests,
            addresses=addresses,
            key=key_,
            about=about,
        )

    def merged(self, stamp: str, document: Mapping[str, Any]) -> State:
        """This State with what a later look at the same database found new."""
        touched = set(document["touched"])
        present = {int(catalog): set(oids) for catalog, oids in document["present"].items()}
        digests, addresses = dict(self.digests), dict(self.addresses)
        for id_, (catalog, oid, _) in self.addresses.items():
            if catalog << 32 | oid in touched or oid not in present.get(catalog, (oid,)):
                if oid < 16384 and catalog << 32 | oid not in touched:
                    continue  # initdb's: not listed as present
                del digests[id_], addresses[id_]
        new, places = _rows(document["recent"])
        digests.update(new)
        addresses.update(places)
        about = {k: document[k] for k in self.about if k in document}
        return replace(
            self,
            stamp=stamp,
            fingerprint=fingerprint(digests),
            digests=digests,
            addresses=addresses,
            about={**about, "mergeable": True},
        )


def _rows(rows: list[list[Any]]) -> tuple[dict[Id, str], dict[Id, queries.Address]]:
    digests: dict[Id, str] = {}
    addresses: dict[Id, queries.Address] = {}
    for rank, path, digest, catalog, oid, sub, *_ in rows:
        id_ = (KINDS[rank].kind, *path)
        digests[id_] = digest
        addresses[id_] = (catalog, oid, sub)
    return digests, addresses


def fingerprint(digests: Mapping[Id, str]) -> str:
    """The same md5 that `queries.ROOT` computes, in an order no collation decides."""
    # the order of code points is the order of their UTF-8 bytes
    lines = [(RANK[id_[0]], "\x01".join(id_[1:]), digest) for id_, digest in digests.items()]
    lines.sort()
    text = "\n".join([f"{rank} {path} {digest}" for rank, path, digest in lines])
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@cache
def key(scope: Scope) -> str:
    """Identifies scope and engine, by the very text of a look."""
    return hashlib.sha256(look.full(scope).encode()).hexdigest()[:32]


async def observe(database: ports.Database, scope: Scope, remembered: State | None = None) -> State:
    """Look at a database once: one SQL call, as short as the time since `remembered` allows.

    remembered: an earlier State of this same database.
    Raises: SqlError, UnknownError.
    """
    if remembered is not None and remembered.key != key(scope):
        remembered = None
    if remembered is None:
        sql = look.observe(scope)
    else:
        about = dict(remembered.about) if remembered.mergeable else None
        sql = look.observe(scope, remembered.stamp, about)
    text = await database.fetch(sql)
    if text is None:
        raise UnexpectedAnswer(f"{database.name}: the catalog query returned no row")
    stamp, document = json.loads(text)
    return understood(scope, remembered, stamp, document)


def understood(
    scope: Scope, remembered: State | None, stamp: str, document: Mapping[str, Any] | None
) -> State:
    """The State that a look's answer means, given what was remembered when it was asked."""
    if document is not None and "objects" in document:
        return State.decode(key(scope), stamp, document)
    if remembered is None:
        raise UnexpectedAnswer("the catalog query returned no document")
    return (
        replace(remembered, stamp=stamp) if document is None else remembered.merged(stamp, document)
    )
