"""A schema that is kept as one document, to be a source once the database has changed."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from supasync import ports
from supasync.catalog import fetching, queries
from supasync.catalog.kinds import KINDS
from supasync.catalog.listing import Listing, id_of
from supasync.catalog.model import Catalog
from supasync.catalog.object import Id, Object
from supasync.catalog.scope import Scope
from supasync.catalog.state import State, key
from supasync.errors import UnexpectedAnswer
from supasync.sql import literal

_ABOUT = ("session", "accepted", "unmodelled", "leftovers")
"""What of a state, besides its objects, means something later."""


def form(scope: Scope) -> str:
    """Identifies scope and engine: a document of another form is not understood."""
    text = key(scope) + _objects(scope, KINDS) + fetching.EDGES
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def document(scope: Scope, state: State) -> str:
    """An SQL query for the schema as one text: no rows of tables. It goes after `queries.pinned`.

    state: of the database. What has changed since shows in the document's fingerprint.
    """
    about = literal(json.dumps({name: state.about.get(name) for name in _ABOUT}))
    kinds = state.listing.kinds  # of the others, nothing is planned
    stubs = fetching.stub_edges([kind for kind in kinds if kind.query.stub_uses], kinds)
    return f"""
  with {queries.world(scope)},
  o as materialized ({_objects(scope, kinds)})
  select json_build_object('about', {about}::json,
    'fingerprint', {queries.ROOT.format(digest="digest")},
    'objects', coalesce(json_agg(row), '[]'),
    'edges', (select {fetching.EDGES} from ({fetching.edges(None, kinds)}) e),
    'stubs', (select {fetching.EDGES} from ({stubs}) e))::text from o"""


def _objects(scope: Scope, kinds: Sequence[type[Object]]) -> str:
    return f"""
    select o.rank, o.path, {queries.DIGEST} as digest,
      json_build_array({fetching.FULL}, o.cls::int8, o.oid::int8, o.sub) as row
    from ({queries.described(queries.object_rows(scope, kinds=kinds, values=True))}) o"""


class Past(Catalog):
    """A schema that is kept: all of it has been read."""

    def __init__(self, database: ports.Database, scope: Scope, text: str) -> None:
        """database: whose schema it was. text: what `document` answered there.

        Raises: UnexpectedAnswer when it is damaged.
        """
        try:
            found = json.loads(text)
            state = _state(scope, found)
            super().__init__(database, state, scope, is_source=True)
            self._rows = {id_of(row[0], row[1]): row[:-3] for row in found["objects"]}
            self._tie(found["edges"])
            self._stubs: dict[Id, set[Id]] = defaultdict(set)
            for user, used, _ in self._linked(found["stubs"]):
                self._stubs[user].add(used)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise _damaged(database) from error
        if state.listing.fingerprint() != state.fingerprint:
            raise _damaged(database)

    async def read(self, ids: Iterable[Id], *, edges: bool = False) -> None:  # noqa: ARG002 -- known
        """Takes these objects from the document."""
        for id_ in ids:
            if id_ in self._rows and id_ not in self.objects:
                self._add(self._rows[id_])

    async def read_stub_uses(self, ids: Iterable[Id]) -> None:
        """Takes what the stubs of these objects use from the document."""
        for id_ in ids:
            self.stub_uses[id_] = self._stubs[id_]


def _state(scope: Scope, found: dict[str, Any]) -> State:
    listing = Listing.of([row[0], row[1], row[-4], *row[-3:]] for row in found["objects"])
    return State(
        stamp="",
        fingerprint=str(found["fingerprint"]),
        rows=listing,
        key=key(scope),
        about=dict(found["about"]),
    )


def _damaged(database: ports.Database) -> UnexpectedAnswer:
    return UnexpectedAnswer(f"{database.name}: what was kept of an earlier schema is damaged")
