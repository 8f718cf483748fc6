"""Brings how a job's command ended to where it is looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from supasync import __version__
from supasync.ci import comment
from supasync.ci.annotations import commands
from supasync.ci.blocks import Block, joined
from supasync.ci.document import blocks
from supasync.ci.ended import Ended
from supasync.ci.github import Github

SUMMARY_LIMIT: Final = 1 << 20
"""Bytes of a step's summary (docs.github.com, "Workflow commands for GitHub Actions")."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """Where it shall go. command: prints a workflow command. file: gets the Markdown, too."""

    github: Github | None
    command: Callable[[str], None]
    file: Path | None = None
    comment: bool = True


async def publish(ended: Ended, to: Published) -> None:
    """What cannot be written is told by a notice. Raises: OSError for `to.file`."""
    written = [*blocks(ended), Block((_footer(to.github),), rank=0)]
    if to.file is not None:
        to.file.write_text(joined(written, SUMMARY_LIMIT, _bytes), encoding="utf-8")
    if to.github is None:
        return
    for line in (*commands(ended), *_added(ended, written, to.github)):
        to.command(line)
    if to.comment and to.github.pull is not None:
        marked = comment.mark(ended)
        body = joined(written, comment.LIMIT - len(marked) - 1)
        try:
            await comment.keep(to.github, marked, body)
        except comment.NotWritten as error:
            to.command(_notice(f"There is no comment on the pull request: {error}."))


def _added(ended: Ended, written: list[Block], github: Github) -> Iterator[str]:
    """Adds to the job's files; notices of those that could not be written."""

    def outputs(_: int) -> str:
        return "".join(f"{name}={value}\n" for name, value in ended.outputs.items())

    def summary(there: int) -> str:
        return joined(written, SUMMARY_LIMIT - there, _bytes)

    for what, file, text in (
        ("outputs", github.output, outputs),
        ("summary", github.summary, summary),
    ):
        if file is None:
            continue
        try:
            there = file.stat().st_size if file.exists() else 0
            with file.open("a", encoding="utf-8") as out:
                out.write(text(there))
        except OSError as error:
            yield _notice(f"The job's {what} could not be written ({type(error).__name__}).")


def _footer(github: Github | None) -> str:
    parts = [f"supasync {__version__}"]
    if github is not None and github.commit:
        parts.append(f"commit {github.commit}")
    if github is not None and github.job:
        parts.append(f"[job]({github.job})")
    return f"<sub>{' · '.join(parts)}</sub>"


def _notice(text: str) -> str:
    return f"::notice title=supasync::{text}"


def _bytes(text: str) -> int:
    return len(text.encode())
