"""How a branch is brought to production's schema."""

from __future__ import annotations

from enum import StrEnum

from supasync.catalog import Id, State

_STAYS = frozenset(
    {
        *("schema", "extension", "extension_use", "default_privilege"),
        *("publication_schema", "publication_table"),
    }
)
"""Kinds that hold nothing and that much outside of a schema may hang on."""


class Strategy(StrEnum):
    RECONCILE = "reconcile"
    """In place: what differs is changed."""
    RESET = "reset"
    """The platform makes the branch anew from the migrations first."""
    REBUILD = "rebuild"
    """All that is in the user's schemas is dropped and made anew, in the sync's transaction."""


def contents(*states: State) -> frozenset[Id]:
    """What is in the user's schemas of any of the states; what uses it elsewhere, such as a policy
    of the platform's table, is made anew with it as far as it must."""
    schemas = {id_[1] for state in states for id_ in state.digests if id_[0] == "schema"}
    return frozenset(
        id_
        for state in states
        for id_ in state.digests
        if id_[0] not in _STAYS and len(id_) > 2 and id_[1] in schemas
    )
