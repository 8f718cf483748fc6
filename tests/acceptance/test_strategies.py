"""The ways to bring a branch to production's schema: all end in the same schema, proved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from supasync.sandbox import Sandbox
from supasync.sandbox.site import Options
from tests.acceptance.conftest import CONFIG, SCHEMA, Team
from tests.acceptance.test_life import api, migrate

OID = "select 'public.users'::regclass::oid::text"


@pytest.fixture(scope="module")
def alive() -> Iterator[Sandbox]:
    """Production's history has SCHEMA; by hand it got a table and something that policies use."""
    box = Sandbox(Options(example=False, branches=("testing",)))
    migrate(box, SCHEMA)
    yield box
    box.close()


@pytest.fixture
def life(alive: Sandbox, tmp_path: Path) -> Iterator[Team]:
    team = Team(alive, tmp_path)
    team.main_sql(DRIFT)
    yield team
    team.close()


DRIFT = """
create table if not exists public.by_hand (id int primary key, n text default 'x');
create or replace function public.is_crew() returns boolean language sql stable as 'select true';
drop policy if exists "crew reads" on storage.objects;
create policy "crew reads" on storage.objects for select using (public.is_crew());
insert into supabase_migrations.schema_migrations
  (version, name, statements, created_by, idempotency_key)
  values ('20200101000000', 'by_hand', array['select ''\\'' -- it''s'], 'a@b.test', 'k')
  on conflict do nothing;
"""
HISTORY = """select json_agg(to_jsonb(m) order by version)::text
  from supabase_migrations.schema_migrations m"""
"""The whole of it: what runs migrations goes by it."""


def test_a_reset_first_and_then_production_as_it_is(life: Team):
    life.sql("testing", "create table public.mine (id int)")
    for setting in ("allow_data_loss = false", "auto_sync_schema = false"):
        life.write(
            "config.toml", CONFIG.replace("[branches.testing]", f"[branches.testing]\n{setting}")
        )
        refused = life("branches", "sync", "testing", "--strategy", "reset", "-y")
        assert refused.code == 4 and setting.split()[0] in refused.out, refused.out
    life.write("config.toml", CONFIG)
    dry = life("branches", "sync", "testing", "--strategy", "reset", "--dry-run")
    assert dry.code == 2 and "known only after" in dry.err
    life.write("seeds/30_misfit.sql", "select 1;\ninsert into public.gone values (1)")
    misfit = life("branches", "sync", "testing", "--strategy", "reset", "-y")
    assert misfit.code == 7, misfit.out + misfit.err
    assert "30_misfit.sql:2: production has no table public.gone" in misfit.out
    (life.folder / "seeds/30_misfit.sql").unlink()
    assert life.sql("testing", "select to_regclass('public.mine')::text") == "mine"
    twice = ("testing", life.box.branches["testing"].ref)
    result = life("branches", "sync", *twice, "--strategy", "reset", "--yes", "--json")
    assert result.code == 2, "a branch is reset once, whatever it is called"
    [done] = [each for each in result.json["branches"] if each["verdict"] == "Synced"]
    assert "the branch was reset to production's migrations" in done["notices"]
    assert not any("mine" in step["object"] for step in done["plan"]["steps"]), "it was gone before"
    assert life.sql("testing", "select count(*) from supasync.past") == 1, "of this sync alone"
    assert life.sql("testing", HISTORY) == life.main_value(HISTORY)
    against = life("migrations", "status", "--against", "testing", "--json")
    assert against.code == 0, against.out + against.err
    assert {row["state"] for row in against.json["migrations"]} == {"applied"}
    assert against.json["replayed_on"] == "testing"


def test_all_is_rebuilt_in_one_transaction_that_can_be_undone(life: Team):
    asked = life("branches", "sync", "testing", "--strategy", "rebuild")
    assert asked.code == 2 and "All rows of testing are lost" in asked.err
    life.sql("testing", "create table public.mine (id int)")
    life.sql("testing", MINE)
    history = life.sql("testing", HISTORY)
    before, old = life.dump("testing"), life.sql("testing", OID)
    shown = life("branches", "sync", "testing", "--strategy", "rebuild", "--dry-run", "--json")
    assert shown.code == 0, shown.err
    steps = shown.branch("testing")["plan"]["steps"]
    made = {(step["verb"], step["object"]) for step in steps}
    lost = [each["message"] for step in steps for each in step["hazards"]]
    assert "TABLE public.users is dropped with what it holds" in lost
    assert {("drop", "TABLE public.users"), ("create", "TABLE public.users")} <= made
    assert ("drop", "MIGRATION 20200101000001 mine") in made
    assert (life.dump("testing"), life.sql("testing", OID)) == (before, old)
    result = life("branches", "sync", "testing", "--strategy", "rebuild", "--yes", "--json")
    assert result.code == 0, result.out + result.err
    assert result.branch("testing")["verdict"] == "Synced"
    assert life.sql("testing", OID) != old
    assert life.sql("testing", HISTORY) == life.main_value(HISTORY)
    assert life.sql("testing", "select count(*) from public.users") == 2, "the seed ran after it"
    assert life("branches", "status", "testing", "--witness").code == 0
    undone = life("branches", "undo", "testing", "--json")
    assert undone.code == 0, undone.out + undone.err
    assert life.dump("testing") == before
    assert life.sql("testing", HISTORY) == history, "the schema's history comes back with it"


def test_a_missing_branch_is_created_by_its_sync(life: Team):
    listed = 'auto_sync_data = true\n[branches.new.data]\ntables = ["public.nothing"]\n'
    life.write("config.toml", CONFIG.replace("[branches.preview]", NEW + listed))
    wrong = life("branches", "sync", "new")
    assert wrong.code == 2, wrong.out + wrong.err
    assert "production has no table public.nothing" in wrong.out
    life.write("config.toml", CONFIG.replace("[branches.preview]", NEW))
    life.write("seeds/30_misfit.sql", "select 1;\ninsert into public.gone values (1)")
    misfit = life("branches", "sync", "new")
    assert misfit.code == 7, misfit.out + misfit.err
    assert "30_misfit.sql:2: production has no table public.gone" in misfit.out
    (life.folder / "seeds/30_misfit.sql").unlink()
    assert "new" not in life.box.branches
    unknown = life("branches", "sync", "new", "--dry-run")
    assert unknown.code == 3 and "new does not exist yet" in unknown.out, unknown.out
    result = life("branches", "sync", "new", "--json")
    assert result.code == 0, result.out + result.err
    done = result.branch("new")
    assert done["verdict"] == "Synced"
    assert any("the branch was created" in notice for notice in done["notices"])
    row = api(life.box, "GET", f"/v1/projects/{life.box.main.ref}/branches/new").json()
    assert (row["git_branch"], row["persistent"]) == ("develop", True)


def test_what_the_platform_could_not_replay_is_brought_all_the_same(life: Team):
    """Production's history builds on what was made by hand: no branch can be built of it."""
    migrate(life.box, "alter table public.by_hand add column later int")
    made = life("branches", "create", "broken")
    assert made.code == 3
    assert 'relation "public.by_hand" does not exist' in made.err, "the end of the run's log"
    result = life("branches", "sync", "broken", "--json")
    assert result.code == 0, result.out + result.err
    assert result.branch("broken")["verdict"] == "Synced"
    assert life.sql("broken", "select count(later) from public.by_hand") == 0


MINE = """insert into supabase_migrations.schema_migrations (version, name)
  values ('20200101000001', 'mine')"""

NEW = """[branches.new]
create = true
persistent = true
region = "eu-central-1"
size = "micro"
git_branch = "develop"
"""
