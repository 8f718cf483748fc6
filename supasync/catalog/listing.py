"""What a database has: a digest and an address per object, in pieces that change cheaply."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from sys import intern
from typing import Any, Self

from supasync.catalog.kinds import BY_NAME, KINDS, RANK
from supasync.catalog.object import Id, Object
from supasync.catalog.queries import Address

COLUMNS = 6
"""Of a listing's text: digests, ranks, catalogs, oids, sub ids, paths."""

DIGEST = 32
"""Letters of a digest."""

SEPARATOR = "\x01"
"""Stands between the columns of a listing's text: JSON has it in none."""


class Listing:
    """Objects by id, by address and by family. Not changed after it was made: see `changed`."""

    def __init__(self, digests: dict[Id, str], addresses: dict[Id, Address]) -> None:
        self.digests, self.addresses = digests, addresses

    @classmethod
    def read(cls, text: str) -> Self:
        """text: of `reading.ROWS`."""
        digests, *columns, paths = text.split(SEPARATOR)
        ranks, *address = map(numbers, columns)
        ids = list(map(id_of, ranks, json.loads(paths or "[]")))
        each = (digests[at : at + DIGEST] for at in range(0, len(digests), DIGEST))
        addresses = zip(*address, strict=True)
        return cls(dict(zip(ids, each, strict=True)), dict(zip(ids, addresses, strict=True)))

    @classmethod
    def of(cls, rows: Iterable[Sequence[Any]]) -> Self:
        """rows: [rank, path, digest, catalog, oid, sub, …]."""
        self = cls({}, {})
        for rank, path, digest, catalog, oid, sub, *_ in rows:
            id_ = id_of(rank, path)
            self.digests[id_], self.addresses[id_] = digest, (catalog, oid, sub)
        return self

    @cached_property
    def by_place(self) -> dict[tuple[int, int], list[Id]]:
        found: dict[tuple[int, int], list[Id]] = {}
        for id_, (catalog, oid, _) in self.addresses.items():
            found.setdefault((catalog, oid), []).append(id_)
        return found

    @cached_property
    def _by_address(self) -> dict[Address, Id]:
        return {address: id_ for id_, address in self.addresses.items()}

    @cached_property
    def by_family(self) -> dict[Id, list[Id]]:
        found: dict[Id, list[Id]] = {}
        for id_ in self.digests:
            found.setdefault(_family(id_), []).append(id_)
        return found

    def changed(self, gone: Iterable[tuple[int, int]], rows: Iterable[list[Any]]) -> Self:
        """Another one without what is at the addresses `gone`, and with these rows."""
        new = type(self)(self.digests.copy(), self.addresses.copy())
        new.by_place, new.by_family = self.by_place.copy(), self.by_family.copy()
        for place in gone:
            for id_ in self.ids(place):
                _remove(new, id_)
        for rank, path, digest, catalog, oid, sub, *_ in rows:
            id_ = id_of(rank, path)
            if id_ in new.digests:
                _remove(new, id_)
            _add(new, id_, digest, (catalog, oid, sub))
        return new

    @cached_property
    def kinds(self) -> list[type[Object]]:
        """Those of its objects."""
        names = {family[0] for family in self.by_family}
        return [kind for kind in KINDS if kind.kind in names]

    def text(self) -> str:
        """What `read` makes an equal one from."""
        columns = zip(*self.addresses.values(), strict=True) if self.addresses else ((), (), ())
        ranks = [RANK[id_[0]] for id_ in self.digests]
        arrays = ("{" + ",".join(map(str, column)) + "}" for column in (ranks, *columns))
        paths = json.dumps([id_[1:] for id_ in self.digests], separators=(",", ":"))
        return SEPARATOR.join(("".join(self.digests.values()), *arrays, paths))

    def places(self) -> Iterable[tuple[int, int]]:
        """The (catalog, oid) of everything, each once."""
        return self.by_place.keys()

    def ids(self, place: tuple[int, int]) -> Sequence[Id]:
        """The objects at a (catalog, oid): a relation and its columns, for one."""
        return self.by_place.get(place, ())

    def at(self, addresses: Iterable[Address]) -> Iterator[Id | None]:
        """Of each: the object there, or the one that the sub id is a part of."""
        find = self._by_address.get
        for address in addresses:
            yield find(address) or find((*address[:2], 0))

    def family(self, id_: Id) -> Sequence[Id]:
        """The objects of its kind that share the names in which order matters, itself among them.

        Of a kind without order: all of the kind, whatever else `id_` says.
        """
        return self.by_family.get(_family(id_), ())

    def fingerprint(self) -> str:
        """The same that `queries.ROOT` computes."""
        return fingerprint("".join(self.digests.values()))


def fingerprint(digests: str) -> str:
    """The same of digests one after the other. Raises: ValueError when they are none."""
    if len(digests) % DIGEST:
        raise ValueError("digests are 32 hex digits each")
    halves = struct.unpack(f">{len(digests) // 16}q", bytes.fromhex(digests))
    told = f"{len(digests) // DIGEST} {sum(halves[::2])} {sum(halves[1::2])}"
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()


# The lists of an index are shared with the listing it was copied from: replaced, never changed.
def _add(listing: Listing, id_: Id, digest: str, address: Address) -> None:
    listing.digests[id_], listing.addresses[id_] = digest, address
    places, families = listing.by_place, listing.by_family
    places[address[:2]] = [*places.get(address[:2], ()), id_]
    families[_family(id_)] = [*families.get(_family(id_), ()), id_]


def _remove(listing: Listing, id_: Id) -> None:
    del listing.digests[id_]
    catalog, oid, _ = listing.addresses.pop(id_)
    places, families = listing.by_place, listing.by_family
    places[catalog, oid] = [other for other in places[catalog, oid] if other != id_]
    families[_family(id_)] = [other for other in families[_family(id_)] if other != id_]


def id_of(rank: int, path: Iterable[str]) -> Id:
    """The names are shared with all other ids: a table's is in those of its columns, too."""
    return (KINDS[rank].kind, *map(intern, path))


def _family(id_: Id) -> Id:
    return id_[: BY_NAME[id_[0]].group + 1]


def numbers(array: str) -> list[int]:
    """Of an int[] as PostgreSQL prints it; of nothing, none."""
    found: list[int] = json.loads(f"[{array[1:-1]}]")  # faster than an int() for each
    return found
