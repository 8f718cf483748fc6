"""What a route needs to know about one project or branch of the sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import psycopg

from supasync.sandbox.projectconfig import ProjectConfig


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A key that is no JWT. bearer: the JWT that the gateway puts in its place."""

    id: str
    type: Literal["publishable", "secret"]
    name: str
    token: str = field(repr=False)
    bearer: str = field(repr=False)
    since: str
    changed: str
    description: str | None = None
    template: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Keys:
    """A project's keys, in both generations. The two JWTs are signed with `jwt_secret` (HS256)."""

    jwt_secret: str = field(repr=False)
    anon: str = field(repr=False)
    service_role: str = field(repr=False)
    publishable: str = field(repr=False)
    secret: str = field(repr=False)
    made: tuple[ApiKey, ...] = ()
    """Further keys of the newer generation, that a user made."""
    legacy: bool = True
    """Whether the two JWTs are accepted as API keys."""

    def bearer(self, key: str) -> str | None:
        """The JWT that stands behind an API key, of itself a legacy one; None: it is not a key."""
        if self.legacy and key in {self.anon, self.service_role}:
            return key
        behind = {self.publishable: self.anon, self.secret: self.service_role}
        return (behind | {each.token: each.bearer for each in self.made}).get(key)


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
