"""Variables of the environment in a seed file, written `:'NAME'` as in psql.

A variable becomes a whole literal, which no value can end: there is no other form. It stands only
where the configuration lists its name and SQL could have a literal; inside of strings, dollar
quotes and comments it is text like any other.

The values are put in when a text is sent. What is kept until then, is hashed or is uploaded in
pieces has tokens in their place.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import SecretStr

from supasync import sql
from supasync.errors import SeedError
from supasync.sync.seeding.parser import parser

_COLON, _STRING = 58, 261  # postgast's ScanToken.token: libpg_query's ASCII_58 and SCONST
_NAME = re.compile(r"'([A-Za-z_][A-Za-z0-9_]*)'")
_MAYBE = re.compile(r":'[A-Za-z_]")
_TOKEN = re.compile(r" :'[A-Za-z_][A-Za-z0-9_]*:[0-9a-f]{24}'")
_HIDDEN = "…"


def places(path: Path, text: str, known: Iterable[str]) -> tuple[tuple[int, int, str], ...]:
    """(start, end, name) of each variable, in bytes of the text.

    Raises: SeedError for a name that is not listed, or where no parser can tell what is text.
    """
    if not _MAYBE.search(text):
        return ()
    scanner = parser()
    if scanner is None:
        raise SeedError(
            f"{path}: which of its colons are variables cannot be told without its parser",
            remedy="Install postgast, or run this on a machine for which there is one.",
        )
    try:
        tokens = scanner.scan(text).tokens
    except scanner.PgQueryError:
        return ()  # an open string or comment, which the parser tells with its place
    raw, listed = text.encode(), frozenset(known)
    found = []
    for colon, string in itertools.pairwise(tokens):
        if (colon.token, string.token) != (_COLON, _STRING) or colon.end != string.start:
            continue
        name = _NAME.fullmatch(raw[string.start : string.end].decode())
        if name is None:
            continue
        if name[1] not in listed:
            line = raw.count(b"\n", 0, colon.start) + 1
            raise SeedError(
                f"{path}:{line}: the variable {name[1]} is not listed",
                remedy=f'Nothing was sent. Add it to variables = ["{name[1]}"] in [seed] of the '
                "configuration: a seed has no other variables of the environment.",
            )
        found.append((colon.start, string.end, name[1]))
    return tuple(found)


def blanked(text: str, found: Iterable[tuple[int, int, str]]) -> str:
    """SQL of the same length, with a literal where each variable is."""
    raw = bytearray(text.encode())
    for start, _, _ in found:
        raw[start : start + 1] = b" "
    return raw.decode()


def token(name: str) -> str:
    """What stands for a variable in a text: nothing that anybody would write."""
    return f" :'{name}:{hashlib.sha256(name.encode()).hexdigest()[:24]}'"


def without_tokens(text: str) -> str:
    """SQL of the same length, with a literal where each token is."""
    return _TOKEN.sub(lambda found: "  " + found[0][2:], text)


class Values:
    """What the variables are."""

    def __init__(self, values: Mapping[str, SecretStr]) -> None:
        self._values = values

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._values)

    def put_in(self, text: str) -> str:
        """The text with the values. It has as many lines."""
        for name, literal in self._literals(text):
            text = text.replace(token(name), literal)
        return text

    def expression(self, text: str, stored: str) -> str:
        """SQL of `put_in(text)`, where the SQL `stored` gives the text."""
        for name, literal in self._literals(text):
            stored = f"replace({stored}, {sql.dollar(token(name))}, {sql.dollar(literal)})"
        return stored

    def hidden(self, text: str) -> str:
        """A text of the server's without the values."""
        for value in sorted(self._secrets(), key=len, reverse=True):
            quoted = value.replace('"', '""')
            in_row = quoted.replace("\\", "\\\\")
            for form in (value, value.replace("'", "''"), quoted, in_row):
                text = text.replace(form, _HIDDEN)
        return text

    def _literals(self, text: str) -> list[tuple[str, str]]:
        return [
            (name, _literal(value.get_secret_value()))
            for name, value in self._values.items()
            if token(name) in text
        ]

    def _secrets(self) -> list[str]:
        return [value.get_secret_value() for value in self._values.values()]


def _literal(value: str) -> str:
    """A text literal on one line, with a blank before it: it never runs into what is there."""
    if "\n" not in value:
        return " " + sql.literal(value).lstrip()
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return f" E'{escaped}'"
