"""PostgreSQL's values as the endpoint's JSON has them: node-postgres with postgres-meta's parsers.

What that loses is part of the contract: NaN becomes null, large numbers in JSON are rounded,
numeric[] becomes floats. Types that are not listed here, enums, ranges, composites, and their
arrays, stay PostgreSQL's text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from supasync.sandbox.sqlapi.arrays import parse_array, parse_interval

SAFE: Final = 2**53 - 1  # JavaScript's Number.MAX_SAFE_INTEGER

Parser = Callable[[str], object]


def to_json(value: bytes | None, oid: int) -> object:
    """One cell. oid: of its type; of a domain PostgreSQL reports its base type's."""
    if value is None:
        return None
    text = value.decode()
    parser = PARSERS.get(oid)
    return text if parser is None else parser(text)


def dumps(rows: list[dict[str, object]]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _int8(text: str) -> object:
    number = int(text)
    return number if abs(number) <= SAFE else text


def _number(text: str) -> object:
    """As JSON.stringify writes a double: no NaN, no infinity, no fraction where there is none."""
    number = float(text)
    if not math.isfinite(number):
        return None
    if number.is_integer() and abs(number) < 1e21:
        return int(Decimal(repr(number)))
    return number


def _whole(text: str) -> object:
    return int(text) if abs(int(text)) <= SAFE else _number(text)


def _parsed(text: str) -> object:
    return json.loads(text, parse_int=_whole, parse_float=_number)


def _bool(text: str) -> object:
    return text == "t"


def _buffer(text: str) -> object:
    return {"type": "Buffer", "data": list(bytes.fromhex(text.removeprefix("\\x")))}


def _circle(text: str) -> object:
    x, y, radius = text.strip("<>").replace("(", "").replace(")", "").split(",")
    return {"x": _number(x), "y": _number(y), "radius": _number(radius)}


def _array(element: Parser) -> Parser:
    return lambda text: parse_array(text, element)


# By OID, as in PostgreSQL's src/include/catalog/pg_type.dat.
PARSERS: Final[dict[int, Parser]] = {
    16: _bool,
    17: _buffer,
    20: _int8,
    21: int,
    23: int,
    26: int,
    114: _parsed,
    700: _number,
    701: _number,
    718: _circle,
    3802: _parsed,
    199: _array(_parsed),  # json[]
    1000: _array(_bool),
    1001: _array(_buffer),
    1005: _array(int),  # int2[]
    1007: _array(int),  # int4[]
    1021: _array(_number),  # float4[]
    1022: _array(_number),  # float8[]
    1028: _array(int),  # oid[]
    1187: _array(parse_interval),
    1231: _array(_number),  # numeric[]
    3807: _array(_parsed),  # jsonb[]
    # int8[] and these as arrays of strings: cidr, regproc, text, bpchar, varchar, macaddr, inet,
    # timestamp, date, time, timestamptz, timetz, uuid, numrange.
    **dict.fromkeys(
        (1016, 651, 1008, 1009, 1014, 1015, 1040, 1041, 1115, 1182, 1183, 1185, 1270, 2951, 3907),
        _array(str),
    ),
}
