"""What each migration did to a real database, one after the other."""

from __future__ import annotations

from supasync import catalog
from supasync.ports import WritableDatabase
from supasync.sync.migrations.replay import Replay

ALONE = "create index concurrently of_a on public.t (a)"


async def test_what_a_failed_migration_left_is_not_the_next_ones_doing(
    database: WritableDatabase,
) -> None:
    """Statements that want to be alone are run one by one, so those before a failure stay."""
    replay = await Replay.begin(database, catalog.scope("all"))
    made = await replay.run(["create table public.t (a int)", ALONE])
    assert ("index", "public", "of_a") in made.changed
    half = await replay.run(["create table public.left_over (a int)", ALONE])
    assert (dict(half.changed), "already exists" in half.failed) == ({}, True)
    whole = await replay.run(["create table public.u (a int)", "create table public.t (a int)"])
    assert whole.failed
    after = await replay.run(["create table public.u (a int)"])
    assert {id_[1:] for id_ in after.changed if id_[0] == "table"} == {("public", "u")}
