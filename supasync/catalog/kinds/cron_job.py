from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supasync.catalog.gathered import gathered
from supasync.catalog.object import Object, Part, Query, hint, read
from supasync.catalog.session import Session
from supasync.sql import literal

_GATHER = """select json_agg(json_build_object('id', j.jobid, 'name', j.jobname,
  'by', j.username, 'schedule', j.schedule, 'command', j.command,
  'database', nullif(j.database, current_database()), 'active', j.active)
  order by j.jobname, j.username)
from cron.job j where j.jobname is not null"""


@dataclass(frozen=True, kw_only=True)
class CronJob(Object):
    """A named job of pg_cron. Path: its name and the role it runs as.

    It comes over inactive: its command may well reach production's URLs with production's
    secrets. Whether it is active is each branch's own affair from then on.
    """

    label = "CRON JOB"
    query = Query(
        catalog="cron.job",
        tables=gathered(
            "cron_job",
            "id int8, name text, by text, schedule text, command text, database text, active bool",
        ),
        gather=_GATHER,
        gather_from="cron.job",
        oid="(g.id & 4294967295)::oid",
        path="g.name, g.by",
        edges="""select to_regclass('cron.job')::oid, (g.id & 4294967295)::oid, 0,
              'pg_extension'::regclass::oid, x.oid, 0
            from {rows}, pg_extension x where x.extname = 'pg_cron'""".format(
            rows=gathered("cron_job", "id int8")
        ),
    )
    schedule: str = read("g.schedule")
    command: str = read("g.command")
    database: str | None = read("g.database")
    """null: the one the job is kept in."""
    active: bool = hint("g.active")

    @property
    def title(self) -> str:
        return f"CRON JOB {self.path[0]}"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({self.path[1]})

    @property
    def _database(self) -> str:
        return literal(self.database) if self.database else "current_database()"

    @property
    def _id(self) -> str:
        name, user = map(literal, self.path)
        return f"(select jobid from cron.job where jobname = {name} and username = {user})"

    def create(self, parts: tuple[Part, ...] = ()) -> list[str]:
        name, user = map(literal, self.path)
        values = f"{name}, {literal(self.schedule)}, {literal(self.command)}, {self._database}"
        # naming a role, even one's own, takes a superuser
        role = f"nullif({user}, current_user)"
        return [f"select cron.schedule_in_database({values}, {role}, false)"]

    def drop(self) -> list[str]:
        return [f"select cron.unschedule({self._id})"]

    def _alter(self, argument: str, value: str) -> list[str]:
        return [f"select cron.alter_job({self._id}, {argument} := {value}, active := false)"]

    def alter_schedule(self, old: CronJob) -> list[str]:
        return self._alter("schedule", literal(self.schedule))

    def alter_command(self, old: CronJob) -> list[str]:
        return self._alter("command", literal(self.command))

    def alter_database(self, old: CronJob) -> list[str]:
        return self._alter("database", self._database)

    def obstacles(self, verb: str, session: Session) -> Iterable[str]:
        if self.path[1] != session.user and not session.superuser:
            yield f"only a superuser changes the jobs of {self.path[1]}"

    def disarmed(self, old: CronJob | None) -> str:
        return "is left inactive: what it does may reach production" if self.active else ""
