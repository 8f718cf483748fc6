"""What the Management API answers, as far as supasync uses it.

Unknown fields are ignored and unknown words of an enumeration are kept as text, since the
platform adds both without notice. Shapes: the platform's OpenAPI document, "Supabase API (v1)".
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class ProjectStatus(StrEnum):
    INACTIVE = "INACTIVE"
    """Paused."""
    ACTIVE_HEALTHY = "ACTIVE_HEALTHY"
    ACTIVE_UNHEALTHY = "ACTIVE_UNHEALTHY"
    COMING_UP = "COMING_UP"
    UNKNOWN = "UNKNOWN"
    GOING_DOWN = "GOING_DOWN"
    INIT_FAILED = "INIT_FAILED"
    REMOVED = "REMOVED"
    RESTORING = "RESTORING"
    UPGRADING = "UPGRADING"
    PAUSING = "PAUSING"
    RESTORE_FAILED = "RESTORE_FAILED"
    RESTARTING = "RESTARTING"
    PAUSE_FAILED = "PAUSE_FAILED"
    RESIZING = "RESIZING"


class BranchStatus(StrEnum):
    CREATING_PROJECT = "CREATING_PROJECT"
    RUNNING_MIGRATIONS = "RUNNING_MIGRATIONS"
    MIGRATIONS_PASSED = "MIGRATIONS_PASSED"
    MIGRATIONS_FAILED = "MIGRATIONS_FAILED"
    FUNCTIONS_DEPLOYED = "FUNCTIONS_DEPLOYED"
    FUNCTIONS_FAILED = "FUNCTIONS_FAILED"


class StepStatus(StrEnum):
    CREATED = "CREATED"
    DEAD = "DEAD"
    EXITED = "EXITED"
    PAUSED = "PAUSED"
    REMOVING = "REMOVING"
    RESTARTING = "RESTARTING"
    RUNNING = "RUNNING"


class ServiceStatus(StrEnum):
    COMING_UP = "COMING_UP"
    ACTIVE_HEALTHY = "ACTIVE_HEALTHY"
    UNHEALTHY = "UNHEALTHY"


class KeyType(StrEnum):
    LEGACY = "legacy"
    PUBLISHABLE = "publishable"
    SECRET = "secret"  # noqa: S105 – the name of a kind


_KNOWN_FIRST = Field(union_mode="left_to_right")
AnyProjectStatus: TypeAlias = Annotated[ProjectStatus | str, _KNOWN_FIRST]
AnyBranchStatus: TypeAlias = Annotated[BranchStatus | str, _KNOWN_FIRST]
AnyStepStatus: TypeAlias = Annotated[StepStatus | str, _KNOWN_FIRST]
AnyServiceStatus: TypeAlias = Annotated[ServiceStatus | str, _KNOWN_FIRST]
AnyKeyType: TypeAlias = Annotated[KeyType | str, _KNOWN_FIRST]


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class ProjectDatabase(Wire):
    host: str
    version: str
    postgres_engine: str


class Project(Wire):
    ref: str
    name: str
    region: str
    status: AnyProjectStatus
    created_at: str
    database: ProjectDatabase
    organization_slug: str | None = None


class Organization(Wire):
    """plan: free, pro, team, …"""

    name: str
    plan: str | None = None


class Branch(Wire):
    """A row of a project's branches. id: the deprecated UUID; project_ref names it in calls."""

    id: str
    name: str
    project_ref: str
    parent_project_ref: str
    is_default: bool
    persistent: bool
    status: AnyBranchStatus
    created_at: datetime
    updated_at: datetime
    with_data: bool = False
    git_branch: str | None = None
    pr_number: int | None = None
    notify_url: str | None = None
    deletion_scheduled_at: datetime | None = None
    preview_project_status: AnyProjectStatus | None = None

    @property
    def is_production(self) -> bool:
        """The default branch is the project itself: never a target."""
        return self.is_default or self.project_ref == self.parent_project_ref

    @property
    def is_paused(self) -> bool:
        return self.preview_project_status == ProjectStatus.INACTIVE


class BranchDetail(Wire):
    """A branch as a project. db_pass and jwt_secret are absent without the rights to see them."""

    ref: str
    postgres_version: str
    postgres_engine: str
    release_channel: str
    status: AnyProjectStatus
    db_host: str
    db_port: int
    db_user: str | None = None
    db_pass: SecretStr | None = None
    jwt_secret: SecretStr | None = None


class RunStep(Wire):
    name: str
    status: AnyStepStatus
    created_at: str
    updated_at: str


class Run(Wire):
    """An action run: the asynchronous part of what happens to a branch."""

    id: str
    branch_id: str
    run_steps: tuple[RunStep, ...]
    created_at: str
    updated_at: str


class Started(Wire):
    """The answer to what goes on in the background."""

    workflow_run_id: str


class ApiKey(Wire):
    """A project's key. Publishable and secret share the name "default": tell them by type."""

    name: str
    api_key: SecretStr | None = None
    type: AnyKeyType | None = None
    secret_jwt_template: dict[str, Any] | None = None


class ServiceHealth(Wire):
    name: str
    status: AnyServiceStatus
    error: str | None = None


class Migration(Wire):
    version: str
    name: str | None = None


class MigrationDetail(Migration):
    statements: tuple[str, ...] = ()
    rollback: tuple[str, ...] = ()
    created_by: str | None = None


class Pooler(Wire):
    """A database's pooler. Sizes: None leaves them to the platform."""

    database_type: str
    pool_mode: str
    default_pool_size: int | None = None
    max_client_conn: int | None = None


class Named(Wire):
    name: str


class EdgeFunction(Named):
    """ezbr_sha256: of the code that was deployed."""

    slug: str
    status: str
    version: int
    verify_jwt: bool | None = None
    entrypoint_path: str | None = None
    ezbr_sha256: str | None = None
