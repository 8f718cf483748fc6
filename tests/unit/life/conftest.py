"""The hosted platform's answers about branches, and a client whose time is the test's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import respx

from supasync import api
from tests.unit.api.conftest import audited, client, clock
from tests.unit.api.world import BRANCH, MAIN

__all__ = ["audited", "client", "clock"]

BRANCHES = f"/projects/{MAIN}/branches"
ONE = f"/branches/{BRANCH}"
PROJECT = {
    "id": MAIN,
    "ref": MAIN,
    "name": "production",
    "region": "eu-central-1",
    "status": "ACTIVE_HEALTHY",
    "created_at": "2026-01-01T00:00:00Z",
    "database": {"host": "h", "version": "15.8.1.60", "postgres_engine": "15"},
}


def row(**fields: Any) -> dict[str, Any]:
    """A branch as the platform lists it."""
    return {
        "id": "7f1a2f3e-0000-4000-8000-000000000000",
        "name": "testing",
        "project_ref": BRANCH,
        "parent_project_ref": MAIN,
        "is_default": False,
        "persistent": False,
        "status": "FUNCTIONS_DEPLOYED",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "with_data": False,
        **fields,
    }


def branch(**fields: Any) -> api.Branch:
    return api.Branch.model_validate(row(**fields))


@pytest.fixture
def platform() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url="https://api.supabase.com/v1") as router:
        yield router
