"""Every drift, by family. Adding one is an entry in its family's file."""

from __future__ import annotations

from typing import Final

from supasync.drill.catalogue import (
    columns,
    constraints,
    database,
    event_triggers,
    functions,
    grants,
    indexes,
    owners,
    platform,
    policies,
    publications,
    sequences,
    tables,
    triggers,
    types,
    views,
)
from supasync.drill.drift import Drift

FAMILIES: Final = tuple(
    each.FAMILY
    for each in (
        grants,
        owners,
        policies,
        tables,
        columns,
        constraints,
        indexes,
        functions,
        views,
        triggers,
        event_triggers,
        types,
        sequences,
        publications,
        database,
        platform,
    )
)
DRIFTS: Final[tuple[Drift, ...]] = tuple(drift for each in FAMILIES for drift in each.drifts)
FAMILY_OF: Final[dict[str, str]] = {
    drift.name: each.title for each in FAMILIES for drift in each.drifts
}
