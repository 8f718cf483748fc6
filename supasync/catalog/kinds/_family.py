"""What operator families, their classes and their loose members have in common."""

from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object
from supasync.sql import ident


@dataclass(frozen=True, kw_only=True)
class OfAccessMethod(Object):
    """Path: schema, name, access method; a member's goes on with its number and types."""

    @property
    def ref(self) -> str:
        schema, name, method = self.path[:3]
        return f"{ident(schema, name)} using {ident(method)}"

    @property
    def title(self) -> str:
        schema, name, method = self.path[:3]
        return f"{self.label} {schema}.{name} USING {method}"


@dataclass(frozen=True, kw_only=True)
class Member(OfAccessMethod):
    """One that belongs to the family itself and to none of its classes (label: its sort)."""

    @property
    def slot(self) -> str:
        number, left, right = self.path[3:]
        return f"{self.label} {number} ({left}, {right})"

    @property
    def title(self) -> str:
        schema, name, method = self.path[:3]
        return f"{self.slot} OF OPERATOR FAMILY {schema}.{name} USING {method}"

    def drop(self) -> list[str]:
        return [f"alter operator family {self.ref} drop {self.slot}"]


def loose(catalog: str) -> str:
    """A join: the rows `m` of the catalog that hang on a family."""
    return f"""{catalog} m join pg_depend d on d.classid = '{catalog}'::regclass
        and d.objid = m.oid and d.refclassid = 'pg_opfamily'::regclass
        join pg_opfamily f on f.oid = d.refobjid"""
