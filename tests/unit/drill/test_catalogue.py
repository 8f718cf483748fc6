"""The catalogue of drifts, and that the document about it is the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supasync.catalog.kinds import BY_NAME
from supasync.drill.catalogue import DRIFTS, FAMILIES
from supasync.drill.drift import Drift
from supasync.report.drill import catalogue

DOCUMENT = Path(__file__).parents[3] / "docs/how-to/drill.md"
BEGIN, END = "<!-- catalogue -->\n\n", "\n<!-- end of the catalogue -->"


def test_there_are_enough_drifts_and_each_has_a_name_of_its_own() -> None:
    names = [each.name for each in DRIFTS]
    assert len(names) == len(set(names)) >= 60


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.name)
def test_a_drift_is_about_a_kind_and_says_what_it_does(drift: Drift) -> None:
    assert drift.kind in BY_NAME
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", drift.name)
    assert drift.what
    assert drift.needs
    assert "|" not in drift.what + drift.needs  # it stands in a table
    assert " cascade" not in drift.sql.lower().replace("on delete cascade", "")


def test_the_document_has_the_whole_catalogue() -> None:
    rows = [
        (family.title, [(each.name, each.what, each.needs) for each in family.drifts])
        for family in FAMILIES
    ]
    text = DOCUMENT.read_text()
    written = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    assert written == catalogue(rows), f"{DOCUMENT} is made by supasync.report.drill.catalogue"
    assert f"{len(DRIFTS)} drifts" in text
