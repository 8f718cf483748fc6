"""A job's end as annotations of GitHub."""

from __future__ import annotations

from collections.abc import Iterator

from supasync.ci.ended import Ended
from supasync.events import BranchSummary, Verdict
from supasync.report import github, wording

_DIFFERENT = 1


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
    elif done.code == _DIFFERENT and done.verdict is Verdict.OUT_OF_SYNC:
        told = (f"to do: {wording.changes(branch)}", done.reason, done.remedy)
        yield "warning", verdict, "\n".join(filter(None, told))
    elif done.code:
        yield "error", verdict, "\n".join(filter(None, (done.reason, done.remedy)))
    hazards = wording.hazards(branch.plan.hazards) if branch.plan else []
    yield from (("warning", "hazard", hazard) for hazard in hazards)
    yield from (("notice", "note", note) for note in branch.notices)
