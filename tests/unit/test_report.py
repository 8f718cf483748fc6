"""What people see, as text, from events alone."""

import io

import pytest
from rich.console import Console

from supasync.events import (
    ApiCalls,
    BranchFinished,
    HazardSeen,
    Notice,
    Phase,
    PhaseFinished,
    PhaseStarted,
    PlanMade,
    PlannedStep,
    RowsCopied,
    RunFinished,
    RunStarted,
    SeedFileRun,
    Summary,
    UserVerified,
    Verdict,
    last_syncs,
)
from supasync.report import wording
from supasync.report.progress import progress
from supasync.report.text import print_run, print_status

LOSS = HazardSeen(name="data-loss", message="TABLE public.old is dropped with what it holds")
STEPS = (
    PlannedStep(verb="drop", object="TABLE public.old", hazards=(LOSS,)),
    PlannedStep(verb="alter", object="MATERIALIZED VIEW public.crew", fields=("definition",)),
    PlannedStep(verb="create", object="COLUMN public.users.x"),
)
EVENTS = (
    RunStarted(
        run_id="r1",
        command="branches sync",
        source="main",
        branches=("testing", "preview"),
        dry_run=False,
        at=0.0,
    ),
    PhaseStarted(branch="main", phase=Phase.OBSERVE),
    PhaseFinished(branch="main", phase=Phase.OBSERVE, seconds=0.25, note="7 objects"),
    PlanMade(
        branch="testing",
        steps=STEPS,
        objects=7,
        hazards=(LOSS,),
        reparsed=("constraint.public.users.age",),
        unmodelled={"pg_cast": 2},
    ),
    PhaseFinished(branch="testing", phase=Phase.APPLY, seconds=0.04, note="proved"),
    RowsCopied(
        branch="testing",
        table="public.crew",
        columns=("id", "email"),
        masked={"email": "hash"},
        limit=10,
        rows=3,
        read=3,
        pages=1,
        written=2,
    ),
    RowsCopied(branch="testing", table="public.ports", columns=("id",), rows=1),
    RowsCopied(branch="testing", table="public.ships", columns=("id", "name\x1b[2J")),
    SeedFileRun(branch="testing", file="seeds/10_users.sql", statements=3),
    UserVerified(
        branch="testing",
        email="a@example.test",
        role="admin",
        login="magic_link",
        action="created",
        ok=True,
    ),
    Notice(branch="testing", message="the disk is full"),
    BranchFinished(
        branch="testing",
        ref="b" * 20,
        verdict=Verdict.SYNCED,
        seconds=1.24,
        changed=True,
        sql_calls=5,
    ),
    PhaseFinished(branch="preview", phase=Phase.READY, seconds=0.0, ok=False),
    BranchFinished(
        branch="preview",
        ref="",
        verdict=Verdict.UNKNOWN,
        seconds=0.0,
        reason="preview is paused",
        remedy="Restore it.",
        error="NotReady",
        code=3,
    ),
    ApiCalls(calls={"POST /v1/projects/{ref}/database/query": 9, "GET /v1/projects": 1}),
    RunFinished(run_id="r1", seconds=1.3, exit_code=3, at=1.3),
)
SCREEN = """\
testing  Synced  1 created, 1 altered, 1 dropped  1.2 s
  - table public.old
  ~ materialized view public.crew (definition)
  + column public.users.x
  ! data-loss: TABLE public.old is dropped with what it holds
  = equal after re-parse: constraint.public.users.age
  ? not compared: 2 in pg_cast
  data   public.crew  3 rows, read in 1 page, 2 written; limit 10; masked: email (hash)
  data   public.ports  1 row, none read: as after the last copy
  data   public.ships  would be read: id, name\\x1b[2J
  seed   1 file: 10_users.sql
  user   ✓ a@example.test  admin, magic link, created
  time   apply 40 ms
  note   the disk is full

preview  Unknown  0 s
  time   ready 0 s
  preview is paused
  → Restore it.

branch   verdict  schema                           seed    users   SQL calls  time
testing  Synced   1 created, 1 altered, 1 dropped  1 file  1 of 1  5          1.2 s
preview  Unknown  not looked at                    –       –       0          0 s
API calls: 10 (9 SQL)
"""


@pytest.fixture
def summary() -> Summary:
    summary = Summary()
    for event in EVENTS:
        summary(event)
    return summary


def piped() -> Console:
    return Console(file=io.StringIO(), width=200, highlight=False)


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().split("\n")
    return "\n".join(line.rstrip() for line in lines)


def test_the_result_as_text(summary):
    console = piped()
    print_run(summary, console)
    assert shown(console) == SCREEN


def test_the_status_tells_why_and_what_to_do(summary):
    console = piped()
    print_status(summary, console)
    assert "preview: preview is paused\npreview: → Restore it.\n" in shown(console)


def test_what_is_not_done_yet_is_marked_so(summary):
    testing = summary.branches["testing"]
    testing.finished = BranchFinished(
        branch="testing", ref="", verdict=Verdict.OUT_OF_SYNC, seconds=1.0, reason="differs"
    )
    console = piped()
    print_run(summary, console)
    assert "OutOfSync  to do: 1 created, 1 altered, 1 dropped" in shown(console)


def test_brackets_in_names_are_text_and_not_markup():
    assert wording.step(PlannedStep(verb="create", object="TABLE public.[red]x")) == (
        "+ table public.[red]x"
    )


def test_logs_get_a_line_per_finished_phase_and_the_reason_of_a_failure():
    out = io.StringIO()
    with progress(out) as show:
        for event in EVENTS:
            show(event)
    assert out.getvalue() == (
        "main: observe  0.2 s  7 objects\n"
        "testing: apply  40 ms  proved\n"
        "testing: the disk is full\n"
        "testing: Synced\n"
        "preview: ready  0 s  failed\n"
        "preview: Unknown: preview is paused\n"
    )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_moving_lines_and_they_leave_nothing_behind():
    out = Terminal()
    with progress(out) as show:
        for event in EVENTS:
            show(event)
    text = out.getvalue()
    assert "testing" in text
    assert text.endswith("\x1b[2K")  # the last thing it does is to erase its lines


def test_the_document_keeps_every_fact(summary):
    document = summary.to_json()
    testing, preview = document["branches"]
    assert document["run"]["exit_code"] == 3
    assert document["api_calls"]["sql"] == 9
    assert document["main"]["phases"] == [
        {"phase": "observe", "seconds": 0.25, "note": "7 objects", "ok": True}
    ]
    assert testing["plan"]["steps"][0]["hazards"][0]["name"] == "data-loss"
    assert testing["notices"] == ["the disk is full"]
    assert (preview["error"], preview["code"]) == ("NotReady", 3)
    assert "sql" not in summary.to_json(sql=False)["branches"][0]["plan"]


def run(command: str, *finished: BranchFinished, steps: tuple[PlannedStep, ...] = ()) -> Summary:
    summary = Summary()
    names = tuple(each.branch for each in finished)
    summary(
        RunStarted(
            run_id="r", command=command, source="main", branches=names, dry_run=False, at=86400.0
        )
    )
    for each in finished:
        summary(PlanMade(branch=each.branch, steps=steps, objects=1, unmodelled={"pg_cast": 2}))
        summary(each)
    return summary


def ended(branch: str, verdict: Verdict, **more: object) -> BranchFinished:
    return BranchFinished(branch=branch, ref="", verdict=verdict, seconds=0.0, **more)


def test_a_status_says_what_it_looked_at_and_how_the_last_sync_ended():
    sync = run("branches sync", ended("testing", Verdict.OUT_OF_SYNC, reason="a.sql:1", code=7))
    sync(PhaseFinished(branch="testing", phase=Phase.SEED, seconds=0.0, ok=False))
    dry = {**sync.to_json(), "run": {**sync.to_json()["run"], "dry_run": True}}
    status = run("branches status", ended("testing", Verdict.SYNCED))
    status.remember(last_syncs([{"of": "another version"}, sync.to_json(), dry]))
    console = piped()
    print_status(status, console)
    head, row, *rest = shown(console).splitlines()
    assert head.split()[:3] == ["branch", "schema", "differences"]
    assert "Synced" in row
    assert "1970-01-02 00:00 UTC: OutOfSync, failed in seed" in row
    assert rest == ["testing: not compared: 2 in pg_cast", "testing: the last sync: a.sql:1"]
    assert status.to_json()["branches"][0]["last_sync"]["failed"] == "seed"


def test_a_refusal_is_not_nothing_to_change():
    status = run("branches status", ended("testing", Verdict.OUT_OF_SYNC, reason="x", code=4))
    console = piped()
    print_status(status, console)
    assert "nothing to change" not in shown(console)
    assert "refused" in shown(console)


def test_what_is_dropped_is_shown_however_long_the_list_is():
    steps = tuple(PlannedStep(verb="create", object=f"TABLE t{n}") for n in range(60))
    steps += (PlannedStep(verb="drop", object="TABLE public.old"),)
    console = piped()
    print_run(run("diff", ended("testing", Verdict.OUT_OF_SYNC), steps=steps), console)
    assert "- table public.old" in shown(console)
    assert "and 21 more; --sql" in shown(console)


def test_one_reason_of_all_branches_is_told_once():
    same = {"reason": "401", "remedy": "Set the token.", "code": 3}
    both = run(
        "branches sync",
        ended("one", Verdict.UNKNOWN, **same),
        ended("two", Verdict.UNKNOWN, **same),
    )
    for show in (print_run, print_status):
        console = piped()
        show(both, console)
        assert shown(console).count("401") == 1
        assert "one, two: 401" in shown(console)
    log = io.StringIO()
    plain = progress(log)
    for branch in both.branches.values():
        assert branch.finished
        plain(branch.finished)
    assert log.getvalue().count("401") == 1


def test_names_cannot_command_a_terminal_nor_make_lines_of_their_own() -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\r\x9b31m\u202e"
    planned = PlanMade(
        branch="testing",
        steps=(PlannedStep(verb="drop", object=f"TABLE public.{evil}\n::error::x"),),
        objects=1,
        hazards=(HazardSeen(name="data-loss", message=f"TABLE {evil}\n::error::y"),),
        cannot_apply=(evil,),
        reparsed=(evil,),
        sql=f'drop table "{evil}"\n',
    )
    finished = BranchFinished(
        branch="testing",
        ref="x",
        verdict=Verdict.UNKNOWN,
        seconds=1,
        code=3,
        reason=f"one {evil}\ntwo",
        remedy=evil,
    )
    summary = Summary()
    started = RunStarted(
        run_id="r", command="x", source="main", branches=("testing",), dry_run=False, at=0
    )
    for event in (started, planned, Notice(branch="testing", message=evil), finished):
        summary(event)
    for terminal in (True, False):
        out = io.StringIO()
        console = Console(file=out, width=400, force_terminal=terminal, color_system=None)
        print_run(summary, console, sql=terminal)
        print_status(summary, console)
        assert not {"\x1b", "\x07", "\r", "\x9b", "\u202e"} & set(out.getvalue())
        lines = out.getvalue().splitlines()
        assert not [line for line in lines if line.startswith("::")]
        assert "two" in [line.strip() for line in lines]


def test_a_script_that_is_piped_is_left_as_it_is() -> None:
    summary = Summary()
    planned = PlanMade(branch="main", steps=(), objects=1, sql='drop table "\x1b"\n')
    for event in (
        RunStarted(run_id="r", command="x", source="s", branches=("main",), dry_run=False, at=0),
        planned,
    ):
        summary(event)
    out = io.StringIO()
    print_run(summary, Console(file=out, width=400), sql=True)
    assert 'drop table "\x1b"' in out.getvalue()
