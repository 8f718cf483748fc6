"""action.yml, the hooks and the examples: right by their published schemas, and of this version."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from supasync import __version__
from supasync.ci import Ended
from supasync.setup import texts

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
ACTION, WORKFLOW = ROOT / "action.yml", EXAMPLES / "github-workflow.yml"
GITLAB, PRE_COMMIT = EXAMPLES / "gitlab-ci.yml", EXAMPLES / "pre-commit-config.yaml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
ENDED = Ended(mode="plan", code=0, config="config.toml")


def read(text: Path | str) -> Any:
    return yaml.safe_load(text if isinstance(text, str) else text.read_text())


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("github-actions", ACTION),
        ("github-workflows", WORKFLOW),
        ("github-workflows", texts.WORKFLOW),
        ("gitlab-ci", GITLAB),
    ],
    ids=["action", "workflow", "init's workflow", "gitlab"],
)
def test_files_are_right_by_their_schemas(schema: str, text: Path | str) -> None:
    vendored = resources.files("check_jsonschema") / f"builtin_schemas/vendor/{schema}.json"
    document = read(text)
    if True in document:
        document["on"] = document.pop(True)  # what YAML 1.1 takes `on` for
    jsonschema.validate(document, json.loads(vendored.read_text()))


def test_no_step_of_the_action_has_an_expression_in_its_script() -> None:
    action = read(ACTION)
    assert all("${{" not in step["run"] for step in action["runs"]["steps"])
    assert all("uses" not in step for step in action["runs"]["steps"])
    assert all(it.keys() == {"description", "default"} for it in action["inputs"].values())
    assert action["outputs"].keys() == {*ENDED.outputs, "exit-code"}
    for name, output in action["outputs"].items():
        assert output["value"] == f"${{{{ steps.run.outputs.{name} }}}}"


@pytest.mark.parametrize("text", [WORKFLOW, texts.WORKFLOW], ids=["example", "init"])
def test_workflows_use_the_action_of_this_version(text: Path | str) -> None:
    action, used = read(ACTION), []
    for job in read(text)["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("supasync/"):
                used.append(step["uses"])
                assert step["with"].keys() <= action["inputs"].keys()
    assert used == [f"supasync/supasync@v{__version__}"] * 3


def test_other_examples_and_the_guide_are_of_this_version() -> None:
    gitlab = read(GITLAB)
    assert gitlab["variables"]["SUPASYNC_VERSION"] == __version__
    [repository] = read(PRE_COMMIT)["repos"]
    assert repository["rev"] == f"v{__version__}"
    told = re.findall(r"(?:supasync@|rev: )v([\d.]*\d)", (ROOT / "docs/how-to/ci.md").read_text())
    assert set(told) == {__version__}
    hooks = {hook["id"]: hook for hook in read(HOOKS)}
    assert [hook["id"] for hook in repository["hooks"]] == list(hooks)
    assert all(hook["language"] == "python" for hook in hooks.values())
    assert re.search(hooks["supasync-config"]["files"], "supabase/config.toml")
    assert re.search(hooks["supasync-seeds"]["files"], "seeds/20_users.csv")


def test_what_is_not_in_the_package_is_in_the_source_archive() -> None:
    listed = re.search(r"sdist\]\ninclude = (.*)", (ROOT / "pyproject.toml").read_text())
    assert listed is not None
    assert {"/action.yml", "/examples", "/.pre-commit-hooks.yaml"} <= set(json.loads(listed[1]))
