"""All the cases, and those that are enough for every day."""

from __future__ import annotations

from tests.faults.case import Case
from tests.faults.harms import FAULTS
from tests.faults.steps import STEPS

ALL = [
    Case(step, fault, stays)
    for step in STEPS
    for fault in FAULTS.values()
    for stays in (False, True)[: 1 + fault.stays]
]
