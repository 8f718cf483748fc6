"""The schema `supasync` on a branch: lease, journal, earlier schemas, and how far a seed came.

It is never compared and never exists on production. Its tables are made by the first write of a
run. Every write takes the same transaction-level advisory lock first, so whoever asks for that
lock afterwards knows that no earlier write is still under way.
"""

from __future__ import annotations

WRITE_LOCK = 0x5AB5_C0DE_5EED
"""Key of the advisory lock that all our writes to a branch take."""

_SECONDS_TO_WAIT = 50  # one call is cut at 60 s by the platform
_SECONDS_FOR_TABLES = 10  # an application that holds a table longer is told, not waited for

TAKE_WRITE_LOCK = f"""\
set local lock_timeout = '{_SECONDS_TO_WAIT}s';
do $lock$ begin perform pg_advisory_xact_lock({WRITE_LOCK}); end $lock$;
set local lock_timeout = '{_SECONDS_FOR_TABLES}s';
"""

CREATE = """\
create schema if not exists supasync;
create table if not exists supasync.lease (
  only_row boolean primary key default true check (only_row),
  run_id text not null,
  holder text not null,
  token bigint not null,
  since timestamptz not null,
  expires timestamptz not null
);
alter table supasync.lease add column if not exists request text;
create table if not exists supasync.journal (
  id bigint generated always as identity primary key,
  run_id text not null,
  kind text not null,
  at timestamptz not null default clock_timestamp(),
  source_fingerprint text,
  target_fingerprint text,
  unique (run_id, kind)
);
create table if not exists supasync.past (
  id bigint generated always as identity primary key,
  run_id text not null,
  kind text not null,
  at timestamptz not null default clock_timestamp(),
  form text not null,
  fingerprint text not null,
  document text not null
);
create sequence if not exists supasync.seed_position minvalue 0;
"""

LEASE_LOST, DONE_BEFORE = "SY001", "SY002"
"""SQLSTATEs our own statements raise: the run no longer holds the lease; it has done this write."""
