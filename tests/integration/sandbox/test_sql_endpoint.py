# ruff: noqa: E501 -- a table is read by its rows
"""The SQL endpoint, case by case as measured on postgres-meta."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import psycopg
import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.sqlapi import run as sql_run

CASES: list[tuple[str, Any]] = [
    # which rows are answered
    ("select 1 as a; select 2 as b where false", [{"a": 1}]),
    ("select 1 as a; create temp table t (a int)", [{"a": 1}]),
    ("select 1 as a; select 2 as a", [{"a": 2}]),
    ("select 1 where false", []),
    ("-- nothing", []),
    ("do $$ begin raise notice 'dropped'; end $$", []),
    ("select", [{}]),
    ("select 1 as a, 2 as a", [{"a": 2}]),
    ("copy (select 1) to stdout", []),
    # numbers
    ("select 9007199254740991::int8 as a, 9007199254740992::int8 as b", [{"a": 2**53 - 1, "b": "9007199254740992"}]),
    ("select '{1,2}'::int8[] as a", [{"a": ["1", "2"]}]),
    ("select 1.50::numeric as a, '{1.10,2}'::numeric[] as b", [{"a": "1.50", "b": [1.1, 2]}]),
    ("select 'NaN'::float8 as a, '-Infinity'::float4 as b, '-0'::float8 as c", [{"a": None, "b": None, "c": 0}]),
    ("select 1::int2 as a, 2::oid as b, 1.5::float8 as c", [{"a": 1, "b": 2, "c": 1.5}]),
    # json
    ("select '[12345678901234567890, 1e400, 1.5]'::jsonb as a", [{"a": [12345678901234567000, None, 1.5]}]),
    ("select '{\"k\":1,\"k\":2}'::json as a", [{"a": {"k": 2}}]),
    # text forms
    ("select true as a, '{t,f,NULL}'::bool[] as b", [{"a": True, "b": [True, False, None]}]),
    ("select date '2026-01-02' as a, interval '-1 day' as b", [{"a": "2026-01-02", "b": "-1 days"}]),
    ("select timestamptz '2026-01-02 03:04:05.678901+00' as a", [{"a": "2026-01-02 03:04:05.678901+00"}]),
    ("select '{1 day,02:03:04.5}'::interval[] as a", [{"a": [{"days": 1}, {"hours": 2, "minutes": 3, "seconds": 4, "milliseconds": 500}]}]),
    (r"select '\x01ff'::bytea as a", [{"a": {"type": "Buffer", "data": [1, 255]}}]),
    ("select circle '<(1,2),3>' as a, point '(1,2)' as b", [{"a": {"x": 1, "y": 2, "radius": 3}, "b": "(1,2)"}]),
    ("select row(1, 'x y') as a, array[row(1)] as b", [{"a": '(1,"x y")', "b": "{(1)}"}]),
    ("select pg_sleep(0) as a, 12.5::money as b", [{"a": "", "b": "$12.50"}]),
    ("select int4range(1, 5) as a, null as b", [{"a": "[1,5)", "b": None}]),
    ("select '{{a,b},{\"c d\",\"e\\\"f\"}}'::text[] as a", [{"a": [["a", "b"], ["c d", 'e"f']]}]),
    ("select '{a,b}'::name[] as a", [{"a": "{a,b}"}]),
    ("select timestamp '2026-01-02 03:04:05' as a, time '03:04:05.6' as b", [{"a": "2026-01-02 03:04:05", "b": "03:04:05.6"}]),
    ("select '6f1d0c4e-0000-4000-8000-000000000000'::uuid as a, inet '10.0.0.1/8' as b", [{"a": "6f1d0c4e-0000-4000-8000-000000000000", "b": "10.0.0.1/8"}]),
    ("select box '((1,1),(0,0))' as a, '{1,2}'::int4[] as b, '{1,2}'::oid[] as c", [{"a": "(1,1),(0,0)", "b": [1, 2], "c": [1, 2]}]),
    ("select '1 2'::int2vector as a, 'a'::\"char\" as b, 'pg_class'::regclass as c", [{"a": "1 2", "b": "a", "c": "pg_class"}]),
    ("select '{=r/postgres}'::aclitem[] as a, array['{\"k\":1}'::json] as b", [{"a": "{=r/postgres}", "b": [{"k": 1}]}]),
    ("select '{2026-01-02}'::date[] as a, '{1.5,NaN}'::float8[] as b", [{"a": ["2026-01-02"], "b": [1.5, None]}]),
    ("vacuum pg_catalog.pg_class", []),
    ("set timezone = 'Asia/Tokyo'", []),
    ("select 'ü' as \"ö\"", [{"ö": "ü"}]),
    # who
    ("select current_user as a, current_setting('search_path') as b", [{"a": "postgres", "b": '"$user", public, extensions'}]),
]  # fmt: skip


async def ask(http: httpx.AsyncClient, ref: str, query: str, **more: object) -> httpx.Response:
    url = f"/v1/projects/{ref}/database/query"
    return await http.post(url, json={"query": query} | more)


@pytest.mark.parametrize(("query", "rows"), CASES, ids=[query[:60] for query, _ in CASES])
async def test_rows(
    sandbox: Sandbox, management: httpx.AsyncClient, query: str, rows: list[Any]
) -> None:
    answer = await ask(management, sandbox.main.ref, query)
    assert (answer.status_code, answer.json()) == (201, rows)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-cache"


async def test_enums_and_domains(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    query = """begin; create type mood as enum ('sad', 'ok'); create domain big as int8;
        select 'ok'::mood as a, '{sad,ok}'::mood[] as b, 9007199254740993::big as c"""
    answer = await ask(management, sandbox.main.ref, query)
    assert answer.json() == [{"a": "ok", "b": "{sad,ok}", "c": "9007199254740993"}]


async def test_numbers_are_written_as_javascript_writes_them(
    sandbox: Sandbox, management: httpx.AsyncClient
) -> None:
    query = "select 1::float8 as a, '12345678901234567890'::json as b, 1e21::float8 as c"
    answer = await ask(management, sandbox.main.ref, query)
    assert answer.text == '[{"a":1,"b":12345678901234567000,"c":1e+21}]'


ERRORS = [
    (
        "select 1;\nselect * from nowhere",
        'ERROR:  42P01: relation "nowhere" does not exist\n'
        "LINE 2: select * from nowhere\n"
        "                      ^\n",
    ),
    (
        "do $$ begin raise exception 'no' using detail = 'd', hint = 'h', errcode = 'P0042'; end $$",
        "ERROR:  P0042: no\nDETAIL:  d\nHINT:  h\n"
        "CONTEXT:  PL/pgSQL function inline_code_block line 1 at RAISE\n",
    ),
    (
        "do $$ begin execute 'select nothing'; end $$",
        'ERROR:  42703: column "nothing" does not exist\nQUERY:  select nothing\n'
        "CONTEXT:  PL/pgSQL function inline_code_block line 1 at EXECUTE\n",
    ),
]


@pytest.mark.parametrize(("query", "text"), ERRORS, ids=["line", "fields", "inner query"])
async def test_errors(
    sandbox: Sandbox, management: httpx.AsyncClient, query: str, text: str
) -> None:
    answer = await ask(management, sandbox.main.ref, query)
    assert answer.status_code == 400
    assert answer.json() == {"message": f"Failed to run sql query: {text}"}


async def test_a_copy_from_stdin_and_a_killed_session_are_errors(
    sandbox: Sandbox, management: httpx.AsyncClient
) -> None:
    copy = "create temp table t (a int); copy t from stdin"
    answer = await ask(management, sandbox.main.ref, copy)
    assert answer.status_code == 400
    assert "57014: COPY from stdin failed: No source stream defined" in answer.json()["message"]
    kill = "select pg_terminate_backend(pg_backend_pid())"
    answer = await ask(management, sandbox.main.ref, kill)
    assert answer.status_code == 400
    assert "FATAL:  57P01: terminating connection" in answer.json()["message"]


async def test_a_text_is_one_transaction(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    ref = sandbox.main.ref
    table = "create table public.tx (a int)"
    assert (await ask(management, ref, f"{table}; select 1/0")).status_code == 400
    assert (await ask(management, ref, "select to_regclass('tx')::text as a")).json() == [
        {"a": None}
    ]
    # What was committed stays; what was begun and not committed goes.
    assert (await ask(management, ref, f"begin; {table}; commit; select 1/0")).status_code == 400
    await ask(management, ref, "begin; insert into tx values (1)")
    counted = await ask(management, ref, "select count(*)::int as n from tx")
    assert counted.json() == [{"n": 0}]
    await ask(management, ref, "drop table tx")


async def test_nothing_of_a_session_survives(
    sandbox: Sandbox, management: httpx.AsyncClient
) -> None:
    await ask(management, sandbox.main.ref, "set timezone = 'Asia/Tokyo'; create temp table s ()")
    answer = await ask(
        management,
        sandbox.main.ref,
        "select current_setting('timezone') as a, to_regclass('s')::text as b",
    )
    assert answer.json() == [{"a": "UTC", "b": None}]


async def test_parameters(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    ref = sandbox.main.ref
    answer = await ask(
        management,
        ref,
        "select $1::int + 1 as a, $2::text[] as b, $3::jsonb ->> 'k' as c, $4::text as d, $5::bool as e",
        parameters=[41, ["x", 'y"z', None], {"k": "v"}, None, True],
    )
    assert answer.json() == [{"a": 42, "b": ["x", 'y"z', None], "c": "v", "d": None, "e": True}]
    several = await ask(management, ref, "select $1::int; select 2", parameters=[1])
    assert several.status_code == 400
    assert "42601: cannot insert multiple commands" in several.json()["message"]
    assert (await ask(management, ref, "select 1; select 2 as b", parameters=[])).json() == [
        {"b": 2}
    ]


async def test_read_only(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    ref = sandbox.main.ref
    url = f"/v1/projects/{ref}/database/query/read-only"
    who = "select current_user as a, current_setting('search_path') as b"
    row = [{"a": "supabase_read_only_user", "b": '"$user", public'}]
    assert (await management.post(url, json={"query": who})).json() == row
    assert (await ask(management, ref, who, read_only=True)).json() == row
    refused = await management.post(url, json={"query": "create table public.x ()"})
    assert refused.status_code == 400
    assert "25006: cannot execute CREATE TABLE in a read-only" in refused.json()["message"]
    users = await management.post(url, json={"query": "select count(*)::int as n from auth.users"})
    assert users.json() == [{"n": 0}]


async def test_what_runs_in_no_transaction_runs_alone(
    sandbox: Sandbox, management: httpx.AsyncClient
) -> None:
    ref = sandbox.main.ref
    together = await ask(management, ref, "select 1; create database sandbox_made")
    assert together.status_code == 400
    assert "25001: CREATE DATABASE cannot" in together.json()["message"]
    await ask(management, ref, "create table public.alone (a int)")
    index = "create index concurrently on public.alone (a)"
    assert (await ask(management, ref, index)).json() == []
    await ask(management, ref, "drop table public.alone")


async def test_bad_bodies(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    url = f"/v1/projects/{sandbox.main.ref}/database/query"
    for body in ('{"query": ""}', "{}", "not json", '{"query": 1}', "[]"):
        answer = await management.post(url, content=body)
        assert answer.status_code == 400, body
        assert answer.json()["message"]
    large = json.dumps({"query": "select '" + "x" * 1_100_000 + "'"})
    assert (await management.post(url, content=large)).status_code == 413
    allowed = json.dumps({"query": "select length('" + "x" * 900_000 + "') as n"})
    assert (await management.post(url, content=allowed)).json() == [{"n": 900_000}]


async def test_a_large_answer(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    query = "select n, repeat('x', 100) as t from generate_series(1, 50000) n"
    answer = await ask(management, sandbox.main.ref, query)
    rows = answer.json()
    assert len(rows) == 50_000
    assert rows[-1]["n"] == 50_000


async def test_a_slow_statement_is_cut_but_goes_on(sandbox: Sandbox) -> None:
    query = "create table public.slow (); select pg_sleep(1.5)"
    with pytest.raises(sql_run.Failure) as caught:
        await sql_run.run(sandbox.main, query, seconds=0.3)
    assert (caught.value.status, caught.value.message) == (408, "Query read timeout")
    async with await psycopg.AsyncConnection.connect(sandbox.main.db_url) as connection:
        for _ in range(100):
            cursor = await connection.execute("select to_regclass('public.slow')::text")
            await connection.rollback()
            if await cursor.fetchone() == ("slow",):
                break
            await asyncio.sleep(0.1)
        else:
            pytest.fail("the statement did not go on")
        await connection.execute("drop table public.slow")


async def test_texts_run_at_the_same_time(sandbox: Sandbox, management: httpx.AsyncClient) -> None:
    async def backend() -> object:
        answer = await ask(
            management, sandbox.main.ref, "select pg_backend_pid() as pid from pg_sleep(0.2)"
        )
        return answer.json()[0]["pid"]

    assert len(set(await asyncio.gather(*(backend() for _ in range(8))))) == 8
