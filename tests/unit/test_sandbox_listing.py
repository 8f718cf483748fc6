"""What `supasync sandbox up` prints is enough for the shell that uses it."""

import re
from pathlib import Path

from supasync.cli.sandbox import _listing

PROJECT = dict.fromkeys(
    ("project_ref", "project_url", "anon_key", "service_role_key", "db_url"), "x"
)
INFO = PROJECT | {"api_url": "http://h", "access_token": "sbp_x", "branches": []}


def test_every_variable_of_the_example_s_configuration_is_exported():
    example = Path(__file__).parents[2] / "config.toml"
    needed = set(re.findall(r'^[^#\n]*"env\((\w+)\)"', example.read_text(), re.MULTILINE))
    exported = set(re.findall(r"export (\w+)=\S", _listing(INFO)))
    assert needed
    assert needed <= exported
