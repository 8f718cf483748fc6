"""`branches wait`: ready is more than what the platform says."""

from __future__ import annotations

import httpx

from tests.acceptance.conftest import Team


def api(team: Team, path: str, body: dict[str, object]) -> None:
    headers = {"Authorization": f"Bearer {team.box.access_token}"}
    answer = httpx.post(team.box.api_url + path, json=body, headers=headers, timeout=60)
    answer.raise_for_status()


def test_a_new_branch_is_ready_when_productions_migrations_are_there(own_team: Team):
    project = f"/v1/projects/{own_team.box.main.ref}"
    api(own_team, f"{project}/database/migrations", {"query": "create table public.late (id int)"})
    api(own_team, f"{project}/branches", {"branch_name": "fresh"})
    result = own_team("branches", "wait", "fresh", "--json")
    assert result.code == 0, result.err
    assert result.json["ready"] and result.json["probes"] >= 3
    assert own_team.sql("fresh", "select to_regclass('public.late')::text") == "late"
    own_team.sql("fresh", "delete from supabase_migrations.schema_migrations")
    result = own_team("branches", "wait", "fresh", "--timeout", "0")
    assert result.code == 3
    assert "(late): migration " in result.err and "branches sync" in result.err
    own_team.post(f"/v1/projects/{own_team.box.branches['fresh'].ref}/pause")
    result = own_team("branches", "wait", "fresh", "--json")
    assert result.code == 3
    assert "paused (INACTIVE)" in result.json["error"]["message"]
    assert "branches resume" in result.json["error"]["remedy"]


def test_without_migrations_the_tables_are_waited_for(team: Team):
    team.sql("preview", "drop table if exists public.users cascade")
    result = team("branches", "wait", "preview", "--timeout", "0")
    assert result.code == 3
    assert "table public.users" in result.err
    assert team("branches", "wait", "main").code == 4
    assert team("branches", "wait", "nowhere").code == 2
