"""From two states to the ordered steps that turn one into the other. Names no kind."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import chain, product
from typing import NamedTuple

from supasync import ports
from supasync.catalog import circles, collector, queries
from supasync.catalog.cluster import borrowed, told
from supasync.catalog.hazards import Hazard, cannot_apply
from supasync.catalog.kinds import BY_NAME
from supasync.catalog.model import Catalog
from supasync.catalog.object import Id
from supasync.catalog.order import Circular
from supasync.catalog.privileges import obstacles
from supasync.catalog.rebuild import Changes
from supasync.catalog.reread import read_back
from supasync.catalog.scope import Scope
from supasync.catalog.state import State
from supasync.catalog.steps import Step, build
from supasync.errors import ApplyError, SupasyncError
from supasync.sql import comment


class Expected(NamedTuple):
    """What the proof holds an object to."""

    digest: str
    """The source's."""
    solid: str | None = None
    """For an object made from the source's text: its digest without what the server deparses."""
    accepted: str | None = None
    """The digest that a record says stands for the source's."""
    must: bool = False
    """Whether the plan makes it, so that the transaction has to have touched it."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    steps: tuple[Step, ...]
    source_state: State = field(repr=False)
    target_state: State = field(repr=False)
    """What the plan was made from, and what the apply compares with."""
    cannot_apply: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    """What differs and is not the plan's to change."""
    reparsed: tuple[Id, ...] = ()
    """Objects that are equal because the target read the source's very text back differently."""
    expected: Mapping[Id, Expected] = field(default_factory=dict, repr=False)
    """By id: what the plan makes, what may be touched with it, and every record that holds."""
    leaving: frozenset[Id] = field(default=frozenset(), repr=False)
    """Objects whose catalog rows the plan removes, or may remove and make anew."""

    @property
    def unmodelled(self) -> Mapping[str, int]:
        return self.source_state.unmodelled

    @property
    def source_fingerprint(self) -> str:
        return self.source_state.fingerprint

    @property
    def target_fingerprint(self) -> str:
        return self.target_state.fingerprint

    @property
    def is_empty(self) -> bool:
        return not self.steps

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        return tuple(hazard for step in self.steps for hazard in step.hazards)

    @property
    def statements(self) -> tuple[str, ...]:
        return tuple(_statements(self.steps))

    @property
    def sql(self) -> str:
        """The plan as a script to read."""
        lines = [f"{statement};" for statement in queries.PRELUDE] if self.steps else []
        for step in self.steps:
            lines += ["", comment(f"{step.verb} {step.label}"), *(f"{text};" for text in step.sql)]
        finish = [f"{text};" for step in self.steps for text in step.finish]
        return "\n".join([*lines, *(["\n-- at the end"] if finish else []), *finish]) + "\n"


class PlanError(SupasyncError):
    """The engine cannot order the changes: a rule of a kind is wrong."""

    exit_code = ApplyError.exit_code
    remedy = "This is a fault of supasync: report it with the output of `schema diff --json`."


def differences(source: State, target: State) -> tuple[Id, ...]:
    """Ids of the objects in which the target is not the source, in a stable order."""
    if source.fingerprint == target.fingerprint:
        return ()
    standing = _standing(source, target)
    want, have = source.digests, target.digests
    # no set: a listing is nearly in order, and sorted soon
    ids = [id_ for id_, digest in want.items() if have.get(id_) != digest]
    if len(want) - sum(id_ not in have for id_ in ids) < len(have):  # it has others, too
        ids += [id_ for id_ in have if id_ not in want]
    return tuple(sorted(id_ for id_ in ids if id_ not in standing))


async def make_plan(
    source: ports.Database,
    source_state: State,
    target: ports.Database,
    target_state: State,
    scope: Scope,
    *,
    reread: bool = False,
    past: Catalog | None = None,
    anew: Collection[Id] = (),
) -> Plan:
    """The steps that make `target` equal to `source`; no call when they are equal already.

    anew: of either state, what is made anew though it may be equal; the rows in it are lost.
    reread: where the target keeps no record of texts that it prints differently once read back,
    find out in a transaction that is rolled back (one call, and only when there is a candidate).
    past: the source's objects, when it is a schema that is kept and no database.
    Raises: SourceMoved, TargetMoved, PlanError, SqlError, UnknownError.
    """
    if source_state.fingerprint == target_state.fingerprint and not anew:
        return Plan(
            steps=(),
            source_state=source_state,
            target_state=target_state,
            notices=await told(source, source_state, target, target_state, scope),
            reparsed=tuple(sorted(_standing(source_state, target_state))),
        )
    new = past or Catalog(source, source_state, scope, is_source=True)
    old = Catalog(target, target_state, scope, is_source=False)
    differing = differences(source_state, target_state)
    if anew:
        differing = tuple(sorted({*differing, *anew}))
    with collector.paused() if len(differing) > _LARGE else nullcontext():
        return await _plan(new, old, differing, anew, reread=reread)


_LARGE = 3000
"""Objects that differ from which on garbage collection among them is felt."""


async def _plan(
    new: Catalog,
    old: Catalog,
    differing: tuple[Id, ...],
    anew: Collection[Id],
    *,
    reread: bool,
) -> Plan:
    source, target, scope = new.database, old.database, new.scope
    accepted = _standing(new.state, old.state, anew)
    notices, _ = await asyncio.gather(
        told(source, new.state, target, old.state, scope), read_both(new, old, differing)
    )
    if reread and isinstance(target, ports.WritableDatabase):
        accepted |= await _read_back(target, new, old, differing)
        differing = tuple(id_ for id_ in differing if id_ not in accepted)
    changes, steps = await work_out(new, old, differing, anew)
    steps = [*borrowed(steps, changes, scope, old.state.session), *steps]
    refused = await obstacles(steps, changes, target)
    return Plan(
        steps=tuple(_refused(steps, refused)),
        source_state=new.state,
        target_state=old.state,
        reparsed=tuple(sorted(accepted)),
        cannot_apply=tuple(dict.fromkeys(text for reasons in refused.values() for text in reasons)),
        notices=notices,
        expected=_expected(changes, accepted),
        leaving=frozenset(changes.dropped | changes.made),
    )


def _refused(steps: list[Step], refused: Mapping[int, Iterable[str]]) -> Iterable[Step]:
    """The steps, with the reasons why some of them cannot be performed as hazards."""
    for place, step in enumerate(steps):
        reasons = map(cannot_apply, refused.get(place, ()))
        yield replace(step, hazards=(*step.hazards, *reasons)) if place in refused else step


def _expected(changes: Changes, accepted: Mapping[Id, tuple[str, str]]) -> dict[Id, Expected]:
    """What the proof knows: the plan's own objects, and those that hang together with them."""
    new, old = changes.new, changes.old
    made, digests = changes.made, new.state.digests
    gathered = {
        id_
        for kind in filter(queries.gathered, new.state.listing.kinds)
        for id_ in new.state.listing.family((kind.kind,))
    }
    near = chain(new.objects, new.uses, new.users, old.uses, old.users, accepted, gathered)
    expected = {}
    for id_ in dict.fromkeys(near):
        if (digest := digests.get(id_)) is None:
            continue
        if id_ in made and id_ in new.solid:
            expected[id_] = Expected(digest=digest, solid=new.solid[id_], must=True)
        else:
            record = accepted.get(id_)
            expected[id_] = Expected(
                digest=digest, accepted=record[1] if record else None, must=id_ in gathered
            )
    return expected


def _standing(source: State, target: State, anew: Collection[Id] = ()) -> dict[Id, tuple[str, str]]:
    """The target's re-parse records that are about the texts both sides have now and keep."""
    return {
        id_: record
        for id_, record in target.accepted.items()
        if record == (source.digests.get(id_), target.digests.get(id_)) and id_ not in anew
    }


def _same_but_reparsed(new: Catalog, old: Catalog, differing: Iterable[Id]) -> tuple[Id, ...]:
    return tuple(
        id_
        for id_ in differing
        if id_ in new.objects
        and id_ in old.objects
        and new.objects[id_].same_but_reparsed(old.objects[id_])
    )


async def work_out(
    new: Catalog, old: Catalog, differing: Iterable[Id], anew: Iterable[Id] = ()
) -> tuple[Changes, list[Step]]:
    """Work out fates and order, reading what a rebuild reaches, until nothing is missing."""
    changes = Changes(old, new, differing, anew)
    while True:
        while missing := changes.settle():
            await new.read(missing)
            # a rebuild only reaches objects that are the same on both sides
            if strange := missing - new.objects.keys():
                names = ", ".join(" ".join((id_[0], ".".join(id_[1:]))) for id_ in sorted(strange))
                raise PlanError(f"the changes reach what only the target has: {names}")
            old.objects.update({i: new.objects[i] for i in missing if i not in old.objects})
        steps = await _built(changes)
        if not (forced := _premature(steps, changes)):
            return changes, steps
        changes.force(forced)


async def _read_back(
    target: ports.WritableDatabase, new: Catalog, old: Catalog, differing: tuple[Id, ...]
) -> dict[Id, tuple[str, str]]:
    """Those that differ only because the target reads the source's very text back differently."""
    if not (doubtful := _same_but_reparsed(new, old, differing)):
        return {}
    steps = await _alone(new, old, doubtful, differing)
    found = await read_back(target, new.scope, _statements(steps), doubtful)
    return {
        id_: (new.state.digests[id_], digest)
        for id_, digest in found.items()
        if digest == old.state.digests[id_]
    }


async def _alone(
    new: Catalog, old: Catalog, some: Iterable[Id], differing: Iterable[Id]
) -> list[Step]:
    """The steps for some of the differing objects, or for all if those do not come alone."""
    try:
        return (await work_out(new, old, some))[1]
    except PlanError:
        return (await work_out(new, old, differing))[1]


async def _built(changes: Changes) -> list[Step]:
    """The steps, circles broken up one after the other."""
    splits: circles.Splits = {}
    while True:
        try:
            return build(changes, splits)
        except Circular as error:
            ids = {id_ for component in error.components for _, id_ in component}
            await asyncio.gather(changes.old.read_stub_uses(ids), changes.new.read_stub_uses(ids))
            more = circles.break_up(changes, splits, error.components)
            if more == splits:
                names = " → ".join(" ".join((node[0], *node[1])) for node in error.circle)
                raise PlanError(f"the changes depend on each other in a circle: {names}") from error
            splits = more


def _statements(steps: Iterable[Step]) -> list[str]:
    """All statements, those that have to wait for everything else last."""
    steps = list(steps)
    first = [statement for step in steps for statement in step.sql]
    return first + [statement for step in steps for statement in step.finish]


async def read_both(new: Catalog, old: Catalog, differing: tuple[Id, ...]) -> None:
    """Both sides in full as far as they differ; the target's late kinds too: they shape births."""
    if not differing:
        return
    siblings: set[Id] = set()
    late: set[Id] = set()
    listings = new.state.listing, old.state.listing
    paths: dict[int, set[tuple[str, ...]]] = {}
    for kind in BY_NAME.values():
        if size := kind.group:
            if size not in paths:
                paths[size] = {id_[1 : size + 1] for id_ in differing}
            for listing, path in product(listings, paths[size]):
                siblings.update(listing.family((kind.kind, *path)))
        if kind.late:
            late.update(old.state.listing.family((kind.kind,)))
    await asyncio.gather(
        new.read({*differing, *siblings}, edges=True),
        old.read({*differing, *siblings, *late}, edges=True),
    )


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
