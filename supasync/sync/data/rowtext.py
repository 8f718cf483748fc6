"""Rows as texts: PostgreSQL's record literals, which every type's own input and output make."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

Value = str | None

_FIELD = re.compile(r'(?:"((?:[^"\\]|""|\\\\)*+)"|([^,()"\\]*+))(?=[,)])')
_TO_QUOTE = re.compile(r'[\s"\\(),]', re.ASCII)


def fields(row: str) -> list[Value]:
    """The values' texts of a record as record_out prints it. Raises: ValueError."""
    found: list[Value] = []
    at = 1
    while row[:1] == "(" and (field := _FIELD.match(row, at)):
        quoted, plain = field.groups()
        if quoted is None:
            found.append(plain or None)
        else:
            found.append(quoted.replace('""', '"').replace("\\\\", "\\"))
        at = field.end() + 1
        if row[field.end()] == ")":
            break
    if at != len(row) or row[-1:] != ")":
        raise ValueError("not a record")
    return found


def record(values: Sequence[Value]) -> str:
    """As record_out prints them (PostgreSQL, rowtypes.c)."""
    return "(" + ",".join(map(_field, values)) + ")"


def _field(value: Value) -> str:
    if value is None:
        return ""
    if value and not _TO_QUOTE.search(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '""') + '"'


class Digest:
    """Of rows as a multiset, as `asking.Marks` has the server compute it."""

    def __init__(self) -> None:
        self._rows: list[str] = []
        self.bytes = 0

    def add(self, rows: Iterable[str]) -> None:
        for row in rows:
            text = row.encode()
            self.bytes += len(text)
            self._rows.append(hashlib.md5(text, usedforsecurity=False).hexdigest())

    def mark(self) -> Mark:
        joined = "".join(sorted(self._rows))
        return len(self._rows), self.bytes, hashlib.sha256(joined.encode()).hexdigest()


Mark = tuple[int, int, str]
"""How many rows, the bytes of their texts, and the digest of all."""
