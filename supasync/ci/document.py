"""A job's end in Markdown: what was found, what is to be done, and the SQL folded away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import quote

from supasync.ci.blocks import Block, fenced, listed
from supasync.ci.ended import Ended, only_different
from supasync.events import BranchSummary, Validation
from supasync.report import markdown, wording
from supasync.report.markup import code

_MARK = {"Synced": "✅", "Pass": "✅", "OutOfSync": "❌", "Fail": "❌"}
_UNKNOWN = "❓"
_SQL_RANK = 3
_INTERRUPTED = 130  # or 143: only the process that ended knows by which signal


def blocks(ended: Ended) -> Iterator[Block]:
    mark = _MARK.get(ended.result, _UNKNOWN)
    title = f"supasync {ended.mode}: {ended.result}"
    if ended.code:
        mark = mark if mark != "✅" else "❌"
        how = "interrupted" if ended.code == _INTERRUPTED else f"exit code {ended.code}"
        title += f" ({how})"
    yield Block((f"## {mark} {title}",), rank=0)
    if ended.failure is not None:
        yield from _told(ended.failure.message, ended.failure.remedy)
    if ended.summary is not None:
        for branch in ended.summary.branches.values():
            yield from _branch(branch)
    if ended.validation is not None:
        yield from _validation(ended.validation)


def _branch(branch: BranchSummary) -> Iterator[Block]:
    done, plan = branch.finished, branch.plan
    verdict = wording.verdict(branch)
    good = done is not None and done.code == 0 and verdict == "Synced"
    mark = "✅" if good else _UNKNOWN if verdict not in _MARK else "❌"
    yield Block((f"### {mark} {code(branch.name)}: {verdict}, {_changes(branch)}",), rank=0)
    if done is not None and done.reason and not only_different(branch):
        yield from _told(done.reason, done.remedy)
    if plan is not None:
        if plan.steps:
            yield fenced("\n".join(wording.steps(plan.steps)), "diff", rank=2)
        if only_different(branch):
            yield Block((f"→ {code(f'supasync branches sync {quote(branch.name)}')}",))
        yield from _list("Hazards", wording.hazards(plan.hazards), "⚠️ ")
        yield from _list("Cannot be applied", plan.cannot_apply, "❌ ")
        yield from _list("Not compared", filter(None, [wording.unmodelled(branch)]))
    yield from _list("Rows of production", map(wording.data, branch.data))
    if branch.settings is not None:
        copied = branch.settings.done
        told = (wording.setting(change, done=copied) for change in branch.settings.changes)
        yield from _list("Settings", told)
    yield from _filled(branch)
    yield from _list("Notes", branch.notices)
    if plan is not None and plan.sql:
        lines = wording.count(len(plan.sql.strip().splitlines()), "line")
        yield fenced(plan.sql, "sql", fold=f"SQL, {lines}", rank=_SQL_RANK)


def _changes(branch: BranchSummary) -> str:
    done = branch.finished and branch.finished.changed
    pending = branch.plan and branch.plan.steps and not done
    return f"to do: {wording.changes(branch)}" if pending else wording.changes(branch)


def _filled(branch: BranchSummary) -> Iterator[Block]:
    """Seed and test users."""
    if branch.seed:
        yield Block((f"Seed: {wording.seed(branch)}.",))
    if branch.users:
        yield Block((f"Test users that can log in: {wording.users(branch)}.",))
    bad = (f"{user.email}: {user.reason}" for user in branch.users if not user.ok)
    yield from _list("", bad, "❌ ")


def _told(reason: str, remedy: str) -> Iterator[Block]:
    yield fenced(reason, "text")
    if remedy:
        yield fenced(f"→ {remedy}", "text")


def _list(title: str, texts: Iterable[str], mark: str = "") -> Iterator[Block]:
    """Nothing for no texts."""
    if found := listed(texts, mark):
        yield Block(found, f"**{title}**\n" if title else "")


def _validation(found: Validation) -> Iterator[Block]:
    yield Block(tuple(markdown.table(found)))
    for each in found.bad:
        yield Block(tuple(markdown.findings(each)), rank=2)
    if notes := tuple(markdown.notes(found)):
        yield Block(notes[1:-1], notes[0], notes[-1], _SQL_RANK)
