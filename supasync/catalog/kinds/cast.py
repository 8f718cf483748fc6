from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.object import Object, Part, Query, read
from supasync.catalog.rights import Right


@dataclass(frozen=True, kw_only=True)
class Cast(Object):
    label = "CAST"
    query = Query(
        catalog="pg_cast",
        tables="""pg_cast c join pg_type s on s.oid = c.castsource
            join namespace sn on sn.oid = s.typnamespace
            join pg_type t on t.oid = c.casttarget join namespace tn on tn.oid = t.typnamespace
            left join pg_proc p on p.oid = c.castfunc
            left join namespace pn on pn.oid = p.pronamespace""",
        # it lives in no schema: what it connects says whose it is
        # and a range type brings the cast to its multirange type
        where="""c.oid >= 16384 and c.oid not in (
            select objid from pg_depend where classid = 'pg_cast'::regclass and deptype = 'i')
          and (sn.managed is false or tn.managed is false
            or pn.managed is false or 'pg_catalog' = all(array[sn.nspname, tn.nspname,
              coalesce(pn.nspname, 'pg_catalog')]))""",
        oid="c.oid",
        path="format_type(s.oid, null), format_type(t.oid, null)",
    )
    function: str | None = read("case when c.castfunc <> 0 then c.castfunc::regprocedure::text end")
    inout: bool = read("c.castmethod = 'i'")
    context: str = read("c.castcontext")

    @property
    def ref(self) -> str:
        return f"({self.path[0]} as {self.path[1]})"

    @property
    def title(self) -> str:
        return f"CAST {self.ref}"

    def needs(self, old: Cast | None, verb: str) -> Iterable[Right]:
        yield rights.owns_a_type(*self.path)
        if self.function is None and not self.inout:
            yield rights.superuser("a cast without function")

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        how = "with inout" if self.inout else "without function"
        if self.function:
            how = f"with function {self.function}"
        when = {"a": " as assignment", "i": " as implicit"}.get(self.context, "")
        return [f"create cast {self.ref} {how}{when}"]
