"""The files of deploy/ name only what there is: commands, options, variables, paths, ports."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from supasync import config, settings
from supasync.cli.app import app
from supasync.config import Serve
from supasync.errors import UsageError
from supasync.service import token

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PORT = Serve().port
VALUES = {
    "SUPABASE_ACCESS_TOKEN": "sbp_" + "0" * 40,
    "SUPABASE_PROJECT_REF": "abcdefghijklmnopqrst",
    "GITHUB_WEBHOOK_SECRET": "0123456789abcdef",
    "SUPASYNC_JOBS_URL": "postgresql://supasync:p@jobs:5432/supasync",
    token.VARIABLE: "0123456789abcdef" * 2,
}


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((ROOT / "deploy" / name).read_text()))


def instruction(name: str) -> str:
    """What a Dockerfile's last instruction of this name says."""
    return re.findall(rf"(?m)^{name} ((?:.*\\\n)*.*)$", DOCKERFILE)[-1].replace("\\\n", " ")


def check_command(words: list[str]) -> None:
    """Of `supasync`, as it is typed. Raises: AssertionError for what there is not."""
    command: Any = typer.main.get_command(app)
    known = {option for each in command.commands[words[0]].params for option in each.opts}
    assert {word for word in words[1:] if word.startswith("-")} <= known


def loaded(text: str, folder: Path, env: dict[str, str]) -> config.Config:
    file = folder / "config.toml"
    file.write_text(text)
    return config.load(file, env=env, service=True)


@pytest.fixture
def stateful() -> dict[str, Any]:
    [found] = [each for each in documents("kubernetes.yaml") if each["kind"] == "StatefulSet"]
    pod: dict[str, Any] = found["spec"]["template"]["spec"]
    return pod


def variables() -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(instruction("ENV")))


def test_the_image_has_what_the_command_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for extra in re.findall(r'"\.\[(\w+)\]"', DOCKERFILE):
        assert extra in project["optional-dependencies"]
    for line in re.findall(r"(?m)^COPY (?!--from)(.*)$", DOCKERFILE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert f"!{source.removeprefix('./')}" in (ROOT / ".dockerignore").read_text()
    [entry] = json.loads(instruction("ENTRYPOINT"))
    assert entry in project["scripts"]
    command = json.loads(instruction("CMD"))
    check_command(command)
    assert command[command.index("--port") + 1] == instruction("EXPOSE") == str(PORT)
    told = settings.Settings.__doc__ or ""
    assert {name for name in variables() if name.startswith("SUPA")} <= set(
        re.findall(r"SUPA\w+", told)
    )
    assert instruction("USER") == "10001:10001"
    assert f":{PORT}/healthz'" in instruction("HEALTHCHECK")


def test_compose(tmp_path: Path) -> None:
    [compose] = documents("compose.yaml")
    service = compose["services"]["supasync"]
    assert (ROOT / "deploy" / service["build"] / "Dockerfile").is_file()
    assert service["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    places = [volume.split(":")[1] for volume in service["volumes"]]
    assert places == [variables()["SUPASYNC_CONFIG"], variables()["SUPASYNC_STATE_DIR"]]
    env = {name: VALUES[name] for name in service["environment"]}
    found = loaded((ROOT / "deploy/config.toml").read_text(), tmp_path, env)
    assert found.serve.database_url is not None
    assert set(service["depends_on"]) <= set(compose["services"])


def test_kubernetes(stateful: dict[str, Any], tmp_path: Path) -> None:
    by_kind = {each["kind"]: each for each in documents("kubernetes.yaml")}
    secrets = by_kind["Secret"]["stringData"]
    env = {name: VALUES[name] for name in secrets}
    assert loaded(by_kind["ConfigMap"]["data"]["config.toml"], tmp_path, env).webhooks.github
    assert token.given(env) is not None
    with pytest.raises(UsageError):
        token.given(secrets)  # what is to be replaced is no token
    [container] = stateful["containers"]
    assert [port["containerPort"] for port in container["ports"]] == [PORT]
    routes = re.findall(r'Route\("(.*?)"', (ROOT / "supasync/service/app.py").read_text())
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[name]["httpGet"]["path"] in routes
    mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounted["state"] == variables()["SUPASYNC_STATE_DIR"]
    assert variables()["SUPASYNC_CONFIG"] == f"{mounted['config']}/config.toml"
    assert instruction("USER").split(":") == [
        str(stateful["securityContext"][name]) for name in ("runAsUser", "runAsGroup")
    ]


def unit() -> Iterator[tuple[str, str]]:
    for line in (ROOT / "deploy/supasync.service").read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            name, _, value = line.partition("=")
            yield name, value


def test_the_unit() -> None:
    found = dict(unit())
    program, *words = found["ExecStart"].split()
    assert Path(program).name == "supasync"
    check_command(words)
    set_ = dict(value.split("=", 1) for name, value in unit() if name == "Environment")
    assert set_ == {name: value for name, value in variables().items() if name.startswith("SUPA")}
    assert set_["SUPASYNC_STATE_DIR"] == f"/var/lib/{found['StateDirectory']}"


def test_the_documentation_names_all_of_them() -> None:
    text = (ROOT / "docs/how-to/deployment.md").read_text()
    for file in (ROOT / "deploy").iterdir():
        assert f"deploy/{file.name}" in text
    assert set(re.findall(r"(?m)^\| `([A-Z_]+)` \|", text)) == {*VALUES, "POSTGRES_PASSWORD"}
