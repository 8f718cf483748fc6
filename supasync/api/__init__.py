"""Supabase's Management API: typed, retried where it is safe, and unable to write production."""

from supasync.api.api_keys import anon_key, service_key
from supasync.api.audit import AuditLog
from supasync.api.branches import not_enabled
from supasync.api.chain import Entry
from supasync.api.client import Client
from supasync.api.clock import SystemClock
from supasync.api.config import BranchConfig, Changeable, ProjectConfig, Service
from supasync.api.counting import Calls
from supasync.api.database import BranchDatabase, ReadOnlyDatabase
from supasync.api.failures import without_keys
from supasync.api.guard import GuardedTransport
from supasync.api.models import (
    ApiKey,
    Branch,
    BranchDetail,
    BranchStatus,
    EdgeFunction,
    Migration,
    MigrationDetail,
    Pooler,
    Project,
    ProjectStatus,
    Run,
    RunStep,
    ServiceHealth,
    ServiceStatus,
)
from supasync.api.retry import Policy
from supasync.api.verification import Verification, read_log, statement_text, verify

__all__ = [
    "ApiKey",
    "AuditLog",
    "Branch",
    "BranchConfig",
    "BranchDatabase",
    "BranchDetail",
    "BranchStatus",
    "Calls",
    "Changeable",
    "Client",
    "EdgeFunction",
    "Entry",
    "GuardedTransport",
    "Migration",
    "MigrationDetail",
    "Policy",
    "Pooler",
    "Project",
    "ProjectConfig",
    "ProjectStatus",
    "ReadOnlyDatabase",
    "Run",
    "RunStep",
    "Service",
    "ServiceHealth",
    "ServiceStatus",
    "SystemClock",
    "Verification",
    "anon_key",
    "not_enabled",
    "read_log",
    "service_key",
    "statement_text",
    "verify",
    "without_keys",
]
