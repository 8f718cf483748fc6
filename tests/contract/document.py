"""The platform's OpenAPI document, and answers held against it.

The document is not part of the project: SUPASYNC_CONTRACT names the folder that has
api_v1_openapi.json, else `shared/contract` beside the checkout is looked into.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

BESIDE = Path(__file__).parents[2].parent / "shared" / "contract"
DOCUMENT = Path(os.environ.get("SUPASYNC_CONTRACT", BESIDE)) / "api_v1_openapi.json"

needed = pytest.mark.skipif(
    not DOCUMENT.is_file(), reason="no api_v1_openapi.json; set SUPASYNC_CONTRACT to its folder"
)

Operation = dict[str, Any]


@cache
def load() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return loaded


def operation(method: str, path: str) -> tuple[str, Operation]:
    """The one operation that a request calls, with its path template.

    Of `/projects/{ref}/api-keys/legacy` and `/projects/{ref}/api-keys/{id}` it is the first.
    """
    found = [
        (template, item[method.lower()])
        for template, item in load()["paths"].items()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in item
    ]
    assert found, f"{method} {path} is no operation of the platform"
    return min(found, key=lambda each: each[0].count("{"))


def hold(described: Operation, status: int, body: Any) -> None:
    """The body of an answer is as described, with no field that the platform does not have."""
    assert str(status) in described["responses"], f"{status} is not described"
    content = described["responses"][str(status)].get("content", {}).get("application/json")
    if content is None:
        return
    _validator(json.dumps(content["schema"])).validate(body)
    _hold_fields(content["schema"], body)


@cache
def _validator(schema: str) -> jsonschema.Draft4Validator:
    whole = {**json.loads(schema), "components": load()["components"]}
    return jsonschema.Draft4Validator(
        with_null(whole), format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    )


def _hold_fields(schema: Operation, value: Any) -> None:
    if "$ref" in schema:
        schema = load()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list) and "items" in schema:
        for item in value:
            _hold_fields(schema["items"], item)
    known = schema.get("properties")
    if isinstance(value, dict) and known is not None:
        assert set(value) <= set(known), f"unknown: {set(value) - set(known)}"
        for name, field in value.items():
            assert field is not None or known[name].get("nullable"), f"{name} is to be left out"
            _hold_fields(known[name], field)


def with_null(schema: Any) -> Any:
    """OpenAPI 3.0 writes `nullable: true` where JSON Schema has another type."""
    if isinstance(schema, list):
        return [with_null(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: with_null(value) for key, value in schema.items()}
    if schema.get("nullable") is True:
        changed.pop("nullable")
        return {"anyOf": [changed, {"type": "null"}]}
    return changed
