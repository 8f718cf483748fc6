"""A TOML file, parsed, that knows the line of each key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supasync.config.lines import KeyPath, lines
from supasync.errors import ConfigError

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)\Z")


@dataclass(frozen=True)
class Source:
    file: Path
    data: Mapping[str, Any]
    lines: Mapping[KeyPath, int]

    def error(self, path: KeyPath, message: str, remedy: str) -> ConfigError:
        """An error about a key; about one that is absent, at the line of what it is absent from."""
        return ConfigError(
            message,
            file=self.file,
            line=self.line(path),
            key=dotted(path) or None,
            remedy=remedy,
        )

    def told(self, path: KeyPath, message: str) -> str:
        """A sentence about a key, with its place in front, for a warning."""
        return str(self.error(path, message, ""))

    def line(self, path: KeyPath) -> int | None:
        """The line of a key, or of the nearest one around it that is there."""
        return nearest(self.lines, path)


def nearest(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """The line of a key, or of the nearest one around it that is there."""
    around = (path[:size] for size in range(len(path), 0, -1))
    return next((lines[known] for known in around if known in lines), None)


def read(file: Path) -> Source:
    """Read a TOML file. Raises: ConfigError."""
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise ConfigError(
            f"cannot be read: {error.strerror}", file=file, remedy="Name another with --config."
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"is not UTF-8 text (byte {error.start})", file=file, remedy="Save it as UTF-8."
        ) from None
    try:
        return Source(file, tomllib.loads(text), lines(text))
    except tomllib.TOMLDecodeError as error:
        message, line = _worded(str(error), text)
        raise ConfigError(
            f"is not TOML: {message}",
            file=file,
            line=line,
            remedy="Correct the syntax; texts are quoted, true and false are not (toml.io).",
        ) from None
    except RecursionError:
        raise ConfigError("is nested too deeply", file=file, remedy="Flatten it.") from None


def dotted(path: KeyPath) -> str:
    """`test_users[1].email`; parts that TOML would quote are quoted."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            quoted = part if _BARE.match(part) else '"' + part.replace('"', '\\"') + '"'
            text += f".{quoted}" if text else quoted
    return text


def _worded(message: str, text: str) -> tuple[str, int]:
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    return _PLACE.sub("", message), line
