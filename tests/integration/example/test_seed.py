"""The seed: re-runnable, with and without the emptying function before it."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from .conftest import EXAMPLE, RESEED, Execute

Seed = Callable[..., None]

TABLES = (
    "public.vessels", "public.users", "public.training_sessions", "public.training_enrolments",
    "public.system_settings", "public.admin_settings",
)  # fmt: skip


def rows(execute: Execute) -> dict[str, list[str]]:
    """Every row of every table without its timestamps, and where each sequence stands."""
    found: dict[str, list[str]] = {}
    for table in TABLES:
        [(timestamps,)] = execute(
            "select coalesce(array_agg(attname::text), '{}') from pg_attribute "
            f"where attrelid = '{table}'::regclass and atttypid = 'timestamptz'::regtype"
        )
        kept = f"to_jsonb(t) - '{{{','.join(timestamps)}}}'::text[]"
        texts = execute(f"select ({kept})::text from {table} t order by 1")
        found[table] = [text for (text,) in texts]
    audited = execute("select id, action, table_name from private.audit_trail order by id")
    found["audit"] = [str(row) for row in audited]
    sequences = execute("select sequencename::text, last_value from pg_sequences order by 1")
    found["sequences"] = [str(row) for row in sequences]
    return found


@pytest.mark.parametrize("drifted", [False, True])
@pytest.mark.parametrize("reseed", [False, True])
def test_a_second_run_changes_only_timestamps(
    execute: Execute, seed: Seed, reseed: bool, drifted: bool
) -> None:
    if drifted:
        execute((EXAMPLE / "drift.sql").read_text())
    seed(reseed=reseed)
    first = rows(execute)
    assert all(first[table] for table in TABLES)
    seed(reseed=reseed)
    assert rows(execute) == first


def test_a_reseed_removes_what_testers_left(execute: Execute, seed: Seed) -> None:
    seed(reseed=False)
    clean = rows(execute)
    execute(
        "insert into public.vessels (imo, name) values (9999999, 'Left over');"
        "update public.users set role = 'admin', vessel_id = null where role = 'manager';"
        "delete from public.training_sessions"
    )
    seed(reseed=True)
    assert rows(execute) == clean


def test_without_a_reseed_the_seeded_rows_are_repaired(execute: Execute, seed: Seed) -> None:
    seed(reseed=False)
    execute("update public.users set is_active = false, full_name = 'Nobody'")
    seed(reseed=False)
    assert execute("select bool_and(is_active), count(distinct full_name) from public.users") == [
        (True, 4)
    ]


def test_tables_that_refer_to_ours_are_emptied_and_named(execute: Execute, seed: Seed) -> None:
    seed(reseed=False)
    execute(
        'create table public."Berth" (vessel_id integer references public.vessels (id));'
        'insert into public."Berth" values (1), (2)'
    )
    [(emptied,)] = execute(f"select {RESEED}")
    assert emptied['public."Berth"'] == 2
    assert emptied["public.users"] == 4


def test_tables_that_are_missing_are_left_out(execute: Execute, seed: Seed) -> None:
    seed(reseed=False)
    execute("drop table public.admin_settings")
    [(emptied,)] = execute(f"select {RESEED}")
    assert "public.users" in emptied
    assert "public.admin_settings" not in emptied


def test_only_the_server_side_may_reseed(execute: Execute, seed: Seed) -> None:
    seed(reseed=False)
    for role in ("anon", "authenticated"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            execute(f"set local role {role}; select {RESEED}")
    [(emptied,)] = execute(f"set local role service_role; select {RESEED}")
    assert emptied["public.users"] == 4
