"""What a project's folder has already, and the files that are written into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from supasync.config import platform, source
from supasync.config.environment import Environment
from supasync.settings import CONFIG_FILES
from supasync.setup import texts

SEEDS = "seeds"
WORKFLOW = Path(".github/workflows/supasync.yml")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What Supabase's own supabase/config.toml says. remotes: branch → ref. seeds: paths."""

    file: Path | None = None
    ref: str | None = None
    remotes: Mapping[str, str]
    seeds: tuple[str, ...] = ()


def known(folder: Path, env: Mapping[str, str]) -> Known:
    """Raises: ConfigError when that file is no TOML."""
    file = folder / CONFIG_FILES[1]
    if not file.is_file():
        return Known(remotes={})
    found = platform.understand(source.read(file), Environment(env, folder), folder)
    return Known(file=file, ref=found.ref, remotes=found.remotes, seeds=found.seed_paths)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was chosen. branches: names → whether a sync shall create the branch. looked_up: whether
    the platform was asked which there are."""

    ref: str
    branches: Mapping[str, bool]
    seeds: tuple[str, ...] = ()
    workflow: bool = True
    looked_up: bool = True


def files(wanted: Wanted) -> Mapping[Path, str]:
    """Paths below the folder → texts. Seeds that are there already are used where they are."""
    seeds = wanted.seeds or (f"{SEEDS}/*.sql",)
    found = {CONFIG_FILES[0]: texts.config(wanted.ref, wanted.branches, seeds)}
    if not wanted.seeds:
        found[Path(SEEDS, "10_rows.sql")] = texts.SEED
    if wanted.workflow:
        found[WORKFLOW] = texts.WORKFLOW
    return found


def write(folder: Path, wanted: Wanted) -> tuple[Sequence[Path], Sequence[Path]]:
    """What was written, and what was there already and is left as it is. Raises: OSError."""
    written, left = [], []
    for path, text in files(wanted).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with file.open("x", encoding="utf-8") as out:
                out.write(text)
        except FileExistsError:
            left.append(path)
        else:
            written.append(path)
    return written, left
