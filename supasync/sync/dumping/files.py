"""A dump as files: one for each object, and one that loads them all in their order.

Paths are made of lower-case ASCII only and depend on nothing but the object, so that no two meet on
any file system and a file stays where it is when others come and go.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from supasync.catalog import Dump, Id
from supasync.catalog.dump import AT_THE_END, ended, titled
from supasync.sql import comment

INDEX = "schema.sql"
"""The file that includes all others."""

_OUTSIDE = "database"
"""The folder of what lives in no schema."""

_PLAIN = re.compile(r"[a-z0-9_][a-z0-9_-]*")
# "Naming Files, Paths, and Namespaces", learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]|" + _OUTSIDE)
_MOST = 63
_MOST_TOGETHER = 180
"""Letters that are kept of a name, and of all names of an object: file systems take 255 bytes."""


def files(dump: Dump) -> dict[str, str]:
    """The texts by path. `psql -1 -f schema.sql`, in their folder, loads them."""
    last = {step.id: number for number, step in enumerate(dump.steps) if step.verb != "drop"}
    found, index = {}, list(dump.head)
    for number, step in enumerate(dump.steps):
        if not step.sql:
            continue
        if last.get(step.id) != number:  # a stand-in until the object itself can be made
            index += titled(step)
            continue
        path = path_of(step.id, dump.schemas[step.id])
        found[path] = _text(path, titled(step))
        index.append(f"\\ir '{path}'")
    if dump.finish:
        index += ["", comment(AT_THE_END), *ended(dump.finish)]
    return {INDEX: _text(INDEX, index), **found}


def first_line(path: str) -> str:
    """By which a file says that it was written by us, for this place."""
    return comment(f"supasync schema dump --split: {path}")


def path_of(id_: Id, schema: str | None) -> str:
    """schema/kind/names.sql"""
    kind, *names = id_
    if schema is None:
        return f"{_OUTSIDE}/{kind}/{_joined(names)}.sql"
    if names == [schema]:
        return f"{_safe(schema)}/{kind}.sql"
    return f"{_safe(schema)}/{kind}/{_joined(names[names[0] == schema :])}.sql"


def _joined(names: Iterable[str]) -> str:
    parts = list(names)
    while len(parts) > 1 and not parts[-1]:  # the arguments of a function that takes none
        parts.pop()
    whole = ".".join(_safe(part) for part in parts)
    return whole if len(whole) <= _MOST_TOGETHER else _marked(whole, "\0".join(parts))


def _safe(name: str) -> str:
    """The name itself where any file system takes it, else what is readable of it and a hash."""
    if _PLAIN.fullmatch(name) and not _RESERVED.fullmatch(name) and len(name) <= _MOST:
        return name
    return _marked(re.sub(r"[^a-z0-9_]+", "-", name.lower())[:_MOST].strip("-"), name)


def _marked(text: str, name: str) -> str:
    return f"{text[:_MOST_TOGETHER]}~{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _text(path: str, lines: Iterable[str]) -> str:
    return "\n".join([first_line(path), *lines, ""])
