"""Qualified names as the configuration writes them, as PostgreSQL reads them."""

from __future__ import annotations

import re

_PART = re.compile(r'"((?:[^"]|"")*)"|([^".]+)')


def parts(qualified: str) -> tuple[str, ...]:
    """The names PostgreSQL reads in `public."User"`: unquoted ones are folded to lower case."""
    return tuple(
        quoted.replace('""', '"') if quoted else plain.strip().lower()
        for quoted, plain in _PART.findall(qualified)
    )


def kept(function: str | None) -> list[str]:
    """The seed function as `catalog.scope` wants it; none when there is none."""
    return [".".join(parts(function))] if function else []
