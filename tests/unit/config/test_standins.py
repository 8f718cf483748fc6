"""A file that is checked without the variables that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync import config
from supasync.errors import ConfigError


def test_without_variables_the_file_is_checked_as_far_as_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        """
        [project]
        ref = "env(REF)"
        api_url = "env(API)"
        project_url = "env(PROJECT)"
        [seed]
        variables = ["SHIP"]
        [masks]
        key = "env(MASK)"
        [history]
        database_url = "env(HISTORY)"
        [webhooks.github]
        repository = "ships/crew"
        secret = "env(HOOK)"
        [[notify]]
        kind = "webhook"
        url = "env(WHERE)"
        secret = "env(SIGNED)"
        [[test_users]]
        email = "env(FIRST)"
        role = "admin"
        password = "env(PASSWORD)"
        [[test_users]]
        email = "env(SECOND)"
        role = "env(ROLE)"
        password = "env(PASSWORD)"
        """
    )
    found = config.load(file, env={"ROLE": "crew"}, service=True, variables=False)
    assert [user.role for user in found.test_users] == ["admin", "crew"]
    assert list(found.seed_values) == ["SHIP"]
    file.write_text(file.read_text() + "login = 'pasword'\n")
    with pytest.raises(ConfigError, match=r"test_users\[1\].login\] must be 'password'"):
        config.load(file, env={}, service=True, variables=False)


def test_without_variables_production_may_be_named_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[branches.testing]\n")
    assert list(config.load(file, env={}, variables=False).branches) == ["testing"]
    with pytest.raises(ConfigError, match="project"):
        config.load(file, env={})
