"""Rows of .csv and .json files, each with its line, and what is wrong with such a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync.errors import SeedError
from supasync.sync.seeding.script import read
from supasync.sync.seeding.tabular import table_of


def rows(tmp_path: Path, name: str, text: str):
    (tmp_path / name).write_bytes(text.encode())
    [file] = read([tmp_path / name])
    return [
        (each.columns, [(row.line, row.text) for row in each.rows], each.as_json)
        for each in file.rows
    ]


def test_an_empty_field_is_null_and_a_quoted_one_an_empty_text(tmp_path):
    text = 'id,"odd ""name"""\r\n1,\r\n2,""\r\n\r\n3,"a, ""b""\r\nc"\r\n4,ü d'
    assert rows(tmp_path, "public.t.csv", text) == [
        (
            ("id", 'odd "name"'),
            [(2, "(1,)"), (3, '(2,"")'), (5, '(3,"a, ""b""\r\nc")'), (7, '(4,"ü d")')],
            False,
        )
    ]


def test_objects_that_name_the_same_columns_go_together_and_stay_as_they_are(tmp_path):
    text = '[\n {"id": 1, "n": 1.10},\n {"id": 2,\n  "n": 12345678901234567890},\n{"id": 3}\n]\n'
    assert rows(tmp_path, "public.t.json", text) == [
        (
            ("id", "n"),
            [(2, '{"id": 1, "n": 1.10}'), (3, '{"id": 2,\n  "n": 12345678901234567890}')],
            True,
        ),
        (("id",), [(5, '{"id": 3}')], True),
    ]


def test_a_file_without_rows(tmp_path):
    assert rows(tmp_path, "public.t.csv", "id,name\n") == []
    assert rows(tmp_path, "public.t.json", "[ ]") == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.t.csv", "", ":1: has no header"),
        ("a.t.csv", "id,,x\n", ":1: column 2 has no name"),
        ("a.t.csv", "id,x,id\n", ":1: column 3 is named twice"),
        ("a.t.csv", 'id,x\n"a\nb",1\n2\n', ":4: has 1 fields, and the header 2"),
        ("a.t.csv", 'id,x\n1,a"b\n', ":2:4: a quote is out of place"),
        ("a.t.csv", 'id,x\n1,"ab\n', ":2:3: a quote is out of place"),
        ("a.t.json", '{"id": 1}', ":1:1: the rows are expected as an array"),
        ("a.t.json", '[{"id": 1},\n  {"id": }]', ":2:10: Expecting value"),
        ("a.t.json", "[\n\n 7]", ":3:2: an object with the row's columns is expected"),
        ("a.t.json", "[{}]", ":1:2: an object with the row's columns is expected"),
        ("a.t.json", '[{"a": 1, "a": 2}]', ':1:2: "a" is there twice'),
        ("a.t.json", '[{"a": NaN}]', ":1:2: NaN is not JSON"),
        ("a.t.json", '[{"a": 1} {"a": 2}]', ":1:11: a comma or the end"),
        ("a.t.json", '[{"a": 1}] x', ":1:12: there is more after the end"),
        ("a.t.json", '[{"a": 1},', ":1:11: Expecting value"),
        ("a.t.json", "[" * 100_000, ":1:2: "),
        ("a.t.sql", "select 1;\n\0", ":2: has a NUL character"),
        ("users.csv", "id\n1", ": whose rows these are cannot be told"),
        ("a.b.c.csv", "id\n1", ": whose rows these are cannot be told"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, name, text, message):
    with pytest.raises(SeedError) as caught:
        rows(tmp_path, name, text)
    assert str(caught.value).startswith(f"{tmp_path / name}{message}")
    assert caught.value.remedy


def test_a_file_is_called_by_its_table_or_listed(tmp_path):
    assert table_of(Path("seeds/20_public.User Names.csv")) == ("public", "User Names")
    assert table_of(Path("app.t.json")) == ("app", "t")
    (tmp_path / "people.csv").write_text("id\n1")
    [file] = read([tmp_path / "people.csv"], tables={tmp_path / "people.csv": 'app."People"'})
    assert file.table == ("app", "People")
