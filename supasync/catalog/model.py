"""Objects in full and what depends on what, for the part of a database that a plan needs."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from itertools import chain
from sys import intern
from typing import Any

from supasync import ports
from supasync.catalog import fetching, grants, unprintable
from supasync.catalog.kinds import BY_NAME, KINDS, RANK
from supasync.catalog.listing import id_of, numbers
from supasync.catalog.object import Id, Object, own_fields
from supasync.catalog.queries import Address
from supasync.catalog.scope import Scope
from supasync.catalog.state import State
from supasync.errors import (
    ApplyError,
    SourceMoved,
    TargetMoved,
    UnknownError,
    Unprintable,
)

_ORDER = ("solid", "text", "hint")
_NAMES = {
    kind: [name for name, _, sort in sorted(own_fields(kind), key=lambda f: _ORDER.index(f[2]))]
    for kind in KINDS
}
"""The fields of a kind's rows, in the order in which `fetching.fetch` answers them."""

_NEVER_NULL = {
    kind: [own.name for own in fields(kind) if "reparsed" in own.metadata and own.type == "str"]
    for kind in KINDS
}
"""Texts without which nothing can be created."""

Columns = Iterable[str | None]
"""`fetching.EDGES`."""

_HELD = 3
"""Answers that are not taken apart yet; one that comes on top waits for the first of them."""

_SHORT = 40
"""Letters of texts that are worth sharing: names of types, above all."""


@dataclass
class Catalog:
    """A database as far as it has been read."""

    database: ports.Database
    state: State
    scope: Scope
    is_source: bool
    objects: dict[Id, Object] = field(default_factory=dict)
    solid: dict[Id, str] = field(default_factory=dict)
    """Digest of an object without the texts that are printed from a parse tree; of one without
    such texts, its digest."""
    uses: dict[Id, tuple[Id, ...]] = field(default_factory=dict)
    users: dict[Id, tuple[Id, ...]] = field(default_factory=dict)
    """What is made anew when an object is: what uses it, apart from edges that only order."""
    stub_uses: dict[Id, set[Id]] = field(default_factory=lambda: defaultdict(set))
    """What an object's stub uses, as far as `read_stub_uses` was asked."""

    async def read(self, ids: Iterable[Id], *, edges: bool = False) -> None:
        """Read these objects in full, with their siblings where order matters.

        One call, or one for every so many objects: an answer is held in memory as a whole.
        Raises: SourceMoved, TargetMoved when the schema changed since the State was taken.
        """
        addresses, known = self.state.addresses, self.objects
        unread = {id_ for id_ in ids if id_ in addresses and id_ not in known}
        wanted: dict[int, list[Address]] = defaultdict(list)
        for id_ in unread:
            wanted[RANK[id_[0]]].append(addresses[id_])
        if not wanted:
            return
        linked = wanted if edges else None
        kinds = self.state.listing.kinds
        taken: deque[asyncio.Task[None]] = deque()
        try:
            for part in fetching.parts(dict(sorted(wanted.items()))):
                sql = fetching.fetch(self.scope, part, linked=linked, kinds=kinds)
                text = await unprintable.fetch(self.database, sql, self.scope)
                linked = None
                if len(taken) == _HELD:
                    await taken.popleft()
                # beside the server, which makes the next answers meanwhile
                before = taken[-1] if taken else None
                taken.append(asyncio.create_task(self._take_after(before, text)))
        finally:
            if taken:
                await taken[-1]
        if not known.keys() >= unread:
            raise self._moved()

    async def _take_after(self, before: asyncio.Task[None] | None, text: str) -> None:
        if before is not None:
            await before
        await asyncio.to_thread(self._take, text)

    def _take(self, text: str) -> None:
        document = json.loads(text)
        for row in document.get("objects") or ():
            self._add(row)
        if edges := document.get("edges"):
            self._tie(edges)

    def _tie(self, edges: Columns) -> None:
        """Takes `fetching.EDGES` in."""
        uses: dict[Id, dict[Id, None]] = defaultdict(dict)
        users: dict[Id, dict[Id, None]] = defaultdict(dict)
        for user, used, firm in self._linked(edges):
            uses[user][used] = None
            if firm:
                users[used][user] = None
        for mine, found in (self.uses, uses), (self.users, users):
            for id_, others in found.items():
                mine[id_] = tuple(dict.fromkeys(mine.get(id_, ())) | others)

    async def read_stub_uses(self, ids: Iterable[Id]) -> None:
        """Read what the stubs of these objects use. One call, or none."""
        wanted: dict[int, list[Address]] = defaultdict(list)
        for id_ in ids:
            if id_ in self.state.addresses and BY_NAME[id_[0]].query.stub_uses:
                wanted[RANK[id_[0]]].append(self.state.addresses[id_])
        if not wanted:
            return
        text = await unprintable.fetch(
            self.database, fetching.stub_uses(wanted, self.state.listing.kinds), self.scope
        )
        for user, used, _ in self._linked(json.loads(text)):
            self.stub_uses[user].add(used)

    def _moved(self) -> UnknownError | ApplyError:
        message = f"{self.database.name}: the schema changed while it was read"
        return SourceMoved(message) if self.is_source else TargetMoved(message)

    def _add(self, row: list[Any]) -> Id:
        rank, path, owner, comment, acl, solid, texts, hints, solid_digest, digest = row
        kind = KINDS[rank]
        id_ = id_of(rank, path)
        values = chain(solid or (), texts or (), hints or ())
        attributes = {
            name: value if value is None or value is False else kept(value)  # most are
            for name, value in zip(_NAMES[kind], values, strict=True)
        }
        known = self.state.digests.get(id_)
        if known is None or known != digest:
            raise self._moved()
        for name in _NEVER_NULL[kind]:
            if attributes[name] is None:
                told = f"{kind.label} {'.'.join(path)}: it has no definition"
                raise Unprintable(f"{self.database.name}: PostgreSQL cannot print\n  {told}")
        prints = any(text is not None for text in texts or ())
        self.solid[id_] = solid_digest if prints else known
        self.objects[id_] = kind(
            id=id_,
            owner=owner,
            comment=comment,
            grants=None if acl is None else tuple(grants.parse(item) for item in acl),
            **attributes,
        )
        return id_

    def _linked(self, edges: Columns) -> Iterable[tuple[Id, Id, bool]]:
        *user, to_catalog, to_oid, to_sub, firm = (numbers(column or "") for column in edges)
        users = self.state.listing.at(zip(*user, strict=True))
        used = self.state.listing.at(zip(to_catalog, to_oid, to_sub, strict=True))
        for one, other, certain in zip(users, used, firm, strict=True):
            if one and other and one != other:
                yield one, other, bool(certain)

    def siblings(self, id_: Id) -> list[Object]:
        """The objects of its kind that share the names in which order matters."""
        family = self.state.listing.family(id_)
        return [self.objects[other] for other in family if other in self.objects]


def kept(value: Any) -> Any:
    """A JSON value to keep: arrays as tuples, all the way down, and short texts shared."""
    if type(value) is str:
        return intern(value) if len(value) <= _SHORT else value
    return tuple(map(kept, value)) if type(value) is list else value
