"""From two states to the ordered steps that turn one into the other. Names no kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError

from supasync import ports
from supasync.catalog.hazards import Hazard
from supasync.catalog.kinds import BY_NAME
from supasync.catalog.model import Catalog
from supasync.catalog.object import Id
from supasync.catalog.privileges import obstacles
from supasync.catalog.rebuild import Changes
from supasync.catalog.scope import Scope
from supasync.catalog.state import State
from supasync.catalog.steps import Step, build
from supasync.errors import ApplyError, SupasyncError

PRELUDE = (
    "set local search_path = ''",
    "set local check_function_bodies = off",
    "set local client_min_messages = error",
)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the proof holds an object to whose text may print differently once read back."""

    digest: str
    solid: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    steps: tuple[Step, ...]
    source_fingerprint: str
    target_fingerprint: str
    target_stamp: str
    unmodelled: Mapping[str, int]
    cannot_apply: tuple[str, ...] = ()
    reparsed: tuple[Id, ...] = ()
    """Objects that are equal because the target read the source's very text back differently."""
    expected: Mapping[Id, Expected] = field(default_factory=dict, repr=False)
    """Objects made from the source's text by this plan, whose read-back form is accepted."""
    accepted: Mapping[Id, tuple[str, str]] = field(default_factory=dict, repr=False)
    """Re-parse records of the target that still hold: (source digest, accepted digest)."""

    @property
    def is_empty(self) -> bool:
        return not self.steps

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        return tuple(hazard for step in self.steps for hazard in step.hazards)

    @property
    def statements(self) -> tuple[str, ...]:
        first = [statement for step in self.steps for statement in step.sql]
        return (*first, *(statement for step in self.steps for statement in step.finish))

    @property
    def sql(self) -> str:
        """The plan as a script to read."""
        lines = [f"{statement};" for statement in PRELUDE] if self.steps else []
        for step in self.steps:
            lines += [f"\n-- {step.verb} {step.label}", *(f"{text};" for text in step.sql)]
        finish = [f"{text};" for step in self.steps for text in step.finish]
        return "\n".join([*lines, *(["\n-- at the end"] if finish else []), *finish]) + "\n"


class PlanError(SupasyncError):
    """The engine cannot order the changes: a rule of a kind is wrong."""

    exit_code = ApplyError.exit_code
    remedy = "This is a fault of supasync: report it with the output of `schema diff --json`."


def differences(source: State, target: State) -> tuple[Id, ...]:
    """Ids of the objects in which the target is not the source, in a stable order."""
    ids = source.digests.keys() | target.digests.keys()
    return tuple(sorted(id_ for id_ in ids if not target.equal_to(id_, source)))


async def make_plan(
    source: ports.Database,
    source_state: State,
    target: ports.Database,
    target_state: State,
    scope: Scope,
) -> Plan:
    """The steps that make `target` equal to `source`; no call when they are equal already.

    Raises: SourceMoved, TargetMoved, PlanError, SqlError, UnknownError.
    """
    accepted = {
        id_: record
        for id_, record in target_state.accepted.items()
        if source_state.digests.get(id_) == record[0]
        and target_state.digests.get(id_) == record[1]
    }
    base = {
        "source_fingerprint": source_state.fingerprint,
        "target_fingerprint": target_state.fingerprint,
        "target_stamp": target_state.stamp,
        "unmodelled": source_state.unmodelled,
        "reparsed": tuple(sorted(accepted)),
    }
    differing = differences(source_state, target_state)
    if not differing:
        return Plan(steps=(), accepted=accepted, **base)  # type: ignore[arg-type]
    new = Catalog(source, source_state, scope, is_source=True)
    old = Catalog(target, target_state, scope, is_source=False)
    await _read(new, old, differing)
    changes = Changes(old, new, differing)
    while missing := changes.settle():
        await new.read(missing)
        old.objects.update({id_: new.objects[id_] for id_ in missing if id_ in new.objects})
    try:
        steps = build(changes)
        while forced := _premature(steps, changes):
            changes.force(forced)
            while missing := changes.settle():
                await new.read(missing)
                old.objects.update({id_: new.objects[id_] for id_ in missing})
            steps = build(changes)
    except CycleError as error:
        names = " → ".join(" ".join(node[1]) for node in error.args[1])
        raise PlanError(f"the changes depend on each other in a circle: {names}") from error
    made = {step.id for step in steps if step.verb != "drop"} & new.objects.keys()
    made |= changes.made
    return Plan(
        steps=tuple(steps),
        cannot_apply=obstacles(steps, changes, target_state.session),
        expected={
            id_: Expected(digest=source_state.digests[id_], solid=new.solid[id_])
            for id_ in made
            if id_ in new.solid
        },
        accepted={id_: record for id_, record in accepted.items() if id_ not in made},
        **base,  # type: ignore[arg-type]
    )


async def _read(new: Catalog, old: Catalog, differing: tuple[Id, ...]) -> None:
    """Both sides in full as far as they differ; the target's late kinds too: they shape births."""
    groups = {id_[1 : kind.group + 1] for id_ in differing for kind in BY_NAME.values() if kind.group}
    siblings = {
        id_
        for state in (new.state, old.state)
        for id_ in state.digests
        if BY_NAME[id_[0]].group and id_[1 : BY_NAME[id_[0]].group + 1] in groups
    }
    late = {id_ for id_ in old.state.digests if BY_NAME[id_[0]].late}
    await new.read({*differing, *siblings}, edges=True)
    await old.read({*differing, *siblings, *late}, edges=True)


def _premature(steps: list[Step], changes: Changes) -> set[Id]:
    """Altered objects whose new literals another step already needs in the same transaction."""
    result = set()
    for step in steps:
        for literal in step.literals:
            if any(
                literal in text
                for other in steps
                if other.id != step.id and changes.evaluates(other.id)
                for text in other.sql
            ):
                result.add(step.id)
    return result
