"""Who may do what."""

from __future__ import annotations

from supasync.drill.drift import Drift, Family

_FUNCTION = "s, f, args"
_GRANTS = "cross join aclexplode(coalesce({acl}, acldefault('{letter}', {owner}))) g"
_TO = "case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end"
_BY_OWNER = "g.grantee <> {owner} and g.grantor = {owner}"


def _given(rows: str, letter: str, owner: str, acl: str) -> str:
    """The grants of `rows` to others than the owner, who made them."""
    grants = _GRANTS.format(acl=acl, letter=letter, owner=owner)
    return f"from {rows} {grants} where {_BY_OWNER.format(owner=owner)}"


def _not_given(rows: str, letter: str, owner: str, acl: str, privilege: str) -> str:
    """Of `rows`, where PUBLIC lacks the privilege."""
    grants = f"aclexplode(coalesce({acl}, acldefault('{letter}', {owner}))) g"
    return (
        f"from {rows} where not exists (select from {grants}"
        f" where g.grantee = 0 and g.privilege_type = '{privilege}')"
    )


FAMILY = Family(
    title="Grants",
    drifts=(
        Drift(
            name="grant-dropped",
            what="a role loses a privilege on a table",
            needs="a table with a grant to another role",
            kind="table",
            path="s, r",
            sql=f"format('revoke %s on %s from %s', g.privilege_type, q, {_TO})",
            among=_given("tab", "r", "owner", "acl"),
        ),
        Drift(
            name="grant-widened",
            what="everybody may read a table",
            needs="a table that not everybody may read",
            kind="table",
            path="s, r",
            sql="format('grant select on %s to public', q)",
            among=_not_given("tab", "r", "owner", "acl", "SELECT"),
        ),
        Drift(
            name="grant-option-given",
            what="a role may pass a privilege on",
            needs="a table with a grant to another role",
            kind="table",
            path="s, r",
            sql=f"format('grant %s on %s to %s with grant option', g.privilege_type, q, {_TO})",
            among=_given("tab", "r", "owner", "acl") + " and g.grantee <> 0 and not g.is_grantable",
        ),
        Drift(
            name="column-grant-added",
            what="everybody may change a column",
            needs="a column without grants of its own",
            kind="column",
            path="s, r, c",
            sql="format('grant update (%s) on %s to public', qc, q)",
            among="from col where attacl is null and attgenerated = ''",
        ),
        Drift(
            name="column-grant-dropped",
            what="a role loses a privilege on a column",
            needs="a column with a grant of its own",
            kind="column",
            path="s, r, c",
            sql=f"format('revoke %s (%s) on %s from %s', g.privilege_type, qc, q, {_TO})",
            among="from col cross join aclexplode(attacl) g where g.grantor = owner",
        ),
        Drift(
            name="view-grant-widened",
            what="everybody may read a view",
            needs="a view that not everybody may read",
            kind="view",
            path="s, r",
            sql="format('grant select on %s to public', q)",
            among=_not_given("relation", "r", "owner", "acl", "SELECT") + " and k = 'v'",
        ),
        Drift(
            name="function-grant-widened",
            what="everybody may call a function",
            needs="a function that not everybody may call",
            kind="function",
            path=_FUNCTION,
            sql="format('grant execute on function %s to public', q)",
            among=_not_given("fn", "f", "proowner", "proacl", "EXECUTE"),
        ),
        Drift(
            name="function-grant-dropped",
            what="a role may no longer call a function",
            needs="a function that others than its owner may call",
            kind="function",
            path=_FUNCTION,
            sql=f"format('revoke execute on function %s from %s', q, {_TO})",
            among=_given("fn", "f", "proowner", "proacl"),
        ),
        Drift(
            name="sequence-grant-widened",
            what="everybody may use a sequence",
            needs="a sequence of its own",
            kind="sequence",
            path="s, r",
            sql="format('grant usage on sequence %s to public', q)",
            among=_not_given("seq", "s", "owner", "acl", "USAGE"),
        ),
        Drift(
            name="schema-grant-widened",
            what="everybody may create objects in a schema",
            needs="a schema of the user's own",
            kind="schema",
            path="s",
            sql="format('grant create on schema %I to public', s)",
            among=_not_given("namespace", "n", "owner", "acl", "CREATE")
            + " and pg_has_role(owner, 'USAGE')",
        ),
        Drift(
            name="schema-grant-dropped",
            what="a role may no longer use a schema",
            needs="a schema with a grant to another role",
            kind="schema",
            path="s",
            sql=f"format('revoke %s on schema %I from %s', g.privilege_type, s, {_TO})",
            among=_given("namespace", "n", "owner", "acl") + " and pg_has_role(owner, 'USAGE')",
        ),
        Drift(
            name="default-privileges-widened",
            what="everybody may read the tables that will be made in a schema",
            needs="a schema",
            kind="default_privilege",
            path="current_user, s, 'r'",
            sql="format('alter default privileges in schema %I"
            " grant select on tables to public', s)",
            among="from namespace",
            there=None,
        ),
        Drift(
            name="default-privileges-dropped",
            what="a role gets nothing any more on the tables that will be made in a schema",
            needs="default privileges for another role in a schema",
            kind="default_privilege",
            path="current_user, s, 'r'",
            sql="format('alter default privileges in schema %I revoke all on tables from %s', s,"
            f" {_TO})",
            among="from namespace join pg_default_acl d on d.defaclnamespace = namespace.oid"
            " cross join aclexplode(d.defaclacl) g where d.defaclobjtype = 'r'"
            " and d.defaclrole = (select oid from pg_roles where rolname = current_user)",
        ),
    ),
)
