"""Statements about rows are known letter for letter, and held to what is listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supasync import config
from supasync.errors import ProductionGuard
from supasync.sql import VALUE, fill
from supasync.sync import asked
from supasync.sync.data import asking
from supasync.sync.data.asking import Describe, Marks, Page, Read
from tests.hostile import NAMES

CREW = Read(
    table=("public", "crew"),
    columns=(("id", "plain"), ("email", "digest"), ("notes", "first:2")),
    order=("id",),
    limit=10,
)
WHOLE = Read(table=("public", "countries"), columns=(("code", "plain"), ("name", "plain")))
PAGE = Page(read=CREW, offset=2, limit=8)
TEXTS = {
    "tables": Describe(tables=(CREW.table, WHOLE.table)).text(),
    "digests": Marks(reads=(CREW, WHOLE)).text(),
    "rows": PAGE.text(),
}
LISTED = """
[project]
ref = "abcdefghijklmnopqrst"
[branches.testing]
auto_sync_data = true
[branches.testing.data]
tables = ["public.countries"]
[branches.testing.data."public.crew"]
columns = ["id", "email", "notes", "phone"]
limit = 10
mask = { email = "hash", notes = { partial = 2 }, phone = "null" }
[branches.preview]
[branches.preview.data]
tables = ["public.crew", "public.secrets"]
[masks]
key = "0123456789abcdef"
"""


@pytest.fixture
def allowed(tmp_path: Path):
    file = tmp_path / "config.toml"
    file.write_text(LISTED)
    return asked.allowed(config.load(file, env={}))


@pytest.mark.parametrize("text", TEXTS)
def test_own_statements_are_known_and_allowed(text: str, allowed) -> None:
    found = asked.understand(TEXTS[text])
    assert found is not None
    assert found.query.startswith(text)
    assert fill(found.template, found.values) == TEXTS[text]
    assert allowed(TEXTS[text]) == found


def test_a_statement_says_table_columns_and_which_rows() -> None:
    found = asked.understand(TEXTS["rows"])
    assert found is not None
    assert found.query == "rows public.crew (id, email as digest, notes as first:2) 2 to 10"
    assert found.values == ("2", "8")
    other = asked.understand(replace(PAGE, offset=0).text())
    assert other is not None and other.template == found.template


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"crew"', '"secrets"'),
        ('"crew"', '"Crew"'),
        ("only ", ""),
        ("'digest'", "'plain'"),
        ("digest", "plain"),
        ("encode(sha256(convert_to(", "((("),
        ("limit 10", "limit 11"),
        ("limit 8", "limit 8 "),
        ("limit 8", "limit 008"),
        ("relkind = 'r'", "relkind <> 'r'"),
        ("row_security = off", "row_security = on"),
        ("::text as r", "::text || (select string_agg(secret, '') from secrets) as r"),
        ("from ", "from secrets, "),
        ("\n", "\n\n"),
        ("-- supasync ", "--  supasync "),
    ],
)
def test_what_is_not_quite_one_is_unknown(text: str, old: str, new: str) -> None:
    sql = TEXTS[text]
    if old in sql:
        assert asked.understand(sql.replace(old, new, 1)) is None
        assert asked.understand("".join(reversed(sql.split(old)))) is None
    assert asked.understand(sql + ";select 1") is None
    assert asked.understand(sql + "\n") is None


@pytest.mark.parametrize(
    "sql",
    [
        "-- supasync ",
        "-- supasync []\n",
        '-- supasync ["rows",1]\n',
        '-- supasync ["rows",[["a","b"],[["c","plain or 1"]],[],null,false]]\n',
        '-- supasync ["digests",[]]\nselect 1',
        '-- supasync ["tables",[["a"]]]\n',
        '-- supasync ["other",[]]\n',
        "-- supasync " + "[" * 100_000 + "\n",
        '-- supasync ["rows",[["a","b"],[],[],' + "1" * 5000 + ",false]]\n",
        TEXTS["rows"].replace("offset 2", "offset " + "1" * 30),
        TEXTS["rows"] + VALUE,
    ],
)
def test_others_are_unknown(sql: str) -> None:
    assert asking.parse(sql) is None


@pytest.mark.parametrize("name", NAMES)
def test_no_sql_hides_in_a_name(name: str) -> None:
    """Names make their way through, and end nowhere but in quotes and a comment of one line."""
    read = Read(table=(name, name), columns=((name, "digest"), (name, "plain")), order=(name,))
    for asked_ in (Page(read=read, offset=0, limit=1), Marks(reads=(read,))):
        sql = asked_.text()
        assert asking.parse(sql) == asked_
        assert sql.split("\n")[1].startswith("set local")


@given(st.text(min_size=1).filter(lambda name: "\0" not in name and VALUE not in name))
def test_any_name_is_read_as_it_was_written(name: str) -> None:
    page = Page(read=replace(WHOLE, table=("public", name)), offset=1, limit=2)
    assert asking.parse(page.text()) == page


NOT_LISTED = {
    "another table": replace(WHOLE, table=("public", "secrets")),
    "another schema": replace(WHOLE, table=("private", "countries")),
    "capitals": replace(WHOLE, table=("public", "Countries")),
    "quotes": replace(WHOLE, table=("public", '"countries"')),
    "the platform's": replace(WHOLE, table=("auth", "users")),
    "a column more": replace(CREW, columns=(*CREW.columns, ("salary", "plain"))),
    "a masked column as it is": replace(CREW, columns=(("email", "plain"),)),
    "a masked column in part": replace(CREW, columns=(("email", "first:3"),)),
    "more letters": replace(CREW, columns=(("notes", "first:3"),)),
    "what is not read at all": replace(CREW, columns=(("phone", "plain"),)),
    "its digest": replace(CREW, columns=(("phone", "digest"),)),
    "a column in capitals": replace(CREW, columns=(("ID", "plain"),)),
    "without the limit": replace(CREW, limit=None),
    "a greater limit": replace(CREW, limit=11),
    "a listed table without a limit": replace(WHOLE, limit=1),
}


@pytest.mark.parametrize("case", NOT_LISTED)
def test_what_is_not_listed_is_refused(case: str, allowed) -> None:
    """preview lists the whole crew, and its auto_sync_data is not true."""
    read = NOT_LISTED[case]
    for asked_ in (
        Page(read=read, offset=0, limit=1),
        Marks(reads=(read,)),
        Marks(reads=(WHOLE, read)),
    ):
        with pytest.raises(ProductionGuard, match="does not list"):
            allowed(asked_.text())


def test_no_more_rows_than_the_limit(allowed) -> None:
    for offset, limit in ((0, 11), (10, 1), (5, 6)):
        with pytest.raises(ProductionGuard, match="more than 10 rows"):
            allowed(Page(read=CREW, offset=offset, limit=limit).text())


def test_tables_that_are_not_listed_are_not_described(allowed) -> None:
    for table in (("public", "secrets"), ("auth", "users")):
        with pytest.raises(ProductionGuard):
            allowed(Describe(tables=(WHOLE.table, table)).text())


def test_without_auto_sync_data_nothing_is_listed(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(LISTED.replace("auto_sync_data = true", "auto_sync_data = false"))
    off = asked.allowed(config.load(file, env={}))
    for text in TEXTS.values():
        with pytest.raises(ProductionGuard):
            off(text)


def test_the_version_changes_with_the_statements(monkeypatch) -> None:
    before = asked.engine()
    monkeypatch.setattr(asking, "PINS", asking.PINS + " ")
    assert asked.engine() != before
