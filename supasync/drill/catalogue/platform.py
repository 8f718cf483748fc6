"""What is the user's in the platform's schemas: storage, auth, cron, the migration history."""

from __future__ import annotations

from supasync.drill.drift import NAME, Drift, Family

_OBJECTS = "storage.objects"
_BUCKETS = "storage.buckets"
_JOBS = "cron.job"
_HISTORY = "supabase_migrations.schema_migrations"
_AUTH_TRIGGERS = """from pg_trigger g join pg_class c on c.oid = g.tgrelid
    join pg_namespace n on n.oid = c.relnamespace join fn on fn.oid = g.tgfoid
    where n.nspname = 'auth' and not g.tgisinternal"""
_OWN_JOBS = "from cron.job j where j.jobname is not null and j.username = current_user"


def _storage(name: str, what: str, sql: str, where: str = "true") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs="a policy on storage.objects",
        kind="policy",
        path="s, r, p",
        sql=sql,
        among=f"from pol where of_storage and {where}",
        relation=_OBJECTS,
    )


def _bucket(name: str, what: str, needs: str, sql: str, where: str = "true") -> Drift:
    return Drift(
        name=name,
        what=what,
        needs=needs,
        kind="bucket",
        path="b.id",
        sql=sql,
        among=f"from storage.buckets b where {where}",
        relation=_BUCKETS,
    )


def _job(name: str, what: str, sql: str) -> Drift:
    return Drift(
        name=name,
        what=what,
        needs="a named cron job",
        kind="cron_job",
        path="j.jobname, j.username",
        sql=sql,
        among=_OWN_JOBS,
        relation=_JOBS,
    )


FAMILY = Family(
    title="Storage, auth, cron and the migration history",
    drifts=(
        Drift(
            name="storage-policy-added",
            what="everybody may read every file",
            needs="Storage",
            kind="policy",
            path=f"'storage', 'objects', '{NAME}'",
            sql=f"'create policy {NAME} on storage.objects for select using (true)'",
            among="",
            there=False,
            relation=_OBJECTS,
        ),
        _storage(
            "storage-policy-dropped", "a policy for files is gone", "format('drop policy %s', q)"
        ),
        _storage(
            "storage-policy-changed",
            "a policy for files lets every file through",
            "format('alter policy %s using (true)', q)",
            "using_ <> 'true'",
        ),
        Drift(
            name="bucket-added",
            what="there is a bucket that production has not",
            needs="Storage",
            kind="bucket",
            path=f"'{NAME}'",
            sql=f"'insert into storage.buckets (id, name) values (''{NAME}'', ''{NAME}'')'",
            among="",
            there=False,
            relation=_BUCKETS,
        ),
        _bucket(
            "bucket-visibility-changed",
            "a bucket is public, or private",
            "a bucket",
            "format('update storage.buckets set public = not coalesce(public, false)"
            " where id = %L', b.id)",
        ),
        _bucket(
            "bucket-limit-changed",
            "a bucket takes larger files",
            "a bucket",
            "format('update storage.buckets set file_size_limit = 77777777 where id = %L', b.id)",
        ),
        _bucket(
            "bucket-dropped",
            "a bucket is gone",
            "a bucket without files",
            "format('set local storage.allow_delete_query = ''true'';"
            " delete from storage.buckets where id = %L', b.id)",
            "not exists (select from storage.objects o where o.bucket_id = b.id)",
        ),
        Drift(
            name="auth-trigger-dropped",
            what="nothing happens any more when somebody signs up",
            needs="a trigger of the user's own on a table of auth",
            kind="trigger",
            path="'auth', c.relname, g.tgname",
            sql="format('drop trigger %I on auth.%I', g.tgname, c.relname)",
            among=_AUTH_TRIGGERS,
        ),
        Drift(
            name="auth-trigger-added",
            what="something happens when somebody's account changes",
            needs="a trigger function",
            kind="trigger",
            path=f"'auth', 'users', '{NAME}'",
            sql=f"format('create trigger {NAME} after update on auth.users for each row"
            " execute function %I.%I()', fn.s, fn.f)",
            among="from fn where fn.prorettype = 'trigger'::regtype and fn.args = ''",
            there=False,
            relation="auth.users",
        ),
        Drift(
            name="cron-job-added",
            what="something is done every day",
            needs="pg_cron",
            kind="cron_job",
            path=f"'{NAME}', current_user",
            sql=f"'select cron.schedule(''{NAME}'', ''0 3 * * *'', ''select 1'')'",
            among="",
            there=False,
            relation=_JOBS,
        ),
        _job(
            "cron-job-rescheduled",
            "a job has other hours",
            "format('select cron.alter_job(%s, schedule := ''7 7 7 7 *'')', j.jobid)",
        ),
        _job(
            "cron-job-command-changed",
            "a job does something else",
            "format('select cron.alter_job(%s, command := ''select 7'')', j.jobid)",
        ),
        _job("cron-job-dropped", "a job is gone", "format('select cron.unschedule(%s)', j.jobid)"),
        Drift(
            name="migration-forgotten",
            what="the history lacks a migration",
            needs="a recorded migration",
            kind="migration",
            path="m.version",
            sql=f"format('delete from {_HISTORY} where version = %L', m.version)",
            among=f"from {_HISTORY} m",
            relation=_HISTORY,
        ),
        Drift(
            name="migration-claimed",
            what="the history has a migration that was not run",
            needs="a migration history",
            kind="migration",
            path="'77770101000000'",
            sql=f"'insert into {_HISTORY} (version) values (''77770101000000'')'",
            among="",
            there=False,
            relation=_HISTORY,
        ),
    ),
)
