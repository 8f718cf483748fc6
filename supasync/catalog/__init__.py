"""The schema engine: look at a database, plan the difference, apply it with a proof."""

from supasync.catalog.apply import apply
from supasync.catalog.dump import Dump, make_dump
from supasync.catalog.hazards import Hazard
from supasync.catalog.object import Id
from supasync.catalog.past import Past
from supasync.catalog.plan import Plan, PlanError, differences, make_plan
from supasync.catalog.scope import Scope, scope
from supasync.catalog.state import State, observe
from supasync.catalog.steps import Step
from supasync.managed import OWN_SCHEMA

__all__ = [
    "OWN_SCHEMA",
    "Dump",
    "Hazard",
    "Id",
    "Past",
    "Plan",
    "PlanError",
    "Scope",
    "State",
    "Step",
    "apply",
    "differences",
    "make_dump",
    "make_plan",
    "observe",
    "scope",
]
