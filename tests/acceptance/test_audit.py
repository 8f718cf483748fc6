"""The record of what was sent to production, as a security officer reads it."""

from __future__ import annotations

from tests.acceptance.conftest import Team


def test_the_record(team: Team) -> None:
    none = team("audit", "verify")
    assert none.code == 2
    assert "nothing was sent to production" in none.err
    diff = team("branches", "diff", "testing", "--json")
    assert diff.code in {0, 1}, diff.err
    of_branch = diff.branch("testing")["sql_calls"]
    shown = team("audit", "show", "--json").json["entries"]
    assert len(shown) == diff.json["api_calls"]["sql"] - of_branch > 0
    assert {entry["project"] for entry in shown} == {team.box.main.ref}
    assert {entry["query"] for entry in shown} <= {"look", "objects", "stub uses"}
    first = team("audit", "show", "1").out
    assert "pg_catalog" in first or "pg_class" in first
    verified = team("audit", "verify", "--json").json
    assert (verified["whole"], verified["matched"]) == (True, len(shown))
    head = verified["head"]
    assert team("audit", "verify", "--head", head[::-1]).code == 1
    missing = team("audit", "show", "99")
    assert (missing.code, "has no line 99" in missing.err) == (2, True)

    log = team.folder / ".supasync" / "production.log"
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    cut = team("audit", "verify")
    assert cut.code == 1
    assert f"line {len(shown)}: is missing" in cut.out
    # nothing more is sent to production without a whole record
    diff = team("branches", "diff", "testing")
    assert diff.code == 2, diff.out
    assert "has a damaged end" in diff.out
    assert len(log.read_text().splitlines()) == len(shown) - 1
