"""Third-party clients from npm, at the versions of package.json, against a sandbox.

SUPASYNC_TEST_NPM is a folder with them, or in which they are to be installed (400 MB).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.site import Options

HERE = Path(__file__).parent
FOLDER = os.environ.get("SUPASYNC_TEST_NPM", "")
SCHEMA = """
create table public.notes (
  id int generated always as identity primary key, owner uuid default auth.uid(), title text);
alter table public.notes enable row level security;
create policy own on public.notes to authenticated
  using (owner = auth.uid()) with check (owner = auth.uid());
create function public.add(a int, b int) returns int language sql as 'select a + b';
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and not (FOLDER and shutil.which("npm")):
            reason = "npm's clients are run where SUPASYNC_TEST_NPM names a folder for them"
            item.add_marker(pytest.mark.skip(reason=reason))


@dataclass(frozen=True)
class Npm:
    """A folder with the clients installed."""

    folder: Path

    def run(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """A program, with what it says; it need not succeed."""
        return subprocess.run(
            words, capture_output=True, text=True, check=False, timeout=120, **more
        )

    def node(self, script: str, *words: str) -> Any:
        """The JSON that a script of this folder prints."""
        copied = self.folder / script  # where its imports are found
        shutil.copy(HERE / script, copied)
        done = self.run("node", str(copied), *words, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def npm() -> Npm:
    folder = Path(FOLDER).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = HERE / "package.json"
    ours = folder / "package.json"
    if not ours.exists() or ours.read_text() != wanted.read_text():
        shutil.copy(wanted, ours)
        install = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund")
        subprocess.run(install, cwd=folder, check=True, timeout=600, capture_output=True)
    return Npm(folder)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """With a project that has one migration, and the branch testing."""
    box = Sandbox(Options(branches=(), example=False, delay=0))
    try:
        with psycopg.connect(box.main.db_url, autocommit=True) as connection:
            connection.execute(SCHEMA.encode())
        yield box
    finally:
        box.close()
