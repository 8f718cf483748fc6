"""What is known of migrations, from what each did and what production is like."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync.catalog.kinds.migration import Migration
from supasync.sync.migrations import verdict
from supasync.sync.migrations.document import of_status
from supasync.sync.migrations.files import File, Folder
from supasync.sync.migrations.replay import Effect
from supasync.sync.migrations.survey import Survey
from supasync.sync.migrations.verdict import Difference, Standing, Verdict
from supasync.sync.migrations.versions import Version, together

T, U, V = (("table", "public", name) for name in "tuv")


def recorded(version: str, *statements: str) -> Version:
    row = Migration(
        id=("migration", version),
        name=None,
        statements=statements or None,
        rollback=None,
        created_by=None,
        idempotency_key=None,
    )
    return Version(version=version, row=row)


def waiting(version: str, text: str = "select 1") -> Version:
    path = Path(f"{version}_x.sql")
    return Version(version=version, file=File(version=version, name="x", path=path, text=text))


def standings(
    ran: list[tuple[Version, Effect | None]], main: dict[tuple[str, ...], str]
) -> tuple[list[Verdict], tuple[Difference, ...]]:
    """Of recorded ones, and the drift. main: digests."""
    effects = [effect.changed for _, effect in ran if effect]
    last = {id_: digest for changed in effects for id_, digest in changed.items()}
    replayed = {id_: digest for id_, digest in last.items() if digest}
    ids = {id_ for id_ in main.keys() | replayed.keys() if main.get(id_) != replayed.get(id_)}
    found = verdict.differences(main, replayed, ids)
    return list(verdict.recorded(ran, (), found)), verdict.unexplained(ran, found)


def test_what_no_later_one_changed_has_to_be_there() -> None:
    ran = [
        (recorded("1"), Effect(changed={T: "t1", U: "u1"})),
        (recorded("2"), Effect(changed={U: "u2"})),
        (recorded("3"), Effect(changed={V: None})),
    ]
    (first, second, third), drift = standings(ran, {T: "t1", U: "by hand", V: "still there"})
    assert [first.standing, second.standing, third.standing] == [
        Standing.APPLIED,
        Standing.UNTRUE,
        Standing.UNTRUE,
    ]
    assert [(d.object, d.how) for d in second.objects] == [("table public.u", "different")]
    assert [d.how for d in third.objects] == ["extra"]
    assert drift == ()


def test_what_no_migration_made_is_drift_and_blames_none() -> None:
    ran = [(recorded("1"), Effect(changed={T: "t"}))]
    [only], drift = standings(ran, {T: "t", U: "u"})
    assert only.standing is Standing.APPLIED
    assert [(d.id, d.how) for d in drift] == [(U, "extra")]


@pytest.mark.parametrize(
    ("effect", "standing", "told"),
    [
        (None, Standing.UNKNOWN, "no statements are recorded"),
        (Effect(failed="no such table"), Standing.UNKNOWN, "run again: no such table"),
        (Effect(), Standing.UNCHECKED, "nothing in the schema"),
        (Effect(changed={T: "old"}), Standing.UNCHECKED, "later ones"),
    ],
)
def test_what_cannot_be_seen_is_not_called_applied(
    effect: Effect | None, standing: Standing, told: str
) -> None:
    ran = [(recorded("1"), effect), (recorded("2"), Effect(changed={T: "t"}))]
    (first, _), _ = standings(ran, {T: "t"})
    assert first.standing is standing
    assert told in first.reason


@pytest.mark.parametrize(
    ("main", "standing", "told"),
    [
        ({T: "t"}, Standing.UNRECORDED, ""),
        ({T: "t", U: "still there"}, Standing.PENDING, "1 of the 2"),
        ({U: "still there"}, Standing.PENDING, ""),
        ({T: "else", U: "still there"}, Standing.PENDING, ""),
    ],
)
def test_a_file_is_held_against_production(
    main: dict[tuple[str, ...], str], standing: Standing, told: str
) -> None:
    ran = [(waiting("5"), Effect(changed={T: "t", U: None}))]
    [found] = verdict.waiting(ran, main, newest="7")
    assert (found.standing, found.out_of_order) == (standing, True)
    assert found.reason.startswith(told) and bool(found.reason) == bool(told)


def test_a_file_that_cannot_be_run_is_unknown() -> None:
    [found] = verdict.waiting([(waiting("8"), Effect(failed="syntax error"))], {}, newest="7")
    assert (found.standing, found.out_of_order) == (Standing.UNKNOWN, False)
    assert "syntax error" in found.reason


def test_comments_and_blanks_do_not_make_a_file_another() -> None:
    text = "-- why\nCREATE TABLE t (id int,\n  n text);\n\ncreate index on t (n);\n"
    rows = {"1": recorded("1", "create table t (id int, n text)", "create index on t (n)").row}
    file = waiting("1", text).file
    assert file is not None and rows["1"] is not None
    [same] = together({"1": rows["1"]}, [file])
    assert not same.changed
    other = waiting("1", text.replace("n text", "n varchar")).file
    assert other is not None
    [changed] = together({"1": rows["1"]}, [other])
    assert changed.changed
    odd = waiting("1", "this is no SQL").file
    assert odd is not None and together({"1": rows["1"]}, [odd])[0].changed


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (Standing.APPLIED, 0),
        (Standing.UNCHECKED, 0),
        (Standing.UNTRUE, 1),
        (Standing.UNKNOWN, 3),
    ],
)
def test_the_exit_code(standing: Standing, code: int) -> None:
    one = Verdict(version=recorded("1", "select 1"), standing=standing)
    assert Survey(verdicts=(one,), drift=(), replayed_on="").code == code
    drift = Difference(id=T, how="extra")
    assert Survey(verdicts=(one,), drift=(drift,), replayed_on="").code == (code or 1)
    folder = Folder(path=Path(), files=())
    without_file = Survey(verdicts=(one,), drift=(), replayed_on="", folder=folder)
    assert without_file.code == (code or 1)
    unrecorded = Verdict(version=waiting("2"), standing=Standing.UNRECORDED)
    both = Survey(verdicts=(one, unrecorded), drift=(), replayed_on="", folder=folder)
    assert both.code == (code or 1)
    assert "supabase migration repair --status applied 2" in of_status(both, "ref")["next"]
