"""What the comparison found, as text: pure, so that it can be tested without any peer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

EQUAL, DIFFERENT, REFUSED = "equal", "different", "refused"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
TELLING = re.compile(r"error|failed: |cycle|exception|refused|action\[\d+\]:", re.IGNORECASE)
BUSY = 1.5
"""A load average above which the machine was not ours alone."""


@dataclass(frozen=True)
class Verdict:
    """What a tool made of a case. why: the error of a refusal, or how many lines differ."""

    case: str
    tool: str
    outcome: str
    why: str = ""

    @property
    def section(self) -> str:
        return self.case.partition("--")[0]


@dataclass(frozen=True)
class Speed:
    """Seconds of a tool's plans; None where it had none."""

    tool: str
    from_empty: float | None
    no_change: float | None
    built: str
    """What came of applying the plan from empty."""


@dataclass(frozen=True)
class Findings:
    """One run. tools: versions by name. machine: facts by name. load: before and after."""

    date: str
    machine: Mapping[str, str]
    load: tuple[float, float]
    command: str
    tables: int
    rounds: int
    every: int
    cases: int
    """How many there are; every n-th of them was run."""
    tools: Mapping[str, str]
    notes: Mapping[str, str]
    missing: Mapping[str, str]
    verdicts: Sequence[Verdict]
    speeds: Sequence[Speed]

    def document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """What `document` wrote, also after JSON."""
        lists = {
            "load": tuple(document["load"]),
            "verdicts": [Verdict(**each) for each in document["verdicts"]],
            "speeds": [Speed(**each) for each in document["speeds"]],
        }
        return cls(**{**document, **lists})


def normal(dump: str, *, loop: bool) -> str:
    """A dump without what differs from run to run. loop: pg_dump found objects that need each
    other in a circle; then its order depends on their numbers, and is made ours."""
    text = re.sub(r"(?m)^\\(un)?restrict .*\n", "", dump)
    if loop:
        return "".join(sorted(re.split(r"(?m)^(?=--\n-- (?:Name:|PostgreSQL) )", text)))
    return text


def judged(want: str, got: str) -> tuple[str, str]:
    """The outcome for two normal dumps, and how many lines only one of them has."""
    if want == got:
        return EQUAL, ""
    left, right = Counter(want.splitlines()), Counter(got.splitlines())
    count = sum(((left - right) + (right - left)).values())
    lines = "line" if count == 1 else "lines"
    return DIFFERENT, f"{count} {lines} of the dump" if count else "the order"


def reason(said: str) -> str:
    """The line of a tool's talk that tells what went wrong, without paths, at most 120 letters."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if TELLING.search(line)]
    found = telling or lines[-1:] or ["it said nothing"]
    line = found[-1 if "Traceback" in said else 0]  # the lines above the last are code
    line = re.sub(r"postgresql://\S+", "…", re.sub(r"psql:\S+ ", "", line))
    line = re.sub(r"\x1b\[[0-9;]*m|(?<![\w.])/[\w.@/-]+/", "", line)
    line = line.replace("|", "/").replace("`", "'")
    return line if len(line) <= 120 else f"{line[:119]}…"


def page(text: str, findings: Findings) -> str:
    """The page with its measured part replaced. Raises: ValueError without the two markers."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page lacks {BEGIN} or {END}.")
    return f"{before}{BEGIN}\n\n{measured(findings)}\n{END}{after}"


def measured(found: Findings) -> str:
    parts = [_circumstances(found), "## Fidelity\n", _totals(found), _sections(found)]
    parts += ["## Speed\n", _speeds(found), "## What each did not manage\n", _failures(found)]
    parts += ["## Not measured\n", *(f"- {name}: {why}" for name, why in found.missing.items())]
    return "\n".join(parts) + "\n"


def _circumstances(found: Findings) -> str:
    machine = ", ".join(f"{name} {value}" for name, value in found.machine.items())
    before, after = found.load
    shared = "The machine was shared" if before > BUSY else "The machine was quiet"
    lines = [
        f"{found.date}; {machine}.",
        f"{shared}: load average {before:.1f} at the beginning, {after:.1f} at the end.",
        f"\nMeasured by `{found.command}`.\n",
    ]
    return "\n".join(lines)


def _totals(found: Findings) -> str:
    rows = []
    for tool, version in found.tools.items():
        own = [verdict for verdict in found.verdicts if verdict.tool == tool]
        counts = Counter(verdict.outcome for verdict in own)
        cells = [counts[outcome] for outcome in (EQUAL, DIFFERENT, REFUSED)]
        rows.append([tool, version, *cells, found.notes.get(tool, "")])
    ran = len({verdict.case for verdict in found.verdicts})
    share = f"one of {found.every}, " if found.every > 1 else ""
    head = ["tool", "version", EQUAL, DIFFERENT, "refused or failed", ""]
    words = f"{ran} of {found.cases} cases, {share}each from `a.sql` to `b.sql`"
    return f"{words}:\n\n{_table(head, rows)}\n"


def _sections(found: Findings) -> str:
    sections = sorted({verdict.section for verdict in found.verdicts})
    rows = []
    for section in sections:
        row: list[object] = [section]
        for tool in found.tools:
            own = [v for v in found.verdicts if (v.section, v.tool) == (section, tool)]
            equal = sum(verdict.outcome == EQUAL for verdict in own)
            row.append(f"{equal} of {len(own)}" if own else "–")
        rows.append(row)
    return f"Equal cases by section:\n\n{_table(['section', *found.tools], rows)}\n"


def _speeds(found: Findings) -> str:
    base = next((each for each in found.speeds if each.tool == "pg_dump and psql"), None)
    rows = [
        [
            each.tool,
            *_timed(each.from_empty, base.from_empty if base else None),
            *_timed(each.no_change, base.from_empty if base else None),
            each.built,
        ]
        for each in found.speeds
    ]
    head = ["tool", "plan from empty, s", "ratio", "plan of no change, s", "ratio"]
    head.append("the plan from empty, applied")
    rounds = f"medians of {found.rounds} rounds" if found.rounds > 1 else "one round"
    return (
        f"{found.tables} tables, {rounds}, whole commands; ratios to one "
        f"`pg_dump --schema-only` of the same run:\n\n{_table(head, rows)}\n"
    )


def _timed(seconds: float | None, base: float | None) -> tuple[str, str]:
    if seconds is None:
        return "–", "–"
    return f"{seconds:.2f}", f"{seconds / base:.1f}" if base else "–"


def _failures(found: Findings) -> str:
    lines = []
    for tool in found.tools:
        own = [v for v in found.verdicts if v.tool == tool and v.outcome != EQUAL]
        lines.append(f"**{tool}**: {len(own) or 'nothing'}\n")
        lines += [f"- {v.case}: {v.outcome}, {v.why}" for v in own]
        lines += [""] if own else []
    return "\n".join(lines)


def _table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(map(str, line)) + " |" for line in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])
