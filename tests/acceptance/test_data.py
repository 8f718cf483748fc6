"""Rows of production on a branch, as a team has them: listed, masked, on record."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import CONFIG, Team

TABLES = """
create table public.ranks (id int primary key, name text not null);
create table public.sailors (id bigint generated always as identity primary key,
  rank int references public.ranks, email text unique, notes text, secret text);
alter table public.sailors enable row level security;
insert into public.ranks values (1, 'Captain'), (2, 'Cook');
insert into public.sailors (rank, email, notes, secret)
  select 1 + n % 2, 'sailor' || n || '@real.test', repeat('é"\\', 300), 'hidden-' || n
  from generate_series(1, 400) n;
"""
LISTED = """
[branches.testing.data]
tables = ["public.ranks"]
[branches.testing.data."public.sailors"]
limit = 300
mask = { email = "email", secret = "null" }
[masks]
key = "env(MASK_KEY)"
"""
KEY = "a long key of this team"


@pytest.fixture
def listed(team: Team):
    team.main_sql(TABLES)
    on = CONFIG.replace("[branches.testing]", "[branches.testing]\nauto_sync_data = true")
    team.write("config.toml", on + LISTED)
    yield team
    team.main_sql("drop table public.sailors, public.ranks")


def _kept(team: Team) -> str:
    """All that is on this machine after a run."""
    files = (file for file in (team.folder / ".supasync").rglob("*") if file.is_file())
    return "".join(file.read_bytes().decode("latin-1") for file in files)


def test_listed_rows_come_over_masked_and_on_record(listed: Team) -> None:
    team = listed
    planned = team("branches", "sync", "testing", "--dry-run", MASK_KEY=KEY)
    assert planned.code == 0, planned.err
    assert "public.sailors  would be read: id, rank, email, notes; limit 300" in planned.out
    done = team("branches", "sync", "testing", "--prune", "--json", MASK_KEY=KEY)
    assert done.code == 0, done.out + done.err
    ranks, sailors = done.branch("testing")["data"]
    assert (ranks["table"], ranks["read"], ranks["written"]) == ("public.ranks", 2, 2)
    assert sailors["masked"] == {"email": "email", "secret": "null"}
    assert (sailors["rows"], sailors["read"], sailors["written"]) == (300, 300, 300)
    assert [phase["phase"] for phase in done.branch("testing")["phases"]].count("data") == 2
    rows = "select count(*) || ' ' || count(secret) || ' ' || max(length(notes)) from sailors"
    assert team.sql("testing", rows) == "300 0 900"
    assert team.sql("testing", "select count(*) from sailors where email like '%real%'") == 0
    insert = "insert into sailors (rank) values (1) returning id"
    assert team.sql("testing", insert) == 301

    team.sql("testing", "delete from sailors where id = 301")
    again = team("branches", "sync", "testing", MASK_KEY=KEY)
    assert again.code == 0, again.out
    assert "public.ranks  2 rows, none read: as after the last copy" in again.out
    assert "nothing to change, no row read" in again.err

    log = team("audit", "show", "--last", "99").out
    assert "rows public.sailors (id, rank, email as digest, notes) 0 to 300" in log
    assert "secret" not in log and "real.test" not in log and KEY not in log
    assert team("audit", "verify", "--json").json["whole"]
    shown = done.out + done.err + again.out + again.err + planned.out
    kept = _kept(team)
    for secret in ("hidden-", "real.test", KEY):
        assert secret not in shown + kept
    # the log is checked by what was allowed then, not by what is listed now
    team.write("config.toml", CONFIG)
    assert team("audit", "verify", "--json").json["whole"]


def test_what_the_seed_does_to_copied_rows_is_told(listed: Team) -> None:
    listed.write("seeds/30_more.sql", "update public.ranks set name = 'Mate' where id = 1;")
    done = listed("branches", "sync", "testing", "--prune", MASK_KEY=KEY)
    assert done.code == 0, done.out + done.err
    assert "the seed changed rows that were copied: public.ranks" in done.out
    assert listed.sql("testing", "select name from ranks where id = 1") == "Mate"


def test_rows_that_may_be_productions_are_in_no_message(listed: Team) -> None:
    text = (listed.folder / "config.toml").read_text()
    assert listed("branches", "sync", "testing", "--prune", MASK_KEY=KEY).code == 0
    listed.write("config.toml", text.replace("= true", "= true\nseed_on_sync = false", 1))
    listed.sql("testing", "update ranks set name = 'hidden-name'")
    listed.main_sql("alter table public.ranks add constraint once unique (name)")
    failed = listed("branches", "sync", "testing", MASK_KEY=KEY)
    assert failed.code == 5, failed.out + failed.err
    assert 'could not create unique index "once"' in failed.out
    assert "hidden-name" not in failed.out + failed.err + _kept(listed)


def test_without_the_key_only_what_masks_is_refused(listed: Team) -> None:
    refused = listed("branches", "sync", "testing")
    assert refused.code == 2
    assert "MASK_KEY is not set" in refused.err
    assert listed("branches", "diff", "testing").code in {0, 1}


@pytest.mark.parametrize("strategy", ["reconcile", "reset"])
def test_a_wrong_list_is_told_before_anything_is_changed(listed: Team, strategy: str) -> None:
    text = (listed.folder / "config.toml").read_text()
    listed.write("config.toml", text.replace('["public.ranks"]', '["public.admins"]'))
    listed.main_sql("create table public.later (id int)")
    try:
        kept = listed.dump("testing")
        options = ("--strategy", strategy, "--prune", "--yes")
        refused = listed("branches", "sync", "testing", *options, MASK_KEY=KEY)
        assert refused.code == 2, refused.out
        assert "config.toml:" in refused.out
        assert "public.admins is a view" in refused.out
        assert listed.dump("testing") == kept
    finally:
        listed.main_sql("drop table public.later")
