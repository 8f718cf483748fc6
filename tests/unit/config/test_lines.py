"""The scanner finds every key that tomllib finds, on the line where a person would look."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supasync.config.lines import KeyPath, lines


def paths(value: Any, at: KeyPath = ()) -> set[KeyPath]:
    """Every key and array element of a parsed document."""
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    found = {at} if at else set()
    for key, item in items:
        found |= paths(item, (*at, key))
    return found


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a = 1", ("a",), 1),
        ("\n\n# c\na = 1", ("a",), 4),
        ("[t]\nx = 1\ny = 2", ("t", "y"), 3),
        ("[t]\n\n[u]\nx = 1", ("u", "x"), 4),
        ("a.b.c = 1", ("a", "b", "c"), 1),
        ("[a . b]\n x = 1", ("a", "b", "x"), 2),
        ('["a.b"]\n"x y" = 1', ("a.b", "x y"), 2),
        ("['a]b']\nx = 1", ("a]b", "x"), 2),
        ('"\\u0061" = 1', ("a",), 1),
        ('a = """\n[x]\nb = 1\n"""\nc = 2', ("c",), 5),
        ("a = '''\nb = 1'''\nc = 2", ("c",), 3),
        ('a = """x""\\""""\nb = 1', ("b",), 2),
        ('a = """x"""""\nb = 1', ("b",), 2),
        ('a = "\\"#"\nb = 1', ("b",), 2),
        ("a = 'c:\\' # '\nb = 1", ("b",), 2),
        ("a = [\n  1, # one\n  2,\n]\nb = 1", ("a", 1), 3),
        ("a = [\n  [1],\n  [\n2]]\nb = 1", ("a", 1, 0), 4),
        ("a = { x = 1, y = [1,\n 2] }", ("a", "y", 1), 2),
        ("a = [{x = 1},\n {x = 2}]", ("a", 1, "x"), 2),
        ("[[u]]\nx = 1\n[[u]]\nx = 2", ("u", 1, "x"), 4),
        ("[[u]]\n[u.v]\nx = 1\n[[u]]\n[u.v]\nx = 2", ("u", 1, "v", "x"), 6),
        ("[[u]]\n[[u.w]]\nx = 1\n[[u.w]]\nx = 2", ("u", 0, "w", 1, "x"), 5),
        ("t = 1979-05-27 07:32:00\nb = 1", ("b",), 2),
        ("a = {}\nb = []\nc = 1", ("c",), 3),
        ("[a.b]\nx = 1\n[a]\ny = 2", ("a",), 1),
    ],
)
def test_line_of_key(text: str, path: KeyPath, line: int) -> None:
    assert paths(tomllib.loads(text)) == set(lines(text))
    assert lines(text)[path] == line


_KEYS = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=4).map(
        lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    ),
)
_TEXTS = st.text(st.sampled_from("ab#=[]{},.' \t"), max_size=8)
_VALUES = st.recursive(
    st.one_of(
        st.sampled_from(["1", "1.5e3", "true", "1979-05-27", "07:32:00", "0xff"]),
        _TEXTS.map(lambda text: f'"{text}"'),
        _TEXTS.map(lambda text: f'"""\n{text}\n\\""{text}"""'),
        _TEXTS.map(lambda text: "'" + text.replace("'", "") + "'"),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[ # [\n" + ",\n ".join(items) + "\n]"),
        st.dictionaries(st.sampled_from("abc"), inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{k} = {v}" for k, v in items.items()) + "}"
        ),
    ),
    max_leaves=6,
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["[{}]", "[[{}]]", "{} = "]), _KEYS, _KEYS, _VALUES), max_size=8
    )
)
def test_same_keys_as_tomllib(parts: list[tuple[str, str, str, str]]) -> None:
    text = "\n".join(
        form.format(f"{first}.{second}") + (value if form.endswith("= ") else " # ]")
        for form, first, second, value in parts
    )
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # not TOML: the scanner is never given it
    assert set(lines(text)) == paths(expected)
