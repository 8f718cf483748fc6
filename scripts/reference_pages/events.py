"""The events of a run and its JSON document, from their classes."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import typing
from collections.abc import Iterator

from reference_pages.words import code, plain, table
from supasync.events import model, past
from supasync.events.summary import BranchSummary, Summary

_JSON = """
## The JSON document

`supasync branches status`, `diff` and `sync` with `--json` print one document:

```json
{document}
```

Each of `branches` has:

```json
{branch}
```

`verdict` is one of {verdicts}, or null when the command did not look at the schema.
The phases are {phases}.
Lists hold the fields of the events above, without `branch`. `last_sync` is there for `status`
alone. `error` is the name of the error's class ([troubleshooting](troubleshooting.md)), `code` the
exit code that this branch alone would give.
"""


def part() -> str:
    return "\n".join(_section(each) for each in _classes()) + _json()


def _classes() -> Iterator[type]:
    """Each event, and after it what only its fields are made of."""
    seen: set[type] = set()
    for event in typing.get_args(model.Event):
        for each in (event, *_parts(event)):
            if each not in seen:
                seen.add(each)
                yield each
    yield past.LastSync


def _parts(event: type) -> Iterator[type]:
    for hint in typing.get_type_hints(event).values():
        for part in (hint, *typing.get_args(hint)):
            if dataclasses.is_dataclass(part) and isinstance(part, type):
                yield part
                yield from _parts(part)


def _section(event: type) -> str:
    told = inspect.getdoc(event) or ""
    text = "" if told.startswith(f"{event.__name__}(") else plain(told) + "\n\n"
    rows = (
        (f"`{each.name}`", code(str(each.type)), "" if _required(each) else _default(each))
        for each in dataclasses.fields(event)
    )
    return f"## {event.__name__}\n\n{text}" + table(("field", "type", "default"), rows)


def _required(field: dataclasses.Field[object]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _default(field: dataclasses.Field[object]) -> str:
    return code(repr(field.default)) if field.default is not dataclasses.MISSING else "`{}`"


def _json() -> str:
    document = Summary().to_json() | {"branches": ["…"]}
    return _JSON.format(
        document=_shape(document),
        branch=_shape(BranchSummary("testing").to_json()),
        verdicts=", ".join(f"`{each}`" for each in model.Verdict),
        phases=", ".join(f"`{each}`" for each in model.Phase),
    )


def _shape(value: object) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return re.sub(r"\[\s+\"…\"\s+\]", '["…"]', text)
