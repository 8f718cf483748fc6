"""Shared objects (roles, their memberships and settings) where they are not compared.

A look says whether they are those of another server: a hash of their rows, which has oids in it
and only tells that nothing changed, and a fingerprint, which does not.
"""

from __future__ import annotations

from typing import Final

from supasync.catalog import queries
from supasync.catalog.gathered import setting
from supasync.catalog.kinds import KINDS, RANK
from supasync.catalog.object import Object
from supasync.catalog.scope import Scope
from supasync.sql import dollar

SHARED: Final = "supasync.shared"
"""The setting with a hash over all that was gathered of `_kinds`."""


def _kinds(scope: Scope) -> list[type[Object]]:
    """Kinds whose objects are the whole cluster's, where they are not compared."""
    return [
        kind
        for kind in KINDS
        if kind.kind in scope.leaves_out and queries.gathered(kind) and not kind.query.gather_from
    ]


def gathered(scope: Scope) -> str:
    """Goes with `pinned` where the `_kinds` are asked for: their rows, and SHARED."""
    kinds = _kinds(scope)
    if not kinds:
        return ""
    parts = "".join(queries.gather(setting(kind.kind), kind.query.gather, "") for kind in kinds)
    body = f"""
declare found text; every text := '';
begin{parts}
perform set_config('{SHARED}', md5(every), true);
end"""
    return f"do {dollar(body)};\n"


def root(scope: Scope) -> str:
    """An expression: the fingerprint of the `_kinds`, gathered before; null of none."""
    kinds = _kinds(scope)
    if not kinds:
        return "null"
    whole = Scope("shared")
    rows = "\nunion all".join(queries.kind_rows(kind, RANK[kind.kind], whole) for kind in kinds)
    return f"""(with {queries.world(whole)}
    select {queries.ROOT.format(digest="digest")} from ({queries.digests(rows)}) r)"""
