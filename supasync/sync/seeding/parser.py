"""PostgreSQL's own parser, where there is one for this machine."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def parser() -> Any | None:
    """The module postgast; None when it is not installed.

    A native library: it is loaded late, and its stubs are of no use to a type checker.
    """
    try:
        return import_module("postgast")
    except (ImportError, OSError):
        return None


def nodes(tree: Any, kind: str) -> list[Any]:
    """All nodes of a kind, such as RangeVar, in a tree that the parser made."""
    found = import_module("postgast").find_nodes
    return list(found(tree, getattr(import_module("postgast.pg_query_pb2"), kind)))
