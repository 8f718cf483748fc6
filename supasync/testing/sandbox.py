"""What the fixtures give: a sandbox and its projects, as tests use them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from supasync.errors import ConfigError
from supasync.sandbox import Sandbox
from supasync.sandbox.instance import Instance
from supasync.sandbox.site import Options

_SECONDS = re.compile(r"([0-9]+(\.[0-9]*)?|\.[0-9]+)\Z")


def options(config: pytest.Config, usual: str) -> Options:
    """From pytest's configuration. usual: the folder of migrations, if there is one and no other
    is named. Raises: ConfigError."""
    named = str(config.getini("supabase_migrations"))
    migrations = config.rootpath / (named or usual)
    text = str(config.getini("supabase_ready_delay"))
    if not _SECONDS.match(text):
        raise ConfigError(
            f"supabase_ready_delay is {text!r}.", remedy="Make it seconds, such as 45."
        )
    branches = tuple(config.getini("supabase_branches"))
    if "main" in branches:
        raise ConfigError(
            "supabase_branches lists main, which is production.",
            remedy="List the branches beside it; production is there as supabase_sandbox.project.",
        )
    return Options(
        migrations=migrations if named or migrations.is_dir() else None,
        example=False,
        branches=branches,
        delay=float(text),
        rate_limits=bool(config.getini("supabase_rate_limits")),
    )


@dataclass(frozen=True)
class Project:
    """Production or a branch. Below `url` are /auth/v1 and /rest/v1; supabase clients take it.

    `db_url` is a postgresql:// URL as `postgres`, with the password; `admin_db_url` as superuser.
    """

    name: str
    _instance: Instance

    @property
    def ref(self) -> str:
        return self._instance.ref

    @property
    def url(self) -> str:
        return self._instance.project_url

    @property
    def anon_key(self) -> str:
        return self._instance.keys.anon

    @property
    def service_role_key(self) -> str:
        return self._instance.keys.service_role

    @property
    def publishable_key(self) -> str:
        return self._instance.keys.publishable

    @property
    def secret_key(self) -> str:
        return self._instance.keys.secret

    @property
    def db_url(self) -> str:
        return self._instance.db_url

    @property
    def admin_db_url(self) -> str:
        return self._instance.admin_url

    @property
    def environment(self) -> dict[str, str]:
        """As Supabase's own functions have it."""
        return {
            "SUPABASE_URL": self.url,
            "SUPABASE_ANON_KEY": self.anon_key,
            "SUPABASE_SERVICE_ROLE_KEY": self.service_role_key,
            "SUPABASE_PUBLISHABLE_KEY": self.publishable_key,
            "SUPABASE_SECRET_KEY": self.secret_key,
            "SUPABASE_DB_URL": self.db_url,
        }


class SupabaseSandbox:
    """`api_url` is the Management API's, which takes `access_token`, or all of `headers`."""

    def __init__(self, options: Options) -> None:
        """Blocking. Raises: SandboxError."""
        self._box = Sandbox(options)
        self._numbers = itertools.count(1)

    def close(self) -> None:
        self._box.close()

    @property
    def api_url(self) -> str:
        return self._box.api_url

    @property
    def access_token(self) -> str:
        return self._box.access_token

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.access_token}"}

    @property
    def project(self) -> Project:
        """Production."""
        return Project("main", self._box.main)

    @property
    def branches(self) -> Mapping[str, Project]:
        """By name, without production."""
        return {name: Project(name, each) for name, each in self._box.branches.items()}

    @property
    def environment(self) -> dict[str, str]:
        """For programs that are given production: the project's, and how the API is reached."""
        return self.project.environment | {
            "SUPABASE_ACCESS_TOKEN": self.access_token,
            "SUPABASE_PROJECT_REF": self.project.ref,
            "SUPASYNC_API_URL": self.api_url,
            "SUPASYNC_PROJECT_URL": f"{self.api_url}/project/{{ref}}",
        }

    @contextmanager
    def branch(self, name: str | None = None) -> Iterator[Project]:
        """One that is ready, and deleted at the end. Raises: SandboxError."""
        name = name or f"test-{next(self._numbers)}"
        made = Project(name, self._box.create_branch(name))
        try:
            yield made
        finally:
            self._box.delete_branch(name)

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock: what was to happen by then happens."""
        self._box.advance(seconds)

    def add_fault(self, route: str, **effects: Any) -> int:
        """As `supasync sandbox fault add`. Returns its number. Raises: ValueError."""
        return self._box.add_fault(route, **effects)

    def clear_faults(self, number: int | None = None) -> None:
        """That one, or all."""
        self._box.clear_faults(number)
