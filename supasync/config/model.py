"""What config.toml says, checked.

A value that has no business in a message (a password) is never part of an error: models hide
their input, and problems.py words every message itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StrictBool,
    field_validator,
    model_validator,
)

from supasync import settings
from supasync.config.section import Section, Text, problem
from supasync.config.service import Serve, Watch, Webhooks

PASSWORD_BYTES = 72  # bcrypt's limit, which the Auth service enforces
_NAME_PART = r'(?:[^\W\d][\w$]*|"(?:[^"\x00]|"")+")'
_QUALIFIED = re.compile(rf"(?:({_NAME_PART})\.)?({_NAME_PART})\Z")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")


def _qualified(value: str) -> str:
    match = _QUALIFIED.match(value)
    if match is None:
        raise problem(
            "is not the name of a table or function",
            'Write schema.name, as in public.users; quote unusual names: public."User".',
        )
    return value if match[1] else f"public.{value}"


def _function(value: str) -> str:
    return _qualified(value.removesuffix("()"))


def _email(value: str) -> str:
    if len(value) > 255 or not _EMAIL.match(value):
        raise problem("is not an e-mail address", "Write it as name@example.com.")
    return value.lower()  # as the Auth service keeps it


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise problem("must be a share between 0 and 1", "Write 0.5 for one half, 1 for any share.")
    return float(value)


def _checked(check: Callable[[str], str], remedy: str) -> AfterValidator:
    def validate(value: str) -> str:
        try:
            return check(value)
        except ValueError as error:
            raise problem(str(error), remedy) from None

    return AfterValidator(validate)


QualifiedName: TypeAlias = Annotated[str, AfterValidator(_qualified)]
FunctionName: TypeAlias = Annotated[str, AfterValidator(_function)]
Email: TypeAlias = Annotated[str, AfterValidator(_email)]
Share: TypeAlias = Annotated[float, BeforeValidator(_share)]
Ref: TypeAlias = Annotated[
    str, _checked(settings.check_ref, "Copy it from the project's URL: https://REF.supabase.co.")
]
Url: TypeAlias = Annotated[
    str, _checked(settings.check_url, "Leave it out for the hosted platform.")
]
UrlTemplate: TypeAlias = Annotated[
    str, _checked(settings.check_template, 'Write it as "https://{ref}.supabase.co".')
]
Size: TypeAlias = Literal[
    "pico", "nano", "micro", "small", "medium", "large", "xlarge",
    "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge",
    "24xlarge", "24xlarge_optimized_memory", "24xlarge_optimized_cpu", "24xlarge_high_memory",
    "48xlarge", "48xlarge_optimized_memory", "48xlarge_optimized_cpu", "48xlarge_high_memory",
]  # fmt: skip
"""Of a branch's instance (OpenAPI document, CreateBranchBody.desired_instance_size)."""


class Project(Section):
    """ref: production's. api_url: without /v1. project_url: where a project answers, and
    dashboard_url: where people look at it, both with {ref}."""

    ref: Ref
    api_url: Url = "https://api.supabase.com"
    project_url: UrlTemplate = "https://{ref}.supabase.co"
    dashboard_url: UrlTemplate = "https://supabase.com/dashboard/project/{ref}"


class Branch(Section):
    """allow_data_loss: whether a plan may lose rows. prune: the share of the branch's objects that
    a plan may drop without being confirmed. The last five are for a branch that does not exist yet;
    None leaves it to the platform."""

    auto_sync_schema: StrictBool = True
    auto_sync_data: StrictBool = False
    seed_on_sync: StrictBool = True
    allow_data_loss: StrictBool = True
    prune: Share = 0.5
    create: StrictBool = False
    persistent: StrictBool | None = None
    region: Text | None = None
    size: Size | None = None
    git_branch: Text | None = None

    @field_validator("auto_sync_data")
    @classmethod
    def _no_data(cls, value: bool) -> bool:
        if value:
            raise problem(
                "copying production's data is not offered by this version",
                "Set it to false, or leave it out: seeds and test users fill the branch.",
            )
        return value


class Seed(Section):
    """paths: globs relative to the configuration file's folder. function: its qualified name."""

    paths: tuple[Text, ...] = ()
    function: FunctionName | None = None


class TestUser(Section):
    """role: the application's word for it, as in [profiles]'s table. email: in lower case."""

    __test__ = False  # a name that pytest would collect

    email: Email
    role: Text
    login: Literal["password", "magic_link"] = "password"
    password: SecretStr | None = None
    purpose: str = ""

    @model_validator(mode="after")
    def _can_log_in(self) -> Self:
        if self.password is None:
            if self.login == "password":
                raise problem(
                    "is missing, and the user logs in with one",
                    'Add password = "env(NAME)", or set login = "magic_link".',
                    ("password",),
                )
            return self
        if not 1 <= len(self.password.get_secret_value().encode()) <= PASSWORD_BYTES:
            raise problem(
                f"must have 1 to {PASSWORD_BYTES} bytes", "Choose another.", ("password",)
            )
        return self


class Validation(Section):
    essential_tables: tuple[QualifiedName, ...] = ()


class Profiles(Section):
    """The application's own user table, in which test users' role and active flag are checked."""

    table: QualifiedName
    email_column: Text = "email"
    role_column: Text = "role"
    active_column: Text = "is_active"


class Sections(Section):
    """Our sections of a file."""

    project: Project
    branches: Mapping[Text, Branch] = Field(default_factory=dict)
    seed: Seed = Seed()
    test_users: tuple[TestUser, ...] = ()
    validation: Validation = Validation()
    profiles: Profiles | None = None
    watch: Watch = Watch()
    serve: Serve = Serve()
    webhooks: Webhooks = Webhooks()

    @field_validator("branches")
    @classmethod
    def _no_production(cls, branches: Mapping[str, Branch]) -> Mapping[str, Branch]:
        if "main" in branches:
            raise problem(
                "main is production, which is never a target",
                "Remove the section; production is named by ref in [project].",
                ("main",),
            )
        return branches

    @field_validator("test_users")
    @classmethod
    def _emails_differ(cls, users: tuple[TestUser, ...]) -> tuple[TestUser, ...]:
        seen: set[str] = set()
        for index, user in enumerate(users):
            if user.email in seen:
                raise problem(
                    f"{user.email} is another test user's already (case does not count)",
                    "Give each test user an e-mail address of its own.",
                    (index, "email"),
                )
            seen.add(user.email)
        return users


class Config(Sections):
    """A configuration. remotes: branch name → project ref, as Supabase's own file knows them, and
    remote_seeds → what it seeds them with, unless [seed] says what all are seeded with.
    official: whether `file` is Supabase's own. warnings: for people, in the order found."""

    file: Path
    warnings: tuple[str, ...] = ()
    remotes: Mapping[str, Ref] = Field(default_factory=dict)
    remote_seeds: Mapping[str, tuple[Text, ...]] = Field(default_factory=dict)
    official: bool = False

    def settings_of(self, *names: str | None) -> Branch:
        """The settings of a branch with these names, of which the first that has a section counts;
        where there is none, the defaults."""
        known = (self.branches.get(name) for name in names if name is not None)
        return next((found for found in known if found is not None), Branch())

    def seed_of(self, branch: str) -> Seed:
        """The seed of a branch, named as its section or by its ref."""
        by_ref = {ref: name for name, ref in self.remotes.items()}
        paths = self.remote_seeds.get(by_ref.get(branch, branch))
        return self.seed if paths is None else Seed(paths=paths)
