"""What is known of each migration, from what it did elsewhere and what production is like. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from supasync.catalog import Id
from supasync.sync.migrations.replay import Effect
from supasync.sync.migrations.versions import Version


class Standing(StrEnum):
    APPLIED = "applied"
    """Recorded, and all that it made and no later one changed is on production."""
    UNTRUE = "untrue"
    """Recorded, and something of that is not as it made it."""
    UNRECORDED = "unrecorded"
    """A file that is not recorded, and what it makes is on production."""
    PENDING = "pending"
    """A file that is not recorded, and what it makes is not on production."""
    UNCHECKED = "unchecked"
    """Recorded or not, it leaves nothing in the schema to be seen by."""
    UNKNOWN = "unknown"
    """It could not be found out."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """An object in which production is not what the migrations make. how: `missing` on
    production, `extra` there, or `different`."""

    id: Id
    how: str

    @property
    def object(self) -> str:
        return " ".join((self.id[0], ".".join(self.id[1:])))


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """reason: for people, "" when there is nothing to add. objects: that are not as it made them.
    out_of_order: newer ones are recorded, so that a push refuses it."""

    version: Version
    standing: Standing
    reason: str = ""
    objects: tuple[Difference, ...] = ()
    out_of_order: bool = False

    @property
    def settled(self) -> bool:
        """Whether file, history and schema say the same."""
        known = self.version.row is not None and self.version.file is not None
        fine = self.standing in (Standing.APPLIED, Standing.UNCHECKED)
        return known and fine and not self.version.changed


Ran = Sequence[tuple[Version, Effect | None]]
"""Migrations in the order in which they ran, with what each did; None: it was not run."""


def differences(
    main: Mapping[Id, str], replayed: Mapping[Id, str], differing: Iterable[Id]
) -> tuple[Difference, ...]:
    """main, replayed: digests. differing: the ids in which they differ."""

    def how(id_: Id) -> str:
        if id_ not in main:
            return "missing"
        return "different" if id_ in replayed else "extra"

    return tuple(Difference(id=id_, how=how(id_)) for id_ in sorted(differing))


def recorded(ran: Ran, also: Ran, found: Iterable[Difference]) -> Iterator[Verdict]:
    """Of what production's history has. also: what ran after it and is on production too.
    found: production against what all of these made together."""
    last = _last([*ran, *also])
    wrong: dict[str, list[Difference]] = {}
    for difference in found:
        if maker := last.get(difference.id):
            wrong.setdefault(maker, []).append(difference)
    lasting = set(last.values())
    for version, effect in ran:
        standing, reason = _of_recorded(effect, lasting=version.version in lasting)
        objects = tuple(wrong.get(version.version, ()))
        if objects:
            standing = Standing.UNTRUE
        yield Verdict(version=version, standing=standing, reason=reason, objects=objects)


def _of_recorded(effect: Effect | None, *, lasting: bool) -> tuple[Standing, str]:
    """Of one that made nothing which differs now."""
    if effect is None:
        return Standing.UNKNOWN, "no statements are recorded, and there is no file"
    if effect.failed:
        return Standing.UNKNOWN, f"it cannot be run again: {effect.failed}"
    if not effect.changed:
        return Standing.UNCHECKED, "it changes nothing in the schema"
    if not lasting:
        return Standing.UNCHECKED, "later ones changed all that it made"
    return Standing.APPLIED, ""


def unexplained(ran: Ran, found: Iterable[Difference]) -> tuple[Difference, ...]:
    """Those that no migration made."""
    last = _last(ran)
    return tuple(difference for difference in found if difference.id not in last)


def without(found: Iterable[Difference], also: Ran) -> tuple[Difference, ...]:
    """Those that remain when `also`, whose effects production has, ran too."""
    made = _last(also)
    return tuple(difference for difference in found if difference.id not in made)


def waiting(ran: Ran, main: Mapping[Id, str], newest: str) -> Iterator[Verdict]:
    """Of files that production's history has not. main: digests; newest: version recorded."""
    for version, effect in ran:
        standing, reason = _of_waiting(effect, main)
        yield Verdict(
            version=version,
            standing=standing,
            reason=reason,
            out_of_order=version.version < newest,
        )


def _of_waiting(effect: Effect | None, main: Mapping[Id, str]) -> tuple[Standing, str]:
    if effect is None or effect.failed:
        why = effect.failed if effect else "it was not run"
        return Standing.UNKNOWN, f"it cannot be run: {why}"
    there = _there(effect, main)
    if not effect.changed:
        return Standing.UNCHECKED, "it changes nothing in the schema"
    if len(there) == len(effect.changed):
        return Standing.UNRECORDED, ""
    told = f"{len(there)} of the {len(effect.changed)} objects it changes are on production so"
    return Standing.PENDING, told if there else ""


def _there(effect: Effect, main: Mapping[Id, str]) -> Set[Id]:
    return {id_ for id_, digest in effect.changed.items() if main.get(id_) == digest}


def _last(ran: Ran) -> dict[Id, str]:
    """Which migration changed an object last."""
    return {id_: version.version for version, effect in ran if effect for id_ in effect.changed}
