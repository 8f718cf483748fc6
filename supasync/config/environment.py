"""Variables for `env(NAME)`: the process's own, then .env files, as Supabase's CLI loads them.

In the configuration's folder and each one above it up to the repository's root:
.env.<SUPABASE_ENV or development>.local, .env.local (not for "test"), .env.<…>, .env.
What was found first counts. (supabase/cli pkg/config)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from supasync.errors import ConfigError

_ITEM = re.compile(
    r"""[^\S\n]*(?:
      (?:export\s+)?(?P<name>[A-Za-z_][\w.]*)[^\S\n]*=[^\S\n]*
      (?:'(?P<single>[^']*)' | "(?P<double>(?:\\.|[^"\\])*)" | (?P<bare>[^\n]*?))
      [^\S\n]*(?:(?<=[\s='"])\#[^\n]*)?
    | (?:\#[^\n]*)?
    )(?:\n|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class Environment:
    """Looks variables up; .env files are read when the first one is not the process's own."""

    def __init__(self, env: Mapping[str, str], folder: Path) -> None:
        self._env = env
        self._folder = folder

    def get(self, name: str) -> str:
        """The variable's value, "" when it is not set. Raises: ConfigError for a bad .env file."""
        return self._env[name] if name in self._env else self._files.get(name, "")

    @cached_property
    def _files(self) -> Mapping[str, str]:
        values: dict[str, str] = {}
        for file in env_files(self._folder, self._env.get("SUPABASE_ENV") or "development"):
            for name, value in parse(file, {**values, **self._env}).items():
                values.setdefault(name, value)
        return values


def env_files(folder: Path, stage: str) -> Iterator[Path]:
    """The .env files that exist, the most important first."""
    names = [f".env.{stage}.local", ".env.local", f".env.{stage}", ".env"]
    if stage == "test":
        names.remove(".env.local")
    for place in _up_to_root(folder.resolve()):
        yield from (file for name in names if (file := place / name).is_file())


def _up_to_root(folder: Path) -> list[Path]:
    """The folder and those above it up to the repository's root; without one, the folder and,
    for `supabase/`, its project."""
    places = [folder, *folder.parents]
    for depth, place in enumerate(places, 1):
        if (place / ".git").exists():
            return places[:depth]
    return places[: 2 if folder.name == "supabase" else 1]


def parse(file: Path, known: Mapping[str, str]) -> Mapping[str, str]:
    """The variables of a .env file. known: what `$NAME` may refer to besides the file itself.

    'single' is literal; "double" has \\n and \\" and, like bare values, $NAME and ${NAME}.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "cannot be read as UTF-8 text", file=file, remedy="Repair or remove the file."
        ) from error
    values: dict[str, str] = {}
    at = 0
    while at < len(text):
        item = _ITEM.match(text, at)
        if item is None:
            raise ConfigError(
                "is not NAME=value",
                file=file,
                line=text.count("\n", 0, at) + 1,
                remedy="Write NAME=value, in quotes when it has blanks, or put # in front.",
            )
        if item["name"]:
            values[item["name"]] = _value(item, {**known, **values})
        at = item.end()
    return values


def _value(match: re.Match[str], known: Mapping[str, str]) -> str:
    if match["single"] is not None:
        return match["single"]
    double = match["double"]
    text = match["bare"] if double is None else double

    def expand(variable: re.Match[str]) -> str:
        return known.get(variable[1] or variable[2], "")

    if double is None:
        return _VARIABLE.sub(expand, text.strip())
    return "".join(
        _ESCAPES.get(part[1], part[1]) if part.startswith("\\") else _VARIABLE.sub(expand, part)
        for part in re.split(r"(\\.)", text, flags=re.DOTALL)  # an escaped $ is no variable
    )
