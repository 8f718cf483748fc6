"""A fresh project's database: what `postgres` finds in it, may do, and may not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from supasync.sandbox import binaries
from supasync.sandbox.home import Home
from supasync.sandbox.instance import Instance
from supasync.sandbox.records import Record

# The majors that Supabase runs; packages of newer ones come without pgcrypto.
SERVERS = [each for each in binaries.installed() if each.major <= 17]


@pytest.fixture(scope="module", params=SERVERS, ids=lambda each: f"pg{each.major}")
def project(request: pytest.FixtureRequest) -> Iterator[Instance]:
    with Home.new() as home:
        instance = Instance(Record.new("main"), home.path / "main", request.param, "")
        instance.make()
        yield instance
        instance.cluster.stop(quick=True)


@pytest.fixture
def postgres(project: Instance) -> Iterator[psycopg.Connection[Any]]:
    """A session of `postgres` whose changes are undone."""
    connection = psycopg.connect(project.db_url)
    yield connection
    connection.rollback()
    connection.close()


def rows(connection: psycopg.Connection[Any], query: str) -> list[tuple[Any, ...]]:
    cursor = connection.execute(query.encode())
    return cursor.fetchall() if cursor.description else []


POLICY = "create policy p on {} for select to authenticated using (true)"
FUNCTION = "create function public.f() returns trigger language plpgsql as 'begin return new; end'"
TRIGGER = "create or replace trigger t after insert on auth.users for each row execute function f()"

ALLOWED = [
    POLICY.format("storage.objects"),
    f"{POLICY.format('realtime.messages')}; drop policy p on realtime.messages",
    f"{POLICY.format('storage.buckets')}; alter policy p on storage.buckets using (false)",
    f"{FUNCTION}; {TRIGGER}; {TRIGGER}; drop trigger t on auth.users",
    "create table public.t (id uuid primary key references auth.users); drop table public.t",
    "insert into storage.buckets (id, name) values ('a', 'a')",
    "insert into auth.users (id) values (gen_random_uuid())",
    "create extension citext with schema extensions; drop extension citext",
    "set session_replication_role = replica",
    "create role app; grant anon to app; alter role anon set statement_timeout = '5s'",
    "alter role authenticator set pgrst.db_schemas = 'public, api'",
    "create table public.t (); alter publication supabase_realtime add table public.t",
    "create schema api; grant usage on schema api to anon",
    "select realtime.send('{}'::jsonb, 'event', 'topic')",
    "alter default privileges in schema public revoke all on tables from anon",
]
REFUSED = [
    "alter table auth.users add column x int",
    "alter table storage.objects disable row level security",
    "create table auth.mine (a int)",
    "create index on auth.users (role)",
    "drop table storage.s3_multipart_uploads_parts",
    "drop function auth.uid()",
    "create function storage.mine() returns int language sql as 'select 1'",
    f"{POLICY.format('storage.objects')}; comment on policy p on storage.objects is 'mine'",
    "delete from storage.buckets",
    "alter default privileges for role supabase_admin in schema public grant all on tables to anon",
    "create role boss superuser",
    "copy pg_class to program 'cat'",
    "grant supabase_admin to postgres",
]


@pytest.mark.parametrize("statement", ALLOWED)
def test_postgres_may(postgres: psycopg.Connection[Any], statement: str) -> None:
    rows(postgres, statement)


@pytest.mark.parametrize("statement", REFUSED)
def test_postgres_may_not(postgres: psycopg.Connection[Any], statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(postgres, statement)


def test_postgres_becomes_no_owner_of_managed_tables(
    project: Instance, postgres: psycopg.Connection[Any]
) -> None:
    if project.binaries.major < 16:
        assert rows(postgres, "set role supabase_auth_admin") == []  # see managed.sql
    else:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rows(postgres, "set role supabase_auth_admin")


def test_roles(postgres: psycopg.Connection[Any]) -> None:
    attributes = rows(
        postgres,
        "select rolsuper, rolcreatedb, rolcreaterole, rolcanlogin, rolreplication, rolbypassrls"
        " from pg_roles where rolname = 'postgres'",
    )
    assert attributes == [(False, True, True, True, True, True)]
    assert rows(postgres, "select current_setting('search_path')") == [
        ('"$user", public, extensions',)
    ]
    [(member_of,)] = rows(
        postgres,
        "select array_agg(roleid::regrole::text order by 1) from pg_auth_members"
        " where member = 'authenticator'::regrole",
    )
    assert set(member_of) == {"anon", "authenticated", "service_role"}
    assert rows(
        postgres, "select datdba::regrole::text from pg_database where datname='postgres'"
    ) == [("postgres",)]


def test_schemas_and_extensions(postgres: psycopg.Connection[Any]) -> None:
    schemas = {name for (name,) in rows(postgres, "select nspname from pg_namespace")}
    assert schemas >= {"auth", "extensions", "graphql", "graphql_public", "pgbouncer"}
    assert schemas >= {"public", "realtime", "storage", "vault"}
    assert "supabase_migrations" not in schemas, "it comes with the first migration"
    extensions = rows(
        postgres, "select extname, extnamespace::regnamespace::text from pg_extension"
    )
    assert {("pgcrypto", "extensions"), ("uuid-ossp", "extensions")} <= set(extensions)


def test_new_tables_in_public_are_granted_to_the_api(postgres: psycopg.Connection[Any]) -> None:
    rows(postgres, "create table public.t (id int generated always as identity)")
    for role in ("anon", "authenticated", "service_role"):
        granted = rows(
            postgres, f"select has_table_privilege('{role}', 'public.t', 'select, truncate')"
        )
        assert granted == [(True,)]


def test_row_security_of_managed_tables(postgres: psycopg.Connection[Any]) -> None:
    open_tables = rows(
        postgres,
        "select oid::regclass::text from pg_class"
        " where not relrowsecurity and relkind = 'r' and relnamespace = 'storage'::regnamespace",
    )
    assert open_tables == []
    assert rows(
        postgres, "select relrowsecurity from pg_class where oid = 'realtime.messages'::regclass"
    ) == [(True,)]


def test_what_policies_call(postgres: psycopg.Connection[Any]) -> None:
    assert rows(
        postgres,
        "select storage.foldername('a/b/c.tar.gz'), storage.filename('a/b/c.txt'),"
        " storage.extension('a/b/c.tar.gz')",
    ) == [(["a", "b"], "c.txt", "gz")]
    rows(postgres, "select set_config('request.jwt.claims', '{\"role\":\"x\"}', true)")
    assert rows(postgres, "select auth.role(), auth.uid()") == [("x", None)]


def test_uuids(postgres: psycopg.Connection[Any]) -> None:
    """Against the values that RFC 9562's neighbours publish for www.example.com."""
    [(v3, v5, v4, v1)] = rows(
        postgres,
        "select uuid_generate_v3(uuid_ns_dns(), 'www.example.com')::text,"
        " uuid_generate_v5(uuid_ns_dns(), 'www.example.com')::text,"
        " uuid_generate_v4()::text, uuid_generate_v1()::text",
    )
    assert v3 == "5df41881-3aed-3515-88a7-2f4a814cf09e"
    assert v5 == "2ed6657d-e927-568b-95e1-2665a8aea6a2"
    assert (v4[14], v1[14]) == ("4", "1")


def test_the_vault(postgres: psycopg.Connection[Any]) -> None:
    [(key,)] = rows(postgres, "select vault.create_secret('hidden', 'name')")
    rows(postgres, f"select vault.update_secret('{key}', 'changed')")
    assert rows(postgres, "select name, decrypted_secret from vault.decrypted_secrets") == [
        ("name", "changed")
    ]
    rows(postgres, "set local role anon")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(postgres, "select * from vault.secrets")


def test_where_policies_may_be_is_told(postgres: psycopg.Connection[Any]) -> None:
    [(tables,)] = rows(postgres, "select current_setting('supautils.policy_grants')::json")
    assert "storage.objects" in tables["postgres"]
