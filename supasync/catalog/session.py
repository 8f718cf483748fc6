"""Who we are on a database, and what we may become and make there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Session:
    user: str
    attributes: frozenset[str]
    """superuser, createrole, createdb, replication, bypassrls: those it has."""
    roles: frozenset[str]
    """All there are."""
    member: frozenset[str]
    """Those it may become."""
    admin: frozenset[str]
    """Those it may grant to others."""
    schemas: frozenset[str]
    server_version: int

    @property
    def superuser(self) -> bool:
        return "superuser" in self.attributes

    def may_change(self, role: str) -> bool:
        """Whether it may alter and drop this role, as CREATE ROLE and ALTER ROLE tell."""
        if self.superuser:
            return True
        mine = role in self.admin or self.server_version < 160000
        return "createrole" in self.attributes and mine
