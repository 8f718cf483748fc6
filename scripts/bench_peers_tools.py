"""The tools that are compared: where each comes from, and the commands that it is run by."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120
"""After which a command is ended."""

PSQL = ("{pg}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "{out}", "-d", "{have}")
"""Each statement by itself, as some plans need it; the first that fails ends the run."""


@dataclass(frozen=True)
class Tool:
    """Commands as words; {have}: URL of the database that is to change, {want}: of the one it is to
    equal, {out}: the file for the plan, {bin}: the tool's programs, {pg}: PostgreSQL's.

    packages: with versions, of `registry` ("npm" or "pypi"); the first is the tool itself.
    plan: writes {out}, or prints it. planned: exit codes that mean there is a plan.
    apply: performs what is in {out}. anew: it cannot change a database, only fill an empty one.
    timed: whether it reads the schema of the speed measurement at all.
    """

    name: str
    plan: tuple[str, ...]
    apply: tuple[str, ...] = PSQL
    packages: tuple[str, ...] = ()
    registry: str = ""
    planned: tuple[int, ...] = (0,)
    prints: bool = True
    anew: bool = False
    timed: bool = True
    note: str = ""


_SUPASYNC = (sys.executable, "-m", "supasync", "schema")
_MIGRA = ("{bin}/migra", "--unsafe", "--with-privileges", "{have}", "{want}")
_PGDELTA = ("--renames", "off", "--source", "{have}", "--desired", "{want}", "--out", "{out}")
_PGDELTA_APPLY = ("{bin}/pgdelta", "apply", "--allow-data-loss")
_EXPLICIT = ("--unsafe", "true", "--with-privileges", "true")
_SCHEMADRIFT = ("{bin}/pg-schema-diff", "diff", "--no-transaction", "-o", "{out}")
_MIGRA_PINS = ("migra==3.0.1663481299", "schemainspect==3.1.1663587362", "sqlalchemy==1.4.54")

TOOLS = (
    Tool(
        "supasync",
        plan=(*_SUPASYNC, "diff", "--hard", "--sql", "{want}", "{have}"),
        planned=(0, 1),
        apply=(*_SUPASYNC, "sync", "--yes", "--prune", "--allow-empty", "{want}", "{have}"),
        note="`sync` plans anew and proves the result",
    ),
    Tool(
        "pg_dump and psql",
        plan=("{pg}/pg_dump", "--schema-only", "--file", "{out}", "{want}"),
        prints=False,
        anew=True,
        note="the database is dropped and made anew: no row survives",
    ),
    Tool(
        "supabase db diff",
        packages=("supabase@3.1.0",),
        registry="npm",
        plan=("{bin}/supabase", "db", "diff", "--from", "{have}", "--to", "{want}", "-o", "{out}"),
        prints=False,
        note="called SQL for review by its own help; with URLs it needs no Docker",
    ),
    Tool(
        "pg-delta",
        packages=("@supabase/pg-delta@1.0.0-alpha.34",),
        registry="npm",
        plan=("{bin}/pgdelta", "plan", *_PGDELTA),
        prints=False,
        apply=(*_PGDELTA_APPLY, "--plan", "{out}", "--target", "{have}"),
    ),
    Tool(
        "migra",
        packages=(*_MIGRA_PINS, "setuptools==80.9.0", "psycopg2-binary==2.9.10"),
        registry="pypi",
        plan=_MIGRA,
        planned=(0, 2),
    ),
    Tool(
        "migradiff",
        packages=("migradiff==1.7.2", "psycopg[binary]==3.3.9", "sqlalchemy==2.1.9"),
        registry="pypi",
        plan=(*_MIGRA[:3], "--no-rename-detection", "--force-destructive", *_MIGRA[3:]),
        planned=(0, 2),
    ),
    Tool(
        "@pgkit/migra",
        packages=("@pgkit/migra@0.6.1",),
        registry="npm",
        plan=("{bin}/migra", "run", "{have}", "{want}", *_EXPLICIT),
        planned=(0, 2),
    ),
    Tool(
        "pg-schema-diff (PyPI)",
        packages=("pg-schema-diff==0.2.4", "psycopg2-binary==2.9.13"),
        registry="pypi",
        plan=(*_SCHEMADRIFT, "--source", "{have}", "--target", "{want}"),
        prints=False,
        timed=False,
        note="reads the schema `public` alone, so it is not timed",
    ),
)

NOT_MEASURED = {
    "pgdelta (PyPI) 0.1.0": "wants Python 3.13, and its command needs Docker",
    "postgres-ddl (PyPI) 2.1": "a library that writes a file for each type of object, without an "
    "order in which they can be run",
    "pg-diff-cli (npm) 2.4.1": "writes migration files by a configuration file and keeps a history "
    "of them; it has no command for two databases by URL",
    "Pyrseas 0.10.0, pgdeclare 0.1.2 (PyPI)": "make a database what their own files declare; they "
    "have no plan between two databases",
    "apgdiff": "neither on npm nor on PyPI",
    "pg-schema-diff (Stripe), pgschema": "neither on npm nor on PyPI",
    "Atlas": "its npm package downloads the program from elsewhere",
    "pgAdmin's schema diff": "a web application without a command",
}


def version(tool: Tool, own: str, server: str) -> str:
    """own: supasync's version, server: PostgreSQL's."""
    if tool.packages:
        return tool.packages[0].replace("==", "@").rpartition("@")[2]
    return server if tool.anew else own


def install(tools: Sequence[Tool], folder: Path) -> dict[str, str]:
    """Each below `folder`, unless it is there; why those that failed did, by name."""
    failed = {}
    for tool in (each for each in tools if each.packages):
        place = folder / _slug(tool)
        done = place / ".installed"
        if done.exists() and done.read_text() == " ".join(tool.packages):
            continue
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        print(f"installing {tool.name} …", file=sys.stderr)
        try:
            _install(tool, place)
        except (OSError, subprocess.SubprocessError) as error:
            failed[tool.name] = _reason(error)
        else:
            done.write_text(" ".join(tool.packages))
    return failed


def _install(tool: Tool, place: Path) -> None:
    commands = [["npm", "install", "--no-audit", "--no-fund", "--prefix", str(place)]]
    if tool.registry == "pypi":
        commands = [[sys.executable, "-m", "venv", str(place)]]
        pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        commands.append([*pip, "install", "--quiet"])
    commands[-1] += tool.packages
    for command in commands:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)


def _reason(error: Exception) -> str:
    text = getattr(error, "stderr", None) or str(error)
    return f"could not be installed: {str(text).strip().splitlines()[-1]}"


def _slug(tool: Tool) -> str:
    return tool.name.split()[0].strip("@").replace("/", "-")


def programs(tool: Tool, folder: Path) -> Path:
    inside = "node_modules/.bin" if tool.registry == "npm" else "bin"
    return folder / _slug(tool) / inside


@dataclass(frozen=True)
class Run:
    """How a command ended. code: None when it was ended for taking too long."""

    code: int | None
    said: str


def run(words: Sequence[str], names: Mapping[str, object], *, printed: Path | None = None) -> Run:
    """A command with its {names} filled in, in the folder of its plan, where no configuration lies.

    printed: a file for what it prints.
    """
    command = [word.format_map(names) for word in words]
    folder = Path(str(names["out"])).parent
    env = {name: value for name, value in os.environ.items() if "SUPA" not in name}
    try:
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return Run(None, f"no end after {SECONDS} s")
    if printed is not None:
        printed.write_bytes(done.stdout)
    return Run(done.returncode, (done.stderr or done.stdout).decode(errors="replace"))
