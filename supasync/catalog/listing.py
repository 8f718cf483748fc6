"""What a database has: a digest and an address per object, in pieces that change cheaply."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from sys import intern
from typing import Any, Self, TypeVar

from supasync.catalog.kinds import BY_NAME, KINDS, RANK
from supasync.catalog.object import Id, Object
from supasync.catalog.queries import Address

COLUMNS = 6
"""Of a listing's text: digests, ranks, catalogs, oids, sub ids, paths."""

DIGEST = 32
"""Letters of a digest."""

SEPARATOR = "\x01"
"""Stands between the columns of a listing's text: of these only the last, paths, may have it."""


class Listing:
    """Objects by id, by address and by family. Not changed after it was made: see `changed`."""

    def __init__(self, digests: dict[Id, str], addresses: dict[Id, Address]) -> None:
        self.digests, self.addresses = digests, addresses

    @classmethod
    def read(cls, text: str) -> Self:
        """text: of `reading.ROWS`."""
        digests, *columns, paths = text.split(SEPARATOR, COLUMNS - 1)
        ranks, *address = map(numbers, columns)
        ids = [id_of(*each) for each in zip(ranks, map(_names, _PATH.findall(paths)), strict=True)]
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
    def by_address(self) -> dict[Address, Id]:
        return {address: id_ for id_, address in self.addresses.items()}

    @cached_property
    def by_family(self) -> dict[Id, list[Id]]:
        found: dict[Id, list[Id]] = {}
        for id_ in self.digests:
            found.setdefault(_family(id_), []).append(id_)
        return found

    def changed(self, gone: Iterable[tuple[int, int]], rows: Iterable[list[Any]]) -> Self:
        """Another one without what is at the addresses `gone`, and with these rows."""
        came = type(self).of(rows)
        left = {id_ for place in gone for id_ in self.ids(place)}
        left.update(id_ for id_ in came.digests if id_ in self.digests)
        new = type(self)(self.digests.copy(), self.addresses.copy())
        for id_ in left:
            del new.digests[id_], new.addresses[id_]
        new.digests.update(came.digests)
        new.addresses.update(came.addresses)
        _follow(new, self, left, came)
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
        paths = "".join(map(_printed, self.digests))
        return SEPARATOR.join(("".join(self.digests.values()), *arrays, paths))

    def places(self) -> Iterable[tuple[int, int]]:
        """The (catalog, oid) of everything, each once."""
        return self.by_place.keys()

    def ids(self, place: tuple[int, int]) -> Sequence[Id]:
        """The objects at a (catalog, oid): a relation and its columns, for one."""
        return self.by_place.get(place, ())

    def at(self, addresses: Iterable[Address]) -> Iterator[Id | None]:
        """Of each: the object there, or the one that the sub id is a part of."""
        find = self.by_address.get
        for address in addresses:
            yield find(address) or find((*address[:2], 0))

    def family(self, id_: Id) -> Sequence[Id]:
        """The objects of its kind that share the names in which order matters, itself among them.

        Of a kind without order: all of the kind, whatever else `id_` says.
        """
        return self.by_family.get(_family(id_), ())

    @cached_property
    def sums(self) -> Sums:
        return _sums("".join(self.digests.values()))

    def fingerprint(self) -> str:
        """The same that `queries.ROOT` computes."""
        return _root(len(self.digests), self.sums)


Sums = tuple[int, int]
"""Of the first halves of digests, and of the second ones."""


def fingerprint(digests: str) -> str:
    """The same of digests one after the other. Raises: ValueError when they are none."""
    if len(digests) % DIGEST:
        raise ValueError("digests are 32 hex digits each")
    return _root(len(digests) // DIGEST, _sums(digests))


def _sums(digests: str) -> Sums:
    halves = struct.unpack(f">{len(digests) // 16}q", bytes.fromhex(digests))
    return sum(halves[::2]), sum(halves[1::2])


def _root(count: int, sums: Sums) -> str:
    told = f"{count} {sums[0]} {sums[1]}"
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()


def _follow(new: Listing, old: Listing, left: set[Id], came: Listing) -> None:
    """Makes the indexes of what `old` became from those of `old`."""
    first, second = old.sums
    less = _sums("".join(old.digests[id_] for id_ in left))
    new.sums = first + came.sums[0] - less[0], second + came.sums[1] - less[1]
    new.by_family = _regrouped(old.by_family, left, came.by_family, _family)
    places = {id_: old.addresses[id_][:2] for id_ in left}
    new.by_place = _regrouped(old.by_place, left, came.by_place, places.__getitem__)
    if "by_address" in vars(old):  # asked for by plans alone; the others by every look
        new.by_address = old.by_address.copy()
        for id_ in left:
            new.by_address.pop(old.addresses[id_], None)
        for place in {*places.values(), *came.by_place}:
            new.by_address.update((new.addresses[id_], id_) for id_ in new.ids(place))


Group = TypeVar("Group", bound=Hashable)


def _regrouped(
    old: Mapping[Group, list[Id]],
    left: set[Id],
    came: Mapping[Group, list[Id]],
    group: Callable[[Id], Group],
) -> dict[Group, list[Id]]:
    """An index without what left and with what came. Lists that stay the same are shared."""
    new = dict(old)
    for each in {group(id_) for id_ in left}:
        if stay := [id_ for id_ in old[each] if id_ not in left]:
            new[each] = stay
        else:
            del new[each]
    for each, ids in came.items():
        new[each] = [*new.get(each, ()), *ids]
    return new


# text[] as PostgreSQL prints them: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
_INSIDE = r'[^"\\]*(?:\\.[^"\\]*)*'  # of the quotes around a name
_PATH = re.compile(rf'\{{([^"{{}}]*(?:"{_INSIDE}"[^"{{}}]*)*)\}}', re.DOTALL)
_NAME = re.compile(rf'"({_INSIDE})"|([^,]+)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def _names(inside: str) -> list[str]:
    """Of an array, without its braces."""
    if '"' not in inside:
        return inside.split(",")
    found = _NAME.findall(inside)
    return [plain or _ESCAPED.sub(r"\1", quoted) for quoted, plain in found]


def _printed(id_: Id) -> str:
    """The path, each name quoted."""
    names = (name.replace("\\", "\\\\").replace('"', '\\"') for name in id_[1:])
    return "{" + ",".join(f'"{name}"' for name in names) + "}"


def id_of(rank: int, path: Iterable[str]) -> Id:
    """The names are shared with all other ids: a table's is in those of its columns, too."""
    return (KINDS[rank].kind, *map(intern, path))


def _family(id_: Id) -> Id:
    return id_[: BY_NAME[id_[0]].group + 1]


def numbers(array: str) -> list[int]:
    """Of an int[] as PostgreSQL prints it; of nothing, none."""
    found: list[int] = json.loads(f"[{array[1:-1]}]")  # faster than an int() for each
    return found
