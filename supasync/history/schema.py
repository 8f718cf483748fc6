"""The tables, for SQLite and for PostgreSQL; a newer form is made by the steps after the older.

`{number}` is how a driver's database numbers rows. Documents are JSON as `events.Summary` has it: a
run's without its branches, and each branch's part. They are null until the run has ended. heard:
when it last said that it is running; null in those of version 1.
"""

from __future__ import annotations

VERSIONS: tuple[tuple[str, ...], ...] = (
    (
        "create table runs ("
        " number {number},"
        " id text not null,"
        " attempt integer not null,"
        " command text not null,"
        " source text not null,"
        " dry_run integer not null,"
        " cause text not null,"
        " holder text not null,"
        " started double precision not null,"
        " ended double precision,"
        " exit_code integer,"
        " document text,"
        " unique (id, attempt))",
        "create index runs_started on runs (started)",
        "create table branch_runs ("
        " run bigint not null references runs (number) on delete cascade,"
        " position integer not null,"
        " branch text not null,"
        " started double precision not null,"
        " ended double precision,"
        " verdict text,"
        " code integer,"
        " document text,"
        " primary key (run, position))",
        "create index branch_runs_started on branch_runs (branch, started)",
    ),
    ("alter table runs add column heard double precision",),
)
"""VERSIONS[n] makes version n + 1 of version n. What was released is never changed."""
