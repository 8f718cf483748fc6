"""What is set of a project's services: of Auth, the Data API, Storage, Realtime and PostgreSQL.

Only what was changed is kept; the rest is as a new project has it. So a branch begins with the
platform's defaults, whatever its project has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from supasync.sandbox.projectconfig import postgrest, realtime, storage
from supasync.sandbox.projectconfig.auth import AuthConfig


@dataclass
class Secret:
    """A variable of edge functions. digest: SHA-256 of its value, which is all that is kept."""

    digest: str
    updated_at: str


@dataclass
class EdgeFunction:
    """A function that was deployed; it is listed, nothing runs it. Times: ms since the epoch."""

    id: str
    slug: str
    name: str
    ezbr_sha256: str
    created_at: int
    updated_at: int
    verify_jwt: bool = True
    version: int = 1


@dataclass
class ProjectConfig:
    """The changes to each service's defaults, by the platform's names of the settings."""

    auth_changes: dict[str, Any] = field(default_factory=dict)
    postgrest_changes: dict[str, Any] = field(default_factory=dict)
    storage_changes: dict[str, Any] = field(default_factory=dict)
    realtime_changes: dict[str, Any] = field(default_factory=dict)
    postgres: dict[str, Any] = field(default_factory=dict)
    """All that was set; the platform tells no defaults of PostgreSQL either."""
    secrets: dict[str, Secret] = field(default_factory=dict)
    functions: dict[str, EdgeFunction] = field(default_factory=dict)

    @property
    def auth(self) -> AuthConfig:
        return AuthConfig(self.auth_changes)

    @property
    def postgrest(self) -> dict[str, Any]:
        return {**postgrest.DEFAULTS, **self.postgrest_changes}

    @property
    def storage(self) -> dict[str, Any]:
        return storage.merged(storage.DEFAULTS, self.storage_changes)

    @property
    def realtime(self) -> dict[str, Any]:
        return {**realtime.DEFAULTS, **self.realtime_changes}

    @property
    def exposed_schemas(self) -> tuple[str, ...]:
        """Schemas of the Data API, the default one first."""
        return _names(self.postgrest["db_schema"])

    @property
    def max_rows(self) -> int:
        return int(self.postgrest["max_rows"])

    @property
    def extra_search_path(self) -> tuple[str, ...]:
        return _names(self.postgrest["db_extra_search_path"])


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name for part in listed.split(",") if (name := part.strip()))
