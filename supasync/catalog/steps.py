"""The steps of a plan, in order: what each object's fate is in statements. Names no kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from itertools import chain

from supasync.catalog import circles, precedence
from supasync.catalog.births import Births
from supasync.catalog.circles import Node, Splits
from supasync.catalog.grants import revokes
from supasync.catalog.hazards import Hazard, access_widened, disarmed
from supasync.catalog.kinds import BY_NAME, RANK
from supasync.catalog.object import Id, Object, Part
from supasync.catalog.order import sort_folded
from supasync.catalog.rebuild import Changes

VERBS = ("blank", "drop", "aside", "alter", "create", "fill", "carry", "discard")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    verb: str
    """create, alter or drop."""
    id: Id
    label: str
    sql: tuple[str, ...]
    fields: tuple[str, ...] = ()
    """What differs, for an alter."""
    finish: tuple[str, ...] = ()
    """Statements that run after all steps."""
    hazards: tuple[Hazard, ...] = ()
    members: tuple[Id, ...] = ()
    """Objects that its statements create with it."""
    literals: tuple[str, ...] = ()
    """Literals that nothing else in the transaction may use once this step has run."""


def build(changes: Changes, splits: Splits) -> list[Step]:
    """The ordered steps; splits: what is made in two goes. Raises: Circular over nodes."""
    statements = _Statements(changes, splits)
    nodes = _nodes(changes, splits)
    before = precedence.pairs(changes, splits, nodes)
    order, folds = sort_folded(nodes, before, _leaders(changes, nodes), _key)
    parts: dict[Node, list[Node]] = defaultdict(list)
    for node, leader in folds.items():
        parts[leader].append(node)
    steps = [statements.step(node, parts) for node in order]
    return [step for step in steps if step.sql or step.finish]


def _nodes(changes: Changes, splits: Splits) -> Set[Node]:
    """In the order in which objects were read: then those lie together that are looked at."""
    yielding, rebuilt, aside = changes.yielding, changes.rebuilt, changes.rebuilt & changes.aside
    fates = {
        "blank": {id_ for id_, split in splits.items() if split.old},
        "drop": (changes.dropped - yielding) | (rebuilt - aside),
        "aside": yielding | aside,
        "alter": changes.alters.keys() | changes.moved | _regranted(changes),
        "create": changes.created | rebuilt,
        "fill": {id_ for id_, split in splits.items() if split.new},
        "carry": aside,
        "discard": yielding | aside,
    }
    present = [(verb, ids) for verb, ids in fates.items() if ids]
    known = chain(changes.new.objects, changes.old.objects)
    return dict.fromkeys((verb, id_) for id_ in known for verb, ids in present if id_ in ids).keys()


def _regranted(changes: Changes) -> set[Id]:
    """Members whose own grants are lost when a REVOKE hits their leader."""
    hit = {id_ for id_, statements in changes.alters.items() if revokes(statements)}
    if not hit:
        return set()
    return {
        id_
        for id_, obj in changes.new.objects.items()
        if obj.leader in hit and obj.grants and id_ in changes.old.objects
    } - changes.rebuilt


def _leaders(changes: Changes, nodes: Set[Node]) -> dict[Node, Node]:
    leaders: dict[Node, Node] = {}
    for node in nodes:
        verb, id_ = node
        if verb not in ("create", "drop"):
            continue
        obj = changes.after(id_) if verb == "create" else changes.before(id_)
        leader = obj.leader
        if leader is None:
            continue
        if verb == "drop" and obj.essential and ("aside", leader) in nodes:
            leaders[node] = ("aside", leader)
        if (verb, leader) not in nodes:
            continue
        if verb == "drop" or (obj.inlined and id_ not in changes.aside):
            leaders[node] = (verb, leader)
    return leaders


def _key(node: Node) -> tuple[int, int, int, Id]:
    verb, id_ = node
    rank, kind = RANK[id_[0]], BY_NAME[id_[0]]
    when = int(kind.late and not (verb == "drop" and kind.drops_early))
    if kind.first:
        when = 2 if verb == "drop" else -1
    return when, VERBS.index(verb), -rank if verb == "drop" else rank, id_


class _Statements:
    """What each node says."""

    def __init__(self, changes: Changes, splits: Splits) -> None:
        self.changes, self.splits = changes, splits
        self.births = Births(changes.old)
        self.regranted = _regranted(changes)
        self.not_kept = changes.created | changes.dropped | changes.rebuilt
        self.there = changes.old.state.digests.keys()

    def step(self, node: Node, parts: dict[Node, list[Node]]) -> Step:
        verb, id_ = node
        make = getattr(self, f"_{verb}")
        step: Step = make(id_, parts)
        return step

    def _create(self, id_: Id, parts: dict[Node, list[Node]]) -> Step:
        obj = self.changes.after(id_)
        carried = ("carry", id_) in _carried(self.changes, id_)
        shown = obj.bare() if carried else obj
        if id_ in self.splits and self.splits[id_].new:
            shown = obj.stub() or obj
        tree = self._tree(("create", id_), parts)
        members = _flatten(tree)
        sql = [*shown.create(tree)]
        for each in (shown, *members):
            sql += each.dress(self.births.creator, self.births.of(each))
        if self.births.differ:
            sql += shown.settle()
        finish = [text for each in (obj, *members) for text in each.finish()]
        finish += obj.finish_alone()
        if obj.leader in self.there:
            finish += obj.resume()
        return Step(
            verb="create",
            id=id_,
            label=obj.title,
            sql=tuple(sql),
            finish=tuple(finish),
            hazards=self._risks("create", obj, tree),
            members=tuple(each.id for each in members),
        )

    def _risks(self, how: str, obj: Object, parts: tuple[Part, ...] = ()) -> tuple[Hazard, ...]:
        """What the step costs what stays: the rows of its table, and who is kept from them."""
        changes = self.changes
        old = changes.old.objects.get(obj.id) if how != "drop" else None
        found: list[Hazard] = []
        if how in ("create", "alter", "move"):
            found += disarmed(obj.title, obj.disarmed(None if how == "create" else old))
        # what belongs to nobody is a setting of something else
        leader = obj.leader
        beside = leader not in self.not_kept if leader else obj.query.owner == "null::oid"
        if how == "create" and old is None and not beside:
            return tuple(found)
        found += obj.costs(how, old, parts)
        if how != "carry":
            found += [access_widened(obj.title, text) for text in obj.widens(old, how)]
        return tuple(found)

    def _tree(self, node: Node, parts: dict[Node, list[Node]]) -> tuple[Part, ...]:
        if node not in parts:
            return ()
        members = [
            Part(self.changes.after(member[1]), self._tree(member, parts)) for member in parts[node]
        ]
        members.sort(key=lambda p: (RANK[p.object.kind], p.object.order, p.object.id))
        return tuple(members)

    def _drop(self, id_: Id, parts: dict[Node, list[Node]]) -> Step:
        obj = self.changes.before(id_)
        # what a table holds is said once, of the table
        members = (self.changes.before(member) for _, member in parts["drop", id_])
        hazards = self._risks("drop", obj) or [h for m in members for h in self._risks("drop", m)]
        return Step(
            verb="drop",
            id=id_,
            label=obj.title,
            sql=tuple(obj.drop()),
            hazards=tuple(hazards),
        )

    def _alter(self, id_: Id, parts: dict[Node, list[Node]]) -> Step:
        del parts
        old, new = self.changes.before(id_), self.changes.after(id_)
        fields = new.differing(old)
        sql = list((new.rehome() or []) if id_ in self.changes.moved else [])
        changed = circles.altered(self.changes, id_, self.splits.get(id_)) or []
        sql += [text for text in changed if text not in sql]
        if id_ in self.regranted:
            sql += new.regrant()
        return Step(
            verb="alter",
            id=id_,
            label=new.title,
            sql=tuple(sql),
            fields=fields,
            hazards=self._risks("move" if id_ in self.changes.moved else "alter", new),
            finish=tuple(new.finish_alter(old)),
            literals=new.new_literals(old),
        )

    def _blank(self, id_: Id, parts: dict[Node, list[Node]]) -> Step:
        del parts
        sql = circles.blanked(self.changes, id_) or []
        label = self.changes.before(id_).title
        return Step(verb="alter", id=id_, label=label, sql=tuple(sql), fields=("body",))

    def _fill(self, id_: Id, parts: dict[Node, list[Node]]) -> Step:
        del parts
        sql = circles.filled(self.changes, id_) or []
        label = self.changes.after(id_).title
        return Step(verb="alter", id=id_, label=label, sql=tuple(sql), fields=("body",))

    def _aside(self, id_: Id, parts: dict[Node, list[Node]]) -> Step:
        del parts
        old = self.changes.before(id_)
        aside = old.set_aside()
        sql = old.rename_to(aside) if aside is not None else []
        return Step(verb="alter", id=id_, label=old.title, sql=tuple(sql), fields=("place",))

    def _carry(self, id_: Id, parts: dict[Node, list[Node]]) -> Step:
        del parts
        old, new = self.changes.before(id_), self.changes.after(id_)
        aside = old.set_aside()
        sql = new.carry(aside) if aside is not None else []
        risks = self._risks("carry", new)
        return Step(verb="alter", id=id_, label=new.title, sql=tuple(sql), hazards=risks)

    def _discard(self, id_: Id, parts: dict[Node, list[Node]]) -> Step:
        del parts
        old = self.changes.before(id_)
        aside = old.set_aside()
        sql = aside.drop() if aside is not None else []
        if id_ in self.changes.dropped:
            return Step(verb="drop", id=id_, label=old.title, sql=tuple(sql))
        new = self.changes.after(id_)
        # names that the old one held, such as its sequence's, are free only now
        sql += new.alters(new.bare()) or []
        return Step(verb="alter", id=id_, label=new.title, sql=tuple(sql), fields=("place",))


def _carried(changes: Changes, id_: Id) -> set[Node]:
    return {("carry", id_)} if id_ in changes.aside else set()


def _flatten(parts: tuple[Part, ...]) -> list[Object]:
    """What is created with an object: its parts, each before its own."""
    found = []
    for part in parts:
        found.append(part.object)
        found += _flatten(part.parts)
    return found
