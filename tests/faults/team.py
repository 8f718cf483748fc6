"""A project with one branch behind the proxy, and what has to be true of them after any fault."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from supasync.sandbox import Sandbox, binaries
from supasync.sandbox.instance import Instance
from tests.faults.proxy import Proxy
from tests.faults.running import BRANCH, Machine, kept_at

PASSWORD = "a password that nobody may ever see"
USERS = ("admin@example.test", "crew@example.test")

CONFIG = f"""\
[project]
ref = "env(SUPABASE_PROJECT_REF)"
[branches.{BRANCH}]
[seed]
paths = ["seeds/*.sql"]
[[test_users]]
email = "{USERS[0]}"
role = "admin"
login = "password"
password = "env(ADMIN_PASSWORD)"
[[test_users]]
email = "{USERS[1]}"
role = "crew"
login = "magic_link"
[validation]
essential_tables = ["public.users"]
[profiles]
table = "public.users"
account_column = "account"
"""

SEED = (
    "".join(
        f"insert into public.users (email, role) values ('{email}', '{email.split('@')[0]}')"
        " on conflict (email) do update set role = excluded.role;\n"
        for email in USERS
    )
    + "insert into public.seeded default values;  -- one row for each time it is run\n"
)

MAIN = """
create table public.users (
  email text primary key,
  role text not null,
  is_active bool default true,
  account uuid
);
alter table public.users enable row level security;
create table public.seeded (at timestamptz not null default clock_timestamp());
create function public.answer() returns int language sql return 1;
"""

SCHEMAS = (
    """
drop table if exists public.extra;
drop policy if exists own on public.users;
create or replace function public.answer() returns int language sql return 1;
comment on function public.answer() is null;
comment on table public.users is null;
""",
    """
create table public.extra (id int generated always as identity primary key,
  state text not null default 'new');
create policy own on public.users for select to authenticated using (email = auth.jwt()->>'email');
create or replace function public.answer() returns int language sql return 2;
comment on function public.answer() is null;
comment on table public.users is 'who may come aboard';
""",
)
"""What makes production's schema one of two, whichever it was."""

RECOVERY_SECONDS = 20

HELD = "select count(*) from supasync.lease where expires > clock_timestamp()"
FACTS = """select json_build_array(
  (select count(*) from public.seeded),
  (select count(*) from supasync.journal where kind = 'seed'),
  (select count(*) from supasync.journal where kind <> 'seed'),
  (select count(*) from supasync.past p full join
    (select run_id from supasync.journal where kind <> 'seed' order by id desc limit 1) j
      using (run_id)
    where (j.run_id is not null and p.id is null) or not exists
      (select from supasync.journal a where a.run_id = p.run_id and a.kind = p.kind)),
  (select coalesce(json_agg(email order by email), '[]') from auth.users),
  (select coalesce(json_agg(u.email order by u.email), '[]') from public.users u
    join auth.users a on a.id = u.account and a.email = u.email))"""
DONE = """select json_object_agg(kind, n) from
  (select kind, count(*) as n from supasync.journal where run_id = %s group by kind) j"""


@dataclass(frozen=True)
class Facts:
    """What the branch says of itself."""

    dump: str
    seeds: int
    journaled: int
    """Seeds that the journal knows of."""
    applied: int
    """Changes of the schema that the journal knows of."""
    strays: int
    """Schemas kept of what did not happen, and of the last change, if none was."""
    accounts: tuple[str, ...]
    linked: tuple[str, ...]
    """Those whose row in the application's table has the account's id."""


class Team:
    """One branch is synced again and again, as production's schema comes and goes."""

    def __init__(
        self, box: Sandbox, proxy: Proxy, folder: Path, *, small_disk: bool = False
    ) -> None:
        """small_disk: the state's folder is a small file system of its own."""
        self.box, self.proxy, self.small_disk = box, proxy, small_disk
        self.env = {
            "SUPABASE_ACCESS_TOKEN": box.access_token,
            "SUPABASE_PROJECT_REF": box.main.ref,
            "SUPASYNC_API_URL": proxy.url,
            "SUPASYNC_PROJECT_URL": proxy.url + "/project/{ref}",
            "ADMIN_PASSWORD": PASSWORD,
        }
        (folder / "config.toml").write_text(CONFIG)
        (folder / "seeds").mkdir()
        (folder / "seeds" / "10_rows.sql").write_text(SEED)
        self.machine = Machine(folder=folder, env=self.env, state=folder / ".supasync")
        self.now: Facts
        """The branch after the last sync that nothing happened to."""
        self._number = 0
        self._dumps: dict[int, str] = {}

    @property
    def branch(self) -> Instance:
        return self.box.branches[BRANCH]

    def sql(self, text: str, *values: object, main: bool = False) -> Any:
        """As the superuser: the first value of the answer, None when there is no row."""
        instance = self.box.main if main else self.branch
        with _connected(instance, instance.admin_url) as connection:
            cursor = connection.execute(text.encode(), values or None)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def as_owner(self, text: str, *, main: bool = True) -> None:
        instance = self.box.main if main else self.branch
        with _connected(instance, instance.db_url) as connection:
            connection.execute(text.encode())

    def dump(self, instance: Instance) -> str:
        """The schema as pg_dump has it, without our own."""
        with _connected(instance, instance.admin_url):
            pass
        done = subprocess.run(
            [
                *(binaries.find().tool("pg_dump"), "--schema-only", "--exclude-schema=supasync"),
                *("--dbname", instance.admin_url),
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return re.sub(r"(?m)^\\(un)?restrict .*\n", "", done.stdout)

    def open(self) -> None:
        """Sees what the branch becomes without any fault, for each of SCHEMAS."""
        self.as_owner(MAIN)
        for _ in SCHEMAS:
            self._change()
            told = self.machine.run()
            assert told.code == 0, told.document
            self.now = self.facts()
            self._dumps[self._number % 2] = self.now.dump
            assert self.now.dump == self.dump(self.box.main)

    def prepare(self, *, schema: bool = True, users: bool = True, large: bool = False) -> str:
        """Gives a sync something to do. Returns the branch's dump as it is to become.

        schema: to change, which takes the longest. users: to create. large: a change that is more
        than one call can carry.
        """
        if users:
            self.sql("delete from auth.users")
        if not schema:
            return self.now.dump
        self._change()
        if large:
            text = f"{self._number}" + " long" * 200_000
            self.as_owner(f"comment on function public.answer() is '{text}'")
            return self.dump(self.box.main)
        return self._dumps[self._number % 2]

    def _change(self) -> None:
        self._number += 1
        self.as_owner(SCHEMAS[self._number % 2])

    def facts(self) -> Facts:
        *counts, accounts, linked = self.sql(FACTS)
        return Facts(self.dump(self.branch), *counts, tuple(accounts), tuple(linked))

    def journal(self, run_id: str) -> Mapping[str, int]:
        """How often a run has done what."""
        return dict(self.sql(DONE, run_id) or {})

    @property
    def held(self) -> bool:
        return bool(self.sql(HELD))

    def time_passes(self) -> None:
        """As long as a lease lasts."""
        self.sql("update supasync.lease set expires = clock_timestamp()")

    def history(self) -> list[Mapping[str, Any]]:
        return list(kept_at(self.machine.state, lambda _: None).documents())


def _connected(instance: Instance, url: str) -> psycopg.Connection[Any]:
    """The last fault may have been the server's end; one that recovers takes nobody for a while."""
    instance.cluster.start()  # unless it runs
    deadline = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
