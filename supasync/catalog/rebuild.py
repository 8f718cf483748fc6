"""Which objects change in place, which are rebuilt, and which move over to a rebuilt one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from supasync.catalog import grants
from supasync.catalog.kinds import BY_NAME
from supasync.catalog.model import Catalog
from supasync.catalog.object import Id, Object


class Changes:
    """The fate of every object that a plan touches. Names no kind.

    `settle` is called until it asks for nothing more: a rebuild reaches objects that are equal on
    both sides, and those have to be read first.
    """

    def __init__(
        self, old: Catalog, new: Catalog, differing: Iterable[Id], anew: Iterable[Id] = ()
    ) -> None:
        """anew: of the differing, what is to be made anew; then nothing that is rebuilt is set
        aside, so what it held is lost."""
        self.old, self.new = old, new
        ids, want, have = set(differing), new.state.digests, old.state.digests
        # what is left over of a small set is not found by going through a large one
        self.dropped = {id_ for id_ in ids if id_ not in want}
        self.created = {id_ for id_ in ids if id_ not in have}
        self.changed = ids - self.dropped - self.created
        self.alters: dict[Id, list[str]] = {}
        self.rebuilt: set[Id] = set()
        self.moved: set[Id] = set()
        """Users that attach themselves to a rebuilt object instead of being rebuilt."""
        self.aside: set[Id] = set()
        """Rebuilt objects that stay under another name while their data or their users move."""
        self._forced: set[Id] = set(anew)
        self._keeps = not self._forced

    @property
    def made(self) -> set[Id]:
        """Objects whose text the plan takes from the source."""
        return self.created | self.rebuilt | self.changed | self.moved

    def force(self, ids: Iterable[Id]) -> None:
        """Rebuild these although they could change in place."""
        self._forced |= set(ids)

    def evaluates(self, id_: Id) -> bool:
        obj = self.new.objects.get(id_) or self.old.objects.get(id_)
        return obj is None or obj.evaluates

    def settle(self) -> set[Id]:
        """Work out the fates; returns ids that must be read before they can be known."""
        self.alters, self.rebuilt, self.moved = {}, set(), set()
        todo = [(user, True) for user in self._bereaved()]
        for id_ in sorted(self.changed):
            statements = self.after(id_).alters(self.before(id_))
            if statements is None or id_ in self._forced:
                todo.append((id_, True))
                continue
            self.alters[id_] = statements
            if self.new.objects[id_].disturbed(self.old.objects[id_]):
                todo += [(user, False) for user in self._staying_users(id_)]
        missing: set[Id] = set()
        while todo or (todo := self._displaced()) or (todo := self._untied()):
            id_, certain = todo.pop()
            if id_ in self.rebuilt:
                continue
            if id_ not in self.old.objects or id_ not in self.new.objects:
                missing.add(id_)
                self.rebuilt.add(id_)  # stands in until it is read
                continue
            if not certain and self._moves(id_):
                if id_ not in self.moved:
                    self.moved.add(id_)
                    todo += [(user, False) for user in self._staying_users(id_)]
                continue
            self.rebuilt.add(id_)
            missing |= self._unread_siblings(id_)
            self.alters.pop(id_, None)
            self.moved.discard(id_)
            if (leader := self.old.objects[id_].leader) and self.old.objects[id_].with_leader:
                todo.append((leader, True))
            stays = self._keeps and self.old.objects[id_].set_aside() is not None
            todo += [
                (user, not stays or self._inherits(user, id_)) for user in self._staying_users(id_)
            ]
        self.aside = self._set_aside() if self._keeps and not missing else set()
        return missing

    def _inherits(self, id_: Id, other: Id) -> bool:
        """Whether `id_` is made anew by what makes `other` anew."""
        return id_[0] == other[0] and id_ in self.new.objects and self.after(id_).follows

    def _untied(self) -> list[tuple[Id, bool]]:
        """Statements of what no longer follows, since its link is rebuilt, are others."""
        result = []
        for id_ in self.alters:
            if not self.rebuilt.isdisjoint(self.new.objects[id_].links or ()):
                statements = self.after(id_).alters(self.before(id_))
                if statements is None:
                    result.append((id_, True))
                else:
                    self.alters[id_] = statements
        return result

    def _bereaved(self) -> set[Id]:
        """Objects that use something which goes, and say the same of what stands for it."""
        if not self.dropped:
            return set()
        names: dict[tuple[str, ...], Id] = {}
        for id_ in self.created:
            names.update(dict.fromkeys(self.new.objects[id_].claims, id_))
        result = set()
        for id_ in self.dropped:
            users = self._staying_users(id_)
            heirs = {names[claim] for claim in self.old.objects[id_].claims & names.keys()}
            again = {user for heir in heirs for user in self.new.users.get(heir, ())}
            result |= (users - self.changed) | (users & again)
        return result

    def _set_aside(self) -> set[Id]:
        """Those that hold data or have moving users, and what these are made of."""
        able = {id_ for id_ in self.rebuilt if self.old.objects[id_].set_aside() is not None}
        todo = [
            id_
            for id_ in able
            if self.old.objects[id_].holds_data
            or not self.moved.isdisjoint(self.old.users.get(id_, ()))
        ]
        result: set[Id] = set()
        while todo:
            id_ = todo.pop()
            if id_ not in result:
                result.add(id_)
                todo += able.intersection(self.old.uses.get(id_, ()))
        return {id_ for id_ in result if not self._goes_with_leader(id_, result)}

    @property
    def yielding(self) -> set[Id]:
        """Dropped objects whose name is taken while what is carried over still uses them."""
        if not self.dropped or not self.aside:
            return set()
        taken = {claim for id_ in self.created for claim in self.new.objects[id_].claims}
        return {
            id_
            for id_ in self.dropped
            if not taken.isdisjoint(self.old.objects[id_].claims)
            and not self.aside.isdisjoint(self.old.users.get(id_, ()))
            and self.old.objects[id_].set_aside() is not None
        }

    def _goes_with_leader(self, id_: Id, aside: set[Id]) -> bool:
        leader = self.old.objects[id_].leader
        return leader in self.rebuilt and leader not in aside

    def _moves(self, id_: Id) -> bool:
        return self.after(id_).rehome() is not None

    def _staying_users(self, id_: Id) -> set[Id]:
        return set(self.old.users.get(id_, ())) - self.dropped

    def _unread_siblings(self, id_: Id) -> set[Id]:
        """Of a rebuilt object: those that may have to be rebuilt to stay in order."""
        if not BY_NAME[id_[0]].group:
            return set()
        return {
            sibling
            for side in (self.old, self.new)
            for sibling in side.state.listing.family(id_)
            if sibling not in side.objects
        }

    def _displaced(self) -> list[tuple[Id, bool]]:
        """Siblings that would end up out of order, given what is rebuilt so far."""
        groups: dict[tuple[str, ...], Id] = {}
        for id_ in self.created | self.changed | self.dropped | self.rebuilt:
            if BY_NAME[id_[0]].group:
                groups.setdefault(id_[: BY_NAME[id_[0]].group + 1], id_)
        result: set[Id] = set()
        for id_ in groups.values():
            want = self.new.siblings(id_)
            names = {obj.id for obj in want}
            stay = [
                obj
                for obj in self.old.siblings(id_)
                if obj.id in names and obj.id not in self.rebuilt
            ]
            result |= BY_NAME[id_[0]].displaced(stay, want)
        return [(id_, True) for id_ in result - self.rebuilt]

    def before(self, id_: Id) -> Object:
        return self._tied(self._spelled(self.old.objects[id_], self.new.objects.get(id_)))

    def after(self, id_: Id) -> Object:
        obj = self.new.objects[id_]  # as it is, most often; this is asked often
        if obj.grants is None and (old := self.old.objects.get(id_)):
            obj = self._spelled(obj, old)
        return self._tied(obj) if obj.links else obj

    def _spelled(self, obj: Object, other: Object | None) -> Object:
        """A default ACL spelt out where it changes, so that what stays of it is not revoked."""
        if obj.grants is not None or other is None or other.grants is None:
            return obj
        kind, version = obj.query.acl_type.strip("'"), self.old.state.server_version
        return replace(obj, grants=grants.spelled(kind, obj.acl_owner, version))

    def by_itself(self, side: Catalog, user: Id, used: Id) -> bool:
        """Whether `user` is inherited from `used`, and nothing ties them any more, or yet."""
        obj = side.objects.get(user)
        return bool(obj and obj.links and user[0] == used[0] and not self._tied(obj).follows)

    def _tied(self, obj: Object) -> Object:
        if not obj.links and obj.id not in self.dropped:
            return obj
        stays = any(
            link in self.old.state.digests
            and link in self.new.state.digests
            and link not in self.rebuilt
            for link in obj.links or ()
        )
        outlived = obj.id in self.dropped and any(
            user[0] == obj.id[0] and user in self.changed - self.rebuilt
            for user in self.old.users.get(obj.id, ())
        )
        return replace(obj, follows=stays, outlived=outlived) if stays or outlived else obj
