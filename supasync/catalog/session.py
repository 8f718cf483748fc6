"""Who we are on a database, and what we may become and make there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Session:
    user: str
    superuser: bool
    createrole: bool
    roles: frozenset[str]
    """All there are."""
    member: frozenset[str]
    """Those it may become."""
    admin: frozenset[str]
    """Those it may grant to others, alter and drop."""
    schemas: frozenset[str]
    server_version: int
