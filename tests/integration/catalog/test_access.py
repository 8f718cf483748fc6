"""Effective rights, as a real server works them out."""

from __future__ import annotations

import pytest

from supasync import catalog
from supasync.catalog import access
from supasync.checks.widening import changes
from tests.fix_catalog import Ends
from tests.fix_sandbox import ON_MAIN

SCOPE = catalog.scope("supabase", keep_functions=["public.reseed"])
SCHEMA = """
create table public.t (id int, secret text, note text);
alter table public.t enable row level security;
create policy own on public.t for select to authenticated using (id > 0);
create view public.v with (security_invoker = true) as select id from public.t;
create function public.f() returns int language sql as 'select 1';
create function public.reseed() returns int language sql as 'select 1';
revoke execute on function public.f() from public;
grant select on public.t to authenticated;
grant update (note) on public.t to authenticated;
create sequence public.s;
"""


@ON_MAIN
async def test_effective_rights(ends: Ends):
    await ends.source.run(SCHEMA)
    found = await access.read(ends.source, SCOPE)
    table = found.relations["public", "t"]
    assert table.held == {"anon": "", "authenticated": "r", "service_role": ""}
    assert table.of_column("note")["authenticated"] == "rw"
    assert table.of_column("secret")["authenticated"] == "r"
    assert (table.secured, table.forced, list(table.policies)) == (True, False, ["own"])
    assert table.policies["own"].to == {"authenticated"}
    assert found.relations["public", "v"].runs_as == ""
    assert found.functions["public", "f()"].held["anon"] == ""
    assert ("public", "reseed()") not in found.functions, "it lives on branches only"
    assert found.relations["public", "s"].kind == "S"
    assert found.rights == 1 + (3 + 1)


@ON_MAIN
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("grant insert on public.t to public", "table public.t: anon has insert here"),
        ("grant select (secret) on public.t to anon", "column public.t.secret: anon has select"),
        ("grant execute on function public.f() to anon", "function public.f(): anon has execute"),
        ("alter function public.f() security definer", "function public.f(): runs with postgres's"),
        ("alter view public.v reset (security_invoker)", "view public.v: runs with postgres's"),
        ("alter table public.t disable row level security", "row level security is off here"),
        ("alter policy own on public.t to public", 'policy "own": holds for anon here'),
        ("alter policy own on public.t using (true)", 'policy "own": has another condition'),
        ("grant usage on sequence public.s to anon", "sequence public.s: anon has usage"),
    ],
)
async def test_a_widening_is_seen(ends: Ends, change: str, told: str):
    await ends.source.run(SCHEMA)
    await ends.target.run(f"{SCHEMA}; {change}")
    found = list(
        changes(await access.read(ends.source, SCOPE), await access.read(ends.target, SCOPE))
    )
    assert all(each.wider for each in found)
    assert told in str(found[0]), [str(each) for each in found]


@ON_MAIN
async def test_rights_that_come_with_a_role(ends: Ends):
    """anon is made a member of a role that may read: has_table_privilege knows."""
    name = "reader_of_access_test"
    await ends.source.run(SCHEMA)
    await ends.target.run(f"create role {name}; {SCHEMA} grant select on public.t to {name}")
    before = await access.read(ends.target, SCOPE)
    try:
        await ends.target.run(f"grant {name} to anon")
        after = await access.read(ends.target, SCOPE)
        told = {str(each) for each in changes(before, after)}
        assert "table public.t: anon has select here, not in production" in told
        assert not any(each.startswith("role ") for each in told), "a sync compares it"
        await ends.target.run("grant pg_monitor to anon")
        of_platform = await access.read(ends.target, SCOPE)
        assert of_platform.within["anon"] == {"pg_monitor"}
    finally:
        await ends.target.run(
            f"revoke pg_monitor from anon; drop owned by {name}; drop role {name}"
        )
