"""A job's end as annotations of GitHub."""

from __future__ import annotations

from collections.abc import Iterator

from supasync.ci.ended import Ended, only_different
from supasync.events import BranchSummary
from supasync.report import github, wording


def commands(ended: Ended) -> Iterator[str]:
    """One workflow command each."""
    if ended.validation is not None:
        yield from github.commands(ended.validation)
    if ended.summary is not None:
        for branch in ended.summary.branches.values():
            for level, what, text in _of(branch):
                title = f"supasync {ended.mode}: {branch.name}: {what}"
                yield github.command(level, title, text, ended.config)
    if ended.failure is not None:
        told = ended.failure
        text = "\n".join(filter(None, (told.message, told.remedy)))
        yield github.command("error", f"supasync {ended.mode}", text, ended.config)


def _of(branch: BranchSummary) -> Iterator[tuple[str, str, str]]:
    """(level, what, text) of each."""
    done = branch.finished
    verdict = wording.verdict(branch)
    if done is None:
        yield "error", verdict, "It was interrupted. Run it again: it goes on from what is there."
    elif only_different(branch):
        yield "warning", verdict, f"A sync is to be done: {wording.changes(branch)}."
    elif done.code:
        yield "error", verdict, "\n".join(filter(None, (done.reason, done.remedy)))
    hazards = wording.hazards(branch.plan.hazards) if branch.plan else []
    yield from (("warning", "hazard", hazard) for hazard in hazards)
    yield from (("notice", "note", note) for note in branch.notices)
