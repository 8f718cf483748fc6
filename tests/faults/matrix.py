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

FEW = [
    Case(STEPS[number * 5 % len(STEPS)], fault, fault.stays and number % 2 == 0)
    for number, fault in enumerate(FAULTS.values())
]
"""Each fault once, each step at least once."""
