"""The engine works on ids, fields and edges; what a kind is stands in the kind's file alone."""

from __future__ import annotations

import ast
from dataclasses import fields
from pathlib import Path

import pytest

import supasync.catalog
from supasync.catalog.kinds import KINDS
from supasync.catalog.object import Object

CATALOG = Path(supasync.catalog.__file__).parent
ENGINE = (
    *("plan", "rebuild", "steps", "order", "circles", "model", "apply", "reread", "births"),
    "state",
)
TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("module", ENGINE)
def test_engine_module_names_no_kind(module: str) -> None:
    tree = ast.parse((CATALOG / f"{module}.py").read_text())
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert not names & {kind.__name__ for kind in KINDS}
    assert not texts & {kind.kind for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_rule_is_about_a_field(kind: type[Object]) -> None:
    rules = {name.removeprefix("alter_") for name in dir(kind) if name.startswith("alter_")}
    assert rules <= {field.name for field in fields(kind)}
    assert kind.disturbs | kind.deferred <= {field.name for field in fields(kind)}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_kind_is_in_the_corpus(kind: type[Object]) -> None:
    cases = TESTS.glob(f"corpus*/{kind.kind}--*")
    assert list(cases), f"no {kind.kind}--<case> in tests/corpus or tests/corpus_platform"
