"""Which of the engine's own queries a text is.

What was asked is read out of the text (object ids, counts, hashes, kinds, names), and the engine
composes its query for that anew. The two must be the same, letter for letter: however a text is
read, none passes that the engine would not have written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Final

from supasync.catalog import (
    access,
    cluster,
    fetching,
    look,
    privileges,
    queries,
    rights,
    unprintable,
)
from supasync.catalog.fetching import Wanted
from supasync.catalog.kinds import KINDS
from supasync.catalog.object import Object
from supasync.catalog.scope import Scope, scope
from supasync.sql import VALUE, Statement, literal

_LITERAL: Final = r"(?: E)?'(?:[^'\\]++|''|\\\\)*+'"  # as sql.literal writes it
_HASH: Final = r"'([0-9a-f]{32})'"

# One after the other: each for itself is found ten times as quickly as all at once.
_NAMES = re.compile(rf"p\.proname <> all\(ARRAY\[({_LITERAL}(?:, {_LITERAL})*)\]::text\[\]\)")
_ROWS = re.compile(rf"jsonb_array_elements\(({_LITERAL})::jsonb\)")
_HASHES = re.compile(_HASH)
_NUMBERS = re.compile(r"'\{([0-9,]+)\}'")
_HORIZON = re.compile(r"xid\('([0-9]{1,20})'::xid8\)")
_COUNT = re.compile(r"older\[([0-9]{1,3})\] <> ([0-9]{1,20})\b")
_TAG = re.compile(r"\$(s[0-9a-f]{12})\$")  # made of the text that it quotes

_STAMP = re.compile(rf"^if stamp is distinct from {_HASH} then$", re.MULTILINE)
# '' where roles are compared and a session of the pool has had others
_SHARED = re.compile(r"'supasync\.shared', true\) is distinct from '((?:[0-9a-f]{32})?)' then")
_ROLES = re.compile(rf" and roles = {_HASH}\n")
_WATCHED = re.compile(r" and kept = '\{([0-9,]*)\}'::int8\[\] then")

_RANK = re.compile(r"from \(select ([0-9]{1,3}) as rank,")
_OIDS = re.compile(r" = any\('\{([0-9,]+)\}'::oid\[\]\)")
_KEYS = re.compile(r" from unnest\('\{([0-9,]+)\}'::int8\[\]\) k")
_QUESTION = re.compile(
    rf"from jsonb_array_elements\(({_LITERAL})::jsonb\) q,\n"
    r"  lateral \(select q->1 as a\) x where \((.*?)\) is false"
    r"(?=\nunion all select |\) denied$)",
    re.DOTALL,
)

_MANY: Final[Wanted] = {0: [(0, number, 0) for number in range(1, 2000)]}
"""So many that their edges are not looked for one by one."""

_QUESTIONS: Final = frozenset(
    right.question
    for right in (
        rights.acts_as(""),
        rights.drops("", ""),
        rights.becomes(""),
        rights.owns_relation("", ""),
        rights.owns_relation("", "", lent=True),
        rights.triggers_on("", ""),
        rights.references("", "", ()),
        rights.creates_in(""),
        rights.uses_schema(""),
        rights.creates_in_database(),
        rights.superuser(""),
        rights.executes("", ""),
        rights.uses_type(""),
        rights.uses_language(""),
        rights.owns_publication(""),
        rights.has_extension(""),
        rights.installs(""),
        rights.owns_extension(""),
        rights.owns_a_type(""),
        rights.uses_wrapper(""),
        rights.maps_users("", ""),
    )
) | {rights.HOLDS}


def understand(sql: str) -> Statement | None:
    """The query that a text is, and its values; None when it is none of the engine's."""
    if VALUE in sql:
        return None
    for query, composed in _candidates(sql):
        if composed == sql:
            return Statement(query, *take_apart(sql))
    return None


def take_apart(sql: str) -> tuple[str, tuple[str, ...]]:
    """A text's template and the values in it: texts that ask the same of other objects share it."""
    spans = [found.span(1) for each in (_NAMES, _ROWS, _HASHES) for found in each.finditer(sql)]
    spans += [found.span(1) for each in (_NUMBERS, _HORIZON, _TAG) for found in each.finditer(sql)]
    spans += [found.span(2) for found in _COUNT.finditer(sql)]
    parts, values, end = list[str](), list[str](), 0
    for start, stop in sorted(spans):
        if start >= end:  # else it is within a name
            parts += sql[end:start], VALUE
            values.append(sql[start:stop])
            end = stop
    return "".join([*parts, sql[end:]]), tuple(values)


@cache
def engine() -> str:
    """Identifies the engine by what it may ask."""
    asked, since = scope("supabase"), {"horizon": "3", "rows": [1] * 1000, "roles": ""}
    wanted: Wanted = {rank: [(0, 1, 0)] for rank in range(len(KINDS))}
    stubs = {rank: wanted[rank] for rank, kind in enumerate(KINDS) if kind.query.stub_uses}
    texts = (
        look.observe(asked, "0", since | {"watched": [1]}, "0"),
        fetching.fetch(asked, wanted, linked=wanted, kinds=KINDS),
        fetching.stub_uses(stubs, KINDS),
        *_whole(asked).values(),
        *sorted(_QUESTIONS),
    )
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _candidates(sql: str) -> Iterator[tuple[str, str]]:
    """The engine's texts that this one could be, by what is in it."""
    asked = _scope(sql)
    if "'supasync.look'" in sql:
        yield "look", _look(sql, asked)
    if "select json_build_object('edges', " in sql:
        yield "objects", _objects(sql, asked)
    if stubs := _stubs(sql):
        yield "stub uses", fetching.stub_uses({rank: _places(sql) for rank in stubs}, _kinds(sql))
    if (rows := _rights(sql)) and _QUESTIONS.issuperset(rows):
        yield "rights", privileges.ask(rows)
    yield from _whole(asked).items()


def _scope(sql: str) -> Scope:
    found = _NAMES.search(sql)
    kept = re.findall(_LITERAL, found[1]) if found else []
    name = "supabase" if queries.world(scope("supabase")) in sql else "all"
    return scope(name, keep_functions=map(_unquoted, kept))


def _unquoted(text: str) -> str:
    """What sql.literal made a text from."""
    inner = text.removeprefix(" E")[1:-1].replace("''", "'")
    return inner.replace("\\\\", "\\") if text.startswith(" E") else inner


@lru_cache(maxsize=8)
def _whole(asked: Scope) -> dict[str, str]:
    """The queries about nothing in particular."""
    return {
        "roles": cluster.digests(),
        "unprintable objects": unprintable.search(asked),
        "access": access.query(asked),
    }


def _look(sql: str, asked: Scope) -> str:
    stamp, shared = _STAMP.search(sql), _SHARED.search(sql)
    return look.observe(
        asked, stamp[1] if stamp else None, _since(sql), shared[1] if shared else None
    )


def _since(sql: str) -> dict[str, Any] | None:
    """What the look remembered of the last one."""
    horizon, roles, watched = (each.search(sql) for each in (_HORIZON, _ROLES, _WATCHED))
    if not (horizon and roles and watched):
        return None
    rows = [0] * 1000
    for place, count in _COUNT.findall(sql):
        rows[int(place) - 1] = int(count)
    numbers = _numbers(watched[1])
    return {"horizon": horizon[1], "roles": roles[1], "watched": numbers, "rows": rows}


def _objects(sql: str, asked: Scope) -> str:
    edges, _, objects = sql.partition(", 'objects', (")
    linked: Wanted | None = None
    if "select json_build_object('edges', null" not in edges:
        places = _places(edges)
        linked = {0: places} if places else _MANY
    starts = [*_RANK.finditer(objects)]
    ends = [*(found.start() for found in starts[1:]), len(objects)]
    wanted: Wanted = {}
    for found, end in zip(starts, ends, strict=True):
        oids = _OIDS.search(objects, found.start(), end)
        numbers = _numbers(oids[1]) if oids else []
        if int(found[1]) < len(KINDS):
            wanted[int(found[1])] = [(0, number, 0) for number in numbers]
    return fetching.fetch(asked, wanted, linked=linked, kinds=_kinds(edges))


def _places(sql: str) -> list[tuple[int, int, int]]:
    """The addresses whose dependencies are asked for; none when no single ones are."""
    found = _KEYS.search(sql)
    keys = _numbers(found[1]) if found else []
    return [(key >> 32, key & 0xFFFFFFFF, 0) for key in keys]


def _kinds(sql: str) -> list[type[Object]]:
    """The kinds whose dependencies a text asks for; others of the database make no difference."""
    return [kind for kind in KINDS if any(part and part in sql for part in _dependencies(kind))]


def _dependencies(kind: type[Object]) -> tuple[str, ...]:
    return kind.query.aliases, kind.query.edges, kind.query.order, kind.query.apart


def _stubs(sql: str) -> list[int]:
    """Ranks of the kinds whose stubs' uses a text asks for."""
    return [
        rank
        for rank, kind in enumerate(KINDS)
        if kind.query.stub_uses and kind.query.stub_uses in sql
    ]


def _rights(sql: str) -> dict[str, str]:
    """What `privileges.ask` was given; empty when it was not asked."""
    return {
        question: literal(_unquoted(rows)) + "::jsonb" for rows, question in _QUESTION.findall(sql)
    }


def _numbers(text: str) -> list[int]:
    return [int(number[:20]) for number in text.split(",") if number]  # int8 has 19 digits
