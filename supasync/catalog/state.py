"""What one look at a database says: a digest per object, and one fingerprint over all."""

from __future__ import annotations

import asyncio
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from typing import Any, Self

from supasync import ports
from supasync.catalog import look, queries, unprintable
from supasync.catalog.grants import NOBODY
from supasync.catalog.kinds import KINDS, RANK
from supasync.catalog.listing import COLUMNS, DIGEST, SEPARATOR, Listing, fingerprint
from supasync.catalog.object import Id
from supasync.catalog.queries import Address
from supasync.catalog.scope import Scope
from supasync.catalog.session import Session
from supasync.errors import UnexpectedAnswer

_UNKNOWN = "0" * 32
"""The digest of what nobody has looked at."""


@dataclass(frozen=True, kw_only=True)
class State:
    stamp: str
    """Compared only with earlier stamps of the same database; "" is not known."""
    fingerprint: str
    rows: str | bytes | Listing = field(repr=False)
    """The objects. As the look's text (`reading.ROWS`) until somebody asks: two equal fingerprints
    need no object of it. Compressed once it is `packed`."""
    key: str
    """Identifies scope and engine: a remembered State of another key is not used."""
    shared: tuple[str | None, str | None] = field(default=(None, None), repr=False)
    """Of roles and their like, where they are not compared: a hash that is this server's, and a
    fingerprint that is any server's. None where they are compared."""
    about: Mapping[str, Any] = field(repr=False)
    """The rest of the document: session, roles, records, and what a later look goes by."""

    @property
    def listing(self) -> Listing:
        rows = self.rows
        if not isinstance(rows, Listing):  # what it is read from is not kept beside it
            rows = Listing.read(self.text)
            object.__setattr__(self, "rows", rows)
        return rows

    @property
    def text(self) -> str:
        """Of a listing."""
        rows = self.rows  # once: another thread may ask for the listing meanwhile
        if isinstance(rows, bytes):
            return zlib.decompress(rows).decode()
        return rows if isinstance(rows, str) else rows.text()

    def packed(self) -> State:
        """The same for whoever keeps it for long: objects take five times as much as their text,
        and that four times as much as this."""
        if isinstance(self.rows, bytes):
            return self
        return replace(self, rows=zlib.compress(self.text.encode(), level=1))

    @property
    def count(self) -> int:
        """Of objects."""
        rows = self.rows
        if isinstance(rows, Listing):
            return len(rows.digests)
        return len(_digests(self.text)) // DIGEST

    @property
    def digests(self) -> Mapping[Id, str]:
        return self.listing.digests

    @property
    def addresses(self) -> Mapping[Id, Address]:
        return self.listing.addresses

    @property
    def accepted(self) -> Mapping[Id, tuple[str, str]]:
        """Re-parse records: the source digest and what this database made of that text."""
        try:
            records = json.loads(self.about["accepted"] or "{}").get("accepted", ())
            return {tuple(id_): (source, accepted) for id_, source, accepted in records}
        except (ValueError, TypeError, AttributeError):  # somebody else's comment
            return {}

    @property
    def unmodelled(self) -> Mapping[str, int]:
        """What the database has and the engine does not carry, counted."""
        objects = {what: len(keys) for what, keys in (self.about["unmodelled"] or {}).items()}
        return {**objects, **(self.about["leftovers"] or {})}

    @property
    def session(self) -> Session:
        session = self.about["session"]
        return Session(
            user=session["user"],
            attributes=frozenset(session["attributes"] or ()),
            roles=frozenset(session["roles"]),
            member=frozenset(session["member"]),
            admin=frozenset(session["admin"] or ()),
            schemas=frozenset(session["schemas"]),
            server_version=self.server_version,
        )

    @property
    def server_version(self) -> int:
        """As server_version_num: 170010."""
        return int(self.about["session"]["version"])

    @property
    def cluster(self) -> str:
        """The same for all databases of a server as long as it runs; copies of one share the
        system identifier alone."""
        return str(self.about["session"]["cluster"])

    def emptied(self, ids: Iterable[Id]) -> State:
        """A new database of the same server: it has only `ids`, whatever they are like.

        Who works there is not known.
        """
        rows = [[RANK[id_[0]], id_[1:], _UNKNOWN, 0, oid, 0] for oid, id_ in enumerate(ids)]
        listing = Listing.of(rows)
        session = {**self.about["session"], "user": NOBODY, "attributes": ["superuser"]}
        return replace(
            self,
            stamp="",
            fingerprint=listing.fingerprint(),
            rows=listing,
            about={
                **self.about,
                "session": session,
                "accepted": None,
                "unmodelled": None,
                "leftovers": None,
            },
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "stamp": self.stamp,
            "document": self.about,
            "rows": self.text,
            "shared": self.shared,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Raises: KeyError, TypeError, ValueError when `value` was not made by to_json."""
        state = cls.decode(value["key"], value["stamp"], value["document"], value["rows"])
        hash_, root = value["shared"]
        return replace(state, shared=(hash_, root))

    @classmethod
    def decode(cls, key_: str, stamp: str, document: Mapping[str, Any], rows: str) -> Self:
        if rows.count(SEPARATOR) < COLUMNS - 1:  # a name may have one
            raise ValueError("a listing's text has six columns")
        root = fingerprint(_digests(rows))
        return cls(stamp=stamp, fingerprint=root, rows=rows, key=key_, about=document)

    def merged(self, stamp: str, document: Mapping[str, Any]) -> State:
        """This State with what a later look at the same database found new."""
        gone = {_place(key) for key in (*document["touched"], *document.get("vanished", ()))}
        for kind in filter(queries.gathered, KINDS):  # all of them are in `recent`
            gone.update(self.addresses[id_][:2] for id_ in self.listing.family((kind.kind,)))
        counted = self.about["unmodelled"] or {}
        present = document.get("present", ())
        known = [*self.listing.places(), *map(_place, chain(*counted.values()))] if present else []
        for catalog, least, oids in present:
            left = set(oids)
            gone.update(
                place
                for place in known
                if place[0] == catalog and place[1] >= least and place[1] not in left
            )
        listing = self.listing.changed(gone, document["recent"])
        about = {k: document[k] for k in self.about if k in document}
        about["unmodelled"] = _merged(counted, gone, document["unmodelled"] or {})
        return replace(
            self,
            stamp=stamp,
            fingerprint=listing.fingerprint(),
            rows=listing,
            about=about,
        )


def _digests(rows: str) -> str:
    return rows.partition(SEPARATOR)[0]


def _place(key_: int) -> tuple[int, int]:
    return key_ >> 32, key_ & 0xFFFFFFFF


def _merged(
    old: Mapping[str, list[int]], gone: set[tuple[int, int]], new: Mapping[str, list[int]]
) -> dict[str, list[int]]:
    """What is not carried: what still is there of the old, and the new."""
    found = {}
    for what in {**old, **new}:
        kept = [key_ for key_ in old.get(what, ()) if _place(key_) not in gone]
        if keys := list(dict.fromkeys(kept + new.get(what, []))):
            found[what] = keys
    return found


@cache
def key(scope: Scope) -> str:
    """Identifies scope and engine, by the very text of a look."""
    text = look.observe(scope)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


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
        sql = look.observe(scope, remembered.stamp, remembered.about, remembered.shared[0])
    text = await unprintable.fetch(database, sql, scope)
    return await asyncio.to_thread(_answered, scope, remembered, text)


def _answered(scope: Scope, remembered: State | None, text: str) -> State:
    head, _, rows = text.partition(look.END)
    stamp, document, hash_, root, horizon = json.loads(head)
    if remembered is not None and hash_ == remembered.shared[0]:
        root = remembered.shared[1]
    state = understood(scope, remembered, stamp, document, rows)
    # nothing changed, so the next look has nothing to do with what ended before this one
    about = state.about if horizon is None else {**state.about, "horizon": horizon}
    return replace(state, shared=(hash_, root), about=about)


def understood(
    scope: Scope,
    remembered: State | None,
    stamp: str,
    document: Mapping[str, Any] | None,
    rows: str,
) -> State:
    """The State that a look's answer means, given what was remembered when it was asked."""
    if document is not None and rows:
        return State.decode(key(scope), stamp, document, rows)
    if remembered is None:
        raise UnexpectedAnswer("the catalog query returned no document")
    return (
        replace(remembered, stamp=stamp) if document is None else remembered.merged(stamp, document)
    )
