"""The fields of a kind, each with the SQL expression that reads it."""

from __future__ import annotations

from dataclasses import Field, field, fields
from typing import Any


def read(expression: str) -> Any:
    """A compared field and the SQL expression that reads it (as JSON)."""
    return field(metadata={"sql": expression})


def reparsed(expression: str) -> Any:
    """A field whose text the server prints from a parse tree.

    Such text need not be a fixpoint: created from it, the object may print differently.
    """
    return field(metadata={"sql": expression, "reparsed": True})


def hint(expression: str) -> Any:
    """A field that helps to choose statements and is not compared: it is about other objects."""
    return field(compare=False, metadata={"sql": expression, "hint": True})


def own_fields(kind: type[Any]) -> list[tuple[str, str, str]]:
    """(name, SQL expression, "solid" | "text" | "hint") of a kind's own fields, in order."""
    return [(f.name, f.metadata["sql"], _sort(f)) for f in fields(kind) if "sql" in f.metadata]


def _sort(own: Field[Any]) -> str:
    if own.metadata.get("hint"):
        return "hint"
    return "text" if own.metadata.get("reparsed") else "solid"
