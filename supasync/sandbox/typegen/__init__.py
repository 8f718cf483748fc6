"""TypeScript types of a database, as `supabase gen types` has them from the platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files

from supasync.sandbox.typegen import catalog, views
from supasync.sandbox.typegen.catalog import Connection
from supasync.sandbox.typegen.database import Schema, schemas
from supasync.sandbox.typegen.layout import Fields, Tuple, field, key, string, text

JSON = """\
export type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]
"""
INTERNAL = """\
  // Allows to automatically instantiate createClient with right options
  // instead of createClient<Database, { PostgrestVersion: 'XX' }>(URL, KEY)
  __InternalSupabase: {
    PostgrestVersion: "%s"
  }
"""


async def typescript(connection: Connection, included: Sequence[str], postgrest: str) -> str:
    """The types of these schemas, those that there are. postgrest: version of the REST API."""
    found = await catalog.read(connection, included)
    related = await views.relationships(connection, found.relationships)
    made = schemas(replace(found, relationships=related))
    lines = [f"  {field(key(each.name), Fields(each.fields(), open=True), 2)}\n" for each in made]
    database = "export type Database = {\n" + INTERNAL % postgrest + "".join(lines) + "}\n"
    helpers = (files(__package__) / "helpers.ts").read_text()
    return "\n".join((JSON, database, helpers, _constants(made)))


def _constants(made: Sequence[Schema]) -> str:
    """The labels of enums as values. Objects that are values have commas."""
    if not made:
        return "export const Constants = {} as const\n"
    lines = ["export const Constants = {"]
    for schema in made:
        enums = [each for each in schema.types() if each.labels]
        lines.append(f"  {key(schema.name)}: {{")
        if enums:
            lines.append("    Enums: {")
            for each in enums:
                labels = Tuple([string(label) for label in each.labels])
                start = f"{key(each.name)}: "
                # one less in a line than a type has: the comma
                lines.append(f"      {start}{text(labels, 6, 7 + len(start))},")
            lines.append("    },")
        else:
            lines.append("    Enums: {},")
        lines.append("  },")
    return "\n".join([*lines, "} as const", ""])
