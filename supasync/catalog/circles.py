"""Objects that need each other: which of them are made, or unmade, in two goes. Names no kind.

As pg_dump makes a dummy view first. A stub takes the body's dependencies out of the circle: the
old body leaves before everything ("blank"), the new one comes when what it uses is there ("fill").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from supasync.catalog.object import Id, Object
from supasync.catalog.rebuild import Changes

Node = tuple[str, Id]

_UNMADE = ("drop", "alter", "discard")
_MADE = ("create", "alter")
_NONE: frozenset[Id] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Split:
    """An object that is a stub for a while."""

    old: frozenset[Id] = frozenset()
    """What the body that leaves uses in the circle."""
    old_circle: frozenset[Id] = frozenset()
    new: frozenset[Id] = frozenset()
    """What the body that comes uses in the circle."""
    new_circle: frozenset[Id] = frozenset()
    """Those for which the stub will do; other users wait for the whole."""


Splits = dict[Id, Split]


def break_up(changes: Changes, splits: Splits, components: Iterable[set[Node]]) -> Splits:
    """`splits` and one more for every component; the same when nothing is left to split.

    What stubs use has to have been read.
    """
    found = dict(splits)
    for component in components:
        ids = {id_ for _, id_ in component}
        for id_ in sorted(ids, key=lambda id_: _age(changes, id_)):
            split = _split(changes, id_, component, found.get(id_))
            if split is not None and _possible(changes, id_, split):
                found[id_] = split
                break
    return found


def _age(changes: Changes, id_: Id) -> tuple[int, int, Id]:
    """The oldest first: it was there before what its body uses, so the source replaced it, too."""
    state = (changes.new if id_ in changes.new.objects else changes.old).state
    return (*state.addresses[id_][1:], id_)


def _split(changes: Changes, id_: Id, component: set[Node], so_far: Split | None) -> Split | None:
    """`so_far` with what taking the body out of this component gains; None: nothing."""
    ids = frozenset(id_ for _, id_ in component)
    split = so_far or Split()
    if not split.old and any((verb, id_) in component for verb in _UNMADE):
        body = ids.intersection(changes.old.uses.get(id_, ())) - changes.old.stub_uses[id_]
        split = replace(split, old=frozenset(body), old_circle=ids)
    if not split.new and any((verb, id_) in component for verb in _MADE):
        body = ids.intersection(changes.new.uses.get(id_, ())) - changes.new.stub_uses[id_]
        split = replace(split, new=frozenset(body), new_circle=ids)
    gained = (split.old, split.new) != ((so_far.old, so_far.new) if so_far else (_NONE, _NONE))
    return split if gained else None


def _possible(changes: Changes, id_: Id, split: Split) -> bool:
    if split.old and blanked(changes, id_) is None:
        return False
    if split.new and filled(changes, id_) is None:
        return False
    return id_ not in changes.alters or altered(changes, id_, split) is not None


def blanked(changes: Changes, id_: Id) -> list[str] | None:
    """Statements that take the old body out."""
    old = changes.before(id_)
    stub = old.stub()
    if stub is None:
        return None
    return stub.alters_alone(old) if id_ in changes.dropped else stub.alters(old)


def filled(changes: Changes, id_: Id) -> list[str] | None:
    """Statements that bring the new body in."""
    new = changes.after(id_)
    stub = new.stub()
    return None if stub is None else new.alters_alone(stub)


def altered(changes: Changes, id_: Id, split: Split | None) -> list[str] | None:
    """Statements for the change in place, between the two."""
    if split is None:
        return changes.alters.get(id_, [])
    old: Object | None = changes.before(id_)
    new: Object | None = changes.after(id_)
    if split.old and old is not None:
        old = old.stub()
    if split.new and new is not None:
        new = new.stub()
    return None if old is None or new is None else new.alters(old)
