"""config.toml: what a team wants of its branches."""

from supasync.config.data import KEYED, Data, DataTable, Mask
from supasync.config.model import (
    Branch,
    Config,
    EssentialTable,
    Expectation,
    Migrations,
    Profiles,
    Project,
    Seed,
    Sync,
    TestUser,
    Validation,
)
from supasync.config.notify import Notify, Occasion
from supasync.config.read import load, of_settings
from supasync.config.section import QUALIFIED
from supasync.config.seeds import seed_digest, seed_files, seed_tables, seed_variables
from supasync.config.service import (
    Bitbucket,
    Github,
    Gitlab,
    History,
    Serve,
    Supabase,
    Watch,
    Webhooks,
    Window,
)

__all__ = [
    "KEYED",
    "QUALIFIED",
    "Bitbucket",
    "Branch",
    "Config",
    "Data",
    "DataTable",
    "EssentialTable",
    "Expectation",
    "Github",
    "Gitlab",
    "History",
    "Mask",
    "Migrations",
    "Notify",
    "Occasion",
    "Profiles",
    "Project",
    "Seed",
    "Serve",
    "Supabase",
    "Sync",
    "TestUser",
    "Validation",
    "Watch",
    "Webhooks",
    "Window",
    "load",
    "of_settings",
    "seed_digest",
    "seed_files",
    "seed_tables",
    "seed_variables",
]
