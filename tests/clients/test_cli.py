"""The platform's CLI: a project is linked, asked and typed, its branches and migrations managed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.instance import Instance
from tests.clients.conftest import Npm


class Cli:
    """In a folder of its own, with a profile whose API is the sandbox."""

    def __init__(self, box: Sandbox, npm: Npm, folder: Path) -> None:
        self.box, self.npm, self.folder = box, npm, folder
        profile = folder / "profile.yaml"
        fields = {
            "name": "sandbox",
            "api_url": box.api_url,
            "dashboard_url": box.api_url,
            "project_host": "127.0.0.1",
        }
        profile.write_text("".join(f"{key}: {value}\n" for key, value in fields.items()))
        program = npm.folder / "node_modules/@supabase/cli-linux-x64/bin/supabase"
        self.words = [str(program), "--profile", str(profile), "--yes"]

    def __call__(self, *words: str) -> str:
        """What a command prints; it has to succeed."""
        env = os.environ | {
            "SUPABASE_ACCESS_TOKEN": self.box.access_token,
            "SUPABASE_HOME": str(self.folder / "home"),
            "SUPABASE_NO_KEYRING": "1",
            "SUPABASE_TELEMETRY_DISABLED": "1",
            "SUPABASE_NO_UPDATE_NOTIFIER": "1",
        }
        done = self.npm.run(*self.words, *words, cwd=self.folder, env=env)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "-o", "json"))

    def branch(self, name: str) -> Instance:
        """A new one, when it is ready."""
        project = ("--project-ref", self.box.main.ref)
        self("branches", "create", name, *project)
        for _ in range(100):
            found = {each["name"]: each for each in self.json("branches", "list", *project)}
            if found[name]["status"] == "FUNCTIONS_DEPLOYED":
                return self.box.branches[name]
            time.sleep(0.1)
        pytest.fail(f"{name} is {found[name]['status']}")


@pytest.fixture
def cli(box: Sandbox, npm: Npm, tmp_path: Path) -> Cli:
    cli = Cli(box, npm, tmp_path)
    cli("init")
    return cli


def test_a_project_is_linked_and_asked(box: Sandbox, cli: Cli) -> None:
    cli("link", "--project-ref", box.main.ref)
    assert [each["name"] for each in cli.json("orgs", "list")] == ["Sandbox"]
    assert [each["ref"] for each in cli.json("projects", "list")] == [box.main.ref]
    keys = cli.json("projects", "api-keys", "--project-ref", box.main.ref, "--reveal")
    assert box.main.keys.secret in {key["api_key"] for key in keys}
    assert json.loads(cli("db", "query", "--linked", "-o", "json", "select 42 as answer"))
    assert "Functions: {" in cli("gen", "types", "--linked")
    assert "sandbox" in cli("whoami")


def test_a_branch_lives(box: Sandbox, cli: Cli) -> None:
    project = ("--project-ref", box.main.ref)
    branch = cli.branch("feature")
    assert branch.record.passwords["postgres"] in cli("branches", "get", "feature", *project)
    cli("branches", "update", "feature", "--name", "renamed", *project)
    cli("branches", "pause", "renamed", *project)
    assert branch.record.project_status == "INACTIVE"
    cli("branches", "unpause", "renamed", *project)
    assert branch.record.project_status == "ACTIVE_HEALTHY"
    cli("branches", "delete", "renamed", *project)
    assert "renamed" not in {each["name"] for each in cli.json("branches", "list", *project)}


def test_migrations_go_to_a_database_directly(box: Sandbox, cli: Cli) -> None:
    """As the branch's details tell it; the database is called postgres."""
    branch = cli.branch("direct")
    headers = {"authorization": f"Bearer {box.access_token}"}
    told = httpx.get(f"{box.api_url}/v1/branches/{branch.ref}", headers=headers).json()
    login = f"{told['db_user']}:{told['db_pass']}@{told['db_host']}:{told['db_port']}"
    url = ("--db-url", f"postgresql://{login}/postgres")
    cli("migration", "fetch", *url)
    cli("migration", "new", "made_here")
    (file,) = (cli.folder / "supabase" / "migrations").glob("*_made_here.sql")
    file.write_text("create table public.from_cli (id int);")
    version = file.name.partition("_")[0]
    cli("db", "push", *url)
    assert cli("migration", "list", *url).count(version) == 2, "local and remote"
    assert "from_cli: {" in cli("gen", "types", "--project-id", branch.ref)
    cli("migration", "repair", *url, "--status", "reverted", version)
    assert cli("migration", "list", *url).count(version) == 1
    cli("migration", "repair", *url, "--status", "applied", version)
    cli("db", "reset", *url)
    assert cli("migration", "list", *url).count(version) == 2
