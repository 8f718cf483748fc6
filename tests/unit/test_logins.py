"""Which test user is meant by what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from supasync.config import Branch, Config, Project, TestUser
from supasync.errors import UsageError
from supasync.sync.logins import links

ADMIN = TestUser(email="admin@example.test", role="admin", login="magic_link")
CREW = TestUser(email="crew@example.test", role="crew", login="magic_link")


def config(*branches: str, users: tuple[TestUser, ...] = (ADMIN, CREW)) -> Config:
    return Config(
        project=Project(ref="a" * 20),
        branches={name: Branch() for name in branches},
        test_users=users,
        file=Path("config.toml"),
    )


@pytest.mark.parametrize(
    ("name", "user", "command"),
    [
        ("crew@example.test", None, "supasync users login BRANCH crew@example.test"),
        ("Crew@Example.test", "testing", "supasync users login testing Crew@Example.test"),
        ("crew@example.test", "fork", "supasync users login BRANCH crew@example.test"),
        ("crw@example.test", "testing", "supasync users login testing crw@example.test"),
        ("crew", "testing", "supasync users login testing crew"),
        ("crew", None, "supasync users login BRANCH crew"),
        ("a$b@example.test", None, "supasync users login BRANCH 'a$b@example.test'"),
    ],
)
def test_a_test_user_in_the_place_of_the_branch(name: str, user: str | None, command: str) -> None:
    with pytest.raises(UsageError, match="where the branch belongs") as caught:
        links.check_order(name, user, config("testing", "preview"))
    assert str(caught.value.remedy) == f"Name the branch first: `{command}`."


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("testing", None),
        ("testing", "preview"),
        ("crew", "admin"),
        ("fork", None),
        ("fix@1.2", None),
        ("fix@example.test", "admin"),
    ],
)
def test_a_branch_may_be_called_as_it_likes(name: str, user: str | None) -> None:
    links.check_order(name, user, config("testing"))


def test_the_only_branch_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        links.check_order(CREW.email, None, config("testing"))
    assert "login testing crew@example.test`" in str(caught.value.remedy)


@pytest.mark.parametrize("name", ["crew", "fix@example.test"])
def test_the_only_test_user_need_not_be_named(name: str) -> None:
    links.check_order(name, None, config("testing", users=(CREW,)))
