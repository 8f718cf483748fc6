"""PostgreSQL's text form of arrays and intervals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

_TOKEN = re.compile(
    r'\s*(?:(?P<mark>[{},])|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^{},"]+))', re.DOTALL
)
_BOUNDS = re.compile(r"^(\[-?\d+:-?\d+\])+=")
_UNITS = {"year": "years", "mon": "months", "day": "days"}


def parse_array(text: str, element: Callable[[str], object]) -> list[object]:
    """`{a,"b c",NULL,{…}}` as nested lists; bounds as in `[0:1]={…}` are dropped."""
    tokens = _TOKEN.finditer(_BOUNDS.sub("", text))
    next(tokens)
    return _items(tokens, element)


def _items(tokens: Iterator[re.Match[str]], element: Callable[[str], object]) -> list[object]:
    items: list[object] = []
    for token in tokens:
        if token["mark"] == "}":
            break
        if token["mark"] == "{":
            items.append(_items(tokens, element))
        elif token["quoted"] is not None:
            items.append(element(re.sub(r"\\(.)", r"\1", token["quoted"], flags=re.DOTALL)))
        elif token["bare"] is not None:
            items.append(None if token["bare"] == "NULL" else element(token["bare"]))
    return items


def parse_interval(text: str) -> dict[str, int | float]:
    """`1 day 02:03:04.5` as {"days":1,"hours":2,"minutes":3,"seconds":4,"milliseconds":500}."""
    parts: dict[str, int | float] = {}
    for number, unit in re.findall(r"(-?\d+) (year|mon|day)s?", text):
        parts[_UNITS[unit]] = int(number)
    clock = re.search(r"(-)?(\d+):(\d+):(\d+)(\.\d+)?$", text)
    if clock:
        sign = -1 if clock[1] else 1
        for unit, number in zip(("hours", "minutes", "seconds"), clock.group(2, 3, 4), strict=True):
            if int(number):
                parts[unit] = sign * int(number)
        if clock[5]:
            parts["milliseconds"] = sign * round(float(clock[5]) * 1000, 3)
    return parts


def array_literal(values: list[object]) -> str:
    """A JSON array as a parameter: PostgreSQL's array text, as node-postgres makes it."""
    return "{" + ",".join(map(_literal_item, values)) + "}"


def _literal_item(value: object) -> str:
    if isinstance(value, list):
        return array_literal(value)
    if value is None:
        return "NULL"
    text = parameter_text(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def parameter_text(value: object) -> str:
    """One JSON value, not null, as the text of a bound parameter."""
    if isinstance(value, list):
        return array_literal(value)
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
