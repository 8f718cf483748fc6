"""Supabase's own `supabase/config.toml`, as far as it says something about branches.

Read here: `project_id`, `[remotes.NAME] project_id`, `[db.seed] enabled, sql_paths` (relative to
its folder), and the latter below a remote, for which seeding is off unless it says
`enabled = true` itself. Everything else is the official CLI's business. (supabase/cli pkg/config)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from supasync.config.environment import Environment
from supasync.config.lines import KeyPath
from supasync.config.seeds import matches
from supasync.config.source import Source
from supasync.config.variables import literal
from supasync.settings import is_ref

FOLDER = "supabase"
SECTIONS = frozenset(
    {
        "project_id",
        "analytics",
        "api",
        "auth",
        "db",
        "edge_runtime",
        "experimental",
        "functions",
        "inbucket",
        "local_smtp",
        "realtime",
        "remotes",
        "storage",
        "studio",
    }
)
DEFAULT_SEED = "./seed.sql"


@dataclass(frozen=True)
class Platform:
    """What Supabase's own file tells. seed_paths: globs relative to the asking file's folder.
    remote_seeds: the same, by remote."""

    ref: str | None = None
    remotes: Mapping[str, str] = field(default_factory=dict)
    seed_paths: tuple[str, ...] = ()
    remote_seeds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def is_platform_file(source: Source) -> bool:
    """Whether a file is Supabase's own: by its place, or by Supabase's top-level sections."""
    by_place = source.file.name == "config.toml" and source.file.resolve().parent.name == FOLDER
    return by_place or any(key in SECTIONS for key in source.data)


def understand(source: Source, environment: Environment, folder: Path) -> Platform:
    """Read a file of Supabase's. It is not ours to refuse: what is odd in it is a warning.

    folder: the one that seed paths shall be relative to.
    """
    warnings: list[str] = []
    project_id = literal(source.data.get("project_id"), environment)
    seeds = _Seeds(source, environment, folder, warnings)
    remotes = _remotes(source, environment, warnings)
    return Platform(
        ref=project_id if project_id and is_ref(project_id) else None,
        remotes=remotes,
        seed_paths=seeds.of_base(),
        remote_seeds={name: seeds.of_remote(name) for name in remotes},
        warnings=tuple(warnings),
    )


def _remotes(source: Source, environment: Environment, warnings: list[str]) -> Mapping[str, str]:
    remotes: dict[str, str] = {}
    for name, remote in _table(source.data.get("remotes")).items():
        ref = literal(_table(remote).get("project_id"), environment)
        if ref is None or not is_ref(ref):
            path = ("remotes", name, "project_id")
            warnings.append(source.told(path, "is not a project ref, so the section is left out"))
        else:
            remotes[name] = ref
    return remotes


@dataclass(frozen=True)
class _Seeds:
    """The seeds of a file. The official CLI passes over a path without files, so it is no error
    here either."""

    source: Source
    environment: Environment
    folder: Path
    warnings: list[str]

    def of_base(self) -> tuple[str, ...]:
        seed = self._section(())
        return () if seed.get("enabled") is False else self._paths((), seed)

    def of_remote(self, name: str) -> tuple[str, ...]:
        at = ("remotes", name)
        seed = self._section(at)
        if seed.get("enabled") is not True:
            return ()
        return self._paths(at if "sql_paths" in seed else (), {**self._section(()), **seed})

    def _section(self, at: tuple[str, ...]) -> Mapping[str, Any]:
        found: Any = self.source.data
        for key in (*at, "db", "seed"):
            found = _table(found).get(key)
        return _table(found)

    def _paths(self, at: tuple[str, ...], seed: Mapping[str, Any]) -> tuple[str, ...]:
        own = self.source.file.parent
        listed = seed.get("sql_paths")
        patterns = listed if isinstance(listed, list) else [DEFAULT_SEED]
        paths = []
        for index, value in enumerate(patterns):
            pattern = literal(value, self.environment)
            if pattern and matches(own, pattern):
                prefix = "" if own == self.folder else own.name
                paths.append(str(PurePosixPath(prefix, pattern)))
            elif listed is not None:
                place: KeyPath = (*at, "db", "seed", "sql_paths", index)
                told = self.source.told(place, f"{pattern} matches no file, so it seeds nothing")
                if told not in self.warnings:
                    self.warnings.append(told)
        return tuple(paths)


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
