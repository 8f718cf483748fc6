"""Variables of the environment in a seed: where they are, and that no value ends its literal."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from supasync.errors import SeedError
from supasync.sync.seeding.script import compose, read
from supasync.sync.seeding.variables import Values, blanked, places

PATH = Path("seed.sql")


def test_a_variable_is_found_only_where_sql_could_have_a_literal():
    text = (
        "select :'A', 'é :''A''', \":'A'\", $$ :'A' $$, a::text, b[1:2] -- :'A'\n, /* :'A' */ :'B'"
    )
    found = places(PATH, text, ["A", "B"])
    assert [(text.encode()[start:end], name) for start, end, name in found] == [
        (b":'A'", "A"),
        (b":'B'", "B"),
    ]
    assert "select  'A'," in blanked(text, found)


def test_a_variable_that_is_not_listed_is_told_with_its_line():
    with pytest.raises(SeedError, match=r"seed\.sql:2: the variable HOME is not listed") as caught:
        places(PATH, "select 1,\n :'HOME'", ["A"])
    assert 'variables = ["HOME"]' in str(caught.value.remedy)


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("xyz", " 'xyz'"),
        ("it's", " 'it''s'"),
        ("'); drop table users; --", " '''); drop table users; --'"),
        ("a\\'b", " E'a\\\\''b'"),
        ("one\ntwo", " E'one\\ntwo'"),
    ],
)
def test_a_value_is_one_literal_on_one_line(tmp_path, value, literal):
    (tmp_path / "a.sql").write_text("insert into t values (:'A',\n 1); select 2")
    values = Values({"A": SecretStr(value)})
    script = compose(read([tmp_path / "a.sql"], values=values), None, values=values)
    whole = values.put_in(script.text)
    assert f"insert into t values ({literal},\n 1);" in whole
    assert whole.count("\n") == script.text.count("\n") == len(script.lines)
    assert whole.split("select 2")[0].endswith(f"{len(script.places)});")
    assert value not in script.text
    assert value not in repr(script) + repr(values)


def test_the_digest_is_the_same_for_every_value(tmp_path):
    (tmp_path / "a.sql").write_text("select :'A'")
    first, second = (Values({"A": SecretStr(value)}) for value in ("1", "2"))
    digests = {
        compose(read([tmp_path / "a.sql"], values=each), None, values=each).digest
        for each in (first, second)
    }
    assert len(digests) == 1


def test_no_value_is_told():
    values = Values({"A": SecretStr("se'cret"), "B": SecretStr("se'cret and more")})
    assert values.hidden("no \"se'cret and more\" or 'se''cret'") == "no \"…\" or '…'"
    in_a_row = Values({"A": SecretStr('a"b\\c')})
    assert in_a_row.hidden('row (1,"a""b\\\\c")') == 'row (1,"…")'
