"""Log lines."""

from __future__ import annotations

import json
import logging

from supasync.service.logs import Lines


def line(*, as_json: bool, **fields: object) -> str:
    record = logging.makeLogRecord({"msg": "a run\nended", "levelname": "INFO", **fields})
    return Lines(as_json=as_json).format(record)


def test_json_has_the_fields_that_say_something() -> None:
    text = line(as_json=True, branch="größe\n", code=0, reason="", objects=[])
    document = json.loads(text)
    del document["at"]
    assert document == {"level": "info", "event": "a run\nended", "branch": "größe\n", "code": 0}
    assert "\n" not in text


def test_a_readable_line_is_one_line() -> None:
    text = line(as_json=False, branch="a b\x1b[31m", objects=["+ table x", "- table y"])
    assert text.endswith(r'a run\nended branch="a b\u001b[31m" objects="+ table x, - table y"')
