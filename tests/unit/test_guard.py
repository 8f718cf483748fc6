"""Which plans are refused for what they would cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from supasync.catalog import Hazard, Plan, State, Step
from supasync.catalog.hazards import NAMES, access_widened, cannot_apply, data_loss, table_rewrite
from supasync.catalog.kinds import RANK
from supasync.catalog.listing import Listing
from supasync.cli import options
from supasync.errors import CannotApply, HazardRefused, LossRefused, Refused
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


def check(made: Plan, chosen: Options) -> str:
    return guard.check(made, EMPTY, EMPTY, chosen)


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
        guard.check(plan(), EMPTY, target, Options(), past=past)
    assert "--allow-empty" in (caught.value.remedy or "")
    assert guard.check(plan(), EMPTY, target, Options(allow_empty=True), past=past) == ""


def test_the_flag_knows_all_hazards_that_can_be_allowed() -> None:
    assert set(options.Refusable) == set(NAMES) - {"cannot-apply"}


def test_many_hazards_of_a_name_are_cut_short() -> None:
    seen = [HazardSeen(name="table-rewrite", message=str(n)) for n in range(12)]
    seen.insert(3, HazardSeen(name="data-loss", message="x"))
    seen.append(HazardSeen(name="cannot-apply", message="told on its own"))
    lines = wording.hazards(seen)
    assert lines[:2] == ["table-rewrite: 0", "table-rewrite: 1"]
    assert lines[10:] == ["table-rewrite: … and 2 more; --json shows all", "data-loss: x"]
