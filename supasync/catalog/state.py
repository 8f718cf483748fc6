"""What one look at a database says: a digest per object, and one fingerprint over all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Self

from supasync import ports
from supasync.catalog import look, unprintable
from supasync.catalog.kinds import RANK
from supasync.catalog.listing import Listing
from supasync.catalog.object import Id
from supasync.catalog.queries import Address
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
    listing: Listing = field(repr=False)
    key: str
    """Identifies scope and engine: a remembered State of another key is not used."""
    about: Mapping[str, Any] = field(repr=False)
    """The rest of the document: session, roles, records, and what a later look goes by."""

    @property
    def digests(self) -> Mapping[Id, str]:
        return self.listing.digests

    @property
    def addresses(self) -> Mapping[Id, Address]:
        return self.listing.addresses

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
        listing = Listing.of(document["objects"])
        about = {k: v for k, v in document.items() if k not in ("objects", "fingerprint")}
        about.setdefault("mergeable", listing.fingerprint() == document["fingerprint"])
        return cls(
            stamp=stamp,
            fingerprint=document["fingerprint"],
            listing=listing,
            key=key_,
            about=about,
        )

    def merged(self, stamp: str, document: Mapping[str, Any]) -> State:
        """This State with what a later look at the same database found new."""
        gone = {(key >> 32, key & 0xFFFFFFFF) for key in document["touched"]}
        gone.update((key >> 32, key & 0xFFFFFFFF) for key in document.get("vanished") or ())
        for catalog, least, oids in document.get("present") or ():
            left = set(oids)
            gone.update(
                place
                for place in self.listing.places()
                if place[0] == catalog and place[1] >= least and place[1] not in left
            )
        listing = self.listing.changed(gone, document["recent"])
        about = {k: document[k] for k in self.about if k in document}
        return replace(
            self,
            stamp=stamp,
            fingerprint=listing.fingerprint(),
            listing=listing,
            about={**about, "mergeable": True},
        )


@cache
def key(scope: Scope) -> str:
    """Identifies scope and engine, by the very text of a look."""
    return hashlib.sha256(look.full(scope).encode()).hexdigest()[:32]


async def observe(database: ports.Database, scope: Scope, remembered: State | None = None) -> State:
    """Look at a database once: one SQL call, as short as the time since `remembered` allows.

    remembered: an earlier State of this same database.
    Raises: Unprintable, SchemaMoving, SqlError, UnknownError.
    """
    if remembered is not None and remembered.key != key(scope):
        remembered = None
    if remembered is None:
        sql = look.observe(scope)
    else:
        about = dict(remembered.about) if remembered.mergeable else None
        sql = look.observe(scope, remembered.stamp, about)
    stamp, document = json.loads(await unprintable.fetch(database, sql, scope))
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
