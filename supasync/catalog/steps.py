"""The steps of a plan, in order: what each object's fate is in statements. Names no kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from supasync.catalog import circles
from supasync.catalog.births import Births
from supasync.catalog.circles import Node, Splits
from supasync.catalog.hazards import Hazard, access_widened, disarmed
from supasync.catalog.kinds import BY_NAME, RANK
from supasync.catalog.model import Catalog
from supasync.catalog.object import Id, Object, Part
from supasync.catalog.order import sort_folded
from supasync.catalog.rebuild import Changes

VERBS = ("blank", "drop", "aside", "alter", "create", "fill", "carry", "discard")

# Along a dependency of the target, the user's verb comes before the used object's …
USER_FIRST = (
    *(("drop", verb) for verb in ("drop", "aside", "alter", "discard")),
    *(("aside", "aside"), ("alter", "drop"), ("alter", "discard")),
    *(("discard", "drop"), ("discard", "discard")),
)
# … along one of the source, the used object's verb before the user's.
USED_FIRST = (
    *(("create", "create"), ("create", "alter"), ("alter", "create"), ("alter", "alter")),
    *(("carry", "create"), ("carry", "alter")),
)

Rules = tuple[tuple[str, str], ...]
Verbs = dict[Id, frozenset[str]]
_NONE: frozenset[str] = frozenset()


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
    before = _before(changes, splits, nodes)
    order, folds = sort_folded(nodes, before, _leaders(changes, nodes), _key)
    parts: dict[Node, list[Node]] = defaultdict(list)
    for node, leader in folds.items():
        parts[leader].append(node)
    steps = [statements.step(node, parts) for node in order]
    return [step for step in steps if step.sql or step.finish]


def _nodes(changes: Changes, splits: Splits) -> set[Node]:
    yielding = changes.yielding
    nodes = {("drop", id_) for id_ in changes.dropped - yielding}
    nodes |= {(verb, id_) for id_ in yielding for verb in ("aside", "discard")}
    nodes |= {("create", id_) for id_ in changes.created | changes.rebuilt}
    nodes |= {("alter", id_) for id_ in changes.alters.keys() | changes.moved | _regranted(changes)}
    for id_ in changes.rebuilt:
        if id_ in changes.aside:
            nodes |= {("aside", id_), ("carry", id_), ("discard", id_)}
        else:
            nodes.add(("drop", id_))
    nodes |= {("blank", id_) for id_, split in splits.items() if split.old}
    nodes |= {("fill", id_) for id_, split in splits.items() if split.new}
    return nodes


def _regranted(changes: Changes) -> set[Id]:
    """Members whose own grants are lost when a REVOKE hits their leader."""
    hit = {
        id_
        for id_ in changes.alters
        if "grants" in changes.after(id_).differing(changes.before(id_))
    }
    if not hit:
        return set()
    return {
        id_
        for id_, obj in changes.new.objects.items()
        if obj.leader in hit and obj.grants and id_ in changes.old.objects
    } - changes.rebuilt


def _before(changes: Changes, splits: Splits, nodes: set[Node]) -> Iterable[tuple[Node, Node]]:
    """Pairs of which the first precedes the second, also of nodes that there are not."""
    verbs: Verbs = {}
    for verb, id_ in nodes:
        verbs[id_] = _with(verbs.get(id_, _NONE), verb)
    yield from _old_pairs(changes, splits, verbs)
    yield from _new_pairs(changes, splits, verbs)
    for id_ in changes.rebuilt | changes.yielding:
        chain = ("drop", "aside", "create", "carry", "discard")
        present = [(verb, id_) for verb in chain if (verb, id_) in nodes]
        yield from pairwise(present)
    for id_ in splits:
        yield from ((("blank", id_), (verb, id_)) for verb in ("drop", "aside", "alter"))
        yield from (((verb, id_), ("fill", id_)) for verb in ("alter", "create"))
    yield from _names_freed(changes, nodes)
    yield from _siblings(changes, nodes)


@cache
def _with(verbs: frozenset[str], verb: str) -> frozenset[str]:
    return verbs | {verb}


@cache
def _both(rules: Rules, first: frozenset[str], then: frozenset[str]) -> Rules:
    """Those of the rules that are about verbs there are."""
    return tuple((a, b) for a, b in rules if a in first and b in then)


def _old_pairs(changes: Changes, splits: Splits, verbs: Verbs) -> Iterable[tuple[Node, Node]]:
    """Along the target's dependencies; a body that leaves early lets go of what it uses."""
    for user, used in _edges(changes.old, verbs.keys()):
        if _bound(changes, changes.old, user, used):
            continue
        if user in splits and used in splits[user].old:
            yield from ((("blank", user), (b, used)) for _, b in USER_FIRST)
            continue
        by_itself = changes.by_itself(changes.old, user, used)
        for first in (changes.before(user).links or ()) if by_itself else (user,):
            rules = _both(USER_FIRST, verbs.get(first, _NONE), verbs[used])
            yield from (((a, first), (b, used)) for a, b in rules)
        if used in splits and user not in splits[used].old_circle:
            yield ("drop", user), ("blank", used)


def _new_pairs(changes: Changes, splits: Splits, verbs: Verbs) -> Iterable[tuple[Node, Node]]:
    """Along the source's dependencies; a body that comes late is what waits for what it uses."""
    for user, used in _edges(changes.new, verbs.keys()):
        if _bound(changes, changes.new, user, used):
            continue
        if changes.by_itself(changes.new, user, used):
            continue
        after = changes.new.objects.get(user)
        if after is not None and after.precedes_leader and after.leader == used:
            yield ("create", used), ("alter", user)
            continue
        if user in splits and used in splits[user].new:
            yield from (((a, used), ("fill", user)) for a, _ in USED_FIRST)
            continue
        rules = _both(USED_FIRST, verbs[used], verbs[user])
        yield from (((a, used), (b, user)) for a, b in rules)
        if used in splits and user not in splits[used].new_circle:
            yield from ((("fill", used), (b, user)) for _, b in USED_FIRST)
        if user not in changes.aside:  # else the old user is what the discard waits for
            yield ("discard", used), ("create", user)


def _edges(side: Catalog, ids: Set[Id]) -> Iterable[tuple[Id, Id]]:
    """(user, used) among the ids; a link is in the place of a user of what it ties."""
    for id_ in ids:
        yield from ((id_, used) for used in side.uses.get(id_, ()) if used in ids)
        if id_ in side.objects:
            yield from ((link, id_) for link in side.objects[id_].links or () if link in ids)


def _bound(changes: Changes, side: Catalog, one: Id, other: Id) -> bool:
    """Whether one of them is essential to the other, which is set aside: it goes with it."""
    if not changes.aside:
        return False
    pairs = ((side.objects.get(one), other), (side.objects.get(other), one))
    return any(
        obj is not None and obj.essential and obj.leader == leader and leader in changes.aside
        for obj, leader in pairs
    )


def _names_freed(changes: Changes, nodes: set[Node]) -> list[tuple[Node, Node]]:
    """What takes a name comes after what gives it up."""
    freed: dict[tuple[str, ...], list[Node]] = defaultdict(list)
    for node in nodes:
        for claim in _given_up(changes, node):
            freed[claim].append(node)
    if not freed:
        return []
    return [
        (giver, node)
        for node in nodes
        for claim in _taken(changes, node)
        for giver in freed[claim]
        if giver[1] != node[1]
    ]


def _given_up(changes: Changes, node: Node) -> frozenset[tuple[str, ...]]:
    verb, id_ = node
    if verb in ("drop", "aside"):
        return changes.before(id_).claims
    return (
        changes.before(id_).claims - changes.after(id_).claims if verb == "alter" else frozenset()
    )


def _taken(changes: Changes, node: Node) -> frozenset[tuple[str, ...]]:
    verb, id_ = node
    if verb == "alter":
        return changes.after(id_).claims - changes.before(id_).claims
    last = "discard" if id_ in changes.aside else "create"
    return changes.after(id_).claims if verb == last else frozenset()


def _siblings(changes: Changes, nodes: set[Node]) -> list[tuple[Node, Node]]:
    groups: dict[Id, list[Object]] = defaultdict(list)
    for verb, id_ in nodes:
        group = BY_NAME[id_[0]].group
        if verb == "create" and group:
            groups[id_[: group + 1]].append(changes.after(id_))
    result: list[tuple[Node, Node]] = []
    for objects in groups.values():
        row: list[Node] = [("create", o.id) for o in sorted(objects, key=lambda o: o.order)]
        result += list(pairwise(row))
    return result


def _leaders(changes: Changes, nodes: set[Node]) -> dict[Node, Node]:
    leaders: dict[Node, Node] = {}
    for node in nodes:
        verb, id_ = node
        if verb not in ("create", "drop"):
            continue
        obj = changes.after(id_) if verb == "create" else changes.before(id_)
        if obj.leader is None:
            continue
        if verb == "drop" and obj.essential and ("aside", obj.leader) in nodes:
            leaders[node] = ("aside", obj.leader)
        if (verb, obj.leader) not in nodes:
            continue
        if verb == "drop" or (verb == "create" and obj.inlined and id_ not in changes.aside):
            leaders[node] = (verb, obj.leader)
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
        every = _flatten(Part(obj, tree))
        sql = [*shown.create(tree), *self._dress(Part(shown, tree))]
        if self.births.differ:
            sql += shown.settle()
        finish = [text for each in every for text in each.finish()]
        finish += obj.finish_alone()
        if obj.leader in self.changes.old.state.digests:
            finish += obj.resume()
        return Step(
            verb="create",
            id=id_,
            label=obj.title,
            sql=tuple(sql),
            finish=tuple(finish),
            hazards=self._risks("create", obj, tree),
            members=tuple(each.id for each in every[1:]),
        )

    def _risks(self, how: str, obj: Object, parts: tuple[Part, ...] = ()) -> tuple[Hazard, ...]:
        """What the step costs what stays: the rows of its table, and who is kept from them."""
        changes = self.changes
        old = changes.old.objects.get(obj.id) if how != "drop" else None
        found: list[Hazard] = []
        if how in ("create", "alter", "move"):
            found += disarmed(obj.title, obj.disarmed(None if how == "create" else old))
        # what belongs to nobody is a setting of something else
        beside = obj.leader not in self.not_kept if obj.leader else obj.query.owner == "null::oid"
        if how == "create" and old is None and not beside:
            return tuple(found)
        found += obj.costs(how, old, parts)
        if how != "carry":
            found += [access_widened(obj.title, text) for text in obj.widens(old, how)]
        return tuple(found)

    def _tree(self, node: Node, parts: dict[Node, list[Node]]) -> tuple[Part, ...]:
        members = [
            Part(self.changes.after(member[1]), self._tree(member, parts)) for member in parts[node]
        ]
        members.sort(key=lambda p: (RANK[p.object.kind], p.object.order, p.object.id))
        return tuple(members)

    def _dress(self, part: Part) -> list[str]:
        sql = part.object.dress(self.births.creator, self.births.of(part.object))
        return sql + [text for inner in part.parts for text in self._dress(inner)]

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


def _flatten(part: Part) -> list[Object]:
    return [part.object, *(obj for inner in part.parts for obj in _flatten(inner))]
