"""What counts as more, and what as less, than production allows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from supasync.catalog.access import Access, Function, Policy, Relation
from supasync.checks.access import remedy
from supasync.checks.widening import changes

OWN = Policy(True, "r", frozenset({"authenticated"}), "(id = auth.uid())", None)
TABLE = Relation(
    kind="r",
    lent=False,
    held={"anon": "", "authenticated": "r", "service_role": "rawd"},
    secured=True,
    forced=False,
    runs_as="",
    columns={"id": None, "note": {"anon": "", "authenticated": "rw", "service_role": "raw"}},
    policies={"own": OWN},
)
MAIN = Access(
    roles={"anon": frozenset(), "service_role": frozenset({"bypassrls"})},
    schemas={"public": {"anon": "U"}, "private": {"anon": ""}},
    relations={("public", "t"): TABLE},
    functions={("public", "f()"): Function({"anon": "X"}, "")},
)
OPEN = replace(OWN, to=frozenset({"anon", "authenticated"}))


def with_table(**fields) -> Access:
    return replace(MAIN, relations={("public", "t"): replace(TABLE, **fields)})


def with_policies(**policies: Policy) -> Access:
    return with_table(policies=policies)


WIDER = {
    "a grant": with_table(held={**TABLE.held, "anon": "r"}),
    "a column's grant": with_table(
        columns={**TABLE.columns, "id": {"anon": "r", "authenticated": "r", "service_role": "raw"}}
    ),
    "a column more": with_table(columns={**TABLE.columns, "secret": None}),
    "a table more": replace(
        MAIN, relations={**MAIN.relations, ("public", "u"): replace(TABLE, secured=False)}
    ),
    "no row level security": with_table(secured=False),
    "a policy more": with_policies(own=OWN, all=OPEN),
    "a policy for more roles": with_policies(own=OPEN),
    "another condition": with_policies(own=replace(OWN, using="true")),
    "for more commands": with_policies(own=replace(OWN, command="*")),
    "a schema": replace(MAIN, schemas={**MAIN.schemas, "private": {"anon": "U"}}),
    "a function more": replace(
        MAIN, functions={**MAIN.functions, ("public", "g()"): Function({"anon": "X"}, "")}
    ),
    "security definer": replace(
        MAIN, functions={("public", "f()"): Function({"anon": "X"}, "postgres")}
    ),
    "no security_invoker": with_table(kind="v", runs_as="postgres"),
    "a membership": replace(MAIN, within={"anon": frozenset({"service_role"})}),
    "an attribute": replace(MAIN, roles={**MAIN.roles, "anon": frozenset({"bypassrls"})}),
}


@pytest.mark.parametrize("what", WIDER)
def test_more_than_production_is_wider_and_the_reverse_is_narrower(what: str):
    there = list(changes(MAIN, WIDER[what]))
    assert there and all(change.wider for change in there), [str(each) for each in there]
    back = list(changes(WIDER[what], MAIN))
    assert len(back) == len(there)
    if what not in {"another condition", "for more commands"}:  # which say nothing of a direction
        assert not any(change.wider for change in back), [str(each) for each in back]


def test_the_same_is_no_change():
    assert not list(changes(MAIN, MAIN))


def test_a_restrictive_policy_is_the_other_way_round():
    strict = replace(OWN, permissive=False)
    lost = list(changes(with_policies(own=OWN, strict=strict), MAIN))
    assert [(each.wider, "only in production (restrictive)" in each.how) for each in lost] == [
        (True, True)
    ]
    fewer = replace(strict, to=frozenset({"authenticated"}))
    more = replace(strict, to=frozenset({"anon", "authenticated"}))
    [change] = changes(with_policies(own=OWN, strict=more), with_policies(own=OWN, strict=fewer))
    assert change.wider
    [change] = changes(with_policies(own=strict), with_policies(own=OWN))
    assert change.wider


def test_policies_count_only_where_row_level_security_is_on():
    off = with_table(secured=False)
    assert not list(changes(off, with_table(secured=False, policies={"all": OPEN})))


def test_policies_of_a_role_that_bypasses_them_do_not_count():
    only = with_policies(own=OWN, server=replace(OWN, to=frozenset({"service_role"})))
    assert not list(changes(MAIN, only))


def test_only_the_condition_of_a_policy_can_be_a_matter_of_text():
    [change] = changes(MAIN, with_policies(own=replace(OWN, using="true")))
    assert change.policy == ("public", "t", "own")
    [change] = changes(MAIN, with_policies(own=OPEN))
    assert change.policy == ()


def test_of_the_platforms_schemas_only_what_both_have_is_compared():
    lent = replace(TABLE, lent=True, secured=False)
    newer = replace(MAIN, relations={**MAIN.relations, ("storage", "vectors"): lent})
    assert not list(changes(MAIN, newer))
    wider = replace(lent, held={**lent.held, "anon": "r"})
    more = replace(MAIN, relations={**MAIN.relations, ("storage", "vectors"): wider})
    [change] = changes(newer, more)
    assert str(change) == "table storage.vectors: anon has select here, not in production"


def test_what_no_sync_heals_is_told_with_the_sql_that_does():
    lent = replace(TABLE, lent=True)
    before = replace(MAIN, relations={("auth", "users"): lent})
    column = {**TABLE.columns, "id": {**TABLE.held, "anon": "r"}}
    cases = (
        (
            replace(before, roles={**MAIN.roles, "anon": frozenset({"createdb"})}),
            'alter role "anon" nocreatedb;',
        ),
        (
            replace(before, within={"anon": frozenset({"service_role"})}),
            'revoke "service_role" from "anon";',
        ),
        (
            replace(before, relations={("auth", "users"): replace(lent, held={"anon": "ra"})}),
            'revoke insert, select on "auth"."users" from "anon", public;',
        ),
        (
            replace(before, relations={("auth", "users"): replace(lent, columns=column)}),
            'revoke select ("id") on "auth"."users" from "anon", public;',
        ),
    )
    for after, sql in cases:
        wider = [each for each in changes(before, after) if each.wider]
        assert remedy("testing", wider[0], wider, synced=True).endswith(sql), wider
    granted = list(changes(MAIN, WIDER["a grant"]))
    assert "branches sync testing" in remedy("testing", granted[0], granted, synced=False)
    assert "no sync changes it" in remedy("testing", granted[0], granted, synced=True)
    member = replace(WIDER["a grant"], within={"anon": frozenset({"service_role"})})
    both = list(changes(MAIN, member))
    told = remedy("testing", both[-1], both, synced=True)
    assert told.endswith('revoke "service_role" from "anon";')


def test_what_a_table_gains_is_not_told_again_for_its_columns():
    wider = with_table(
        held={**TABLE.held, "anon": "r"},
        columns={
            **TABLE.columns,
            "note": {"anon": "r", "authenticated": "rw", "service_role": "raw"},
        },
    )
    assert [str(each) for each in changes(MAIN, wider)] == [
        "table public.t: anon has select here, not in production"
    ]
