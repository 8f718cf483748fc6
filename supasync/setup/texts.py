"""The texts of the files that `supasync init` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from supasync import __version__
from supasync.config.source import dotted

_CONFIG = """\
# supasync's configuration. `supasync config show` has all keys with their defaults, and
# docs/reference/configuration.md what they mean.

[project]
ref = {ref} # production; it is read, never written

{branches}
[seed]
paths = {seeds} # what each branch is filled with after a sync

# A user who shall be able to log in on each branch:
# [[test_users]]
# email = "admin@example.com"
# role = "admin"
# password = "env(TEST_ADMIN_PASSWORD)"

# [validation]
# essential_tables = ["public.users"]
"""

SEED = """\
-- Rows that every branch has after a sync. It runs each time, so write statements that can run
-- again, such as:
--
-- insert into public.countries (code, name) values ('NO', 'Norway')
-- on conflict (code) do update set name = excluded.name;
"""

WORKFLOW = f"""\
# Keeps the Supabase branches equal to production's schema, and shows in each pull request what a
# sync would change. It needs the repository secret SUPABASE_ACCESS_TOKEN: a personal access token
# from supabase.com/dashboard/account/tokens. The variables of test users' passwords in config.toml
# belong below env, too.
name: supasync

on:
  pull_request:
  workflow_dispatch:
  schedule:
    - cron: "17 * * * *"

permissions:
  contents: read
  pull-requests: write # for the comment

env:
  SUPABASE_ACCESS_TOKEN: ${{{{ secrets.SUPABASE_ACCESS_TOKEN }}}}

jobs:
  plan:
    # A fork's pull request has neither the secrets nor the permission.
    if: >-
      github.event_name == 'pull_request' &&
      github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: supasync/supasync@v{__version__}
        id: plan
        continue-on-error: true # a difference is no fault of the pull request
        with:
          command: plan
      - if: steps.plan.outputs.result != 'Synced' && steps.plan.outputs.result != 'OutOfSync'
        run: exit 1

  sync:
    if: github.event_name != 'pull_request'
    concurrency: supasync # one at a time
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: supasync/supasync@v{__version__}
        with:
          command: sync
      - uses: supasync/supasync@v{__version__}
        with:
          command: validate
"""


def config(ref: str, branches: Mapping[str, bool], seeds: Sequence[str]) -> str:
    """branches: names → whether a sync shall create the branch."""
    sections = "\n".join(_section(name, create=create) for name, create in branches.items())
    return _CONFIG.format(
        ref=_text(ref),
        branches=sections or "# [branches.testing]\n",
        seeds=f"[{', '.join(map(_text, seeds))}]",
    )


def _section(name: str, *, create: bool) -> str:
    told = "create = true # a sync makes it, since there is none yet\n" if create else ""
    return f"[{dotted(('branches', name))}]\n{told}"


def _text(value: str) -> str:
    """A TOML basic string, which JSON's strings are."""
    return json.dumps(value, ensure_ascii=False)
