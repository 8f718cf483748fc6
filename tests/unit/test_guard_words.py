"""What a guard says when it refuses, word for word: what, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from supasync import api
from supasync.api.guard import GuardedTransport, check
from supasync.catalog import Plan
from supasync.config import Branch
from supasync.errors import NotReady, SupasyncError, UsageError
from supasync.sync import ends, guard
from supasync.sync.context import Options
from supasync.sync.lifecycle import ready
from tests.unit.api.test_guard import API, UUID, Socket
from tests.unit.api.world import BRANCH, MAIN
from tests.unit.test_guard import EMPTY, LOSS, REWRITE, WIDER, plan, state, tables
from tests.unit.test_targets import OTHER, config, row

NO_FLAG = "Name a branch as the target. There is no flag that allows writing to production."


def refuse(method: str, url: str) -> Callable[[], None]:
    return lambda: check(httpx.Request(method, url), MAIN)


def judge(
    made: Plan, chosen: Options | None = None, settings: Branch | None = None, *, past: bool = False
) -> Callable[[], str]:
    return lambda: guard.check(
        made,
        made.source_state,
        made.target_state,
        chosen or Options(),
        settings or Branch(),
        past=past,
    )


def between(source: object, target: object) -> Plan:
    return replace(plan(), source_state=source, target_state=target)


CANNOT = plan(cannot=("TABLE a.t: no", "TABLE a.u: no"))
NO_TABLE = between(EMPTY, tables("a", "b"))
MANY = between(tables("x"), tables("a", "b", "c", "d"))

SAID = [
    (
        lambda: GuardedTransport(Socket(), "x"),
        "Production's ref must be twenty lower-case letters.",
        "Copy it from the project's URL: https://REF.supabase.co.",
    ),
    (
        refuse("POST", f"{API}/v1/branches/{BRANCH}/merge"),
        "Merging a branch writes to production; supasync never does it.",
        NO_FLAG,
    ),
    (
        refuse("DELETE", f"{API}/v1/branches/{UUID}"),
        "A branch is changed only under its project ref: an id could be production's own.",
        NO_FLAG,
    ),
    (
        refuse("DELETE", f"{API}/v1/projects/{MAIN}"),
        f"DELETE /v1/projects/{MAIN} would write to production.",
        NO_FLAG,
    ),
    (
        refuse("GET", f"https://{MAIN}.supabase.co/rest/v1/customers"),
        "/rest/v1/customers has rows of production; they are never read.",
        NO_FLAG,
    ),
    (
        refuse("POST", f"{API}/v1/%" + "25" * 12 + "61"),
        "The URL's path is percent-encoded too many times to be checked.",
        NO_FLAG,
    ),
    *(
        (
            lambda source=source, target=target: ends.check(source, target, MAIN, write=False),
            "Both ends are the same database",
            "Name two different databases.",
        )
        for source, target in (("a", "a"), ("main", MAIN), (MAIN, "main"))
    ),
    (
        lambda: ends.check_name("mysql://user:word@host/db"),
        "One end looks like the address of a database and is no postgresql:// URL",
        "Write postgresql://user:password@host:5432/database, main, or a branch's name.",
    ),
    (
        lambda: ends.check("testing", " MAIN ", MAIN, write=True),
        " MAIN  is production; production is never a target",
        "Exchange the ends: `supasync schema diff main testing`.",
    ),
    (
        lambda: ends.check("testing", f"postgresql://db.{MAIN}.supabase.co/x", MAIN, write=True),
        "the target's URL leads to production; production is never a target",
        NO_FLAG,
    ),
    (
        judge(CANNOT),
        "The role that would run the plan cannot perform all of it (2): TABLE a.t: no",
        "Perform them on the branch by hand with a role that may, or remove them from production"
        "; then run the command again.",
    ),
    (
        judge(CANNOT, past=True),
        "The role that would run the plan cannot perform all of it (2): TABLE a.t: no",
        "Perform them on the branch by hand with a role that may; then run the command again.",
    ),
    (
        judge(plan(LOSS, WIDER, LOSS), Options(no_data_loss=True)),
        "The plan would lose data:\n  TABLE a.old is dropped with what it holds"
        "\n  TABLE a.old is dropped with what it holds",
        "Save what you need, then run the command without --no-data-loss or --refuse data-loss.",
    ),
    (
        judge(plan(LOSS), settings=Branch(allow_data_loss=False)),
        "The plan would lose data:\n  TABLE a.old is dropped with what it holds",
        "Save what you need, then set allow_data_loss = true in the branch's section of "
        "config.toml.",
    ),
    (
        lambda: guard.all_rows_may_go("x", "a reset", Branch(allow_data_loss=False)),
        "x: a reset loses all rows, and none may be lost",
        "Save what you need, then set allow_data_loss = true in the branch's section of "
        "config.toml.",
    ),
    (
        lambda: guard.all_rows_may_go("x", "a reset", Branch(), Options(no_data_loss=True)),
        "x: a reset loses all rows, and none may be lost",
        "Save what you need, then run the command without --no-data-loss or --refuse data-loss.",
    ),
    (
        judge(
            plan(WIDER, REWRITE), Options(refused=frozenset({"access-widened", "table-rewrite"}))
        ),
        "The plan has what was refused:\n  access-widened: TABLE a.t: anon gains select"
        "\n  table-rewrite: COLUMN a.t.x: its table is rewritten, locked meanwhile",
        "Look at it with --dry-run; then run the command without --refuse access-widened "
        "--refuse table-rewrite.",
    ),
    (
        judge(NO_TABLE),
        "The source has no table at all, the target has 2: the sync would drop them all",
        "Check that the source is the right project. If it really is empty, add --allow-empty.",
    ),
    (
        judge(NO_TABLE, past=True),
        "Before that sync the branch had no table at all, now it has 2: they would all be dropped",
        "If that is what you want, add --allow-empty.",
    ),
    (
        judge(between(EMPTY, state(("view", "public", "v"))), Options(prune=True)),
        "The source has no table, view, function or type at all, the target has 1: the sync would "
        "drop them all",
        "Check that the source is the right project. If it really is empty, add --allow-empty.",
    ),
    (
        judge(MANY),
        "Not confirmed: the plan drops 4 of the 4 objects that are there (100%); more than 50% has "
        "to be confirmed (--prune)",
        "Look at the plan with --dry-run and check that the source is the right one. If that is "
        "what you want, add --prune, or raise prune in the branch's section of config.toml.",
    ),
    (
        lambda: guard.not_production(MAIN, config()),
        f"{MAIN} is production; production is never a target",
        NO_FLAG,
    ),
    (
        lambda: ready.find("x", [row("x", is_default=True)], config()),
        "x is production; production is never a target",
        NO_FLAG,
    ),
    (
        lambda: ready.find("x", [row("x")], config(ref=OTHER)),
        f"x is not provably a branch: the platform calls it {BRANCH!r}, a branch of {MAIN!r}, and "
        f"[project] ref is {OTHER!r}",
        "Write the production project's own ref into [project] ref.",
    ),
    (
        lambda: ready.find("x", [], config()),
        "The project has no branch 'x'. It has no branch at all.",
        "Name one of them, or create it: `supasync branches create x`.",
    ),
    (
        lambda: ready.find("x", [row("b"), row("a")], config()),
        "The project has no branch 'x'. It has: a, b",
        "Name one of them, or create it: `supasync branches create x`.",
    ),
    (
        lambda: ready.find("testin", [row("testing"), row("preview")], config()),
        "The project has no branch 'testin'. Did you mean 'testing'? It has: preview, testing",
        "Name one of them, or create it: `supasync branches create testin`.",
    ),
]


@pytest.mark.parametrize(("act", "message", "remedy"), SAID, ids=[each[1][:30] for each in SAID])
def test_a_refusal_says_what_and_what_to_do(
    act: Callable[[], object], message: str, remedy: str
) -> None:
    with pytest.raises(SupasyncError) as caught:
        act()
    assert (caught.value.message, caught.value.remedy) == (message, remedy)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"preview_project_status": "INACTIVE"}, "testing is paused (INACTIVE)"),
        ({"status": "CREATING_PROJECT"}, None),
        ({"preview_project_status": "ACTIVE_HEALTHY"}, ""),
        ({"preview_project_status": "ACTIVE_UNHEALTHY"}, ""),
        ({"preview_project_status": "UNKNOWN"}, ""),
        ({"preview_project_status": "A_NEW_WORD"}, ""),
        ({}, ""),
    ],
)
def test_a_branch_that_cannot_be_worked_on_says_so(fields, message: str | None) -> None:
    """message: None is any, "" none."""
    branch: api.Branch = row(**fields)
    if message == "":
        ready.check(branch)
        return
    with pytest.raises(NotReady) as caught:
        ready.check(branch)
    assert caught.value.remedy
    assert caught.value.message.startswith("testing ")
    assert message in (None, caught.value.message)
    assert caught.value.message.endswith(f"({next(iter(fields.values()))})")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("postgresql://h/x", "postgresql://h/x?hostaddr=10.0.0.1", False),
        ("postgresql://a/x?hostaddr=10.0.0.1", "postgresql://b/x?hostaddr=10.0.0.1", True),
        ("postgresql://a/x", "postgresql://b/x", False),
        ("postgresql://h/x", "postgresql://h/y", False),
        ("postgresql://h:5432/x", "postgresql://h:5433/x", False),
        ("postgresql://h:5432/x", "postgresql://h/x", True),
        ("postgresql://x@h", "postgresql://y@h/x", True),
        ("postgresql://x@h", "postgresql://y@h", False),
        ("postgresql:///x", "postgresql://h/x", False),
    ],
)
def test_two_urls_to_one_place_are_the_same_end(one: str, other: str, same: bool) -> None:
    if same:
        with pytest.raises(UsageError, match="same database"):
            ends.check(one, other, MAIN, write=False)
    else:
        ends.check(one, other, MAIN, write=True)
