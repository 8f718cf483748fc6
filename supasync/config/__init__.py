"""config.toml: what a team wants of its branches."""

from supasync.config.model import (
    Branch,
    Config,
    Profiles,
    Project,
    Seed,
    TestUser,
    Validation,
)
from supasync.config.read import load, of_settings
from supasync.config.seeds import seed_files
from supasync.config.service import (
    Bitbucket,
    Github,
    Gitlab,
    Serve,
    Supabase,
    Watch,
    Webhooks,
    Window,
)

__all__ = [
    "Bitbucket",
    "Branch",
    "Config",
    "Github",
    "Gitlab",
    "Profiles",
    "Project",
    "Seed",
    "Serve",
    "Supabase",
    "TestUser",
    "Validation",
    "Watch",
    "Webhooks",
    "Window",
    "load",
    "of_settings",
    "seed_files",
]
