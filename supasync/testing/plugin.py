"""The pytest plugin. Every run of pytest where supasync is installed imports this module, so it
imports nothing else until one of its fixtures is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from supasync.testing.sandbox import Project, SupabaseSandbox

MIGRATIONS = "supabase/migrations"
EXTRA = frozenset({"jwt", "starlette", "uvicorn"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "supabase_migrations",
        f"supasync: folder of main's migrations, from the root; {MIGRATIONS} if there is one",
    )
    parser.addini("supabase_branches", "supasync: branches that are always there", type="args")
    parser.addini(
        "supabase_ready_delay",
        "supasync: seconds between ACTIVE_HEALTHY and the tables of a branch made by the API",
        default="0",
    )
    parser.addini("supabase_rate_limits", "supasync: answer 429 as the platform does", type="bool")


@pytest.fixture(scope="session")
def supabase_sandbox(pytestconfig: pytest.Config) -> Iterator[SupabaseSandbox]:
    """A Supabase project on this machine, for the whole session."""
    sandbox = _started(pytestconfig)
    if isinstance(sandbox, str):  # no exception is under way here, that would be shown too
        pytest.fail(sandbox, pytrace=False)
    yield sandbox
    sandbox.close()


def _started(config: pytest.Config) -> SupabaseSandbox | str:
    """Or why there is none."""
    try:
        from supasync.testing.sandbox import SupabaseSandbox, options  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in EXTRA:
            raise
        return "supabase_sandbox needs: pip install 'supasync[sandbox]'"
    from supasync.errors import SupasyncError  # noqa: PLC0415

    try:
        return SupabaseSandbox(options(config, MIGRATIONS))
    except SupasyncError as error:
        return " ".join(filter(None, (error.message, error.remedy)))


@pytest.fixture
def supabase_branch(supabase_sandbox: SupabaseSandbox) -> Iterator[Project]:
    """A branch of this test alone, with main's migrations and no rows; gone after it."""
    with supabase_sandbox.branch() as branch:
        yield branch


@pytest.fixture
def supabase_fault(supabase_sandbox: SupabaseSandbox) -> Iterator[Callable[..., None]]:
    """`supabase_fault("POST /auth/v1/token", status=503, times=2)`; gone after the test."""
    added: list[int] = []

    def add(route: str, **effects: Any) -> None:
        added.append(supabase_sandbox.add_fault(route, **effects))

    yield add
    for number in added:
        supabase_sandbox.clear_faults(number)
