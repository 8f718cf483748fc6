"""Schemas, extensions, roles and settings."""

from __future__ import annotations

from supasync.catalog.scope import managed_role
from supasync.drill.drift import NAME, Drift, Family

_INSTALLED = """from pg_extension x join pg_namespace n on n.oid = x.extnamespace
    where pg_has_role(x.extowner, 'USAGE')"""
_SPARE = "('citext', 'hstore', 'unaccent', 'fuzzystrmatch', 'intarray', 'tablefunc', 'ltree')"
_OWN = (
    f"{{0}}.oid >= 16384 and not {managed_role('{0}.rolname')} and pg_has_role({{0}}.oid, 'MEMBER')"
)
"""Roles that are the user's, and that whoever asks may change."""

FAMILY = Family(
    title="Schemas, extensions, roles and settings",
    drifts=(
        Drift(
            name="schema-added",
            what="there is a schema that production has not",
            needs="the right to create one",
            kind="schema",
            path=f"'{NAME}'",
            sql=f"'create schema {NAME}'",
            among="where has_database_privilege(current_database(), 'CREATE')",
            there=False,
        ),
        Drift(
            name="schema-dropped",
            what="a schema is gone",
            needs="an empty schema",
            kind="schema",
            path="s",
            sql="format('drop schema %I', s)",
            among="from namespace where pg_has_role(owner, 'USAGE') and s <> 'public'",
        ),
        Drift(
            name="schema-comment-changed",
            what="a schema's comment is another one",
            needs="a schema of the user's own",
            kind="schema",
            path="s",
            sql="format('comment on schema %I is ''drift''', s)",
            among="from namespace where pg_has_role(owner, 'USAGE')",
        ),
        Drift(
            name="extension-added",
            what="there is an extension that production has not",
            needs="an extension that is on the server and not installed",
            kind="extension",
            path="x.name",
            sql="format('create extension %I with schema extensions', x.name)",
            among=f"from pg_available_extensions x where x.name in {_SPARE}"
            " and x.installed_version is null and to_regnamespace('extensions') is not null",
            there=False,
        ),
        Drift(
            name="extension-dropped",
            what="an extension is gone",
            needs="an extension that nothing else needs",
            kind="extension",
            path="x.extname",
            sql="format('drop extension %I', x.extname)",
            among=_INSTALLED,
        ),
        Drift(
            name="role-added",
            what="there is a role that production has not",
            needs="the right to create roles",
            kind="role",
            path=f"'{NAME}'",
            sql=f"'create role {NAME}'",
            among="from pg_roles r where r.rolname = current_user and r.rolcreaterole",
            there=False,
        ),
        Drift(
            name="role-limit-changed",
            what="a role may have fewer connections",
            needs="a role of the user's own",
            kind="role",
            path="r.rolname",
            sql="format('alter role %I connection limit 7', r.rolname)",
            among=f"from pg_roles r where {_OWN.format('r')}",
        ),
        Drift(
            name="membership-added",
            what="a role has another role's rights",
            needs="two roles of the user's own",
            kind="membership",
            path="r.rolname, m.rolname",
            sql="format('grant %I to %I', r.rolname, m.rolname)",
            among=f"from pg_roles r cross join pg_roles m where {_OWN.format('r')}"
            f" and {_OWN.format('m')} and m.oid <> r.oid"
            " and not pg_has_role(r.oid, m.oid, 'MEMBER')"
            " and not pg_has_role(m.oid, r.oid, 'MEMBER')",
            there=False,
        ),
        Drift(
            name="role-setting-changed",
            what="sessions of a role give up at another time",
            needs="the role authenticated",
            kind="setting",
            path="r.rolname, '', 'statement_timeout'",
            sql="format('alter role %I set statement_timeout = ''77s''', r.rolname)",
            among="from pg_roles r where r.rolname = 'authenticated'",
            there=None,
        ),
        Drift(
            name="database-setting-changed",
            what="sessions begin with another work_mem",
            needs="a database of the user's own",
            kind="setting",
            path="'', 'database', 'work_mem'",
            sql="format('alter database %I set work_mem = ''7MB''', current_database())",
            among="from pg_database d where d.datname = current_database()"
            " and pg_has_role(d.datdba, 'USAGE')",
            there=None,
        ),
    ),
)
