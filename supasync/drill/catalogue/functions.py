"""Functions and procedures."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family

_CONFIGURED = "coalesce(proconfig::text, '') ~ 'search_path'"


def _changed(name: str, what: str, needs: str, sql: str, where: str = "true") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="function",
        path="s, f, args",
        sql=sql,
        among=f"from fn where {where}",
    )


def _altered(name: str, what: str, needs: str, change: str, where: str = "true") -> Drift:
    return _changed(name, what, needs, f"format('alter function %s {change}', q)", where)


FAMILY = Family(
    title="Functions",
    drifts=(
        Drift(
            name="function-added",
            what="there is a function that production has not",
            needs="a schema in which functions may be made",
            kind="function",
            path=f"s, '{NAME}', ''",
            sql=f"format('create function %I.{NAME}() returns integer"
            " language sql as ''select 1''', s)",
            among="from namespace where has_schema_privilege(oid, 'CREATE')",
            there=False,
        ),
        _changed(
            "function-dropped",
            "a function is gone",
            "a function that nothing else needs",
            "format('drop function %s', q)",
        ),
        _changed(
            "function-body-changed",
            "a function has another body",
            "a function whose body is a text",
            "replace(pg_get_functiondef(oid), prosrc, prosrc || E'\\n-- drift\\n')",
            "prosrc <> '' and position(prosrc in pg_get_functiondef(oid)) > 0",
        ),
        _altered(
            "function-search-path-lost",
            "a function finds what the caller's search_path finds",
            "a function with a search_path of its own",
            "reset search_path",
            _CONFIGURED,
        ),
        _altered(
            "function-search-path-set",
            "a function has a search_path of its own",
            "a function without one",
            "set search_path = ''public''",
            f"not {_CONFIGURED}",
        ),
        _altered(
            "function-definer-lost",
            "a function runs with its caller's rights",
            "a function that runs with its owner's",
            "security invoker",
            "prosecdef",
        ),
        _altered(
            "function-made-definer",
            "a function runs with its owner's rights",
            "a function that runs with its caller's",
            "security definer",
            "not prosecdef",
        ),
        _changed(
            "function-volatility-changed",
            "the planner may call a function more or less often",
            "a function",
            "format('alter function %s %s', q,"
            " case provolatile when 'v' then 'stable' else 'volatile' end)",
        ),
        _changed(
            "function-strictness-changed",
            "a function is called, or not, for nulls",
            "a function",
            "format('alter function %s %s', q,"
            " case when proisstrict then 'called on null input' else 'strict' end)",
        ),
        _changed(
            "function-parallel-changed",
            "a function may run, or not, in parallel",
            "a function",
            "format('alter function %s parallel %s', q,"
            " case proparallel when 's' then 'unsafe' else 'safe' end)",
        ),
        _altered("function-cost-changed", "a function has another cost", "a function", "cost 77"),
        _changed(
            "function-comment-changed",
            "a function's comment is another one",
            "a function",
            "format('comment on function %s is ''drift''', q)",
        ),
    ),
)
