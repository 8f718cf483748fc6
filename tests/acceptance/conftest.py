"""The commands as typed, against a real sandbox: main and two branches, each a real server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from supasync import config, history
from supasync.sandbox import Sandbox, binaries
from tests import preloaded

PASSWORD = "a password that nobody may ever see"

SCHEMA = """\
create type public.rank as enum ('admin', 'crew');
create table public.users (
  id bigint generated always as identity primary key,
  email text not null unique,
  role public.rank not null,
  is_active boolean not null default true
);
alter table public.users enable row level security;
create policy "own row" on public.users for select to authenticated
  using (email = auth.jwt() ->> 'email');
create view public.admins with (security_invoker = true) as
  select id, email from public.users where role = 'admin';
"""

CONFIG = """\
[project]
ref = "env(SUPABASE_PROJECT_REF)"

[branches.testing]

[branches.preview]

[seed]
paths = ["seeds/*.sql"]
function = "public.reseed"

[[test_users]]
email = "admin@example.test"
role = "admin"
login = "password"
password = "env(ADMIN_PASSWORD)"

[[test_users]]
email = "crew@example.test"
role = "crew"
login = "magic_link"

[validation]
essential_tables = ["public.users"]

[profiles]
table = "public.users"
"""

FUNCTION = """\
create or replace function public.reseed() returns void language sql as $$
  truncate public.users restart identity
$$;
"""

ROWS = """\
insert into public.users (email, role)
values ('admin@example.test', 'admin'), ('crew@example.test', 'crew')
on conflict (email) do update set role = excluded.role;
"""


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        document: dict[str, Any] = json.loads(self.out)
        return document

    def branch(self, name: str) -> dict[str, Any]:
        [found] = [each for each in self.json["branches"] if each["name"] == name]
        return found


class Team:
    """A team's folder, and the platform it works on."""

    def __init__(self, box: Sandbox, folder: Path) -> None:
        self.box, self.folder = box, folder
        self._started: list[subprocess.Popen[str]] = []
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SUPA")},
            "SUPABASE_ACCESS_TOKEN": box.access_token,
            "SUPABASE_PROJECT_REF": box.main.ref,
            "SUPASYNC_API_URL": box.api_url,
            "SUPASYNC_PROJECT_URL": box.project_url("{ref}"),
            "ADMIN_PASSWORD": PASSWORD,
        }
        self.write("config.toml", CONFIG)
        self.write("seeds/10_function.sql", FUNCTION)
        self.write("seeds/20_rows.sql", ROWS)

    def runs(self) -> list[Mapping[str, Any]]:
        """What the history has of each, oldest first."""
        kept = history.opened(config.History(), self.folder / ".supasync", print)
        return list(kept.documents())

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        return file

    def start(self, *args: str, **env: str) -> subprocess.Popen[str]:
        """The command, running; at the end of the test it is killed if need be."""
        process = subprocess.Popen(
            [sys.executable, "-m", "supasync", *args],
            cwd=self.folder,
            env={**self.env, **env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._started.append(process)
        return process

    def close(self) -> None:
        for process in self._started:
            with process:  # closes its pipes and waits for it
                process.kill()

    def __call__(self, *args: str, stdin: str = "", **env: str) -> Result:
        """`team("branches", "sync")`: the command as typed. stdin: what is piped into it."""
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / name for name in ("in", "out", "err")]
            for file, text in zip(files, (stdin, "", ""), strict=True):
                file.write_text(text)
            code = preloaded.command(
                args, folder=self.folder, env={**self.env, **env}, files=files, limit=120
            )
            return Result(code, files[1].read_text(), files[2].read_text())

    def post(self, path: str) -> None:
        """A call of the Management API."""
        headers = {"Authorization": f"Bearer {self.box.access_token}"}
        httpx.post(self.box.api_url + path, headers=headers, timeout=60).raise_for_status()

    def main_sql(self, text: str) -> None:
        """What somebody types into production's SQL editor."""
        with psycopg.connect(self.box.main.db_url, autocommit=True) as connection:
            connection.execute(text.encode())

    def sql(self, branch: str, text: str) -> Any:
        """Run as `postgres`; the first value of the answer, None when there is no row."""
        return _value(self.box.branches[branch].db_url, text)

    def main_value(self, query: str) -> Any:
        """What production answers, as `sql` has it."""
        return _value(self.box.main.db_url, query)

    def dump(self, branch: str) -> str:
        """The branch's schema as pg_dump has it, without our own."""
        done = subprocess.run(
            [
                *(binaries.find().tool("pg_dump"), "--schema-only", "--exclude-schema=supasync"),
                *("--dbname", self.box.branches[branch].db_url),
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return re.sub(r"(?m)^\\(un)?restrict .*\n", "", done.stdout)


def _value(url: str, text: str) -> Any:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(text.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@pytest.fixture(scope="session")
def box() -> Iterator[Sandbox]:
    """One sandbox for all tests that do not harm it; its production has SCHEMA, typed by hand."""
    box = _open()
    yield box
    box.close()


@pytest.fixture
def team(box: Sandbox, tmp_path: Path) -> Iterator[Team]:
    team = Team(box, tmp_path)
    yield team
    team.close()


@pytest.fixture
def own_team(tmp_path: Path) -> Iterator[Team]:
    """A team with a sandbox of its own, to harm."""
    box = _open()
    team = Team(box, tmp_path)
    yield team
    team.close()
    box.close()


@pytest.fixture
def synced(team: Team) -> Team:
    """A team whose branch `testing` is in sync."""
    result = team("branches", "sync", "testing", "--prune")  # whatever others left there
    assert result.code == 0, result.out + result.err
    return team


def _open() -> Sandbox:
    from supasync.sandbox.site import Options

    box = Sandbox(Options(example=False))
    with psycopg.connect(box.main.db_url, autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
    return box
