from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds._family import OfAccessMethod
from supasync.catalog.object import Part, Query


@dataclass(frozen=True, kw_only=True)
class OperatorFamily(OfAccessMethod):
    label = "OPERATOR FAMILY"
    superusers = ("create",)
    query = Query(
        catalog="pg_opfamily",
        tables="""pg_opfamily f join namespace n on n.oid = f.opfnamespace
            join pg_am am on am.oid = f.opfmethod""",
        oid="f.oid",
        path="n.nspname, f.opfname, am.amname",
        schema="n",
        owner="f.opfowner",
    )

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [f"create operator family {self.ref}"]
