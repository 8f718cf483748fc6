"""The documents say what the code does, where that can be checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supasync import errors, settings
from supasync.config import data, model, notify, service

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NOT_ERRORS = {0, 1, 130}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_readme_lists_every_exit_code() -> None:
    listed = {
        int(code) for code in re.findall(r"(?m)^\| (\d+) \|", (ROOT / "README.md").read_text())
    }
    raised = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.SupasyncError)
    }
    assert listed == raised | NOT_ERRORS


def test_every_configuration_key_is_explained() -> None:
    text = (ROOT / "docs/reference/configuration.md").read_text()
    sections = (
        model.Project, model.Branch, data.Data, data.DataTable, data.Masks, model.Seed, model.Sync,
        model.TestUser, model.Validation, model.Profiles, model.Migrations, model.Certificate,
        service.Watch, service.Window, service.Serve, service.History,
        service.Github, service.Gitlab, service.Bitbucket, service.Supabase, notify.Notify,
    )  # fmt: skip
    keys = {key for section in sections for key in section.model_fields}
    assert keys == set(re.findall(r"(?m)^\| `(\w+)` \|", text)) - variables(text)


def test_every_environment_variable_is_explained() -> None:
    text = (ROOT / "docs/reference/configuration.md").read_text()
    told = set(re.findall(r"SUPA(?:BASE|SYNC)_\w+", settings.Settings.__doc__ or ""))
    assert told
    assert told <= variables(text)


def variables(text: str) -> set[str]:
    return set(re.findall(r"`(SUPA(?:BASE|SYNC)_\w+)`", text))
