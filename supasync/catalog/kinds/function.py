from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from supasync.catalog import rights
from supasync.catalog.kinds._routine import Routine, routine_query
from supasync.catalog.object import Id, Object, Part, beside, hint, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import dollar, ident

# its text is printed from a parse tree when the body is BEGIN ATOMIC or an argument has a default
_PARSED = "(p.prosqlbody is not null or p.pronargdefaults > 0)"

_PART_OF = """left join (
    select u.fn, n.nspname, t.typname, t.typtype, t.oid, t.typarray
      from pg_type t join pg_namespace n on n.oid = t.typnamespace
        left join pg_range r on r.rngtypid = t.oid,
        unnest(array[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout,
          t.typanalyze, t.typsubscript, r.rngcanonical]) u(fn)
      where t.oid >= 16384 and t.typtype in ('b', 'r') and u.fn >= 16384) io
    on io.fn = p.oid and io.oid = any(p.proargtypes || p.prorettype)"""
"""A base or range type whose definition needs the function, which needs the type."""
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
class Function(Routine):
    """A function, a window function or a procedure; the last name is its input types."""

    query = routine_query(
        # a range type brings its constructors
        """p.prokind in ('f', 'p', 'w') and p.oid not in (
            select objid from pg_depend where classid = 'pg_proc'::regclass and deptype = 'i')""",
        joins=_PART_OF,
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
    type_of: tuple[str, str, str] | None = read(
        """case when io.oid is not null then json_build_array(
            case io.typtype when 'r' then 'range' else 'base_type' end, io.nspname, io.typname)
          end"""
    )
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

    aside: bool = field(default=False, compare=False)
    """Under a name that no other has, and with types that have other names by now."""

    @property
    def ref(self) -> str:
        return ident(*self.path[:2]) if self.aside else super().ref

    @property
    def leader(self) -> Id | None:
        return self.type_of

    @property
    def inlined(self) -> bool:
        return self.type_of is not None

    @property
    def essential(self) -> bool:
        return self.type_of is not None

    @property
    def word(self) -> str:
        return "PROCEDURE" if self.type == "p" else "FUNCTION"

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

    def set_aside(self) -> Function | None:
        if self.essential:
            return None
        aside = beside(self.ref)
        return replace(self, id=(*self.id[:2], aside, self.id[3]), aside=True)

    def rename_to(self, other: Object) -> list[str]:
        return [f"alter routine {self.ref} rename to {ident(other.id[2])}"]

    def alter_type_of(self, old: Function) -> list[str]:
        return []  # the type's

    def alter_defaults(self, old: Function) -> list[str] | None:
        # "cannot remove parameter defaults from existing function"
        return None if self.defaults < old.defaults else []

    def alter_definition(self, old: Function) -> list[str]:
        return self.create() if self.definition is not None else []

    def alter_parsed(self, old: Function) -> list[str]:
        return self.create() if self.parsed is not None else []
