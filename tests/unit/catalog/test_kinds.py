"""What holds for every kind."""

from __future__ import annotations

from dataclasses import fields

import pytest

from supasync.catalog.kinds import KINDS
from supasync.catalog.object import Object


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_few_enough_fields_to_be_held_by_the_hundred_thousand(kind: type[Object]):
    """With 30 and more, CPython gives each instance a dictionary of its own: 1.6 kB, not 0.3."""
    assert len(fields(kind)) < 30
