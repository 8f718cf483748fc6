"""Which objects are ours to carry and which are the platform's. Data, no logic of kinds.

Sources of the lists: supabase/cli pkg/migration/dump.go and drop.go, internal/db/diff/migra.go;
supabase/pg-toolbelt packages/pg-delta src/policy/supabase.ts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.errors import UsageError
from supasync.managed import MANAGED_SCHEMAS, OWN_SCHEMA
from supasync.sql import literal, text_array

MANAGED_ROLES = (
    *("anon", "authenticated", "authenticator", "dashboard_user", "pgbouncer"),
    *("pgsodium_keyholder", "pgsodium_keyiduser", "pgsodium_keymaker", "pgtle_admin"),
    *("service_role", "supabase_admin", "supabase_auth_admin", "supabase_etl_admin"),
    *("supabase_functions_admin", "supabase_privileged_role", "supabase_read_only_user"),
    *("supabase_realtime_admin", "supabase_replication_admin", "supabase_storage_admin"),
    *("supabase_superuser", "cli_login_postgres"),
)
MANAGED_EXTENSIONS = ("pg_graphql", "pg_stat_statements", "pgsodium", "supabase_vault", "plpgsql")
MANAGED_PUBLICATIONS = ("supabase_realtime", "supabase_realtime_messages_publication")
_CLUSTER = frozenset({"role", "membership", "setting"})
_ROWS = frozenset({"bucket", "cron_job", "migration"})
"""Kinds whose objects are rows of tables that an extension, a service or a tool made: nothing of
these is schema to pg_dump."""

CHANGEABLE_ROLES = ("anon", "authenticated", "service_role", "authenticator", "postgres")
"""The platform's roles whose settings are the user's, as far as these settings go
(supautils.reserved_roles, with an asterisk; supabase/cli allowedConfigs)."""
_CHANGEABLE_SETTING = (
    "(g.name ~ '^(pgrst|pgaudit)[.]'"
    " or g.name in ('session_replication_role', 'statement_timeout', 'track_io_timing'))"
)


def managed_role(expression: str) -> str:
    """An SQL condition: the role named by `expression` is the platform's or PostgreSQL's."""
    listed = f"{expression} = any({text_array((*MANAGED_ROLES, 'postgres'))})"
    return f"({listed} or {expression} ~ '^(pg_|supabase_|cli_login_)')"


SETTING = f"""(case when g.role = '' then g.here and g.name !~ '^app[.]settings[.]jwt_'
  when g.role = any({text_array(CHANGEABLE_ROLES)}) then {_CHANGEABLE_SETTING}
  else not {managed_role("g.role")} end)"""
"""Over a setting of a role or the database (role "" is all roles): it is the user's."""

_KNOWN_PREFIXES = "|".join(
    (
        *("auto_explain", "cron", "hnsw", "ivfflat", "pg_hint_plan", "pg_stat_statements"),
        *("pg_trgm", "pgaudit", "pgroonga", "pgrst", "plan_filter", "plpgsql", "postgis"),
        *("safeupdate", "timescaledb"),
    )
)
UNSAFE_SETTING = f"""(g.name ~ '[.]' and (g.name ~ 'jwt|secret|password|token|key|ur[il]'
  or g.name !~ '^({_KNOWN_PREFIXES})[.]'))"""
"""… and may hold a secret or an address of production: its name says so, or it is of no extension
that is known, as the application's own (app.api_key) are."""

PLATFORMS_DEPENDENT = f"""(s.refclassid = 'pg_authid'::regclass
  and s.dbid = (select oid from pg_database where datname = current_database())
  and coalesce(
    (select relnamespace from pg_class where s.classid = 'pg_class'::regclass and oid = s.objid),
    (select pronamespace from pg_proc where s.classid = 'pg_proc'::regclass and oid = s.objid),
    case when s.classid = 'pg_namespace'::regclass then s.objid end
  ) in (select oid from pg_namespace where nspname = any({text_array(MANAGED_SCHEMAS)})))"""
"""Over pg_shdepend s: it is about one of the platform's objects."""
WEBHOOK = "(fn.nspname, f.proname) = ('supabase_functions', 'http_request')"
"""A trigger that the platform's dashboard made; its arguments are URL and headers."""

_ADDRESS = "~* '^(host|hostaddr|port|service|server|servername|address)$|ur[il]|endpoint|conn'"
_DISARMED = (
    ("trigger", "enabled", f"case when {WEBHOOK} then 'D' else g.tgenabled end"),
    (
        "foreign_server",
        "options",
        f"(select json_agg(e) from json_array_elements({{sql}}) e where not e->>0 {_ADDRESS})",
    ),
    (
        "foreign_server",
        "left_out",
        f"""(select json_agg(x.name order by x.name) from (
          select json_array_elements_text({{sql}}) union
          select option_name from pg_options_to_table(s.srvoptions) where option_name {_ADDRESS}
        ) x(name))""",
    ),
)
"""(kind, field, how it is read): what a branch has of its own, so that production's is not armed
there, and what counts as equal all the same."""


@dataclass(frozen=True)
class Scope:
    """What is compared."""

    name: str
    schemas: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    """(kind, a further SQL condition over the kind's own tables)."""
    leaves_out: frozenset[str] = frozenset()
    """Kinds that are not read at all."""
    fields: tuple[tuple[str, str, str], ...] = ()
    """(kind, field, the SQL expression that reads it here; {sql} is the kind's own)."""

    def managed(self, expression: str) -> str:
        """An SQL condition: the schema named by `expression` is the platform's or PostgreSQL's."""
        own = f"{expression} ~ '^pg_' or {expression} in ('information_schema', '{OWN_SCHEMA}'"
        rest = "".join(f", {literal(name)}" for name in self.schemas)
        return f"({own}{rest}))"

    def filters_kind(self, kind: str) -> bool:
        """Whether it leaves out objects of this kind by name."""
        return any(name == kind for name, _ in self.filters)

    def reads(self, kind: str, field: str, sql: str) -> str:
        """The expression that reads a field here. sql: the kind's own."""
        here = [other for *place, other in self.fields if place == [kind, field]]
        return here[0].replace("{sql}", sql) if here else sql

    def owned_by_platform(self, expression: str) -> str:
        """An SQL condition: the role oid `expression` is one of the platform's; null is not."""
        return f"coalesce(pg_get_userbyid({expression}) = any({text_array(self.roles)}), false)"


def scope(name: str, *, keep_functions: Iterable[str] = ()) -> Scope:
    """The scope `supabase` or `all`.

    keep_functions: `schema.name` of functions that are left alone on both sides, whatever their
    arguments: the reseed function lives on branches only.
    Raises: UsageError.
    """
    kept = sorted(keep_functions)
    filters: tuple[tuple[str, str], ...] = ()
    if kept:
        condition = f"n.nspname || '.' || p.proname <> all({text_array(kept)})"
        filters = (("function", condition),)
    if name == "all":
        return Scope("all", filters=filters, leaves_out=_ROWS | _CLUSTER)
    if name != "supabase":
        raise UsageError(f"unknown scope {name!r}", remedy="Use --scope supabase or --scope all.")
    filters += (
        ("extension_use", f"pg_get_userbyid(x.extowner) <> all({text_array(MANAGED_ROLES)})"),
        ("language", f"pg_get_userbyid(l.lanowner) <> all({text_array(MANAGED_ROLES)})"),
        ("user_mapping", f"pg_get_userbyid(s.srvowner) <> all({text_array(MANAGED_ROLES)})"),
        ("extension", f"x.extname <> all({text_array(MANAGED_EXTENSIONS)})"),
        ("publication", f"b.pubname <> all({text_array(MANAGED_PUBLICATIONS)})"),
        ("publication_schema", f"b.pubname <> all({text_array(MANAGED_PUBLICATIONS[1:])})"),
        ("publication_table", f"b.pubname <> all({text_array(MANAGED_PUBLICATIONS[1:])})"),
        ("default_privilege", f"r.rolname <> all({text_array(MANAGED_ROLES)})"),
        ("role", f"not {managed_role('g.name')}"),
        ("membership", f"not ({managed_role('g.role')} and {managed_role('g.member')})"),
        ("setting", f"{SETTING} and not {UNSAFE_SETTING}"),
    )
    return Scope("supabase", MANAGED_SCHEMAS, MANAGED_ROLES, filters, fields=_DISARMED)
