from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds._family import Member, loose
from supasync.catalog.object import Part, Query, Rows, read


@dataclass(frozen=True, kw_only=True)
class FamilyFunction(Member):
    label = "FUNCTION"
    superusers = ("create", "drop")
    query = Query(
        catalog="pg_amproc",
        tables=f"""{loose("pg_amproc")} and m.amprocfamily = f.oid
            join namespace n on n.oid = f.opfnamespace join pg_am am on am.oid = f.opfmethod""",
        oid="m.oid",
        path="""n.nspname, f.opfname, am.amname, m.amprocnum::text,
            format_type(m.amproclefttype, null), format_type(m.amprocrighttype, null)""",
        schema="n",
        anchor=("pg_opfamily", "f.oid"),
        # a class may lose one of its functions, and is not written then
        rows=(
            Rows(
                "pg_amproc",
                "oid >= 16384",
                (("'pg_amproc'::regclass", "oid"),),
                counted="true",
            ),
        ),
    )
    function: str = read("m.amproc::regprocedure::text")

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"alter operator family {self.ref} add {self.slot} {self.function}"]
