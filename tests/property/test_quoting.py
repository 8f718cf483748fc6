"""Any text comes back from a server as it was quoted, whatever the server takes a backslash for.

As many as fit in `SUPASYNC_PROPERTY_SECONDS` per test; without it, a few hundred.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supasync import sql
from supasync.sandbox.postgres import Cluster
from tests import hostile

SECONDS = float(os.environ.get("SUPASYNC_PROPERTY_SECONDS", "0"))
MOST = 63 - 4
"""Bytes of a name, short of what one more letter may take."""

random = settings(
    max_examples=max(60, int(SECONDS * 100)),
    deadline=None,
    derandomize=not SECONDS,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

_ODD = st.sampled_from(["$", "$supasync$", "$supasync", "'", '"', "\\", "\n", "\x01", "--", "/*"])
texts = st.lists(
    st.one_of(
        st.lists(st.one_of(_ODD, st.sampled_from(hostile.NAMES)), max_size=6).map("".join),
        st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=40),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(params=["on", "off"])
def connection(request: pytest.FixtureRequest, cluster: Cluster) -> Iterator[psycopg.Connection]:
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as opened:
        opened.execute(f"set standard_conforming_strings = {request.param}")
        opened.execute("set escape_string_warning = off")
        yield opened


def answer(connection: psycopg.Connection, query: str) -> str:
    """Of a query that is one statement, whatever is in it: its one value."""
    cursor = connection.execute(query.encode())
    [[value]] = cursor.fetchall()
    assert not cursor.nextset()
    return str(value)


@random
@given(values=texts)
def test_literals(connection: psycopg.Connection, values: list[str]) -> None:
    said = ", ".join(sql.literal(value) for value in values)
    assert json.loads(answer(connection, f"select json_build_array({said})::text")) == values
    array = sql.text_array([*values, *values])
    assert json.loads(answer(connection, f"select to_json({array})::text")) == [*values, *values]
    assert answer(connection, f"select ({sql.literal(None)} is null)::text") == "true"
    assert answer(connection, f"select cardinality({sql.text_array([])})") == "0"


@random
@given(values=texts)
def test_dollar_quotes(connection: psycopg.Connection, values: list[str]) -> None:
    said = ", ".join(sql.dollar(value) for value in values)
    assert json.loads(answer(connection, f"select json_build_array({said})::text")) == values
    inside = f"select {sql.dollar(sql.dollar(values[0]))}"
    assert answer(connection, "select " + answer(connection, inside)) == values[0]


@random
@given(values=texts)
def test_identifiers(connection: psycopg.Connection, values: list[str]) -> None:
    fitting = (value.encode()[:MOST].decode(errors="ignore") for value in values)
    names = list(dict.fromkeys(name for name in fitting if name))
    columns = ", ".join(f"1 as {sql.ident(name)}" for name in [*names, "z"])
    query = f"select json_object_keys(to_json(t))::text as k from (select {columns}) t limit 1"
    found = json.loads(
        answer(connection, f"select json_agg(k)::text from ({query.removesuffix(' limit 1')}) k(k)")
    )
    assert found == list(dict.fromkeys([*names, "z"]))
    path = sql.ident("t", [*names, "z"][0])
    assert answer(connection, f"select {path}::text from (select {columns}) t") == "1"


@random
@given(values=texts)
def test_nothing_in_quotes_is_changed_for_psql(values: list[str]) -> None:
    for value in values:
        quoted = [hostile.quoted(value), sql.literal(value), sql.dollar(value)]
        text = " :: ".join([*quoted, *reversed(quoted)])
        assert sql.for_psql(text) == text
        assert sql.for_psql(f"[1:{quoted[0]}]{text}") == f"[1: {quoted[0]}]{text}"


def test_what_psql_would_take_for_a_variable_is_none() -> None:
    assert sql.for_psql('a[1:"USER"], a[x:y], b::"t", \'4\'::int') == (
        'a[1: "USER"], a[x: y], b::"t", \'4\'::int'
    )
    assert sql.for_psql("x$a$ :y $a$") == "x$a$ : y $a$"  # a name may have a $, but not begin so


@random
@given(values=texts)
def test_comments(connection: psycopg.Connection, values: list[str]) -> None:
    lines = "\n".join(sql.comment(value) for value in values)
    assert answer(connection, f"select 1\n{lines}\n + 1") == "2"


@random
@given(values=texts)
def test_a_statement_is_the_same_whatever_the_session_takes_a_backslash_for(
    connection: psycopg.Connection, values: list[str]
) -> None:
    """A comment with the literal as PostgreSQL prints it, which is without E''."""
    for value in values[:3]:
        printed = "'" + value.replace("'", "''") + "'"
        statement = f"comment on schema public is {printed}"
        text = f"set local standard_conforming_strings = on; {sql.unmistakable(statement)};"
        connection.execute(text.encode())
        found = answer(connection, "select coalesce(obj_description('public'::regnamespace), '')")
        assert found == value
