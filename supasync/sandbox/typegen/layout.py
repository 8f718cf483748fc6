"""TypeScript types as values, and as text: no semicolons, lines of 80 characters where it goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

WIDTH: Final = 80


class Part(Protocol):
    """A type that can have several lines."""

    def flat(self) -> str | None:
        """The text in one line; None when it has to have more."""
        ...

    def tall(self, indent: int) -> str:
        """The text in several lines, the first of which has this indent."""
        ...


Node: TypeAlias = str | Part


@dataclass(frozen=True)
class Fields:
    """An object type. open: one line for each field, whether or not they fit into one."""

    of: Sequence[tuple[str, Node]]
    open: bool = False

    def flat(self) -> str | None:
        parts = [(name, flat(value)) for name, value in self.of]
        if self.open or any(value is None for _, value in parts):
            return None
        inner = "; ".join(f"{name}: {value}" for name, value in parts)
        return f"{{ {inner} }}" if inner else "{}"

    def tall(self, indent: int) -> str:
        return _block("{", [field(*each, indent + 2) for each in self.of], "}", indent)


@dataclass(frozen=True)
class Tuple:
    of: Sequence[Node]

    def flat(self) -> str | None:
        inner = _joined(self.of, ", ")
        return None if inner is None else f"[{inner}]"

    def tall(self, indent: int) -> str:
        items = [f"{text(each, indent + 2, indent + 2)}," for each in self.of]
        return _block("[", items, "]", indent)


@dataclass(frozen=True)
class Either:
    of: Sequence[Node]

    @property
    def or_null(self) -> Fields | None:
        """The object type, when there is nothing else but null."""
        if len(self.of) == 2 and isinstance(self.of[0], Fields) and self.of[1] == "null":
            return self.of[0]
        return None

    def flat(self) -> str | None:
        return _joined(self.of, " | ")

    def tall(self, indent: int) -> str:
        if self.or_null is not None:
            return f"{self.or_null.tall(indent)} | null"
        return "".join(
            f"\n{' ' * (indent + 2)}| {text(each, indent + 4, indent + 4)}" for each in self.of
        )


@dataclass(frozen=True)
class ListOf:
    item: Node

    def flat(self) -> str | None:
        item = flat(self.item)
        if item is None:
            return None
        return f"({item})[]" if isinstance(self.item, Either) else f"{item}[]"

    def tall(self, indent: int) -> str:
        if isinstance(self.item, str):
            return f"{self.item}[]"
        inner = self.item.tall(indent)
        return f"({inner}\n{' ' * indent})[]" if inner.startswith("\n") else f"{inner}[]"


@dataclass(frozen=True)
class Both:
    """What is an object type and another one."""

    fields: Fields
    other: str

    def flat(self) -> str | None:
        return _joined([self.fields, self.other], " & ")

    def tall(self, indent: int) -> str:
        return f"{replace(self.fields, open=True).tall(indent)} & {self.other}"


def key(name: str, *, optional: bool = False) -> str:
    plain = name.replace("$", "_").isidentifier()  # Unicode's rule for both languages
    return (name if plain else string(name)) + ("?" if optional else "")


def string(text: str) -> str:
    """A literal in the quotes that need fewer escapes."""
    quoted = json.dumps(text, ensure_ascii=False)
    if text.count('"') <= text.count("'"):
        return quoted
    return "'" + quoted[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def boolean(value: bool) -> str:
    return "true" if value else "false"


def field(name: str, value: Node, indent: int) -> str:
    """`name: value`, at this indent, without the blanks before it."""
    made = text(value, indent, indent + len(name) + 2)
    return f"{name}:{made}" if made.startswith("\n") else f"{name}: {made}"


def text(node: Node, indent: int, column: int) -> str:
    """The node's text when it begins in this column of a line with this indent."""
    line = flat(node)
    if isinstance(node, str):
        return node
    if line is not None and column + len(line) <= WIDTH:
        return line
    return node.tall(indent)


def flat(node: Node) -> str | None:
    return node if isinstance(node, str) else node.flat()


def _block(start: str, lines: Sequence[str], end: str, indent: int) -> str:
    inner = "".join(f"\n{' ' * (indent + 2)}{line}" for line in lines)
    return f"{start}{inner}\n{' ' * indent}{end}" if lines else start + end


def _joined(nodes: Sequence[Node], by: str) -> str | None:
    lines = [flat(node) for node in nodes]
    known = [line for line in lines if line is not None]
    return by.join(known) if len(known) == len(lines) else None
