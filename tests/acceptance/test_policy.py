"""What a sync may drop: a share of what is there, and rows, only as the configuration says."""

from __future__ import annotations

from contextlib import closing

import psycopg

from tests.acceptance.conftest import CONFIG, Team

OWN = "create schema own; create table own.t (a int, b int, c int, d int, e int, f int)"


def test_a_share_of_a_branch_s_objects_is_dropped_only_when_confirmed(synced: Team):
    """Refused with a code and a document that CI can read, told by a look, and by every name."""
    ref = synced.box.branches["testing"].ref
    synced.write("config.toml", CONFIG.replace("[branches.testing]", "[branches.testing]\nprune=0"))
    synced.sql("testing", OWN)
    for command in (("branches", "sync", "testing"), ("branches", "sync", ref)):
        refused = synced(*command, "--json")
        assert refused.code == 4
        [branch] = refused.json["branches"]
        assert (branch["error"], branch["code"], branch["verdict"]) == (
            *("PruneRefused", 4),
            "OutOfSync",
        )
        assert branch["plan"]["dropped"] == 8
        assert branch["plan"]["target_objects"] > 8
        assert "--prune" in branch["remedy"]
    assert synced("schema", "sync", "main", "testing").code == 4
    told = synced("branches", "diff", "testing")
    assert "drops 8 of the" in told.out
    assert synced.sql("testing", "select to_regclass('own.t')::text") == "own.t"
    done = synced("branches", "sync", "testing", "--prune")
    assert done.code == 0, done.out
    assert synced.sql("testing", "select to_regclass('own.t')::text") is None
    back = synced("branches", "undo", "testing", "--steps", "1")
    assert back.code == 0, back.out  # it drops nothing
    assert synced("branches", "sync", "testing", "--prune").code == 0


def test_rows_are_lost_only_where_the_configuration_allows_it(synced: Team):
    """No option weakens that, and no other name of the branch."""
    ref = synced.box.branches["testing"].ref
    kept = CONFIG.replace("[branches.testing]", "[branches.testing]\nallow_data_loss = false")
    synced.write("config.toml", kept)
    synced.sql("testing", OWN)
    for command in (
        ("branches", "sync", "testing", "--prune", "--allow-empty"),
        ("branches", "sync", ref),
        ("schema", "sync", "main", "testing"),
        ("schema", "sync", "main", ref, "--prune"),
    ):
        refused = synced(*command)
        assert refused.code == 4, refused.out
        assert "would lose data" in refused.out
        assert "allow_data_loss" in refused.out
    assert synced.sql("testing", "select to_regclass('own.t')::text") == "own.t"
    synced.write("config.toml", CONFIG)
    assert synced("branches", "sync", "testing").code == 0


def test_between_urls_more_than_one_half_has_to_be_confirmed(team: Team, make_database):
    (team.folder / "config.toml").unlink()
    source, target = make_database(), make_database()
    for url, schema in ((source, "create table t (a int)"), (target, OWN)):
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            connection.execute(schema.encode())

    def sync(*options: str) -> int:
        named = ("schema", "sync", source, target, "--yes")
        return team(*named, *options, SUPABASE_PROJECT_REF="").code

    assert sync() == 4
    assert sync("--dry-run") == 0
    assert sync("--prune") == 0
    assert sync() == 0
