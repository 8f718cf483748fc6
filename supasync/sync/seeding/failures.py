"""What a failed seed means: the file, the line, where it is known the column, and nothing that is
secret."""

from __future__ import annotations

import re
from dataclasses import replace

from supasync.errors import SeedError, SqlError, UnknownError
from supasync.ports import WritableDatabase
from supasync.sync.seeding import cells, tabular, triggers
from supasync.sync.seeding.script import Place, Script

_PERFORMED = re.compile(
    r'\n?(SQL statement "(?:(?!\nSQL statement ").)*supasync\.seed_position.*"\n)?'
    r"PL/pgSQL function inline_code_block line \d+ at EXECUTE\Z",
    re.DOTALL,
)
"""The end of a CONTEXT: our own block, and the piece of the script that it performs."""
_ROLLED_BACK = "The seed's transaction was rolled back: the branch's rows are as before. "


async def placed(
    error: SqlError, script: Script, database: WritableDatabase, head_lines: int | None
) -> SeedError:
    """The error with the file, the line and the column where it happened.

    head_lines: how many lines of the text that was sent are before the script; None when its lines
    are not the script's.
    """
    place = await place_of(error, script, database, head_lines)
    return told(error, place, script, staged=head_lines is None)


async def place_of(
    error: SqlError, script: Script, database: WritableDatabase, head_lines: int | None
) -> Place | None:
    """Where it happened; None when that is not known, or not in the script."""
    if error.sqlstate == triggers.DANGLING:
        return None
    known = error.line is not None and head_lines is not None
    line = (error.line or 0) - (head_lines or 0)
    place = script.at_line(line) if known else None
    if place is None or place.line is None:
        place = await _marked(script, database) or place
    elif error.column is not None and place.at is None and not place.call:
        return replace(place, column=script.column(line, error.column))
    return place if place is None or place.at is None else _in_row(place, script, error)


def _in_row(place: Place, script: Script, error: SqlError) -> Place:
    """The field of the row, where the error tells which."""
    text = next(file.source for file in script.files if file.path == place.file)
    found = cells.find(place.file, text, place.at or 0, error)
    return replace(place, line=found[0], column=found[1]) if found else place


def told(
    error: SqlError, place: Place | None, script: Script, *, staged: bool = False
) -> SeedError:
    """Without the values of variables, which the server may repeat, also cut or changed: where
    there are any, neither its DETAIL, which has whole rows, nor its CONTEXT is told. staged: the
    script was performed in pieces, by a block of ours."""
    hidden = script.values.hidden
    if error.sqlstate == triggers.DANGLING:
        return SeedError(
            "rows would refer to rows that are not there:" + hidden(error.message),
            remedy=_ROLLED_BACK + 'With triggers = "off" foreign keys neither cascade nor wait: '
            "delete or insert these rows in the seed too.",
        )
    lines = [hidden(f"{place}: {error.message}" if place else error.message)]
    ours = place is not None and tabular.is_tabular(place.file)
    context = _PERFORMED.sub("", error.context or "") if staged else error.context
    around = [error.detail, None if ours else context] if not script.values.names else []
    lines += [f"  {part}" for part in around if part]
    if error.hint:
        lines.append(f"  Hint: {hidden(error.hint)}")
    return SeedError(
        "\n".join(lines),
        remedy=_ROLLED_BACK + "Correct the file and run the command again.",
    )


async def _marked(script: Script, database: WritableDatabase) -> Place | None:
    """The place of the last marker that was passed; None when it cannot be read any more."""
    try:
        answer = await database.fetch("select last_value::text from supasync.seed_position")
    except UnknownError:
        return None
    return script.at_marker(int(answer)) if answer else None
