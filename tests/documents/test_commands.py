"""Every command in the documents does what its page says, in a sandbox.

All pages share a sandbox but for the tutorial, which starts one. The tutorial is always run;
SUPASYNC_TEST_DOCUMENTS=1 runs all pages. What is never run stands in elsewhere.py.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.documents.blocks import Command, commands, elsewhere, unmarked
from tests.documents.elsewhere import ELSEWHERE
from tests.documents.shell import Shell, Wrong
from tests.fix_sandbox import runs

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
TUTORIAL = ROOT / "docs/tutorial/first-sync.md"
WITH_COMMANDS = [page for page in PAGES if commands(page) and page != TUTORIAL]
EVERYTHING = bool(os.environ.get("SUPASYNC_TEST_DOCUMENTS"))

BY_HAND = f"""\
by_hand() {{ {sys.executable} {ROOT}/scripts/by_hand.py "$1"; }}
"""
DATABASE = f"""\
database() {{ {sys.executable} -m tests.documents.database "$@"; }}
"""

pytestmark = pytest.mark.timeout(180)


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def environment(home: Path) -> dict[str, str]:
    """Of somebody who has installed supasync and set nothing."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SUPA")}
    return env | {
        "PATH": f"{Path(sys.executable).parent}:{env['PATH']}",
        "PYTHONPATH": str(ROOT),
        "SUPASYNC_HOME": str(home),
        "COLUMNS": "120",
        "TERM": "dumb",
        "PYTHONIOENCODING": "utf-8",
    }


def example(folder: Path) -> Path:
    """What a clone has, as far as pages use it."""
    shutil.copy(ROOT / "config.toml", folder)
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/by_hand.py", folder / "scripts")
    return folder


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """SUPASYNC_HOME: what runs elsewhere is not seen."""
    with tempfile.TemporaryDirectory(dir=runs()) as folder:
        home = Path(folder)
        home.chmod(0o755)
        yield home


@pytest.fixture(scope="session")
def sandbox(home: Path) -> Iterator[Mapping[str, str]]:
    """The environment of somebody who has pasted what `sandbox up` printed."""
    env = environment(home)
    process = subprocess.Popen(
        [sys.executable, "-m", "supasync", "sandbox", "up", "--json"],
        stdout=subprocess.PIPE, env=env, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        box = json.loads(process.stdout.readline())
        yield env | {
            "SUPABASE_ACCESS_TOKEN": box["access_token"],
            "SUPABASE_PROJECT_REF": box["project_ref"],
            "SUPASYNC_API_URL": box["api_url"],
            "SUPASYNC_PROJECT_URL": box["project_url"].replace(box["project_ref"], "{ref}"),
            "SUPASYNC_TEST_ADMIN_PASSWORD": "a password of a document",
            "BRANCH_URL": box["branches"][0]["db_url"],
        }
        process.terminate()


def follow(page: Path, folder: Path, env: Mapping[str, str]) -> None:
    """Types all commands of the page. Raises: Wrong."""
    shell = Shell(example(folder), env)
    try:
        for prepared in (BY_HAND, DATABASE):
            shell.run(Command(0, prepared))
        for command in commands(page):
            shell.run(command)
        shell.close()
    finally:
        shell.kill()


def test_the_tutorial(home: Path, tmp_path: Path) -> None:
    follow(TUTORIAL, tmp_path, environment(home))


if EVERYTHING:

    @pytest.mark.parametrize("page", WITH_COMMANDS, ids=named)
    def test_a_page(page: Path, sandbox: Mapping[str, str], tmp_path: Path) -> None:
        follow(page, tmp_path, sandbox)


def test_what_is_not_run_is_listed_with_its_reason() -> None:
    found = [(named(page), text.split("\n")[0]) for page in PAGES for text in elsewhere(page)]
    assert sorted(found) == sorted(ELSEWHERE)
    assert {named(page): unmarked(page) for page in PAGES if unmarked(page)} == {
        "docs/reference/cli.md": unmarked(
            ROOT / "docs/reference/cli.md"
        )  # tests/unit/test_examples
    }


PAGE = """\
```console
$ printf 'a\\n12 ms and b\\nc\\n'
a
7 s and …
…
$ false    # exit code 1
$ sleep 100    # until Ctrl-C
```
"""


def test_a_page_that_is_right(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    follow(tmp_path / "page.md", made(tmp_path / "folder"), environment(tmp_path))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("\na\n7", "\nx\n7"),
        ("\na\n7", "\na\nmore\n7"),
        ("s and …\n…\n", "s and …\n"),
        ("exit code 1", "exit code 3"),
        ("$ false    # exit code 1", "$ false"),
    ],
)
def test_a_page_that_is_wrong_is_found(right: str, wrong: str, tmp_path: Path) -> None:
    assert PAGE.count(right) == 1
    (tmp_path / "page.md").write_text(PAGE.replace(right, wrong))
    with pytest.raises(Wrong, match=r"exit code \d\nthe page|exit code \d\nstdout"):
        follow(tmp_path / "page.md", made(tmp_path / "folder"), environment(tmp_path))


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder
