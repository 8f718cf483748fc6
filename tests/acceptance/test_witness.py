"""The second witness: a branch is only Synced when the platform's own diff agrees."""

from __future__ import annotations

import json
import stat

from tests.acceptance.conftest import Team

ODD = """
create table if not exists public.odd (s varchar(9), t text not null default 'x',
  constraint odd_s check (s in ('a', 'b')), constraint odd_t check (t <> ''));
create or replace view public.odds as select s from public.odd where s in ('a', 'b');
"""


def test_both_agree(team: Team):
    """Also where texts are only equal once they were read back, and with a seed function."""
    team.main_sql(ODD)
    try:
        result = team("branches", "sync", "testing", "--witness", "--json")
        assert result.code == 0, result.out + result.err
        assert result.branch("testing")["verdict"] == "Synced"
        phases = {each["phase"]: each["note"] for each in result.branch("testing")["phases"]}
        assert "no difference" in phases["witness"]
        assert team("branches", "status", "testing", "--witness").code == 0
    finally:
        team.main_sql("drop table public.odd cascade")


def test_what_is_different_needs_no_witness(synced: Team):
    synced.main_sql("create table public.more (id int)")
    try:
        result = synced("branches", "diff", "testing", "--witness", "--json")
        assert result.code == 1
        assert "witness" not in [each["phase"] for each in result.branch("testing")["phases"]]
    finally:
        synced.main_sql("drop table public.more")


def test_a_disagreement_is_unknown_and_leaves_both_readings(synced: Team):
    """What this machine remembers of production is damaged, so that we call different equal."""
    memory = {file: file.read_text() for file in (synced.folder / ".supasync").glob("*.json")}
    synced.main_sql("create table public.ghost (id int)")
    try:
        assert synced("branches", "diff", "testing").code == 1
        for file, text in memory.items():
            old, new = json.loads(text), json.loads(file.read_text())
            old["state"]["stamp"] = new["state"]["stamp"]
            file.write_text(json.dumps(old))
        assert synced("branches", "status", "testing").code == 0, "we are wrong now"
        result = synced("branches", "status", "testing", "--witness", "--json")
        assert result.code == 3
        found = result.branch("testing")
        assert (found["verdict"], found["error"]) == ("Unknown", "WitnessDisagrees")
        assert "public.ghost" in found["reason"]
        [bundle] = (synced.folder / ".supasync").glob("witness-*-testing.json")
        assert bundle.name in found["remedy"]
        assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
        readings = json.loads(bundle.read_text())
        assert "ghost" in readings["witness"]["sql"]
        assert ["table", "public", "users"] in [each[:3] for each in readings["engine"]["objects"]]
        assert synced("branches", "status", "testing", "--witness", "--hard").code == 1
    finally:
        synced.main_sql("drop table public.ghost")
