"""Size as a smell: a file that grows past this wants another room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import supasync

FILES = sorted(Path(supasync.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_and_function_sizes(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= 50, f"{node.name} in {path.name}"
