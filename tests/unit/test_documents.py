"""The documents say what the code does, where that can be checked."""

from __future__ import annotations

import re
import subprocess
import sys
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
    text = document.read_text()
    missing = []
    for target in re.findall(r"\]\((?!https?://)([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        file = document.parent / path if path else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            missing.append(target)
    assert missing == []


def anchors(document: Path) -> set[str]:
    """Of a page's headings, as GitHub and the site make them."""
    text = re.sub(r"(?ms)^```.*?^```", "", document.read_text())
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in re.findall(r"(?m)^#+ (.+)$", text)
    }


def test_every_page_is_in_the_sites_navigation() -> None:
    told = set(re.findall(r"[\w./-]+\.md", (ROOT / "mkdocs.yml").read_text()))
    assert told == {str(page.relative_to(ROOT / "docs")) for page in ROOT.glob("docs/**/*.md")}


def test_the_overview_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\(([^)#]+\.md)", (ROOT / "docs/index.md").read_text()))
    pages = {str(page.relative_to(ROOT / "docs")) for page in ROOT.glob("docs/**/*.md")}
    assert {page for page in pages if not page.startswith("adr/0")} == linked | {"index.md"}


def test_the_readme_is_one_screen_that_leads_on() -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < 80
    assert "docs/assets/demo.svg" in text
    assert {"docs/index.md", "docs/tutorial/first-sync.md", "docs/how-to/going-live.md"} <= set(
        re.findall(r"\]\(([^)#]+)", text)
    )


def raised() -> set[type[errors.SupasyncError]]:
    return {
        error
        for error in vars(errors).values()
        if isinstance(error, type)
        and issubclass(error, errors.SupasyncError)
        and error is not errors.SupasyncError
    }


def test_the_reference_lists_every_exit_code() -> None:
    text = (ROOT / "docs/reference/exit-codes.md").read_text()
    listed = {int(code) for code in re.findall(r"(?m)^\| (\d+) \|", text)}
    assert listed == {error.exit_code for error in raised()} | NOT_ERRORS


def test_every_error_has_its_place_in_troubleshooting() -> None:
    """Below its exit code, with a cause and what to do."""
    text = (ROOT / "docs/reference/troubleshooting.md").read_text()
    told = {}
    for part in text.split("\n## Exit code ")[1:]:
        for entry in part.split("\n### ")[1:]:
            name, cause, remedy = entry.split("\n## ")[0].strip().split("\n\n")
            assert cause
            assert remedy.startswith("**Do:** ")
            told[name] = int(part.split("\n")[0])
    assert told == {error.__name__: error.exit_code for error in raised()}
    codes = {int(code) for code in re.findall(r"(?m)^## Exit code (\d+)$", text)}
    assert codes == {error.exit_code for error in raised()} | NOT_ERRORS - {0}


def test_the_reference_is_what_the_code_says() -> None:
    """That is what `scripts/docs --write` has written."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/reference.py"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_recording_loads_nothing() -> None:
    text = (ROOT / "docs/assets/demo.svg").read_text()
    assert not re.findall(r"url\((?!#)|@font-face|@import|(?:href|src)=\"(?!#)", text)
    assert "Synced" in text


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
