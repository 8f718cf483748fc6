"""Zero copy: the record of what production was asked is whole, and has nothing but queries of the
system catalogs. Looked at last, so that this very validation is in it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from supasync import api
from supasync.catalog.statements import engine
from supasync.checks.environment import Production, ProductionCheck
from supasync.events import Finding, Report
from supasync.ports import Store
from supasync.sync.asked import understand


def _earlier(kept: Mapping[str, Any] | None) -> api.Verification | None:
    try:
        return api.Verification(**kept) if kept else None
    except TypeError:
        return None  # written by another version


async def _look(production: Production) -> Report:
    shared = production.shared
    return await asyncio.to_thread(judged, shared.production_log, shared.store)


def judged(log: Path, store: Store) -> Report:
    """store: has how far the log was found good, so that a long one does not take long.

    Raises: OSError.
    """
    entries = [entry for entry in api.read_log(log) if entry]
    # by its first line: a log that was put aside is followed by another one
    key = f"verified {entries[0].hash if entries else ''} {engine()}"
    found = api.verify(log, understand, engine=engine(), earlier=_earlier(store.load(key)))
    asked = Counter(entry.query for entry in entries)
    evidence = {
        "statements": found.entries,
        "known queries": found.matched,
        "of other versions": found.others,
        "by query": dict(sorted(asked.items())),
        "head": found.head,
    }
    if found.problem is None:
        with suppress(OSError):  # it only saves time
            store.save(key, asdict(found))
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
