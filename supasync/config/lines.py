"""The line of every key in a TOML document, which tomllib does not tell.

The text must have been accepted by tomllib: this scanner only finds its way, it checks nothing.
A path is a tuple of keys and, inside arrays, 0-based indexes: ("test_users", 1, "email").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]*")
_STRING = re.compile(
    r'"""(?P<mb>(?:\\.|[^\\])*?"{0,2})"""(?!")'
    r"|'''(?P<ml>.*?'{0,2})'''(?!')"
    r'|"(?P<b>(?:\\.|[^"\\\n])*)"'
    r"|'(?P<l>[^'\n]*)'",
    re.DOTALL,
)
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


def lines(text: str) -> Mapping[KeyPath, int]:
    """The 1-based line on which each table, key and array element is first named."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[KeyPath, int] = {}
        self.last_index: dict[KeyPath, int] = {}
        self._counted, self._line = 0, 1

    def scan(self) -> Mapping[KeyPath, int]:
        table: KeyPath = ()
        while self._skip_blank():
            if self._take("[["):
                table = self._array_table(tuple(self._key()))
                self._take_closing("]]")
            elif self._take("["):
                table = self._table(tuple(self._key()))
                self._take_closing("]")
            else:
                self._pair(table)
        return self.found

    def _table(self, keys: tuple[str, ...]) -> KeyPath:
        path: KeyPath = ()
        for key in keys:
            path = (*self._inside(path), key)
            self._note(path)
        return self._inside(path)

    def _array_table(self, keys: tuple[str, ...]) -> KeyPath:
        path = (*self._table(keys[:-1]), keys[-1])
        self._note(path)
        self.last_index[path] = self.last_index.get(path, -1) + 1
        self._note(self._inside(path))
        return self._inside(path)

    def _inside(self, path: KeyPath) -> KeyPath:
        """A header goes on in the last element of an array of tables."""
        return (*path, self.last_index[path]) if path in self.last_index else path

    def _pair(self, table: KeyPath) -> None:
        path = table
        for key in self._key():
            path = (*path, key)
            self._note(path)
        self._take_closing("=")
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self._skip_blank()
        if self._take("["):
            for index, _ in enumerate(self._items("]")):
                self._note((*path, index))
                self._value((*path, index))
        elif self._take("{"):
            for _ in self._items("}"):
                self._pair(path)
        elif self._string() is None:
            self._match(_SCALAR)

    def _items(self, closing: str) -> Iterator[None]:
        """Stops before each item of an array or inline table; the caller reads it."""
        while self._skip_blank() and not self._take(closing):
            yield
            self._skip_blank()
            self._take(",")

    def _key(self) -> Iterator[str]:
        """The parts of a dotted key. Not lazy: the key is read before its line is left."""
        parts = []
        while True:
            self._skip_blank()
            quoted = self._string()
            parts.append(self._match(_BARE_KEY) if quoted is None else quoted)
            self._skip_blank()
            if not self._take("."):
                return iter(parts)

    def _string(self) -> str | None:
        match = _STRING.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        kind, content = next((k, v) for k, v in match.groupdict().items() if v is not None)
        return _unescape(content) if kind in {"b", "mb"} else content

    def _note(self, path: KeyPath) -> None:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        self.found.setdefault(path, self._line)

    def _skip_blank(self) -> bool:
        """Whether anything is left after blanks, line ends and comments."""
        self._match(_BLANK)
        return self.at < len(self.text)

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise AssertionError(f"not TOML as tomllib reads it, at offset {self.at}")
        self.at = match.end()
        return match.group()

    def _take(self, token: str) -> bool:
        taken = self.text.startswith(token, self.at)
        self.at += len(token) if taken else 0
        return taken

    def _take_closing(self, token: str) -> None:
        self._skip_blank()
        self._take(token)


def _unescape(content: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match.group(1)
        if code[0] in "uUx":
            return chr(int(code[1:], 16))
        return _ESCAPES.get(code, code)

    return re.sub(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", plain, content, flags=re.DOTALL)
