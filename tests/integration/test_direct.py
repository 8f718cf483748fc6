"""supasync.direct on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import quote

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from supasync import direct
from supasync.errors import (
    NotReady,
    OutcomeUnknown,
    SqlError,
    TransportError,
    UnexpectedAnswer,
    UsageError,
)
from supasync.ports import WritableDatabase

MakeDatabase = Callable[..., str]


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    return make_database()


@pytest.fixture
def database(url: str) -> direct.Database:
    return direct.Database(url)


async def test_is_a_writable_database(database: direct.Database, url: str) -> None:
    assert isinstance(database, WritableDatabase)
    password = str(conninfo_to_dict(url)["password"])
    assert password not in f"{database!r} {database.name}"
    assert database.name.startswith("postgresql://")
    await database.aclose()


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("select 'x'::text", "x"),
        ("select 'x'::text; select 'y'::text where false", "x"),
        ("select 'x'::text; select 'y'::text", "y"),
        ("select 'x'::text; set local search_path = ''", "x"),
        ("select null::text", None),
        ("select 'x'::text where false", None),
        ("-- nothing", None),
        ("", None),
        ("select '100%s %(x)s'::text", "100%s %(x)s"),
        ("select 'ü€😀'::text", "ü€😀"),
    ],
)
@pytest.mark.parametrize("writes", [False, True])
async def test_value(database: direct.Database, sql: str, value: str | None, writes: bool) -> None:
    assert await (database.run if writes else database.fetch)(sql) == value


@pytest.mark.parametrize("sql", ["select 1", "select 'a'::text, 'b'::text", "values ('a'), ('b')"])
async def test_other_shapes(database: direct.Database, sql: str) -> None:
    with pytest.raises(UnexpectedAnswer):
        await database.fetch(sql)


async def test_fetch_cannot_write(database: direct.Database) -> None:
    with pytest.raises(SqlError) as caught:
        await database.fetch("create table t ()")
    assert caught.value.sqlstate == "25006"


async def test_run_is_one_transaction(database: direct.Database) -> None:
    await database.run("create table t (x text); insert into t values ('kept')")
    with pytest.raises(SqlError):
        await database.run("insert into t values ('lost'); select 1/0")
    assert await database.fetch("select string_agg(x, ',') from t") == "kept"


async def test_nothing_of_the_session_survives(database: direct.Database) -> None:
    await database.run("set application_name = 'mine'; create temp table t ()")
    assert await database.fetch("select current_setting('application_name')") == "supasync"
    assert await database.fetch("select to_regclass('pg_temp.t')::text") is None


async def test_error_has_its_place(database: direct.Database) -> None:
    with pytest.raises(SqlError) as caught:
        await database.run("select 'ü';\n\nselect nam from (select 1 as name) t")
    error = caught.value
    assert (error.sqlstate, error.line) == ("42703", 3)
    assert 'column "nam" does not exist' in error.message
    assert "t.name" in str(error.hint)


async def test_error_of_a_function(database: direct.Database) -> None:
    with pytest.raises(SqlError) as caught:
        await database.run(
            "do $$ begin raise exception 'no' "
            "using detail = 'd', hint = 'h', errcode = 'P0042'; end $$"
        )
    error = caught.value
    assert (error.message, error.sqlstate, error.detail, error.hint) == ("no", "P0042", "d", "h")
    assert "PL/pgSQL function" in str(error.context)


async def test_nul_is_refused(database: direct.Database) -> None:
    with pytest.raises(UsageError):
        await database.run("select 1;\0 drop table t")


async def _kill_when_running(url: str, marker: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for _ in range(200):
            cursor = await connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where pid <> pg_backend_pid() and state = 'active' and query like %s",
                (f"%{marker}%",),
            )
            if await cursor.fetchall():
                return
            await asyncio.sleep(0.05)
    pytest.fail("the statement was never seen running")


@pytest.mark.parametrize(("writes", "expected"), [(True, OutcomeUnknown), (False, TransportError)])
async def test_connection_lost(
    database: direct.Database, url: str, writes: bool, expected: type[Exception]
) -> None:
    marker = "lost-in-the-middle"
    sending = (database.run if writes else database.fetch)(f"select pg_sleep(30)::text -- {marker}")
    results = await asyncio.gather(sending, _kill_when_running(url, marker), return_exceptions=True)
    assert type(results[0]) is expected
    assert results[1] is None


async def test_cancelled_run_does_nothing(database: direct.Database, url: str) -> None:
    await database.run("create table t (x text)")
    sending = asyncio.create_task(
        database.run("insert into t values ('x'); select pg_sleep(30)::text")
    )
    await asyncio.sleep(0.5)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert await database.fetch("select count(*)::text from t") == "0"


_BACKEND = "select pg_backend_pid()::text"


async def test_opened_it_keeps_one_connection(database: direct.Database, url: str) -> None:
    async with database:
        backend = await database.run(_BACKEND)
        assert await database.fetch(_BACKEND) == await database.run(_BACKEND) == backend
        await database.run("set application_name = 'mine'; create temp table t ()")
        assert await database.fetch("select current_setting('application_name')") == "supasync"
        assert await database.fetch("select to_regclass('pg_temp.t')::text") is None
        with pytest.raises(SqlError):  # still read-only
            await database.fetch("create table t ()")
        assert len(set(await asyncio.gather(*(database.fetch(_BACKEND) for _ in range(3))))) == 3
        await database.run("begin; create table never ()")
        assert await database.fetch("select to_regclass('public.never')::text") is None
    own = (
        "application_name = 'supasync' and pid <> pg_backend_pid() and datname = current_database()"
    )
    assert await database.fetch(f"select count(*)::text from pg_stat_activity where {own}") == "0"
    assert await database.fetch(_BACKEND) != await database.fetch(_BACKEND)


async def test_opened_it_outlives_a_lost_connection(database: direct.Database, url: str) -> None:
    async with database:
        backend = await database.run(_BACKEND)
        await direct.Database(url).run(f"select pg_terminate_backend({backend})::text")
        assert await database.run(_BACKEND) != backend


async def test_unreachable(unused_tcp_port: int) -> None:
    database = direct.Database(f"postgresql://me:hush-hush@127.0.0.1:{unused_tcp_port}/x")
    for call in (database.fetch, database.run):
        with pytest.raises(TransportError) as caught:
            await call("select 1")
        assert "127.0.0.1" in str(caught.value)
        assert "hush-hush" not in str(caught.value)


async def test_wrong_password(url: str) -> None:
    password = quote(str(conninfo_to_dict(url)["password"]))
    with pytest.raises(TransportError) as caught:
        await direct.Database(url.replace(password, "hush-hush")).fetch("select 1")
    assert "password" in str(caught.value.remedy)
    assert "hush-hush" not in str(caught.value)


async def test_too_many_connections(database: direct.Database, url: str) -> None:
    role = "create role few login password 'few' connection limit 0"
    await database.run(f"do $$ begin {role}; exception when duplicate_object then null; end $$")
    known = conninfo_to_dict(url)
    few = f"postgresql://few:few@{known['host']}:{known['port']}/{known['dbname']}"
    with pytest.raises(NotReady):
        await direct.Database(few).fetch("select 1")


async def test_a_name_that_postgresql_cut_in_the_middle_of_a_letter(database: direct.Database):
    """makeMultirangeTypeName counts bytes."""
    await database.run(f'create type "r{"é" * 31}" as range (subtype = int8)')
    with pytest.raises(UnexpectedAnswer, match="no UTF-8") as caught:
        await database.fetch(
            "select typname::text from pg_type where typtype = 'm' and oid > 16000"
        )
    assert "multirange" in (caught.value.remedy or "")
    assert await database.fetch("select 'x'::text") == "x"
