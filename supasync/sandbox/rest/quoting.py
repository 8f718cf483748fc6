"""Identifiers in statements that carry psycopg's placeholders."""

from __future__ import annotations

from supasync import sql


def quoted(*names: str) -> str:
    """A quoted name whose percent signs are no placeholders."""
    return sql.ident(*names).replace("%", "%%")
