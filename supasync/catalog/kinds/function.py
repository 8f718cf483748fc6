from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from supasync.catalog import rights
from supasync.catalog.object import Object, Part, Query, hint, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import dollar, ident

# its text is printed from a parse tree when the body is BEGIN ATOMIC or an argument has a default
_PARSED = "(p.prosqlbody is not null or p.pronargdefaults > 0)"

# the signature as CREATE FUNCTION takes it, with nulls for defaults: they cannot be taken away
_BLANK_ARGUMENTS = """(select string_agg(concat_ws(' ',
      case u.mode when 'o' then 'out' when 'b' then 'inout' when 'v' then 'variadic' end,
      quote_ident(nullif(u.name, '')), format_type(u.type, null),
      case when u.input > p.pronargs - p.pronargdefaults and u.mode <> 'o' then 'default null' end),
      ', ' order by u.i)
    from (select a.*, count(*) filter (where a.mode <> 'o') over (order by a.i) as input
      from (select u.type, coalesce(u.mode, 'i') as mode, u.name, u.i
        from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes, p.proargnames)
          with ordinality u(type, mode, name, i)) a
      where a.mode <> 't') u)"""

VOLATILITY = {"i": "immutable", "s": "stable", "v": "volatile"}


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
        stub_uses="""select 'pg_proc'::regclass::oid, p.oid, 0, 'pg_type'::regclass::oid, u, 0
            from pg_proc p,
              unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype) u""",
    )
    type: str = read("p.prokind")
    arguments: str = read("pg_get_function_identity_arguments(p.oid)")
    result: str | None = read("pg_get_function_result(p.oid)")
    defaults: int = read("p.pronargdefaults")
    definition: str | None = read(f"case when not {_PARSED} then pg_get_functiondef(p.oid) end")
    parsed: str | None = reparsed(f"case when {_PARSED} then pg_get_functiondef(p.oid) end")
    volatility: str = hint("p.provolatile")
    blank_arguments: str | None = hint(_BLANK_ARGUMENTS)
    definer: bool = hint("p.prosecdef")
    leakproof: bool = hint("p.proleakproof")
    language: str = hint("(select lanname from pg_language where oid = p.prolang)")
    types: tuple[str, ...] | None = hint(
        """(select json_agg(distinct format_type(u, null))
          from unnest(p.proargtypes::oid[] || p.prorettype) u join pg_type t on t.oid = u
          where t.typnamespace <> 'pg_catalog'::regnamespace)"""
    )
    """Those that are not PostgreSQL's own."""
    recursive: bool = hint(
        """exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
          and d.refclassid = d.classid and d.objid = p.oid and d.refobjid = p.oid)"""
    )

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
        # a body that is parsed at once has to find the function that it calls
        first = [self._blank()] if self.recursive else []
        return [*first, (self.definition or self.parsed or "").rstrip()]

    def stub(self) -> Function | None:
        if self.parsed is None:
            return None  # its text is not looked into
        return replace(self, parsed=self._blank(), recursive=False)

    def _blank(self) -> str:
        """CREATE with a body that fails, and is not inlined: that would be an error by itself."""
        word, result = "function", f" returns {self.result}"
        if self.type == "p":
            word, result = "procedure", ""
        volatility = "" if self.type == "p" else f" {VOLATILITY[self.volatility]}"
        body = dollar(f"select '{word} is not complete yet'::text::boolean")
        return (
            f"create or replace {word} {ident(*self.path[:2])}({self.blank_arguments or ''})"
            f"{result} language sql{volatility} set search_path to '' as {body}"
        )

    def widens(self, old: Function | None, how: str) -> Iterable[str]:
        yield from super().widens(old, how)
        if old is not None and self.definer and not old.definer:
            yield "runs with its owner's rights"

    def needs(self, old: Function | None, verb: str) -> Iterable[Right]:
        yield from super().needs(old, verb)
        if verb == "drop" or (old is not None and not self._replaces(old)):
            return
        yield rights.creates_in(self.path[0])  # CREATE OR REPLACE asks for it too
        yield rights.uses_language(self.language)
        yield from (rights.uses_type(name) for name in self.types or ())
        if self.leakproof and not (old is not None and old.leakproof):
            yield rights.superuser("LEAKPROOF")

    def _replaces(self, old: Function) -> bool:
        return (self.definition, self.parsed) != (old.definition, old.parsed)

    def alter_defaults(self, old: Function) -> list[str] | None:
        # "cannot remove parameter defaults from existing function"
        return None if self.defaults < old.defaults else []

    def alter_definition(self, old: Function) -> list[str]:
        return self.create() if self.definition is not None else []

    def alter_parsed(self, old: Function) -> list[str]:
        return self.create() if self.parsed is not None else []
