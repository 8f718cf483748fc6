"""The pytest plugin in runs of other projects: processes of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from supasync.errors import ConfigError, SandboxError
from supasync.sandbox.migrations import in_folder
from supasync.testing import plugin
from supasync.testing.sandbox import options

DOCUMENT = Path(__file__).parents[2] / "docs/how-to/pytest-plugin.md"
OURS = {"supasync", "supasync.testing", "supasync.testing.plugin"}
# others take time, and pytest-asyncio warns of its own configuration
WITHOUT = [f"-pno:{name}" for name in ("asyncio", "anyio", "hypothesispytest", "respx")]
STRICT = (*WITHOUT, "-W", "error")
ALONE = (*STRICT, "-pno:xdist")


def example() -> dict[str, str]:
    """The files of the document's project, by name."""
    _, _, text = DOCUMENT.read_text().partition("## An example")
    return dict(re.findall(r"(?ms)^`([^`\n]+)`\n\n```\w+\n(.*?)^```$", text))


def test_the_documented_project_with_xdist(pytester: pytest.Pytester) -> None:
    """Each worker has a sandbox."""
    files = example()
    assert len(files) == 3
    for name, text in files.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    pytester.runpytest_subprocess("-n", "2", *STRICT).assert_outcomes(passed=4)


def test_three_lines_are_enough(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import httpx
        def test_projects(supabase_sandbox):
            url, headers = supabase_sandbox.api_url, supabase_sandbox.headers
            answer = httpx.get(f"{url}/v1/projects", headers=headers)
            assert [row["ref"] for row in answer.json()] == [supabase_sandbox.project.ref]
        def test_environment(supabase_sandbox):
            environment = supabase_sandbox.environment
            assert environment["SUPABASE_URL"] == supabase_sandbox.project.url
            assert all(environment.values()) and not supabase_sandbox.branches
            assert supabase_sandbox.access_token not in repr(supabase_sandbox)
            assert "password" not in repr(supabase_sandbox.project)
        def test_fault_is_gone_after_a_test(supabase_sandbox, supabase_fault):
            supabase_fault("GET /v1/projects", drop_reply=True)
            try:
                test_projects(supabase_sandbox)
            except httpx.RemoteProtocolError:
                return
            assert False
        def test_again(supabase_sandbox):
            test_projects(supabase_sandbox)
    """)
    pytester.runpytest_subprocess(*ALONE).assert_outcomes(passed=4)


def test_what_is_wrong_is_said_without_a_traceback(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nsupabase_migrations = broken\n")
    (pytester.mkdir("broken") / "20260101000000_a.sql").write_text("select * from nowhere")
    (pytester.path / "broken" / "README.md").write_text("no migration")
    pytester.makepyfile("def test_it(supabase_sandbox): pass")
    done = pytester.runpytest_subprocess(*ALONE)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*20260101000000_a of *broken fails: *relation*nowhere*"])
    done.stdout.no_fnmatch_line("*exception*")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("supabase_ready_delay = soon", "supabase_ready_delay is 'soon'"),
        ("supabase_ready_delay = ²", "supabase_ready_delay is '²'"),
        ("supabase_branches = main", "supabase_branches lists main"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    pytester: pytest.Pytester, line: str, told: str
) -> None:
    (pytester.path / "tox.ini").write_text(f"[pytest]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        options(pytester.parseconfig(), plugin.MIGRATIONS)


def test_a_folder_of_migrations_that_is_not_there_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nsupabase_migrations = nowhere\n")
    config = pytester.parseconfig()
    with pytest.raises(SandboxError, match="nowhere cannot be read"):
        in_folder(config.rootpath / str(config.getini("supabase_migrations")))


def test_who_does_not_use_it_needs_nothing(pytester: pytest.Pytester) -> None:
    """Not even the extra, without which the fixture says what to install."""
    pytester.makeconftest("import sys; sys.modules['starlette'] = None")
    pytester.makepyfile(f"""
        import sys
        def test_other(pytestconfig):
            assert pytestconfig.pluginmanager.hasplugin("supasync"), "it is there by itself"
            assert {{name for name in sys.modules if name.startswith("supasync")}} == {OURS!r}
        def test_it(supabase_sandbox): pass
    """)
    done = pytester.runpytest_subprocess(*ALONE)
    done.assert_outcomes(errors=1, passed=1)
    done.stdout.fnmatch_lines(["*pip install 'supasync?sandbox?'*"])


def test_importing_it_imports_pytest_and_nothing_else() -> None:
    script = """import sys, pytest
known = set(sys.modules)
import supasync.testing.plugin
print(*sorted(set(sys.modules) - known))"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == sorted(OURS)
