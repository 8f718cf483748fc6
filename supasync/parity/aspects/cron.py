"""Cron jobs: when, what, where and whether they run. Their commands may hold keys."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Fact, Facts

# cron.job is not there without the extension: its query is only planned where it is
QUERY: Final = """do $$
begin
  if pg_catalog.to_regclass('cron.job') is not null then
    perform pg_catalog.set_config('supasync.parity_cron', (
      select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
        'name', j.jobname, 'role', j.username, 'schedule', j.schedule, 'command', j.command,
        'database', nullif(j.database, pg_catalog.current_database()), 'active', j.active)
        order by j.jobname, j.username, j.schedule, j.command), '[]')::text
      from cron.job j), true);
  end if;
end $$;
select coalesce(nullif(pg_catalog.current_setting('supasync.parity_cron', true), ''), '[]')"""
_NOTE: Final = "a sync leaves jobs inactive on a branch: what they do may reach production"


async def read(end: End) -> Facts:
    """Jobs without a name are told by their role alone, all of a role together."""
    jobs: defaultdict[str, list[Any]] = defaultdict(list)
    for job in await end.fetch(QUERY):
        jobs[f"{job['name'] or 'unnamed'} ({job['role']})"].append(job)
    return {name: _fact(found) for name, found in jobs.items()}


def _fact(jobs: list[Any]) -> Fact:
    shown = (f"{job['schedule']}, {'active' if job['active'] else 'inactive'}" for job in jobs)
    return Fact(compared=jobs, shown="; ".join(shown), note=_NOTE)


ASPECT: Final = Aspect(name="cron jobs", permission="database_read", read=read, query=QUERY)
