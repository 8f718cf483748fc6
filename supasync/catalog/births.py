"""The ACL that an object is born with on the target: its default privileges at that moment."""

from __future__ import annotations

from supasync.catalog import grants
from supasync.catalog.model import Catalog
from supasync.catalog.object import Object


class Births:
    """Default privileges of the target as read; the plan changes them last."""

    def __init__(self, target: Catalog) -> None:
        self.creator = target.state.session.user
        self._version = target.state.server_version
        self._entries = {
            key: items for obj in target.objects.values() for key, items in obj.births()
        }

    @property
    def differ(self) -> bool:
        """Whether anything is born with another ACL than the built-in default."""
        return any(creator == self.creator for creator, _, _ in self._entries)

    def of(self, obj: Object) -> tuple[grants.Item, ...] | None:
        """The ACL `obj` has right after its CREATE; None is the built-in default, and shall be."""
        if not self._entries and obj.grants is None:
            return None
        kind = obj.query.acl_type.strip("'")
        everywhere = self._entries.get((self.creator, "", kind))
        here = self._entries.get((self.creator, obj.schema or "", kind))
        if everywhere is None and here is None:
            if obj.grants is None:
                return None
            return grants.spelled(kind, self.creator, self._version)
        base = grants.DEFAULTS(kind, self.creator) if everywhere is None else everywhere
        return grants.merged((*base, *(here or ())), kind, self._version)
