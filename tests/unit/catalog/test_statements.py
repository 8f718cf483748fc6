"""The engine's own texts are known, and nothing else is."""

from __future__ import annotations

import inspect
import itertools
import re

import pytest

from supasync import catalog, parity
from supasync.catalog import (
    access,
    cluster,
    fetching,
    look,
    privileges,
    rights,
    statements,
    unprintable,
)
from supasync.catalog.kinds import KINDS
from supasync.sql import VALUE, fill, literal
from supasync.sync import asked, identity

STAMP = "0123456789abcdef" * 2
SHARED = "fedcba9876543210" * 2
SINCE = {"horizon": "12345", "watched": [3, 0, 7], "rows": list(range(900)), "roles": "f" * 32}
NAMES = ["public.reseed", "a'b.\\c", "x.$supasync$", "y.{1}", "z.$s0123456789ab$"]
SUPABASE = catalog.scope("supabase", keep_functions=NAMES)
ALL = catalog.scope("all")
RANKS = range(len(KINDS))
FEW = {5: [(1259, 16400, 0), (1259, 16401, 2)], 0: [(2615, 2200, 0)]}
MANY = {0: [(2615, number, 0) for number in range(16400, 18000)]}
STUBS = {rank: [(1, 2, 0)] for rank in RANKS if KINDS[rank].query.stub_uses}
SOME = KINDS[::3]
ASKED = literal('[[0, ["it\'s \\ me", "[1] <> 2", "where (true) is false"]]]') + "::jsonb"

TEXTS = {
    "first look": ("look", look.observe(SUPABASE)),
    "look that knows the stamp": ("look", look.observe(ALL, STAMP)),
    "look that knows roles": ("look", look.observe(ALL, STAMP, None, SHARED)),
    "look that knows of no roles": ("look", look.observe(SUPABASE, STAMP, None, "")),
    "look since one without a stamp": ("look", look.observe(ALL, None, SINCE)),
    "look since another": ("look", look.observe(SUPABASE, STAMP, SINCE, SHARED)),
    "look since an empty one": ("look", look.observe(ALL, STAMP, SINCE | {"watched": None})),
    "objects": ("objects", fetching.fetch(ALL, FEW, linked=None, kinds=KINDS)),
    "objects and few edges": ("objects", fetching.fetch(SUPABASE, FEW, linked=FEW, kinds=SOME)),
    "objects and all edges": ("objects", fetching.fetch(SUPABASE, FEW, linked=MANY, kinds=KINDS)),
    "edges of no kind": ("objects", fetching.fetch(SUPABASE, FEW, linked=FEW, kinds=[])),
    "every kind": (
        "objects",
        fetching.fetch(SUPABASE, {rank: [(1, 2, 0)] for rank in RANKS}, linked=FEW, kinds=KINDS),
    ),
    "stub uses": ("stub uses", fetching.stub_uses(STUBS, SOME)),
    "rights": (
        "rights",
        privileges.ask({rights.HOLDS: ASKED, rights.uses_type("x").question: ASKED}),
    ),
    "roles": ("roles", cluster.digests()),
    "unprintable": ("unprintable objects", unprintable.search(SUPABASE)),
    "access": ("access", access.query(SUPABASE)),
    "access without a seed function": ("access", access.query(catalog.scope("supabase"))),
    "identity": ("identity", identity.QUERY),
    **{about: (about, query) for about, query in parity.QUERIES.items()},
}


@pytest.mark.parametrize("text", TEXTS)
def test_own_queries(text: str) -> None:
    query, sql = TEXTS[text]
    found = asked.understand(sql)
    assert found is not None
    assert found.query == query
    assert fill(found.template, found.values) == sql
    assert "reseed" not in found.template


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("select", "select pg_sleep(1),"),
        ("from", "from public.customers,"),
        ("end$supasync$", "perform lo_export(1, '/x'); end$supasync$"),
        (";", "; delete from public.customers;"),
    ],
)
def test_what_is_not_quite_one(text: str, old: str, new: str) -> None:
    _, sql = TEXTS[text]
    if old in sql:
        assert asked.understand(sql.replace(old, new, 1)) is None
    assert asked.understand(f"{sql}; select 1") is None


KEPT = "p.proname <> all(ARRAY["


@pytest.mark.parametrize(
    "value",
    [
        "'x', (select string_agg(email, ',') from auth.users)::text",
        "'x'||(select 'y')",
        "'x$supasync$; drop table t; do $supasync$'",
        "E'\\'; drop table t; --'",
        "'x\\'', (select 1)",
        "'",
        "",
        VALUE,
    ],
)
def test_no_sql_hides_in_a_name(value: str) -> None:
    sql = look.observe(catalog.scope("all", keep_functions=["any.name"]))
    assert KEPT + "'any.name'" in sql
    assert asked.understand(sql.replace("'any.name'", value)) is None


@pytest.mark.parametrize(
    "value", ["'{1}'::int8[] || (select 1)", "'{1,a}'", "'{}; '", "'{(select 1)}'"]
)
def test_no_sql_hides_in_numbers(value: str) -> None:
    sql = fetching.fetch(ALL, FEW, linked=FEW, kinds=KINDS)
    assert "'{16400,16401}'" in sql
    assert asked.understand(sql.replace("'{16400,16401}'", value)) is None


@pytest.mark.parametrize(
    "sql", ["", "select 1", "select * from public.customers", VALUE, "do $$ $$"]
)
def test_others(sql: str) -> None:
    assert asked.understand(sql) is None


def test_every_right_is_known() -> None:
    for name, make in inspect.getmembers(rights, inspect.isfunction):
        signature = inspect.signature(make)
        if signature.return_annotation == "Right":
            given = [
                "" for each in signature.parameters.values() if each.kind is not each.KEYWORD_ONLY
            ]
            sql = privileges.ask({make(*given).question: ASKED})
            assert asked.understand(sql) is not None, name


def test_the_engine_is_the_same_each_time() -> None:
    first = statements.engine()
    statements.engine.cache_clear()
    assert statements.engine() == first


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_recognised_by_its_dependencies(kind) -> None:
    sql = fetching.fetch(ALL, FEW, linked=FEW, kinds=[kind])
    assert asked.understand(sql) is not None


def test_no_dependencies_are_a_part_of_others() -> None:
    """Then the kinds that a statement is about can be told from it."""
    texts = [text for kind in KINDS for text in (*_dependencies(kind),) if text]
    assert len(texts) > 20
    assert not [1 for one, other in itertools.permutations(texts, 2) if one in other]


def _dependencies(kind) -> tuple[str, ...]:
    query = kind.query
    return query.aliases, query.edges, query.order, query.apart, query.stub_uses


@pytest.mark.parametrize("text", TEXTS)
def test_numbers_beyond_all_measure(text: str) -> None:
    """int() refuses those with more than 4,300 digits."""
    _, sql = TEXTS[text]
    for found in {found[0] for found in re.finditer(r"(?<=\W)[1-9][0-9]{3,}(?=\W)", sql)}:
        assert asked.understand(sql.replace(found, "1" * 5000)) is None
