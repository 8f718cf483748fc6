"""Zero copy: the record of what production was asked is whole, and has nothing but queries of the
system catalogs. Looked at last, so that this very validation is in it."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from supasync import api
from supasync.catalog.statements import engine
from supasync.checks.environment import Production, ProductionCheck
from supasync.events import Finding, Report
from supasync.sync.asked import understand


async def _look(production: Production) -> Report:
    log = production.shared.production_log
    return await asyncio.to_thread(judged, log)


def judged(log: Path) -> Report:
    """Raises: OSError."""
    found = api.verify(log, understand, engine=engine())
    asked = Counter(entry.query for entry in api.read_log(log) if entry)
    evidence = {
        "statements": found.entries,
        "known queries": found.matched,
        "of other versions": found.others,
        "by query": dict(sorted(asked.items())),
        "head": found.head,
    }
    if found.problem is None:
        return Report(evidence=evidence)
    return Report(
        findings=(
            Finding(
                message=f"the record {log} was altered or damaged: {found.problem}",
                remedy="See `supasync audit verify`; keep the log and its folder as evidence.",
            ),
        ),
        evidence=evidence,
    )


ON_PRODUCTION = ProductionCheck("zero-copy audit", _look)
