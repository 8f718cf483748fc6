"""Two databases named by URLs, on two servers: roles are made where needed, and else only told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from supasync import catalog, direct
from supasync.sandbox import golden
from supasync.sandbox.home import Home
from supasync.sandbox.postgres import Cluster, Login
from tests.fix_sandbox import TESTED, runs

ALL = catalog.scope("all")
SCHEMA = """
create schema app authorization crew;
create table app.t (id int);
alter table app.t owner to crew;
grant select on app.t to reader;
create policy p on app.t to "Odd 'one" using (true);
"""


@dataclass(frozen=True)
class Servers:
    """One database on each."""

    source: Cluster
    target: Cluster

    async def sync(self, login: Login | None = None) -> catalog.Plan:
        source = direct.Database(self.source.dsn("one"))
        target = direct.Database(self.target.dsn("one", login))
        states = [await catalog.observe(end, ALL) for end in (source, target)]
        plan = await catalog.make_plan(source, states[0], target, states[1], ALL)
        if not plan.cannot_apply:
            await catalog.apply(target, plan, ALL, journal=False)
        return plan


def rows(cluster: Cluster, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.dsn("one")) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.fixture(scope="module", params=TESTED, ids=lambda each: f"pg{each.major}")
def clusters(request: pytest.FixtureRequest) -> Iterator[Servers]:
    with Home.new(runs()) as home:
        made = []
        for name in ("source", "target"):
            folder = home.path / name
            folder.mkdir(mode=0o755)
            made.append(golden.clone(folder, request.param))
            made[-1].start()
        yield Servers(*made)
        for cluster in made:
            cluster.stop(quick=True)


@pytest.fixture
def servers(clusters: Servers) -> Iterator[Servers]:
    for cluster in (clusters.source, clusters.target):
        cluster.create_database("one")
    yield clusters
    for cluster in (clusters.source, clusters.target):
        cluster.drop_database("one")
        roles = "select format('drop role %I', rolname) from pg_roles where oid >= 16384"
        with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
            for (statement,) in connection.execute(roles.encode()).fetchall():
                connection.execute(statement.encode())


def load(cluster: Cluster, script: str) -> None:
    cluster.execute(script, database="one")


ROLES = """create role crew login createdb; create role reader; create role "Odd 'one";"""
MADE = """select rolname, rolcanlogin, rolcreatedb from pg_roles where oid >= 16384
    and rolname <> 'deployer' order by rolname"""


async def test_roles_that_the_plan_needs_are_made_bare(servers: Servers) -> None:
    load(servers.source, ROLES + SCHEMA)
    plan = await servers.sync()
    assert [step.label for step in plan.steps[:3]] == ["ROLE Odd 'one", "ROLE crew", "ROLE reader"]
    assert {hazard.name for hazard in plan.hazards} == {"disarmed"}
    expected = [("Odd 'one", False, False), ("crew", False, False), ("reader", False, False)]
    assert rows(servers.target, MADE) == expected
    again = await servers.sync()
    assert again.is_empty
    assert again.notices == (
        "role crew differs on the target's server; roles are not compared between URLs",
    )


async def test_a_role_with_a_grant_on_a_column_alone_is_made(servers: Servers) -> None:
    load(servers.source, "create role auditor; create table t (id int, email text)")
    load(servers.source, "grant select (email) on t to auditor")
    plan = await servers.sync()
    assert plan.cannot_apply == ()
    assert rows(servers.target, MADE) == [("auditor", False, False)]


async def test_a_role_that_may_create_roles_makes_those_it_needs_its_own(servers: Servers) -> None:
    load(servers.source, ROLES + SCHEMA)
    load(servers.target, "create role deployer login createrole password 'secret'")
    load(servers.target, "alter database one owner to deployer")
    plan = await servers.sync(Login("deployer", "secret"))
    assert plan.cannot_apply == ()
    assert (await servers.sync(Login("deployer", "secret"))).is_empty


async def test_a_policys_roles_keep_their_order(servers: Servers) -> None:
    """Nothing depends on it but programs that read it, such as the platform's own diff. Names and
    the order of roles' rows, which is that of pg_dump, are no measure of it."""
    load(servers.source, "create role z; create role b; create role a; alter role z rename to c")
    load(servers.source, "create table t (id int); create policy p on t to c, a, b using (true)")
    load(servers.source, "create policy q on t to c, a using (true)")
    load(servers.target, "create role a; create role b; create role c; create table t (id int)")
    load(servers.target, "create policy p on t to a, b, c using (true)")
    plan = await servers.sync()
    assert [(step.verb, step.label) for step in plan.steps] == [
        ("alter", "POLICY public.t.p"),
        ("create", "POLICY public.t.q"),
    ]
    query = """select polname, array(select pg_get_userbyid(r)::text
      from unnest(polroles) with ordinality u(r, n) order by n) from pg_policy order by 1"""
    stored = [("p", ["c", "a", "b"]), ("q", ["c", "a"])]
    assert rows(servers.source, query) == rows(servers.target, query) == stored
    assert plan.steps[0].hazards == ()
    assert (await servers.sync()).is_empty


async def test_a_plain_owner_is_told_which_roles_are_missing(servers: Servers) -> None:
    load(servers.source, ROLES + SCHEMA)
    load(servers.target, "create role deployer login password 'secret'")
    load(servers.target, "alter database one owner to deployer")
    plan = await servers.sync(Login("deployer", "secret"))
    missing = {reason.split(": ")[1] for reason in plan.cannot_apply}
    assert "role Odd 'one does not exist on the target" in missing
    assert "role crew does not exist on the target" in missing
    assert rows(servers.target, MADE) == []


async def test_what_only_the_source_has_is_told_and_left(servers: Servers) -> None:
    load(servers.source, "create role a; create role b; grant a to b")
    load(servers.source, "alter role a set work_mem = '8MB'")
    load(servers.source, "alter database one set work_mem = '1MB'")
    load(servers.target, "create role a; create role other")
    plan = await servers.sync()
    assert plan.is_empty
    assert [notice.partition(";")[0] for notice in plan.notices] == [
        "membership a.b is not on the target's server",
        "role b is not on the target's server",
        "setting database.work_mem is not on the target's server",
        "setting a.work_mem is not on the target's server",
    ]
    assert [row[0] for row in rows(servers.target, MADE)] == ["a", "other"]


async def test_on_one_server_there_is_nothing_to_tell(servers: Servers) -> None:
    load(servers.source, "create role a; alter database one set work_mem = '1MB'")
    servers.source.create_database("two")
    ends = [direct.Database(servers.source.dsn(name)) for name in ("one", "two")]
    states = [await catalog.observe(end, ALL) for end in ends]
    plan = await catalog.make_plan(ends[0], states[0], ends[1], states[1], ALL)
    servers.source.drop_database("two")
    assert plan.is_empty
    assert plan.notices == ()
