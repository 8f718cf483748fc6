"""A folder in which some files are ours: kept up to date without touching any other.

A file is ours when its first line says so and names the place it is at: a copy somewhere else is
somebody's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from supasync.errors import Refused, UsageError

_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Written:
    """Paths, relative to the folder."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def replace(folder: Path, files: Mapping[str, str], first_line: Callable[[str], str]) -> Written:
    """Makes the folder's files of ours these: what differs is written, what is gone removed.

    files: texts by path relative to the folder, `/` between names. first_line: of a path.
    Raises: Refused when foreign files are in the way, before anything is written; UsageError.
    """
    with _told(folder):
        return _replace(folder, files, first_line)


def write(file: Path, text: str) -> None:
    """Raises: UsageError."""
    with _told(file):
        _put(file, text.encode())


@contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{error.filename or place} cannot be written: {error.strerror}",
            remedy="Name a place where files can be written.",
        ) from error


def _replace(folder: Path, files: Mapping[str, str], first_line: Callable[[str], str]) -> Written:
    ours = set(_ours(folder, first_line))
    _check(folder, files, ours)
    written = []
    for path, text in files.items():
        file, content = folder / path, text.encode()
        if path in ours and file.read_bytes() == content:
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        _put(file, content)
        written.append(path)
    gone = sorted(ours - files.keys())
    for path in gone:
        _remove(folder, path)
    return Written(written=tuple(written), removed=tuple(gone), unchanged=len(files) - len(written))


def _put(file: Path, content: bytes) -> None:
    """Readers see the old file or the new, never a part."""
    new = file.with_name(f".{file.name}.new")
    try:
        new.write_bytes(content)
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _ours(folder: Path, first_line: Callable[[str], str]) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        for name in names:
            file = Path(place, name)
            if file.suffix == ".sql" and file.is_file() and not file.is_symlink():
                path = file.relative_to(folder).as_posix()
                if _starts(file, first_line(path).encode() + b"\n"):
                    yield path


def _starts(file: Path, line: bytes) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(line)) == line


def _check(folder: Path, files: Mapping[str, str], ours: set[str]) -> None:
    foreign = {path for path in files if path not in ours and os.path.lexists(folder / path)}
    for above in {above for path in files for above in Path(path).parents[:-1]}:
        place = folder / above
        if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
            foreign.add(above.as_posix())
    if not foreign:
        return
    shown = ", ".join(sorted(foreign)[:_SHOWN])
    more = f" and {len(foreign) - _SHOWN} more" if len(foreign) > _SHOWN else ""
    raise Refused(
        f"{folder} has files of somebody else where the dump has to go: {shown}{more}",
        remedy="Move them, or name another folder. Nothing was written.",
    )


def _remove(folder: Path, path: str) -> None:
    """Removes the file, and the folders that are empty without it."""
    (folder / path).unlink()
    for above in Path(path).parents[:-1]:
        try:
            (folder / above).rmdir()
        except OSError:  # something else is in it
            return
