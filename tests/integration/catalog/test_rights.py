"""What a plain role cannot do is said before the run, exactly when the run would fail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest

from supasync import catalog, direct
from supasync.errors import SqlError
from supasync.sandbox.postgres import Cluster
from tests.fix_catalog import Ends
from tests.fix_sandbox import EVERYTHING, MAIN, TESTED

SCOPE = catalog.scope("all")
PASSWORD = "plain"


@dataclass(frozen=True)
class Case:
    """what: of the plain role, in words. before: on both sides; change: on the source alone."""

    what: str
    before: str
    change: str
    refused: str | None = None
    """A part of the obstacle; None: it may."""


MINE = "alter table t owner to plain;"
CREATES = "grant create on schema public to plain;"
T = "create table t (id int primary key, name text);"
F = "create function f() returns trigger language plpgsql as 'begin return new; end';"
NO_F = "revoke execute on function f() from public;"

TO_INT = "create function to_int(e) returns int language sql as 'select 1';"
W = "create foreign data wrapper w;"
S = "create server s foreign data wrapper w;"
PARTS = "create table p (id int) partition by list (id); create table p1 (id int);"

CASES = [
    Case("creates a table", CREATES, "create table t (id int); alter table t owner to plain"),
    Case(
        "creates a table where it may not",
        "",
        "create table t (id int); alter table t owner to plain",
        "may not create in schema public",
    ),
    Case(
        "creates a table for another", CREATES, "create table t (id int)", "cannot become postgres"
    ),
    Case(
        "creates a table for a role it may become",
        CREATES + "grant create on schema public to friend",
        "create table t (id int); alter table t owner to friend",
    ),
    Case(
        "creates a table for a role that may not have it there",
        CREATES,
        "create table t (id int); alter table t owner to friend",
        "friend may not create in schema public",
    ),
    Case(
        "creates in a new schema",
        "grant create on database {db} to plain",
        "create schema s authorization plain; create table s.t (id int);"
        "alter table s.t owner to plain",
    ),
    Case(
        "creates a schema where it may not",
        "",
        "create schema s authorization plain",
        "may not create in the database",
    ),
    Case(
        "creates in a new schema of another",
        "grant create on database {db} to plain;",
        "create schema s authorization friend; grant usage on schema s to plain;"
        "create table s.t (id int);"
        "alter table s.t owner to friend",
    ),
    Case(
        "creates in a schema that the plan opens",
        "create schema s authorization plain",
        "grant usage, create on schema s to friend; create table s.t (id int);"
        "alter table s.t owner to friend",
    ),
    Case(
        "creates under odd names",
        'create schema "a{b}" authorization plain',
        'create table "a{b}"."t{}" (id int); alter table "a{b}"."t{}" owner to plain',
    ),
    Case("adds a column", T + MINE, "alter table t add n int"),
    Case(
        "adds a column to another's", T, "alter table t add n int", "is not the owner of public.t"
    ),
    Case(
        "drops a column of another's", T, "alter table t drop name", "is not the owner of public.t"
    ),
    Case("sets a default", T + MINE, "alter table t alter name set default 'x'"),
    Case(
        "sets a default of another's",
        T,
        "alter table t alter name set default 'x'",
        "not the owner",
    ),
    Case("adds a check", T + MINE, "alter table t add check (id > 0)"),
    Case("adds a check to another's", T, "alter table t add check (id > 0)", "not the owner"),
    Case("adds a key", T + MINE + CREATES, "alter table t add unique (name)"),
    Case(
        "adds a key where it may not create",
        T + MINE,
        "alter table t add unique (name)",
        "may not create in schema public",
    ),
    Case("builds an index", T + MINE + CREATES, "create index i on t (name)"),
    Case(
        "builds an index where it may not create",
        T + MINE,
        "create index i on t (name)",
        "may not create in schema public",
    ),
    Case(
        "drops another's index", T + "create index i on t (name)", "drop index i", "not the owner"
    ),
    Case(
        "references",
        T + MINE + "create table u (id int primary key); grant references on u to plain",
        "alter table t add foreign key (id) references u",
    ),
    Case(
        "references a column",
        T + MINE + "create table u (id int primary key, x int);grant references (id) on u to plain",
        "alter table t add foreign key (id) references u",
    ),
    Case(
        "references another's",
        T + MINE + "create table u (id int primary key)",
        "alter table t add foreign key (id) references u",
        "may not reference public.u",
    ),
    Case("writes a policy", T + MINE, "create policy p on t using (true)"),
    Case("writes a policy for another's", T, "create policy p on t using (true)", "not the owner"),
    Case(
        "alters a policy of another's",
        T + "create policy p on t using (true)",
        "alter policy p on t using (id > 0)",
        "not the owner",
    ),
    Case(
        "enables row security of another's",
        T,
        "alter table t enable row level security",
        "cannot act as its owner postgres",
    ),
    Case(
        "makes a trigger",
        T + F + "grant trigger on t to plain",
        "create trigger x before insert on t for each row execute function f()",
    ),
    Case(
        "makes a trigger on another's",
        T + F,
        "create trigger x before insert on t for each row execute function f()",
        "may not create triggers on public.t",
    ),
    Case(
        "makes a trigger with another's function",
        T + MINE + F + NO_F,
        "create trigger x before insert on t for each row execute function f()",
        "may not execute public.f",
    ),
    Case(
        "makes a trigger with its own new function",
        T + MINE + CREATES,
        F + NO_F + "alter function f() owner to plain;"
        "create trigger x before insert on t for each row execute function f()",
    ),
    Case(
        "disables a trigger that it may only create",
        T + F + "grant trigger on t to plain;"
        "create trigger x before insert on t for each row execute function f()",
        "alter table t disable trigger x",
        "not the owner",
    ),
    Case(
        "drops a trigger of another's",
        T + F + "grant trigger on t to plain;"
        "create trigger x before insert on t for each row execute function f()",
        "drop trigger x on t",
        "not the owner",
    ),
    Case("comments", T + MINE, "comment on table t is 'x'; comment on column t.id is 'y'"),
    Case("comments on another's", T, "comment on table t is 'x'", "cannot act as"),
    Case("grants", T + MINE, "grant select on t to friend"),
    Case("grants what is another's", T, "grant select on t to friend", "cannot act as"),
    Case(
        "grants in a name that it may take",
        T + MINE + "grant select on t to friend with grant option",
        "set role friend; grant select on t to stranger; reset role",
    ),
    Case(
        "grants in another's name",
        T + MINE + "grant select on t to stranger with grant option",
        "set role stranger; grant select on t to friend; reset role",
        "cannot become stranger",
    ),
    Case("drops a table", T + MINE, "drop table t"),
    Case("drops another's table", T, "drop table t", "cannot act as"),
    Case(
        "drops another's table in its own schema",
        "create schema s authorization plain; create table s.t (id int)",
        "drop table s.t",
    ),
    Case(
        "gives a table away",
        T + MINE + "grant create on schema public to friend",
        "alter table t owner to friend",
    ),
    Case(
        "gives a table to a stranger",
        T + MINE,
        "alter table t owner to stranger",
        "cannot become stranger",
    ),
    Case(
        "works on what it gives away",
        T + MINE + "grant create on schema public to friend",
        "alter table t owner to friend; alter table t add n int",
    ),
    Case("acts by membership", T + "alter table t owner to friend", "alter table t add n int"),
    Case(
        "acts by a membership that does not inherit",
        T + "alter table t owner to distant",
        "alter table t add n int",
        "not the owner",
    ),
    Case(
        "replaces a view",
        CREATES + "create view v as select 1 as a; alter view v owner to plain",
        "create or replace view v as select 2 as a",
    ),
    Case(
        "replaces a view where it may not create",
        "create view v as select 1 as a; alter view v owner to plain",
        "create or replace view v as select 2 as a",
        "may not create in schema public",
    ),
    Case(
        "replaces a function where it may not create",
        "create function g() returns int language sql as 'select 1'; "
        "alter function g() owner to plain",
        "create or replace function g() returns int language sql as 'select 2'",
        "may not create in schema public",
    ),
    Case(
        "replaces another's view",
        "create view v as select 1 as a",
        "create or replace view v as select 2 as a",
        "cannot act as",
    ),
    Case(
        "works in a schema that it may not use",
        "create schema s; create table s.t (id int); alter table s.t owner to plain",
        "alter table s.t add n int",
        "may not use schema s",
    ),
    Case(
        "reads from a schema that it may not use",
        CREATES + "create schema s; create table s.t (id int)",
        "create view v as select id from s.t; alter view v owner to plain",
        "may not use schema s",
    ),
    Case(
        "installs a trusted extension",
        "create schema x; grant create, usage on schema x to plain;"
        "grant create on database {db} to plain",
        "create extension citext schema x",
    ),
    Case(
        "installs a trusted extension where it may not create",
        "create schema x; grant create, usage on schema x to plain",
        "create extension citext schema x",
        "extension citext takes a superuser",
    ),
    Case(
        "installs another extension",
        "grant create on database {db} to plain;" + CREATES,
        "create extension pageinspect",
        "extension pageinspect takes a superuser",
    ),
    Case(
        "drops another's extension",
        "create extension citext",
        "drop extension citext",
        "not the owner of extension citext",
    ),
    Case(
        "writes a function",
        CREATES,
        "create function g() returns int language sql as 'select 1'; "
        "alter function g() owner to plain",
    ),
    Case(
        "replaces another's function",
        "create function g() returns int language sql as 'select 1'",
        "create or replace function g() returns int language sql as 'select 2'",
        "cannot act as",
    ),
    Case(
        "writes in an untrusted language",
        CREATES,
        "create function g() returns int language internal as 'pg_backend_pid'; "
        "alter function g() owner to plain",
        "may not use language internal",
    ),
    Case(
        "writes in a language that is not for it",
        CREATES
        + "create trusted language other handler plpgsql_call_handler validator plpgsql_validator;"
        "revoke usage on language other from public",
        "create function g() returns int language other as 'begin return 1; end';"
        "alter function g() owner to plain",
        "may not use language other",
    ),
    Case(
        "vouches that a function leaks nothing",
        "create function g() returns int language sql as 'select 1'; "
        "alter function g() owner to plain",
        "alter function g() leakproof",
        "LEAKPROOF takes a superuser",
    ),
    Case(
        "uses a type",
        CREATES + "create type e as enum ('a')",
        "create table t (a e); alter table t owner to plain",
    ),
    Case(
        "uses a type that is not for it",
        CREATES + "create type e as enum ('a');revoke usage on type e from public",
        "create table t (a e); alter table t owner to plain",
        "may not use type public.e",
    ),
    Case(
        "takes a type that is not for it as an argument",
        CREATES + "create type e as enum ('a');revoke usage on type e from public",
        "create function g(e) returns int language sql as 'select 1';"
        "alter function g(e) owner to plain",
        "may not use type public.e",
    ),
    Case(
        "adds to another's enum",
        "create type e as enum ('a')",
        "alter type e add value 'b'",
        "cannot act as",
    ),
    Case(
        "watches events",
        F,
        "create function w() returns event_trigger language plpgsql as 'begin end';"
        "create event trigger w on ddl_command_end execute function w()",
        "an event trigger takes a superuser",
    ),
    Case(
        "publishes",
        T + MINE + "grant create on database {db} to plain",
        "create publication p for table t; alter publication p owner to plain",
    ),
    Case(
        "publishes where it may not create",
        T + MINE,
        "create publication p for table t; alter publication p owner to plain",
        "may not create in the database",
    ),
    Case(
        "publishes another's table",
        T + "create publication p; alter publication p owner to plain",
        "alter publication p add table t",
        "not the owner of public.t",
    ),
    Case(
        "publishes in another's publication",
        T + MINE + "create publication p",
        "alter publication p add table t",
        "not the owner of publication p",
    ),
    Case(
        "publishes all tables",
        "grant create on database {db} to plain",
        "create publication p for all tables",
        "FOR ALL TABLES takes a superuser",
    ),
    Case(
        "publishes a schema",
        "create publication p; alter publication p owner to plain",
        "alter publication p add tables in schema public",
        "IN SCHEMA takes a superuser",
    ),
    Case(
        "sets default privileges",
        "",
        "alter default privileges for role plain grant select on tables to friend",
    ),
    Case(
        "sets default privileges of one it is",
        "",
        "alter default privileges for role friend grant select on tables to plain",
    ),
    Case(
        "sets default privileges of another",
        "",
        "alter default privileges for role stranger grant select on tables to friend",
        "cannot act as its owner stranger",
    ),
    Case(
        "resets a sequence of another's",
        "create sequence s",
        "alter sequence s increment 5",
        "cannot act as",
    ),
    Case(
        "makes a domain",
        CREATES,
        "create domain d as int check (value > 0); alter domain d owner to plain",
    ),
    Case(
        "makes a domain of what is not for it",
        CREATES + "create type e as enum ('a');revoke usage on type e from public",
        "create domain d as e; alter domain d owner to plain",
        "may not use type public.e",
    ),
    Case(
        "makes a cast",
        "create type e as enum ('a'); alter type e owner to plain;" + TO_INT,
        "create cast (e as int) with function to_int(e)",
    ),
    Case(
        "makes a cast of another's type",
        "create type e as enum ('a');" + TO_INT,
        "create cast (e as int) with function to_int(e)",
        "does not own public.e or integer",
    ),
    Case(
        "wraps foreign data",
        "grant create on database {db} to plain",
        "create foreign data wrapper w",
        "foreign data wrapper takes a superuser",
    ),
    Case(
        "names a server",
        W + "grant usage on foreign data wrapper w to plain",
        "create server s foreign data wrapper w; alter server s owner to plain",
    ),
    Case(
        "names a server of a wrapper that is not for it",
        W,
        "create server s foreign data wrapper w; alter server s owner to plain",
        "may not use foreign-data wrapper w",
    ),
    Case(
        "maps another to a server",
        W + S + "grant usage on foreign server s to plain",
        "create user mapping for friend server s",
        "may not map friend to server s",
    ),
    Case(
        "makes a language",
        "",
        "create language l handler plpgsql_call_handler",
        "language takes a superuser",
    ),
    Case(
        "keeps statistics",
        T + MINE + CREATES,
        "create statistics x on id, name from t;alter statistics x owner to plain",
    ),
    Case(
        "keeps statistics of another's",
        T + CREATES,
        "create statistics x on id, name from t;alter statistics x owner to plain",
        "not the owner of public.t",
    ),
    Case("makes a rule", T + MINE, "create rule r as on delete to t do instead nothing"),
    Case(
        "makes a rule for another's",
        T,
        "create rule r as on delete to t do instead nothing",
        "not the owner of public.t",
    ),
    Case(
        "attaches a partition",
        PARTS + "alter table p owner to plain; alter table p1 owner to plain",
        "alter table p attach partition p1 for values in (1)",
    ),
    Case(
        "attaches a partition to another's",
        PARTS + "alter table p1 owner to plain",
        "alter table p attach partition p1 for values in (1)",
        "not the owner of public.p",
    ),
    Case(
        "inherits",
        "create table p (id int); alter table p owner to plain;" + T + MINE,
        "alter table t inherit p",
    ),
    Case(
        "inherits from another's",
        "create table p (id int);" + T + MINE,
        "alter table t inherit p",
        "not the owner of public.p",
    ),
    Case(
        "makes an operator class",
        CREATES,
        "create operator class c for type int using btree"
        " as operator 1 <, function 1 btint4cmp(int, int); alter operator class c using btree"
        " owner to plain",
        "operator class takes a superuser",
    ),
    Case(
        "makes an access method",
        "",
        "create access method m type table handler heap_tableam_handler",
        "access method takes a superuser",
    ),
    Case(
        "makes a parser",
        CREATES,
        "create text search parser p (start = prsd_start, gettoken ="
        " prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)",
        "text search parser takes a superuser",
    ),
    Case(
        "refreshes a materialized view",
        CREATES,
        "create materialized view m as select 1 as a; alter materialized view m owner to plain",
    ),
]


@pytest.fixture(scope="session")
def _plain(any_cluster: Cluster, _roles: None) -> None:
    modern = any_cluster.binaries.major >= 16
    any_cluster.execute(
        f"create role plain login password '{PASSWORD}'",
        *("create role friend", "create role stranger", "create role distant"),
        "grant friend to plain",
        # before 16 it is the member that inherits or not
        *(["grant distant to plain with inherit false"] if modern else []),
    )


@pytest.fixture
def plain(ends: Ends, _plain: None) -> Ends:
    """`ends` with the target seen by the plain role."""
    parts = urlsplit(ends.target_dsn)
    url = parts._replace(netloc=f"plain:{PASSWORD}@{parts.hostname}:{parts.port}").geturl()
    return replace(ends, target=direct.Database(url))


_RUNS = [
    pytest.param(server, case, id=f"pg{server.major}-{case.what}")
    for server in TESTED
    for number, case in enumerate(CASES)
    # every other one is enough for a major that is not the sandbox's
    if number % 2 == 0 or server.major == MAIN or EVERYTHING
]


@pytest.mark.parametrize(("any_cluster", "case"), _RUNS, indirect=["any_cluster"], scope="session")
async def test_the_obstacle_is_told_exactly_when_the_run_fails(
    ends: Ends, plain: Ends, case: Case
) -> None:
    for end, dsn in ((ends.source, ends.source_dsn), (ends.target, ends.target_dsn)):
        await end.run(case.before.replace("{db}", urlsplit(dsn).path[1:]))
    await ends.source.run(case.change)
    plan = await plain.plan()
    assert plan.steps
    if case.refused is None:
        assert not plan.cannot_apply
        await catalog.apply(plain.target, plan, SCOPE, journal=False)
        assert (await plain.plan()).is_empty
        return
    assert any(case.refused in told for told in plan.cannot_apply), plan.cannot_apply
    told = {
        hazard.message
        for step in plan.steps
        for hazard in step.hazards
        if hazard.name == "cannot-apply"
    }
    assert told == set(plan.cannot_apply)
    with pytest.raises(SqlError) as caught:
        await catalog.apply(plain.target, plan, SCOPE, journal=False)
    assert caught.value.sqlstate == "42501", caught.value
    # … and a superuser meets no obstacle
    assert not (await ends.plan()).cannot_apply


async def test_an_extension_that_the_server_does_not_have_is_told(ends: Ends) -> None:
    await ends.source.run("create extension citext")
    await ends.source.run("update pg_extension set extname = 'unheard_of' where extname = 'citext'")
    plan = await ends.plan()
    assert plan.cannot_apply == ("EXTENSION unheard_of: the server has no extension unheard_of",)
