"""Every command shows examples, and each is a command line that is understood."""

from __future__ import annotations

import contextlib
import io
import shlex

import pytest
import typer

from supasync.cli.app import app
from supasync.cli.examples import EXAMPLES

WITHOUT = {"version", "sandbox down", "sandbox fault add", "sandbox fault list"} | {
    "sandbox fault clear"
}


def leaves(group: typer.Typer, path: tuple[str, ...] = ()) -> dict[str, object]:
    found: dict[str, object] = {
        " ".join((*path, str(each.name or getattr(each.callback, "__name__", "")))): each
        for each in group.registered_commands
    }
    for each in group.registered_groups:
        assert each.typer_instance is not None
        found |= leaves(each.typer_instance, (*path, str(each.name)))
    return found


def test_every_command_has_examples() -> None:
    assert EXAMPLES.keys() == leaves(app).keys() - WITHOUT


@pytest.mark.parametrize(
    ("path", "line"), [(path, line) for path, lines in EXAMPLES.items() for line in lines]
)
def test_an_example_is_understood(path: str, line: str) -> None:
    assert line.startswith(path)
    words = shlex.split(line.partition(" > ")[0])
    command = typer.main.get_command(app)
    # options are parsed before help is shown, and what is unknown is refused
    with contextlib.redirect_stdout(io.StringIO()) as out:
        command.main([*words, "--help"], prog_name="supasync", standalone_mode=False)
    assert out.getvalue().startswith(f"Usage: supasync {path} ")
    assert f"  supasync {line}\n" in out.getvalue()
