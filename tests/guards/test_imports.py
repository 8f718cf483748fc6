"""What a command does not need is not imported: start-up is most of a short command's time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NOBODY = "postgresql://nobody@127.0.0.1:1"
REF = "abcdefghijklmnopqrst"
CONFIG = f'[project]\nref = "{REF}"\n\n[branches.testing]\n'

IMPORTED = """
import sys
from supasync.cli.main import main
try:
    main()
finally:
    names = sorted(name for name, module in sys.modules.items() if module)
    print("imported:", *names, file=sys.stderr)
"""
INTERRUPTED = """
import os, signal, sys
class Finder:  # Ctrl-C while this module is looked for
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["AT"]:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
# Not as this process has it: below a shell's background job Ctrl-C is ignored.
signal.signal(signal.SIGINT, getattr(signal, os.environ["HANDLER"]))
from supasync.cli.main import main
main()
"""
SCREENS = {"click", "pygments", "rich"}
CLIENTS = {"httpx", "supabase", "tenacity"}
SERVERS = {"starlette", "uvicorn", "dbos", "supasync.sandbox", "supasync.service"}
TRACES = {"opentelemetry", "requests"}
WORK = {"asyncio", "psycopg", "pydantic", "supasync.catalog", "supasync.sync", "supasync.config"}
DIFF = ["schema", "diff", f"{NOBODY}/a", f"{NOBODY}/b", "--json"]


def run(script: str, folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The command in a folder that has a configuration for `branches`, in its own process."""
    if arguments[0] == "branches":
        (folder / "config.toml").write_text(CONFIG)
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if "SUPA" not in name} | env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "needless"),
    [
        (["--help"], 0, SCREENS | CLIENTS | SERVERS | WORK),
        (["schema", "--help"], 0, SCREENS | CLIENTS | SERVERS | WORK - {"pydantic"}),
        (DIFF, 3, SCREENS | CLIENTS | SERVERS | {"supasync.api", "supasync.config"}),
        (["branches", "diff", "main"], 4, SCREENS | SERVERS | {"psycopg", "supabase"}),
    ],
    ids=["help", "help of a group", "schema diff", "branches diff"],
)
def test_a_command_imports_only_what_it_needs(
    tmp_path: Path, arguments: list[str], code: int, needless: set[str]
) -> None:
    done = run(IMPORTED, tmp_path, *arguments)
    assert done.returncode == code, done.stderr
    [imported] = [line for line in done.stderr.splitlines() if line.startswith("imported:")]
    assert "supasync.cli.app" in imported.split()
    assert not (needless | TRACES) & set(imported.split())


@pytest.mark.parametrize("module", ["typer", "supasync.sync", "pydantic"])
def test_ctrl_c_while_importing_is_one_line(tmp_path: Path, module: str) -> None:
    done = run(INTERRUPTED, tmp_path, *DIFF, AT=module, HANDLER="default_int_handler")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\nInterrupted.\n")


def test_ctrl_c_while_the_work_imports_ends_it_in_order(tmp_path: Path) -> None:
    done = run(INTERRUPTED, tmp_path, *DIFF, AT="psycopg", HANDLER="default_int_handler")
    assert (done.returncode, done.stdout) == (130, "")
    assert "Interrupted." in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_is_ignored_where_it_was_ignored(tmp_path: Path) -> None:
    done = run(INTERRUPTED, tmp_path, "version", AT="typer", HANDLER="SIG_IGN")
    assert done.returncode == 0, done.stderr
