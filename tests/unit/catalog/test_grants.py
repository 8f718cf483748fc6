from __future__ import annotations

import pytest

from supasync.catalog import grants
from supasync.catalog.grants import Item

TABLE = 'TABLE "public"."t"'


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("anon=r/postgres", Item("anon", "r", "postgres")),
        ("=X/postgres", Item("", "X", "postgres")),
        ('"odd ""=/""role"=ar*w/"the owner"', Item('odd "=/"role', "ar*w", "the owner")),
        ("a=/b", Item("a", "", "b")),
    ],
)
def test_parse_reads_every_form_of_aclitem(text: str, item: Item) -> None:
    assert grants.parse(text) == item


def test_parse_refuses_what_is_no_aclitem() -> None:
    with pytest.raises(ValueError, match="not an aclitem: 'nonsense'"):
        grants.parse("nonsense")


def test_an_appended_item_is_only_granted() -> None:
    was = (Item("postgres", "arw", "postgres"),)
    now = (*was, Item("anon", "r", "postgres"))
    assert grants.change(was, now, TABLE, "postgres") == [f'grant select on {TABLE} to "anon"']


def test_order_is_history_so_a_reordered_list_is_granted_anew() -> None:
    first, second = Item("anon", "r", "postgres"), Item("bob", "r", "postgres")
    assert grants.change((first, second), (second, first), TABLE, "postgres") == [
        f'revoke all on {TABLE} from "anon", "bob" cascade',
        f'grant select on {TABLE} to "bob"',
        f'grant select on {TABLE} to "anon"',
    ]


def test_grant_options_and_other_grantors() -> None:
    now = (Item("anon", "r*a", "bob"),)
    assert grants.change((), now, TABLE, "postgres") == [
        'set local role "bob"',
        f'grant insert on {TABLE} to "anon"',
        f'grant select on {TABLE} to "anon" with grant option',
        "reset role",
    ]


def test_column_privileges_name_the_column_with_each_privilege() -> None:
    now = (Item("anon", "rw", "postgres"),)
    assert grants.change((), now, TABLE, "postgres", ' ("c")') == [
        f'grant select ("c"), update ("c") on {TABLE} to "anon"'
    ]


def test_merged_spells_all_out_by_version() -> None:
    items = (Item("me", grants.ALL, "me"), Item("anon", "w", "me"), Item("anon", "r", "me"))
    assert grants.merged(items, "r", 150000) == (
        Item("me", "arwdDxt", "me"),
        Item("anon", "rw", "me"),
    )
    assert grants.merged(items, "r", 170000)[0].privileges == "arwdDxtm"
