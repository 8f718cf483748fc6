"""A certificate for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from supasync.report.wording import harmless

if TYPE_CHECKING:
    from rich.console import Console

    from supasync.certificate import Checked, End


def print_certificate(checked: Checked, console: Console) -> None:
    for line in lines(checked):
        console.print(harmless(line), markup=False, soft_wrap=True)


def lines(checked: Checked) -> list[str]:
    """What is certified, with what is left out of that."""
    said = checked.statement
    verdict = "Verified" if checked.trusted else "Whole, but not verified"
    rules = f"scope {said.rules.scope}, engine {said.rules.engine}, supasync {said.rules.supasync}"
    found = [
        f"{verdict}: on {said.issued_at} {said.branch.name} had production's schema",
        _end("production", said.production),
        _end("branch", said.branch),
        f"  rules       {rules}",
        f"  witness     {said.witness.answer}: {said.witness.program}",
    ]
    found += [f"  left out    function {name}, on branches only" for name in said.rules.left_out]
    if said.rules.no_wider:
        found.append(f"  no wider    the rights of {', '.join(said.rules.no_wider)}")
    found += [f"  left out    {what}" for what in said.rules.not_compared]
    found += [f"  re-parsed   {name}: equal after re-parse only" for name in said.reparsed]
    found += [f"  notice      {text}" for text in said.notices]
    found += [f"  signed by   {checked.key}", f"  issued by   {said.issued_by} (as it says)"]
    return found


def _end(what: str, end: End) -> str:
    beside = f"; not compared: {_counts(end.unmodelled)}" if end.unmodelled else ""
    return (
        f"  {what:<11} {end.ref}, PostgreSQL {end.postgresql}, {end.objects} objects, "
        f"fingerprint {end.fingerprint}{beside}"
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} in {what}" for what, number in sorted(counts.items()))
