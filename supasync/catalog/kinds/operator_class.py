from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.kinds._family import OfAccessMethod
from supasync.catalog.object import Part, Query, read
from supasync.sql import ident


def _member_aliases(catalog: str) -> str:
    return f"""select d.classid, d.objid, 0, d.refclassid, d.refobjid, 0 from pg_depend d
        where d.classid = '{catalog}'::regclass and d.refclassid = 'pg_opclass'::regclass"""


def _members(catalog: str, item: str, order: str) -> str:
    return f"""(select json_agg({item} order by {order}, {item}) from pg_depend d
          join {catalog} m on m.oid = d.objid
          where d.classid = '{catalog}'::regclass and d.refclassid = 'pg_opclass'::regclass
            and d.refobjid = c.oid)"""


@dataclass(frozen=True, kw_only=True)
class OperatorClass(OfAccessMethod):
    """With the members that hang on it; the rest of its family's are objects of their own."""

    label = "OPERATOR CLASS"
    superusers = ("create",)
    query = Query(
        catalog="pg_opclass",
        tables="""pg_opclass c join namespace n on n.oid = c.opcnamespace
            join pg_am am on am.oid = c.opcmethod join pg_opfamily f on f.oid = c.opcfamily
            join pg_namespace fn on fn.oid = f.opfnamespace""",
        oid="c.oid",
        path="n.nspname, c.opcname, am.amname",
        schema="n",
        owner="c.opcowner",
        aliases=f"{_member_aliases('pg_amop')} union all {_member_aliases('pg_amproc')}",
    )
    family: tuple[str, str] = read("json_build_array(fn.nspname, f.opfname)")
    type: str = read("format_type(c.opcintype, null)")
    default: bool = read("c.opcdefault")
    storage: str | None = read("format_type(nullif(c.opckeytype, 0), null)")
    operators: tuple[str, ...] | None = read(
        _members(
            "pg_amop",
            """format('operator %s %s', m.amopstrategy, m.amopopr::regoperator)
            || coalesce((select format(' for order by %I.%I', sn.nspname, sf.opfname)
              from pg_opfamily sf join pg_namespace sn on sn.oid = sf.opfnamespace
              where sf.oid = m.amopsortfamily), '')""",
            "m.amopstrategy",
        )
    )
    functions: tuple[str, ...] | None = read(
        _members(
            "pg_amproc",
            """format('function %s (%s, %s) %s', m.amprocnum, format_type(m.amproclefttype, null),
              format_type(m.amprocrighttype, null), m.amproc::regprocedure)""",
            "m.amprocnum",
        )
    )

    @property
    def claims(self) -> frozenset[tuple[str, ...]]:
        """A type has one default class for an access method."""
        return frozenset({("default class", self.path[2], self.type)} if self.default else ())

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        schema, name, method = self.path
        default = "default " if self.default else ""
        items = [*(self.operators or ()), *(self.functions or ())]
        if self.storage or not items:
            items.append(f"storage {self.storage or self.type}")
        return [
            f"create operator class {ident(schema, name)} {default}for type {self.type} "
            f"using {ident(method)} family {ident(*self.family)} as {', '.join(items)}"
        ]
