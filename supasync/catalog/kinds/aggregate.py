from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds._definition import Pairs, flag, pairs, routine, spelt
from supasync.catalog.kinds._routine import Routine, routine_query
from supasync.catalog.object import Part, read
from supasync.sql import ident

_MODIFY = (
    "case {} when 'r' then 'read_only' when 's' then 'shareable' when 'w' then 'read_write' end"
)


@dataclass(frozen=True, kw_only=True)
class Aggregate(Routine):
    """An aggregate function, ordinary, ordered-set or hypothetical-set."""

    query = routine_query(
        "p.prokind = 'a'", joins="join pg_aggregate a on a.aggfnoid = p.oid", sort="a"
    )
    arguments: str = read("pg_get_function_identity_arguments(p.oid)")
    result: str = read("pg_get_function_result(p.oid)")
    nature: tuple[str, int] = read("json_build_array(a.aggkind, a.aggnumdirectargs)")
    definition: Pairs = read(
        pairs(
            sfunc=routine("a.aggtransfn"),
            stype="format_type(a.aggtranstype, null)",
            sspace="nullif(a.aggtransspace, 0)::text",
            finalfunc=routine("a.aggfinalfn"),
            finalfunc_extra=flag("a.aggfinalextra"),
            finalfunc_modify=_MODIFY.format("a.aggfinalmodify"),
            combinefunc=routine("a.aggcombinefn"),
            serialfunc=routine("a.aggserialfn"),
            deserialfunc=routine("a.aggdeserialfn"),
            initcond="quote_literal(a.agginitval)",
            msfunc=routine("a.aggmtransfn"),
            minvfunc=routine("a.aggminvtransfn"),
            mstype="format_type(nullif(a.aggmtranstype, 0), null)",
            msspace="nullif(a.aggmtransspace, 0)::text",
            mfinalfunc=routine("a.aggmfinalfn"),
            mfinalfunc_extra=flag("a.aggmfinalextra"),
            mfinalfunc_modify=f"case when a.aggmtransfn <> 0 then "
            f"{_MODIFY.format('a.aggmfinalmodify')} end",
            minitcond="quote_literal(a.aggminitval)",
            sortop="""(select format('operator(%I.%s)', sn.nspname, so.oprname) from pg_operator so
                join pg_namespace sn on sn.oid = so.oprnamespace where so.oid = a.aggsortop)""",
            parallel="case p.proparallel when 's' then 'safe' when 'r' then 'restricted' end",
            hypothetical=flag("a.aggkind = 'h'"),
        )
    )

    @property
    def word(self) -> str:
        return "AGGREGATE"

    @property
    def evaluates(self) -> bool:
        return False

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [self._create("create aggregate")]

    def _create(self, words: str) -> str:
        name = ident(*self.path[:2])
        return f"{words} {name}({self.arguments or '*'}) ({spelt(self.definition)})"

    def alter_definition(self, old: Aggregate) -> list[str]:
        return [self._create("create or replace aggregate")]
