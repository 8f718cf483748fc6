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

from supasync import copyable, settings
from supasync.config.data import KEYED, Data, Masks
from supasync.config.lines import KeyPath
from supasync.config.notify import Notify
from supasync.config.section import QUALIFIED, Section, Text, problem
from supasync.config.service import History, Serve, Watch, Webhooks
from supasync.config.source import dotted, nearest
from supasync.errors import ConfigError

PASSWORD_BYTES = 72  # bcrypt's limit, which the Auth service enforces
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")


def _qualified(value: str) -> str:
    match = QUALIFIED.match(value)
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


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise problem(
            "is not the name of an environment variable",
            'Write it without $ or env(): variables = ["ADMIN_EMAIL"].',
        )
    return name


def _setting(name: str) -> str:
    if name in copyable.RULES:
        return name
    listed = "docs/reference/settings.md lists those that can be copied."
    if reason := copyable.never(name):
        raise problem(f'"{name}" {reason}', f"Take it out; {listed}")
    close = copyable.meant(name)
    remedy = f'Did you mean "{close}"? {listed}' if close else listed
    raise problem(f'"{name}" is no setting that can be copied', remedy)


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise problem("must be a share between 0 and 1", "Write 0.5 for one half, 1 for any share.")
    return float(value)


def _positive(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise problem("must be a number above 0", "Write it as 24 or 0.5, without quotes.")
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
VariableName: TypeAlias = Annotated[str, AfterValidator(_variable)]
SettingName: TypeAlias = Annotated[str, AfterValidator(_setting)]
Email: TypeAlias = Annotated[str, AfterValidator(_email)]
Share: TypeAlias = Annotated[float, BeforeValidator(_share)]
Positive: TypeAlias = Annotated[float, BeforeValidator(_positive)]
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


Service: TypeAlias = Literal[
    "auth", "db", "db_postgres_user", "pooler", "realtime", "rest", "storage"
]
"""Of a project (OpenAPI document, GET /v1/projects/{ref}/health)."""


class Project(Section):
    """ref: production's. api_url: without /v1. project_url: where a project answers, and
    dashboard_url: where people look at it, both with {ref}."""

    ref: Ref
    api_url: Url = "https://api.supabase.com"
    project_url: UrlTemplate = "https://{ref}.supabase.co"
    dashboard_url: UrlTemplate = "https://supabase.com/dashboard/project/{ref}"


class Branch(Section):
    """allow_data_loss: whether a plan may lose rows. prune: the share of the branch's objects that
    a plan may drop without being confirmed. data: which rows of production may be read, and are
    where auto_sync_data is true. The last five are for a branch that does not exist yet;
    None leaves it to the platform."""

    auto_sync_schema: StrictBool = True
    auto_sync_data: StrictBool = False
    data: Data = Data()
    seed_on_sync: StrictBool = True
    allow_data_loss: StrictBool = True
    prune: Share = 0.5
    create: StrictBool = False
    persistent: StrictBool | None = None
    region: Text | None = None
    size: Size | None = None
    git_branch: Text | None = None

    @model_validator(mode="after")
    def _data_is_listed(self) -> Self:
        if self.auto_sync_data and not self.data.listed:
            raise problem(
                "is true, and no table is listed whose rows may be read",
                'Add a section [branches.NAME.data] with tables = ["public.countries"], or set '
                "it to false.",
                ("auto_sync_data",),
            )
        return self


class Seed(Section):
    """paths: globs relative to the configuration file's folder. function: its qualified name.
    triggers: whether they fire meanwhile. variables: of the environment, that the files may use.
    tables: whose rows a file has that is not called by its table; keys are paths as above."""

    paths: tuple[Text, ...] = ()
    function: FunctionName | None = None
    triggers: Literal["on", "off"] = "on"
    variables: tuple[VariableName, ...] = ()
    tables: Mapping[Text, QualifiedName] = Field(default_factory=dict)


class Sync(Section):
    """settings: of services, by name, that a sync copies from production to the branches."""

    settings: tuple[SettingName, ...] = ()


def _rows(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise problem("must be a number of rows", "Write it as rows = 1, without quotes.")
    return value


class Expectation(Section):
    """How many rows of a table or view the user sees through the Data API."""

    table: QualifiedName
    rows: Annotated[int, BeforeValidator(_rows)]


class TestUser(Section):
    """role: the application's word for it, as in [profiles]'s table. email: in lower case."""

    __test__ = False  # a name that pytest would collect

    email: Email
    role: Text
    login: Literal["password", "magic_link"] = "password"
    password: SecretStr | None = None
    purpose: str = ""
    expect: tuple[Expectation, ...] = ()

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


class EssentialTable(Section):
    """columns: that it must have, as PostgreSQL has their names."""

    table: QualifiedName
    columns: tuple[Text, ...] = ()


def _essential(value: object) -> object:
    """A table's name alone is short for a table without required columns."""
    if isinstance(value, str):
        return EssentialTable(table=_qualified(value))
    if isinstance(value, dict | EssentialTable):
        return value
    raise problem(
        "is neither a table nor a table with columns",
        'Write "public.users", or {table = "public.users", columns = ["id", "email"]}.',
    )


Essential: TypeAlias = Annotated[
    EssentialTable, BeforeValidator(_essential, json_schema_input_type=str | EssentialTable)
]


class Validation(Section):
    """services: that have to be healthy. sync_max_age_hours: since the last good sync.
    sync_p95_seconds: how long 95 of 100 syncs of a branch may take; None: as long as they take."""

    essential_tables: tuple[Essential, ...] = ()
    services: tuple[Service, ...] = ("auth", "db", "rest")
    sync_max_age_hours: Positive = 168.0
    sync_p95_seconds: Positive | None = None


class Migrations(Section):
    """folder: of the migration files, relative to the configuration's; None is supabase/cli's."""

    folder: Text | None = None


class Certificate(Section):
    """key_file: of the private key that signs, relative to the configuration's folder."""

    key_file: Text | None = None


class Profiles(Section):
    """The application's own user table, in which test users' role and active flag are checked, and
    account_column gets the id of their account."""

    table: QualifiedName
    email_column: Text = "email"
    role_column: Text = "role"
    active_column: Text = "is_active"
    account_column: Text | None = None


class Sections(Section):
    """Our sections of a file."""

    project: Project
    branches: Mapping[Text, Branch] = Field(default_factory=dict)
    seed: Seed = Seed()
    sync: Sync = Sync()
    test_users: tuple[TestUser, ...] = ()
    validation: Validation = Validation()
    migrations: Migrations = Migrations()
    profiles: Profiles | None = None
    masks: Masks | None = None
    watch: Watch = Watch()
    serve: Serve = Serve()
    history: History = History()
    certificate: Certificate = Certificate()
    webhooks: Webhooks = Webhooks()
    notify: tuple[Notify, ...] = ()

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

    @model_validator(mode="after")
    def _masks_have_a_key(self) -> Self:
        for name, branch in self.branches.items():
            for table, rules in branch.data.listed.items():
                keyed = [column for column, mask in rules.mask.items() if mask.kind in KEYED]
                if keyed and self.masks is None:
                    raise problem(
                        "is made with a key, and there is none",
                        'Add a section [masks] with key = "env(SUPASYNC_MASK_KEY)", and set that '
                        "variable to what `openssl rand -hex 32` prints, the same each time.",
                        ("branches", name, "data", table, "mask", keyed[0]),
                    )
        return self

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
    official: whether `file` is Supabase's own. warnings: for people, in the order found.
    lines: of the file's keys. seed_values: those of [seed] variables that are set.
    without_passwords: the e-mail addresses of test users, where the command has none of them."""

    file: Path
    seed_values: Mapping[str, SecretStr] = Field(default_factory=dict)
    lines: Mapping[KeyPath, int] = Field(default_factory=dict, repr=False)
    warnings: tuple[str, ...] = ()
    remotes: Mapping[str, Ref] = Field(default_factory=dict)
    remote_seeds: Mapping[str, tuple[Text, ...]] = Field(default_factory=dict)
    official: bool = False
    without_passwords: tuple[str, ...] = ()

    @property
    def emails(self) -> tuple[str, ...]:
        """Of all test users."""
        return self.without_passwords or tuple(user.email for user in self.test_users)

    def settings_of(self, *names: str | None) -> Branch:
        """The settings of a branch with these names, of which the first that has a section counts;
        where there is none, the defaults."""
        known = (self.branches.get(name) for name in names if name is not None)
        return next((found for found in known if found is not None), Branch())

    @model_validator(mode="after")
    def _masks_have_a_key(self) -> Self:
        return self  # checked with the file; a command that copies no rows has no key

    def error(self, path: KeyPath, message: str, remedy: str) -> ConfigError:
        """What turns out later to be wrong with a key's value."""
        return ConfigError(
            message,
            file=self.file,
            line=nearest(self.lines, path),
            key=dotted(path),
            remedy=remedy,
        )

    def seed_of(self, branch: str) -> Seed:
        """The seed of a branch, named as its section or by its ref."""
        by_ref = {ref: name for name, ref in self.remotes.items()}
        paths = self.remote_seeds.get(by_ref.get(branch, branch))
        return self.seed if paths is None else Seed(paths=paths)
