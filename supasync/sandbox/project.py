"""What a route needs to know about one project or branch of the sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import psycopg

from supasync.sandbox.projectconfig import ProjectConfig


@dataclass(frozen=True, kw_only=True)
class Keys:
    """A project's keys, in both generations. The two JWTs are signed with `jwt_secret` (HS256)."""

    jwt_secret: str = field(repr=False)
    anon: str = field(repr=False)
    service_role: str = field(repr=False)
    publishable: str = field(repr=False)
    secret: str = field(repr=False)


class Project(Protocol):
    """A project or a branch: twenty lower-case letters and a PostgreSQL server of its own."""

    @property
    def ref(self) -> str: ...

    @property
    def keys(self) -> Keys: ...

    @property
    def config(self) -> ProjectConfig:
        """What is set of its services."""
        ...

    @property
    def project_url(self) -> str:
        """Its public base URL, without a trailing slash; /auth/v1 and /rest/v1 live below it."""
        ...

    async def connect(self, role: str) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """A new autocommit connection to database `postgres` as `role`; the caller closes it.

        role: a login role of the server: postgres, supabase_admin, supabase_auth_admin,
        authenticator, supabase_read_only_user.
        """
        ...
