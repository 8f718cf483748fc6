"""Migrations over the Management API: applied, recorded, changed, undone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest

from supasync.sandbox import Sandbox

ALL = "/migrations"
DONE = "drop schema if exists supabase_migrations cascade"


@pytest.fixture
async def preview(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP to the migrations of a branch, which has none before and after."""
    branch = sandbox.branches["preview"]
    headers = {"authorization": f"Bearer {sandbox.access_token}"}
    url = f"{sandbox.api_url}/v1/projects/{branch.ref}/database"
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        yield client
    branch.cluster.execute(DONE, "drop table if exists public.a, public.b, public.c cascade")


def rows(sandbox: Sandbox, query: str) -> Any:
    with psycopg.connect(sandbox.branches["preview"].db_url) as connection:
        return connection.execute(query.encode()).fetchall()


TABLES = (
    "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
)


async def apply(http: httpx.AsyncClient, name: str) -> None:
    body = {"query": f"create table public.{name} ()", "name": name}
    answer = await http.post(ALL, json=body | {"rollback": f"drop table public.{name}"})
    assert answer.status_code == 200, answer.text


async def test_later_ones_are_undone_newest_first(
    sandbox: Sandbox, preview: httpx.AsyncClient
) -> None:
    await apply(preview, "a")
    await apply(preview, "b")
    needs = {"query": "create table public.c (like public.b)", "name": "c"}
    await preview.post(ALL, json=needs | {"rollback": "drop table public.c"})
    versions = [row["version"] for row in (await preview.get(ALL)).json()]
    assert versions == sorted(set(versions))
    assert (await preview.delete(ALL, params={"gte": versions[1]})).status_code == 200
    assert rows(sandbox, TABLES) == [("a",)]
    assert [row["name"] for row in (await preview.get(ALL)).json()] == ["a"]
    for wrong in ({}, {"gte": "latest"}, {"gte": "²"}):
        assert (await preview.delete(ALL, params=wrong)).status_code == 400, wrong


async def test_what_cannot_be_undone_stays(sandbox: Sandbox, preview: httpx.AsyncClient) -> None:
    await apply(preview, "a")
    body = {"query": "create table public.b ()", "rollback": "drop table public.nowhere"}
    await preview.post(ALL, json=body)
    (first, _) = (await preview.get(ALL)).json()
    refused = await preview.delete(ALL, params={"gte": first["version"]})
    assert refused.status_code == 400
    assert "42P01" in refused.json()["message"]
    assert len((await preview.get(ALL)).json()) == 2
    assert sorted(rows(sandbox, TABLES)) == [("a",), ("b",)]


async def test_name_and_rollback_are_changed(preview: httpx.AsyncClient) -> None:
    await apply(preview, "a")
    (row,) = (await preview.get(ALL)).json()
    url = f"{ALL}/{row['version']}"
    assert (await preview.patch(url, json={"name": "better"})).status_code == 200
    one = (await preview.get(url)).json()
    assert (one["name"], one["rollback"]) == ("better", ["drop table public.a"])
    await preview.patch(url, json={"rollback": "select 1"})
    assert (await preview.get(url)).json()["rollback"] == ["select 1"]
    assert (await preview.patch(f"{ALL}/1", json={"name": "x"})).status_code == 404


async def test_a_key_stands_for_one_migration(preview: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "once"}
    for name in ("first", "second"):
        body = {"query": "select 1", "name": name}
        assert (await preview.put(ALL, json=body, headers=headers)).status_code == 200
    assert [row["name"] for row in (await preview.get(ALL)).json()] == ["second"]
    applied = await preview.post(ALL, json={"query": "select 1/0"}, headers=headers)
    assert applied.status_code == 200, "it was not run"


async def test_at_the_same_time_all_are_recorded(preview: httpx.AsyncClient) -> None:
    await asyncio.gather(*(apply(preview, name) for name in "abc"))
    listed = (await preview.get(ALL)).json()
    assert sorted(row["name"] for row in listed) == ["a", "b", "c"]
    assert len({row["version"] for row in listed}) == 3


async def test_a_table_that_the_cli_made_has_fewer_columns(
    sandbox: Sandbox, preview: httpx.AsyncClient
) -> None:
    table = "supabase_migrations.schema_migrations"
    with psycopg.connect(sandbox.branches["preview"].db_url, autocommit=True) as connection:
        connection.execute("create schema supabase_migrations")
        columns = "version text primary key, statements text[], name text"
        connection.execute(f"create table {table} ({columns})".encode())
        connection.execute(f"insert into {table} values ('20260101000000', null, 'cli')".encode())
    assert (await preview.get(ALL)).json() == [{"version": "20260101000000", "name": "cli"}]
    await apply(preview, "a")
    assert [row["name"] for row in (await preview.get(ALL)).json()] == ["cli", "a"]


async def test_a_history_that_is_not_one_is_an_error(
    sandbox: Sandbox, preview: httpx.AsyncClient
) -> None:
    sandbox.branches["preview"].cluster.execute(
        "create schema supabase_migrations",
        "create view supabase_migrations.schema_migrations as select 1 as one",
    )
    for answer in (await preview.get(ALL), await preview.post(ALL, json={"query": "select 1"})):
        assert answer.status_code == 400
        assert answer.json()["message"].startswith("Failed to run sql query: ERROR:")


async def test_a_migration_that_kills_its_session_is_not_recorded(
    preview: httpx.AsyncClient,
) -> None:
    kill = "create table public.a (); select pg_terminate_backend(pg_backend_pid())"
    answer = await preview.post(ALL, json={"query": kill})
    assert answer.status_code == 400
    assert "terminat" in answer.json()["message"]
    assert (await preview.get(ALL)).json() == []
