"""Which plans are refused for what they would cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from supasync.catalog import Hazard, Plan, State, Step
from supasync.catalog.hazards import NAMES, access_widened, cannot_apply, data_loss, table_rewrite
from supasync.catalog.kinds import RANK
from supasync.catalog.listing import Listing
from supasync.cli import options
from supasync.config import Branch
from supasync.errors import CannotApply, HazardRefused, LossRefused, PruneRefused, Refused
from supasync.events import HazardSeen
from supasync.report import wording
from supasync.sync import guard
from supasync.sync.context import Options

EMPTY = State(stamp="", fingerprint="", rows=Listing.of([]), key="", about={})
LOSS, REWRITE = data_loss("TABLE a.old"), table_rewrite("COLUMN a.t.x")
WIDER = access_widened("TABLE a.t", "anon gains select")


def plan(*hazards: Hazard, cannot: tuple[str, ...] = ()) -> Plan:
    step = Step(
        verb="alter", id=("table", "a", "t"), label="TABLE a.t", sql=("x",), hazards=hazards
    )
    return Plan(
        steps=(step,),
        source_state=EMPTY,
        target_state=EMPTY,
        cannot_apply=cannot,
    )


def state(*ids: tuple[str, ...], digest: str = "0" * 32) -> State:
    rows = [[RANK[id_[0]], list(id_[1:]), digest, 0, n, 0] for n, id_ in enumerate(ids, 1)]
    return replace(EMPTY, rows=Listing.of(rows))


def check(made: Plan, chosen: Options) -> str:
    return guard.check(made, EMPTY, EMPTY, chosen, Branch())


def test_on_a_branch_every_hazard_is_allowed_and_named() -> None:
    allowed = check(plan(WIDER, LOSS, REWRITE, LOSS), Options())
    assert allowed == "allowed on a branch: access-widened, data-loss, table-rewrite"
    assert check(plan(), Options()) == ""


@pytest.mark.parametrize(
    "chosen", [Options(no_data_loss=True), Options(refused=frozenset({"data-loss"}))]
)
def test_loss_is_refused_by_either_flag(chosen: Options) -> None:
    with pytest.raises(LossRefused, match=r"lose data:\n  TABLE a\.old is dropped"):
        check(plan(LOSS, WIDER), chosen)
    assert check(plan(WIDER), chosen) == "allowed on a branch: access-widened"


def test_a_refused_hazard_is_told_with_what_it_is_about() -> None:
    chosen = Options(refused=frozenset({"access-widened", "index-build"}))
    with pytest.raises(HazardRefused) as caught:
        check(plan(REWRITE, WIDER), chosen)
    assert caught.value.message.endswith("\n  access-widened: TABLE a.t: anon gains select")
    assert "without --refuse access-widened." in (caught.value.remedy or "")
    assert check(plan(REWRITE), chosen) == "allowed on a branch: table-rewrite"


def test_what_cannot_be_applied_is_refused_always() -> None:
    with pytest.raises(CannotApply, match=r"\(1\): TABLE a\.t: no"):
        check(plan(cannot_apply("TABLE a.t: no"), cannot=("TABLE a.t: no",)), Options())


@pytest.mark.parametrize("past", [True, False])
def test_a_source_without_tables_is_believed_when_asked(past: bool) -> None:
    row = [RANK["table"], ["public", "t"], "", 0, 0, 0]
    target = replace(EMPTY, rows=Listing.of([row]))
    told = "Before that sync the branch had no table" if past else "The source has no table"
    with pytest.raises(Refused, match=told) as caught:
        guard.check(plan(), EMPTY, target, Options(), Branch(), past=past)
    assert "--allow-empty" in (caught.value.remedy or "")
    believed = Options(allow_empty=True)
    assert guard.check(plan(), EMPTY, target, believed, Branch(), past=past) == ""


@pytest.mark.parametrize("kind", ["view", "function", "enum"])
def test_a_source_with_nothing_at_all_is_as_empty_as_one_without_tables(kind: str) -> None:
    bare = state(("schema", "public"), ("role", "x"))
    full = state(("schema", "public"), ("role", "x"), ("table", "a", "b"))
    target = state(*bare.digests, (kind, "public", "x"))
    every = Options(prune=True)
    with pytest.raises(Refused, match="no table, view, function or type at all"):
        guard.check(plan(), bare, target, every, Branch())
    believed = replace(every, allow_empty=True)
    assert guard.check(plan(), bare, target, believed, Branch()) == ""
    assert guard.check(plan(), full, target, every, Branch()) == ""
    assert guard.check(plan(), bare, bare, Options(), Branch()) == ""


def tables(*names: str) -> State:
    return state(*(("table", "public", name) for name in names))


@pytest.mark.parametrize(
    ("share", "left", "refused"),
    [
        (0.5, "abcde", False),  # five of ten: not more than one half
        (0.5, "abcd", True),
        (0.0, "abcdefghij", False),
        (0.0, "abcdefghi", True),
        (1.0, "x", False),
        (0.9, "a", False),
        (0.89, "a", True),
    ],
)
def test_more_drops_than_the_share_have_to_be_confirmed(share, left, refused) -> None:
    source, target = tables(*left, "new", "more"), tables(*"abcdefghij")
    settings = Branch(prune=share)
    dropped = 10 - len(set(left) & set("abcdefghij"))
    if refused:
        with pytest.raises(PruneRefused) as caught:
            guard.check(plan(), source, target, Options(), settings)
        assert f"drops {dropped} of the 10 objects" in caught.value.message
        assert f"({dropped}0%); more than {share:.0%}" in caught.value.message
        assert "--prune" in (caught.value.remedy or "")
        assert caught.value.exit_code == 4
    else:
        assert guard.check(plan(), source, target, Options(), settings) == ""
        assert guard.to_confirm(source, target, settings) == ""
    assert guard.check(plan(), source, target, Options(prune=True), settings) == ""


def test_an_object_that_changes_is_not_dropped() -> None:
    """It is made anew at most: what is counted is what will not be there."""
    source, target = tables("a"), state(("table", "public", "a"), digest="f" * 32)
    assert guard.check(plan(), source, target, Options(), Branch(prune=0)) == ""


def test_an_empty_source_that_is_believed_needs_no_second_word() -> None:
    believed = Options(allow_empty=True)
    assert guard.check(plan(), EMPTY, tables("a"), believed, Branch(prune=0)) == ""
    with pytest.raises(PruneRefused):  # of any other it says nothing
        guard.check(plan(), tables("b"), tables("a"), believed, Branch(prune=0))


def test_loss_that_the_configuration_forbids_no_flag_allows() -> None:
    kept = Branch(allow_data_loss=False)
    for chosen in (Options(), Options(prune=True, allow_empty=True)):
        with pytest.raises(LossRefused) as caught:
            guard.check(plan(LOSS), EMPTY, EMPTY, chosen, kept)
        assert "allow_data_loss" in (caught.value.remedy or "")
    assert guard.check(plan(WIDER), EMPTY, EMPTY, Options(), kept)
    assert not Options().may_lose(kept)
    assert not Options(no_data_loss=True).may_lose(Branch())
    assert Options().may_lose(Branch())


def test_the_flag_knows_all_hazards_that_can_be_allowed() -> None:
    assert set(options.Refusable) == set(NAMES) - {"cannot-apply"}


def test_many_hazards_of_a_name_are_cut_short() -> None:
    seen = [HazardSeen(name="table-rewrite", message=str(n)) for n in range(12)]
    seen.insert(3, HazardSeen(name="data-loss", message="x"))
    seen.append(HazardSeen(name="cannot-apply", message="told on its own"))
    lines = wording.hazards(seen)
    assert lines[:2] == ["table-rewrite: 0", "table-rewrite: 1"]
    assert lines[10:] == ["table-rewrite: … and 2 more; --json shows all", "data-loss: x"]


def test_the_migration_history_is_nothing_that_can_be_lost() -> None:
    """Neither do its rows make the share of what is dropped a small one, nor are they a share."""
    tables = [("table", "a", name) for name in "abcd"]
    rows = [("migration", str(n)) for n in range(50)]
    told = guard.to_confirm(state(tables[0], *rows), state(*tables, *rows), Branch())
    assert told.startswith("the plan drops 3 of the 4 objects")
    assert guard.to_confirm(state(*tables), state(*tables, *rows), Branch()) == ""


@pytest.mark.parametrize(
    ("kind", "table"),
    [("migration", "supabase_migrations.schema_migrations"), ("bucket", "storage.buckets")],
)
def test_what_may_not_be_read_is_not_taken_for_empty(kind: str, table: str) -> None:
    unread = {"unmodelled": {}, "leftovers": {f"{table}, which may not be read": 1}}
    source = replace(state(("table", "a", "t")), about=unread)
    target = state(("table", "a", "t"), (kind, "1"))
    with pytest.raises(Refused, match=f"may not read {table}"):
        guard.check(plan(), source, target, Options(), Branch())
    assert guard.check(plan(), source, source, Options(), Branch()) == ""
