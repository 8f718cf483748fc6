from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds._definition import routine
from supasync.catalog.object import Object, Part, Query, Rows, read
from supasync.sql import ident

_OPERATOR = "'pg_operator'::regclass"


def _other(alias: str) -> str:
    return f"""case when {alias}.oid is not null
        then json_build_array({alias}n.nspname, {alias}.oprname) end"""


@dataclass(frozen=True, kw_only=True)
class Operator(Object):
    """Path: schema, name and the types it stands between; "" on the left of a prefix operator.

    A shell operator (named as another's commutator and never defined) is part of that other one.
    """

    label = "OPERATOR"
    query = Query(
        catalog="pg_operator",
        tables="""pg_operator o join namespace n on n.oid = o.oprnamespace
            left join pg_operator c on c.oid = o.oprcom
            left join pg_namespace cn on cn.oid = c.oprnamespace
            left join pg_operator g on g.oid = o.oprnegate
            left join pg_namespace gn on gn.oid = g.oprnamespace""",
        where="o.oprcode <> 0",
        oid="o.oid",
        path="""n.nspname, o.oprname, coalesce(format_type(nullif(o.oprleft, 0), null), ''),
            format_type(o.oprright, null)""",
        schema="n",
        owner="o.oprowner",
        # an operator prints the names of those it is linked with, and does not depend on them
        rows=(
            Rows(
                "pg_operator",
                "oid >= 16384",
                ((_OPERATOR, "oid"), (_OPERATOR, "oprcom"), (_OPERATOR, "oprnegate")),
            ),
        ),
    )
    function: str = read("o.oprcode::regproc::text")
    commutator: tuple[str, str] | None = read(_other("c"))
    negator: tuple[str, str] | None = read(_other("g"))
    restrict: str | None = read(routine("o.oprrest"))
    join: str | None = read(routine("o.oprjoin"))
    hashes: bool = read("o.oprcanhash")
    merges: bool = read("o.oprcanmerge")

    @property
    def ref(self) -> str:
        return f"{ident(self.path[0])}.{self.path[1]} ({self.path[2] or 'none'}, {self.path[3]})"

    @property
    def title(self) -> str:
        schema, name, left, right = self.path
        return f"OPERATOR {schema}.{name} ({left or 'NONE'}, {right})"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        schema, name, left, right = self.path
        words = [f"function = {self.function}"]
        words += [f"leftarg = {left}"] if left else []
        words.append(f"rightarg = {right}")
        for word, other in (("commutator", self.commutator), ("negator", self.negator)):
            words += [f"{word} = operator({ident(other[0])}.{other[1]})"] if other else []
        words += [f"restrict = {self.restrict}"] if self.restrict else []
        words += [f"join = {self.join}"] if self.join else []
        words += [word for word in ("hashes", "merges") if getattr(self, word)]
        return [f"create operator {ident(schema)}.{name} ({', '.join(words)})"]

    def alter_restrict(self, old: Operator) -> list[str]:
        return [f"alter operator {self.ref} set (restrict = {self.restrict or 'none'})"]

    def alter_join(self, old: Operator) -> list[str]:
        return [f"alter operator {self.ref} set (join = {self.join or 'none'})"]
