from __future__ import annotations

from dataclasses import dataclass

from supasync.catalog.object import Object, Part, Query, read, reparsed
from supasync.sql import ident

# its text is printed from a parse tree when the body is BEGIN ATOMIC or an argument has a default
_PARSED = "(p.prosqlbody is not null or p.pronargdefaults > 0)"


@dataclass(frozen=True, kw_only=True)
class Function(Object):
    """A function, a window function or a procedure; the last name is its input types."""

    label = "ROUTINE"
    query = Query(
        catalog="pg_proc",
        tables="pg_proc p join namespace n on n.oid = p.pronamespace",
        # a range type brings its constructors
        where="""p.prokind in ('f', 'p', 'w') and p.oid not in (
            select objid from pg_depend where classid = 'pg_proc'::regclass and deptype = 'i')""",
        oid="p.oid",
        path="""n.nspname, p.proname, array_to_string(array(select format_type(u.t, null)
            from unnest(p.proargtypes) with ordinality u(t, i) order by u.i), ', ')""",
        schema="n",
        owner="p.proowner",
        acl="p.proacl",
        acl_type="'f'",
    )
    type: str = read("p.prokind")
    arguments: str = read("pg_get_function_identity_arguments(p.oid)")
    result: str | None = read("pg_get_function_result(p.oid)")
    defaults: int = read("p.pronargdefaults")
    definition: str | None = read(f"case when not {_PARSED} then pg_get_functiondef(p.oid) end")
    parsed: str | None = reparsed(f"case when {_PARSED} then pg_get_functiondef(p.oid) end")

    @property
    def ref(self) -> str:
        return f"{ident(*self.path[:2])}({self.path[2]})"

    @property
    def title(self) -> str:
        word = "PROCEDURE" if self.type == "p" else "FUNCTION"
        return f"{word} {self.path[0]}.{self.path[1]}({self.path[2]})"

    @property
    def evaluates(self) -> bool:
        return self.parsed is not None  # check_function_bodies is off

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        return [(self.definition or self.parsed or "").rstrip()]

    def alter_defaults(self, old: Function) -> list[str] | None:
        # "cannot remove parameter defaults from existing function"
        return None if self.defaults < old.defaults else []

    def alter_definition(self, old: Function) -> list[str]:
        return self.create() if self.definition is not None else []

    def alter_parsed(self, old: Function) -> list[str]:
        return self.create() if self.parsed is not None else []
