"""Seed files as one script, and its lines as lines of the files."""

from pathlib import Path

import pytest

from supasync.errors import SeedError
from supasync.sync.seeding.script import Script, compose, read


@pytest.fixture
def files(tmp_path: Path):
    def write(**texts: str) -> list[Path]:
        paths = []
        for name, text in texts.items():
            path = tmp_path / f"{name}.sql"
            path.write_text(text)
            paths.append(path)
        return paths

    return write


def line_of(script: Script, needle: str) -> int:
    """The 1-based line of the script on which the text stands."""
    [at] = [n for n, line in enumerate(script.text.split("\n"), 1) if needle in line]
    return at


def test_each_line_of_the_script_leads_back_to_its_file_and_line(files):
    first, second = files(
        one="insert into a\nvalues (1);\n\ninsert into wrong values (2)",
        two="-- a note\nselect 'é';\n  insert into late values (3); -- no end of line",
    )
    script = compose(read([first, second]), "public.reseed")
    assert str(script.at_line(line_of(script, "into wrong"))) == f"{first}:4"
    assert str(script.at_line(line_of(script, "into late"))) == f"{second}:3"
    assert script.at_line(10**6) is None
    assert len(script.lines) == script.text.count("\n")


def test_each_statement_has_a_marker_that_leads_to_its_line(files):
    [path] = files(one="select 1;\n\n/* x */ select\n  2;\nselect 'ü'; select 3;")
    script = compose(read([path]), None)
    places = [str(script.at_marker(n)) for n in range(1, len(script.places) + 1)]
    assert places == [str(path), f"{path}:1", f"{path}:3", f"{path}:5", f"{path}:5"]
    assert "setval('supasync.seed_position',3);select\n  2;" in script.text
    assert "select 'ü'; select pg_catalog.setval('supasync.seed_position',5);select 3;" in (
        script.text
    )


def test_the_function_may_be_called_after_every_file_but_only_once(files):
    paths = files(one="select 1", two="select 2")
    script = compose(read(paths), "public.reseed")
    assert script.text.count("perform public.reseed();") == 2
    assert script.text.count("is distinct from 'called'") == 2
    assert [place.call for place in script.places if place.call] == ["public.reseed()"] * 2


@pytest.mark.parametrize(
    ("texts", "function", "empty"),
    [
        ({"one": "", "two": "-- a note\n/* only */\n;\n"}, None, True),
        ({"one": "-- a note", "two": "select 1"}, None, False),
        ({"one": "-- a note"}, "public.reseed", False),
    ],
)
def test_comments_alone_are_no_seed(files, texts, function, empty):
    assert compose(read(files(**texts)), function).empty is empty


def test_a_comment_at_the_end_does_not_swallow_what_follows(files):
    paths = files(one="select 1 -- the end", two="select 2")
    script = compose(read(paths), None)
    assert "-- the end\n;\n" in script.text


@pytest.mark.parametrize("statement", ["begin", "COMMIT", "rollback", "start transaction"])
def test_transaction_control_is_refused_with_file_and_line(files, statement):
    [path] = files(one=f"select 1;\n{statement};\nselect 2;")
    with pytest.raises(SeedError, match=r"one\.sql:2: a seed must not control") as caught:
        read([path])
    assert caught.value.exit_code == 7
    assert "one transaction" in str(caught.value.remedy)


@pytest.mark.parametrize("words", ["truncate table if exists", "TRUNCATE TABLE IF EXISTS"])
def test_a_syntax_error_is_told_with_file_and_line_before_anything_is_sent(files, words):
    [path] = files(one=f"select 'ééééé';\n\n{words} users;")
    with pytest.raises(SeedError, match=r"one\.sql:3:19: syntax error at or near") as caught:
        read([path])
    assert "TRUNCATE has no IF EXISTS" in str(caught.value.remedy)


def test_a_psql_command_is_explained(files):
    [path] = files(one="select 1;\n\\copy users from 'x.csv'")
    with pytest.raises(SeedError, match=r"one\.sql:2:1: ") as caught:
        read([path])
    assert "backslash" in str(caught.value.remedy)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("select 1;\nCOPY public.a (id, name) FROM stdin;\n1\tOne\n\\.\n", 3),
        ("copy a from stdin with (format csv);\n\\.\n", 2),
        ("select 1;\ncopy a from stdin;", 2),
    ],
)
def test_rows_of_copy_are_explained(files, text, line):
    [path] = files(one=text)
    with pytest.raises(SeedError, match=rf"one\.sql:{line}:.*COPY … FROM stdin") as caught:
        read([path])
    assert "INSERTs" in str(caught.value.remedy) and ".csv" in str(caught.value.remedy)


def test_bad_files_are_named(tmp_path: Path):
    with pytest.raises(SeedError, match=r"gone\.sql: cannot be read"):
        read([tmp_path / "gone.sql"])
    (tmp_path / "latin.sql").write_bytes(b"select '\xe9'")
    with pytest.raises(SeedError, match=r"latin\.sql: is not UTF-8 \(byte 8\)"):
        read([tmp_path / "latin.sql"])
