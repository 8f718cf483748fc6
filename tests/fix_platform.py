"""Two projects of the platform, each a server of its own, and an oracle over users' state there."""

from __future__ import annotations

import itertools
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
import pytest

from supasync import catalog, direct, sql
from supasync.catalog.state import State
from supasync.sandbox.home import Home
from supasync.sandbox.instance import Instance
from supasync.sandbox.postgres import Login
from supasync.sandbox.records import Record
from supasync.sync import asked
from tests.fix_sandbox import TESTED, runs

SCOPE = catalog.scope("supabase")
_ROLES = "select rolname from pg_roles"
_SETTINGS = """select setrole::regrole::text, setconfig from pg_db_role_setting
    where setdatabase = 0"""
_numbers = itertools.count(1)

FACTS = """
select 'bucket', to_jsonb(b) - '{owner,owner_id,created_at,updated_at}'::text[]
    from storage.buckets b
union all select 'cron', to_jsonb(j) - '{jobid,active,nodeport}'::text[]
    || jsonb_build_object('database', nullif(database, current_database())) from cron.job j
union all select 'policy', to_jsonb(p) from pg_policies p
union all select 'publication', to_jsonb(p) from pg_publication_tables p
union all select 'trigger', to_jsonb(pg_get_triggerdef(t.oid)) from pg_trigger t
    where not t.tgisinternal
union all select 'event trigger', to_jsonb(e) - '{oid,evtfoid,evtowner}'::text[]
    from pg_event_trigger e
union all select 'role', to_jsonb(r)
    - '{oid,rolcanlogin,rolpassword,rolvaliduntil,rolconfig}'::text[]
    || jsonb_build_object('comment', shobj_description(r.oid, 'pg_authid')) from pg_roles r
union all select 'membership', jsonb_agg(distinct to_jsonb(m) - '{oid,grantor}'::text[]
    || jsonb_build_object('roleid', m.roleid::regrole, 'member', m.member::regrole))
    from pg_auth_members m
union all select 'setting', jsonb_build_object('role', s.setrole::regrole,
    'here', s.setdatabase <> 0, 'value', c) from pg_db_role_setting s, unnest(s.setconfig) c
    where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
order by 1, 2
"""
"""What pg_dump does not say, without what is each branch's own."""


class Audited(direct.Database):
    """What it is asked is what production may be asked, as the audit log demands."""

    async def fetch(self, sql: str) -> str | None:
        assert asked.understand(sql) is not None, sql
        return await super().fetch(sql)


@dataclass
class Project:
    """One server of the platform, with a new database for each test."""

    instance: Instance
    roles: set[str] = field(default_factory=set)
    settings: dict[str, list[str]] = field(default_factory=dict)
    database: str = ""

    def fresh(self) -> Audited:
        """A new project's database, as `postgres`."""
        if not self.roles:
            self.roles = {str(row[0]) for row in self.rows(_ROLES)}
            self.settings = {str(role): list(values) for role, values in self.rows(_SETTINGS)}
        self.database = f"case_{next(_numbers)}"
        self.instance.cluster.create_database(self.database, template="postgres")
        self.execute(f"alter database {self.database} owner to postgres")
        return Audited(self.dsn)

    @property
    def dsn(self) -> str:
        login = Login("postgres", self.instance.record.passwords["postgres"])
        return self.instance.cluster.dsn(self.database or "postgres", login)

    def load(self, script: str) -> None:
        """As `postgres`."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(script.encode())

    def reset(self) -> None:
        """What was done to the server as a whole is undone."""
        self.instance.cluster.drop_database(self.database)
        self.database = ""
        made = {str(row[0]) for row in self.rows(_ROLES)} - self.roles
        self.execute(*(f"drop role {sql.ident(role)}" for role in made))
        now = {str(role): list(values) for role, values in self.rows(_SETTINGS)}
        for role in {role for role in {**now, **self.settings} if role != "-"}:
            if now.get(role) != self.settings.get(role):
                pairs = (value.partition("=") for value in self.settings.get(role, ()))
                values = [f"alter role {role} set {n} to {sql.literal(v)}" for n, _, v in pairs]
                self.execute(f"alter role {role} reset all", *values)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """As the superuser."""
        with psycopg.connect(self.instance.cluster.dsn(self.database or "postgres")) as connection:
            return connection.execute(query.encode()).fetchall()

    def execute(self, *statements: str) -> None:
        """As the superuser."""
        self.instance.cluster.execute(*statements, database=self.database or "postgres")

    def dump(self) -> str:
        """pg_dump as the superuser, without whether a webhook is enabled and where servers are."""
        dsn = self.instance.cluster.dsn(self.database)
        done = subprocess.run(
            [self.instance.binaries.tool("pg_dump"), "--schema-only", "--dbname", dsn],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        text = re.sub(r"(?m)^\\(un)?restrict .*\n", "", done.stdout)
        text = re.sub(r"(?m)^ALTER TABLE (ONLY )?.* DISABLE TRIGGER hook\w*;\n\n", "", text)
        return re.sub(r"(?m)^ +(host|port) '[^']*',?\n", "", text)

    def facts(self) -> list[tuple[object, ...]]:
        return self.rows(FACTS)


@dataclass(frozen=True)
class Pair:
    main: Project
    branch: Project
    source: Audited
    target: Audited

    async def plan(self) -> catalog.Plan:
        states = [await catalog.observe(end, SCOPE) for end in (self.source, self.target)]
        return await self.plan_from(*states)

    async def plan_from(self, source: State, target: State) -> catalog.Plan:
        ends = self.source, source, self.target, target
        return await catalog.make_plan(*ends, SCOPE, reread=True)

    async def sync(self) -> catalog.Plan:
        plan = await self.plan()
        await catalog.apply(self.target, plan, SCOPE, journal=False)
        return plan

    async def target_becomes_source(self) -> catalog.Plan:
        """Syncs, and asserts that nobody sees a difference: we, pg_dump, nor the catalogs."""
        want = await catalog.observe(self.source, SCOPE)
        before = await catalog.observe(self.target, SCOPE)
        plan = await self.plan_from(want, before)
        assert not plan.cannot_apply
        after = await catalog.apply(self.target, plan, SCOPE, journal=False)
        assert self.branch.dump() == self.main.dump(), plan.sql
        assert self.branch.facts() == self.main.facts(), plan.sql
        fresh = await catalog.observe(self.target, SCOPE)
        for state in (after, await catalog.observe(self.target, SCOPE, before)):
            assert (state.fingerprint, state.digests) == (fresh.fingerprint, fresh.digests)
        again = await self.plan_from(want, fresh)
        assert again.is_empty, again.sql
        return plan


@pytest.fixture(scope="session", params=TESTED, ids=lambda each: f"pg{each.major}")
def projects(request: pytest.FixtureRequest) -> Iterator[tuple[Project, Project]]:
    """Of every major version that is `TESTED`."""
    with Home.new(runs()) as home:
        made = []
        for name in ("main", "branch"):
            instance = Instance(Record.new(name), home.path / name, request.param, "")
            instance.make()
            made.append(Project(instance))
        yield made[0], made[1]
        for project in made:
            project.instance.cluster.stop(quick=True)


@pytest.fixture
def pair(projects: tuple[Project, Project]) -> Iterator[Pair]:
    main, branch = projects
    yield Pair(main, branch, main.fresh(), branch.fresh())
    main.reset()
    branch.reset()
