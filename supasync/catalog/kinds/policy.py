from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog import rights
from supasync.catalog.kinds._relation import TABLE
from supasync.catalog.object import Id, Object, Part, Query, hint, read, reparsed
from supasync.catalog.rights import Right
from supasync.sql import ident, literal

COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}


@dataclass(frozen=True, kw_only=True)
class Policy(Object):
    label = "POLICY"
    query = Query(
        catalog="pg_policy",
        tables="""pg_policy p join pg_class c on c.oid = p.polrelid
            join namespace n on n.oid = c.relnamespace""",
        where=TABLE,
        oid="p.oid",
        path="n.nspname, c.relname, p.polname",
        schema="n",
        ours_in_managed="n.nspname in ('auth', 'storage', 'realtime')",
    )
    command: str = read("p.polcmd")
    permissive: bool = read("p.polpermissive")
    to: tuple[str, ...] = read(
        """(select json_agg(case r when 0 then '' else pg_get_userbyid(r) end order by n)
          from unnest(p.polroles) with ordinality u(r, n))"""
    )
    """In the order in which they are stored, as other programs compare them, the platform's diff
    for one (djrobstep/schemainspect, pg/sql/rlspolicies.sql)."""
    using: str | None = reparsed("pg_get_expr(p.polqual, p.polrelid)")
    check: str | None = reparsed("pg_get_expr(p.polwithcheck, p.polrelid)")
    of_extension: bool = hint(
        """exists (select from member m
          where m.classid = 'pg_class'::regclass and m.objid = p.polrelid)"""
    )

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.to) - {""}

    @property
    def leader(self) -> Id:
        return ("table", *self.path[:2])

    @property
    def ref(self) -> str:
        return f"{ident(self.path[2])} on {ident(*self.path[:2])}"

    def _to(self) -> str:
        return "to " + ", ".join(ident(role) if role else "public" for role in self.to)

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        words = [f"create policy {self.ref}"]
        words.append("as permissive" if self.permissive else "as restrictive")
        words += [f"for {COMMANDS[self.command]}", self._to()]
        if self.using is not None:
            words.append(f"using ({self.using})")
        if self.check is not None:
            words.append(f"with check ({self.check})")
        # an extension's script may have made it, which PostgreSQL does not record
        gone = [f"drop policy if exists {self.ref}"] if self.of_extension else []
        return [*gone, " ".join(words)]

    def widens(self, old: Policy | None, how: str) -> Iterable[str]:
        if how == "drop" and not self.permissive:
            yield "restricts no longer"
        if how == "drop" or (old is None and not self.permissive):
            return
        if old is None:
            yield "lets more through"
        elif self.permissive and not old.permissive:
            yield "lets through what it restricted"
        elif (self.using, self.check, self.command) != (old.using, old.check, old.command):
            yield "may let more through than before"
        elif self.permissive and not set(self.to) <= set(old.to):
            yield f"holds for {', '.join(name or 'public' for name in self.to)}"
        elif not self.permissive and not set(old.to) <= set(self.to):
            yield "restricts fewer roles"

    def needs(self, old: Policy | None, verb: str) -> Iterable[Right]:
        yield rights.owns_relation(*self.path[:2], lent=True)

    def alter_comment(self, old: Object) -> list[str]:
        return [f"comment on policy {self.ref} is {literal(self.comment)}"]

    def alter_to(self, old: Policy) -> list[str]:
        return [f"alter policy {self.ref} {self._to()}"]

    def alter_using(self, old: Policy) -> list[str] | None:
        return None if self.using is None else [f"alter policy {self.ref} using ({self.using})"]

    def alter_check(self, old: Policy) -> list[str] | None:
        return (
            None if self.check is None else [f"alter policy {self.ref} with check ({self.check})"]
        )
