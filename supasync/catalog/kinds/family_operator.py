from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds._family import Member, loose
from supasync.catalog.object import Part, Query, Rows, read
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class FamilyOperator(Member):
    label = "OPERATOR"
    superusers = ("create", "drop")
    query = Query(
        catalog="pg_amop",
        tables=f"""{loose("pg_amop")} and m.amopfamily = f.oid
            join namespace n on n.oid = f.opfnamespace join pg_am am on am.oid = f.opfmethod
            left join pg_opfamily sf on sf.oid = m.amopsortfamily
            left join pg_namespace sn on sn.oid = sf.opfnamespace""",
        oid="m.oid",
        path="""n.nspname, f.opfname, am.amname, m.amopstrategy::text,
            format_type(m.amoplefttype, null), format_type(m.amoprighttype, null)""",
        schema="n",
        anchor=("pg_opfamily", "f.oid"),
        # a class may lose one of its operators, and is not written then
        rows=(
            Rows(
                "pg_amop",
                "oid >= 16384",
                (("'pg_amop'::regclass", "oid"),),
                counted="true",
            ),
        ),
    )
    operator: str = read("m.amopopr::regoperator::text")
    sort_family: tuple[str, str] | None = read(
        "case when sf.oid is not null then json_build_array(sn.nspname, sf.opfname) end"
    )

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        order = f" for order by {ident(*self.sort_family)}" if self.sort_family else ""
        number = self.path[3]
        return [f"alter operator family {self.ref} add operator {number} {self.operator}{order}"]
