"""Policies."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family

_OURS = "from pol where not of_storage"
_COMMANDS = "case polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert'"
_COMMAND = f"{_COMMANDS} when 'w' then 'update' else 'delete' end"
_TO = """(select string_agg(case u when 0 then 'public' else quote_ident(pg_get_userbyid(u)) end,
    ', ') from unnest(polroles) u)"""


def _changed(name: str, what: str, needs: str, sql: str, where: str = "true") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="policy",
        path="s, r, p",
        sql=sql,
        among=f"{_OURS} and {where}",
    )


def _again(permissive: str, command: str, check: str = "check_") -> str:
    """The policy anew, since these parts of one cannot be altered."""
    return (
        "format('drop policy %s; create policy %s as %s for %s to %s%s%s', q, q,"
        f" {permissive}, {command}, {_TO},"
        f" ' using (' || using_ || ')', ' with check (' || {check} || ')')"
    )


FAMILY = Family(
    title="Policies",
    drifts=(
        Drift(
            name="policy-added",
            what="everybody may do everything with a table's rows",
            needs="a table",
            kind="policy",
            path=f"s, r, '{NAME}'",
            sql=f"format('create policy {NAME} on %s using (true)', q)",
            among="from tab",
            there=False,
        ),
        _changed("policy-dropped", "a policy is gone", "a policy", "format('drop policy %s', q)"),
        _changed(
            "policy-using-changed",
            "a policy lets every row through",
            "a policy with a USING condition",
            "format('alter policy %s using (true)', q)",
            "using_ <> 'true'",
        ),
        _changed(
            "policy-check-changed",
            "a policy lets every new row through",
            "a policy with a CHECK condition",
            "format('alter policy %s with check (true)', q)",
            "check_ <> 'true'",
        ),
        _changed(
            "policy-roles-changed",
            "a policy holds for everybody",
            "a policy for some roles",
            "format('alter policy %s to public', q)",
            "polroles <> '{0}'",
        ),
        _changed(
            "policy-kind-changed",
            "a policy restricts instead of permitting, or the other way round",
            "a policy",
            _again("case when polpermissive then 'restrictive' else 'permissive' end", _COMMAND),
        ),
        _changed(
            "policy-command-changed",
            "a policy for all commands is one for SELECT",
            "a policy for all commands",
            _again(
                "case when polpermissive then 'permissive' else 'restrictive' end",
                "'select'",
                "null",
            ),
            "polcmd = '*' and using_ is not null",
        ),
        _changed(
            "policy-renamed",
            "a policy has another name",
            "a policy",
            f"format('alter policy %s rename to {NAME}_moved', q)",
        ),
        _changed(
            "policy-comment-changed",
            "a policy's comment is another one",
            "a policy",
            "format('comment on policy %s is ''drift''', q)",
        ),
    ),
)
