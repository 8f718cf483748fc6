"""config.toml's own grammar as JSON Schema, for editors and other tools."""

from __future__ import annotations

from typing import Any

from supasync.config.model import Sections

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Of what people write: also where a text is short for a table. What only a validator knows,
    such as that e-mail addresses differ, is not in it."""
    found = Sections.model_json_schema(mode="validation")
    return {"$schema": DIALECT, **found, "title": "supasync's config.toml"}
