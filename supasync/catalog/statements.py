"""Which of the engine's own queries a text is.

A text is taken apart into its template and the values in it: object ids, counts, hashes, and the
names of roles and objects where something is asked about them. What a value may be is so narrow
(digits, hex digits, quoted literals) that no SQL fits into it. The template must then be, letter
for letter, what the engine composes itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

from supasync.catalog import cluster, look, privileges, queries, rights, unprintable
from supasync.catalog.kinds import KINDS
from supasync.catalog.scope import Scope, scope
from supasync.sql import VALUE, Statement

_KEPT = "p.proname <> all(ARRAY["
# as sql.literal writes it; what would end the dollar quote around it is left out
_LITERAL = r"(?: E)?'(?:[^'\\$]++|''|\\\\|\$(?!supasync\$))*+'"
# One after the other: each for itself is found ten times as quickly as all at once.
_VALUES = (
    re.compile(rf"{re.escape(_KEPT)}({_LITERAL}(?:, {_LITERAL})*)\]::text\[\]\)"),
    re.compile(rf"jsonb_array_elements\(({_LITERAL})::jsonb\)"),
    # oids or counts, a stamp, a transaction
    re.compile(r"('(?:\{[0-9,]+\}|[0-9a-f]{32}|(?<=xid\(')[0-9]+)')"),
    re.compile(r"\] <> ([0-9]+)\b"),  # a count
)
_RANK = re.compile(r"^  select ([0-9]+) as rank,", re.MULTILINE)

_LAST = ") denied"
_ASKED = re.compile(rf"where \((.*?)\) is false(?=\nunion all select |\{_LAST}$)", re.DOTALL)

_HASH = "0" * 32
_SINCE: Final[Mapping[str, object]] = {
    "horizon": "3",
    "watched": [1],
    "rows": [1] * 1000,
    "roles": _HASH,
}
_PLACE = [(0, 1, 0)]
_FEW = {0: _PLACE}
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
_MANY = {0: [(0, number, 0) for number in range(1, 2000)]}


def understand(sql: str) -> Statement | None:
    """The query that a text is, and its values; None when it is none of the engine's."""
    if VALUE in sql:
        return None
    template, values = take_apart(sql)
    query = _query(template)
    return None if query is None else Statement(query, template, values)


def take_apart(sql: str) -> tuple[str, tuple[str, ...]]:
    """A text's template and the values in it."""
    parts, values, end = list[str](), list[str](), 0
    for start, stop in sorted(found.span(1) for each in _VALUES for found in each.finditer(sql)):
        if start >= end:  # else it is within a name
            parts += sql[end:start], VALUE
            values.append(sql[start:stop])
            end = stop
    return "".join([*parts, sql[end:]]), tuple(values)


@cache
def engine() -> str:
    """Identifies the engine by what it may ask."""
    asked, wanted = scope("supabase"), dict.fromkeys(range(len(KINDS)), _PLACE)
    texts = (
        _look("supabase", kept=False, stamp=True, since=True),
        take_apart(queries.fetch(asked, wanted, linked=_FEW))[0],
        take_apart(queries.stub_uses(wanted))[0],
        *sorted(_QUESTIONS),
    )
    whole = "\0".join(texts)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


@lru_cache(maxsize=32)
def _query(template: str) -> str | None:
    # what is looked for in it only tells which candidates to compare it with
    name = "supabase" if "'supabase_migrations'" in template else "all"
    kept = _KEPT + VALUE in template
    if "'supasync.look'" in template:
        stamp, since = f"if stamp = {VALUE}" in template, f"roles = {VALUE}" in template
        known = _look(name, kept=kept, stamp=stamp, since=since)
        return "look" if template == known else None
    for query, sql in _others(template, _scope(name, kept=kept)):
        if take_apart(sql)[0] == template:
            return query
    return None


@cache
def _look(name: str, *, kept: bool, stamp: bool, since: bool) -> str:
    """The template of a look. stamp, since: whether these are remembered."""
    asked = _scope(name, kept=kept)
    sql = look.observe(asked, _HASH if stamp else None, _SINCE if since else None)
    return take_apart(sql)[0]


def _others(template: str, asked: Scope) -> Iterator[tuple[str, str]]:
    ranks = [int(rank) for rank in _RANK.findall(template)]
    if ranks and max(ranks) < len(KINDS):
        for linked in (None, _FEW, _MANY):
            yield "objects", queries.fetch(asked, dict.fromkeys(ranks, _PLACE), linked=linked)
    if stubs := _with_stubs(template):
        yield "stub uses", queries.stub_uses(dict.fromkeys(stubs, _PLACE))
    questions = _ASKED.findall(template) if template.endswith(_LAST) else []
    if questions and _QUESTIONS.issuperset(questions):
        yield "rights", privileges.ask(dict.fromkeys(questions, "'[]'::jsonb"))
    yield "roles", cluster.digests()
    yield "unprintable objects", unprintable.search(asked)


def _scope(name: str, *, kept: bool) -> Scope:
    return scope(name, keep_functions=["any.name"] if kept else [])


def _with_stubs(template: str) -> list[int]:
    """Ranks of the kinds whose stub uses are in a template, as ordered there."""
    uses = {
        template.find(kind.query.stub_uses): rank
        for rank, kind in enumerate(KINDS)
        if kind.query.stub_uses
    }
    return [uses[place] for place in sorted(uses) if place >= 0]
