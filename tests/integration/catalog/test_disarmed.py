"""What would reach out of a branch as production's does comes over, but not armed."""

from __future__ import annotations

from supasync import catalog
from tests.fix_platform import SCOPE, Pair

HOOK = """create table {table} (id int);
create trigger hook after insert on {table} for each row
  execute function supabase_functions.http_request('https://a.example', 'GET', '', '', '9');
"""
JOB = "select cron.schedule('nightly', '0 3 * * *', '{}')"
ARMED = """select (select tgenabled::text from pg_trigger where tgname = 'hook'),
    (select active from cron.job)"""


async def test_jobs_and_webhooks_come_over_disarmed_and_are_named(pair: Pair) -> None:
    pair.main.load(HOOK.format(table="public.t") + JOB.format("select 1"))
    plan = await pair.target_becomes_source()
    assert pair.main.rows(ARMED) == [("O", True)]
    assert pair.branch.rows(ARMED) == [("D", False)]
    assert [hazard.message for hazard in plan.hazards if hazard.name == "disarmed"] == [
        "TRIGGER public.t.hook is left disabled: it would call production's webhook",
        "CRON JOB nightly is left inactive: what it does may reach production",
    ]


async def test_a_branch_arms_its_own_until_its_text_is_taken_from_production(pair: Pair) -> None:
    pair.main.load(HOOK.format(table="public.t") + JOB.format("select 1"))
    await pair.sync()
    pair.branch.load("alter table public.t enable trigger hook")
    pair.branch.load("select cron.alter_job((select jobid from cron.job), active := true)")
    assert (await pair.plan()).is_empty
    pair.main.load(JOB.format("select 2"))
    await pair.target_becomes_source()
    assert pair.branch.rows(ARMED) == [("O", False)]
    pair.main.load("drop table public.t;" + HOOK.format(table="public.t").replace("a.ex", "b.ex"))
    await pair.target_becomes_source()
    assert pair.branch.rows(ARMED) == [("D", False)]


async def test_what_cannot_be_disarmed_is_left_out_and_counted(pair: Pair) -> None:
    hook = HOOK.format(table="auth.users").partition("\n")[2]
    pair.main.load(hook + "select cron.schedule('0 3 * * *', 'select 1')")
    plan = await pair.plan()
    assert plan.is_empty
    assert plan.unmodelled["webhooks on the platform's tables"] == 1
    assert plan.unmodelled["cron jobs without a name"] == 1


async def test_a_webhook_where_webhooks_are_not_enabled_cannot_be_applied(pair: Pair) -> None:
    pair.main.load(HOOK.format(table="public.t"))
    pair.branch.execute("drop schema supabase_functions cascade")
    plan = await pair.plan()
    assert plan.cannot_apply == (
        "TRIGGER public.t.hook: database webhooks are not enabled on the target",
    )


async def test_the_job_of_somebody_else_cannot_be_applied(pair: Pair) -> None:
    pair.main.execute(
        "select cron.schedule_in_database('j', '0 3 * * *', 'select 1', 'postgres', 'anon')"
    )
    plan = await pair.plan()
    assert plan.cannot_apply == ("CRON JOB j: only a superuser changes the jobs of anon",)


async def test_a_bucket_with_objects_is_not_dropped(pair: Pair) -> None:
    pair.branch.load(
        "insert into storage.buckets (id, name) values ('full', 'full'), ('empty', 'empty')"
    )
    pair.branch.load("insert into storage.objects (bucket_id, name) values ('full', 'a.png')")
    plan = await pair.plan()
    [reason] = plan.cannot_apply
    assert reason.startswith("BUCKET full: it has objects")
    assert {hazard.name for hazard in plan.hazards} == {"cannot-apply", "data-loss"}
    pair.branch.execute("truncate storage.objects")
    await pair.target_becomes_source()


async def test_rows_that_nobody_may_read_are_counted(pair: Pair) -> None:
    pair.main.execute("revoke select on cron.job from postgres cascade")
    # as the extension has it
    pair.main.execute("alter table cron.job enable row level security")
    unread = "cron.job, which may not be read"
    assert unread not in (await pair.plan()).unmodelled  # postgres is in pg_read_all_data
    pair.main.execute("alter role postgres nobypassrls")
    try:
        assert (await pair.plan()).unmodelled[unread] == 1
    finally:
        pair.main.execute("alter role postgres bypassrls")
        pair.main.execute("alter table cron.job disable row level security")


async def test_a_server_comes_over_without_its_address_and_is_named(pair: Pair) -> None:
    pair.main.execute("create extension postgres_fdw with schema extensions")
    pair.branch.execute("create extension postgres_fdw with schema extensions")
    for project in (pair.main, pair.branch):
        project.execute("grant usage on foreign data wrapper postgres_fdw to postgres")
    pair.main.load(
        "create server s foreign data wrapper postgres_fdw options (host 'prod', dbname 'd');"
        "create user mapping for postgres server s options (user 'u', password 'secret')"
    )
    plan = await pair.sync()
    assert "prod" not in plan.sql
    assert "secret" not in plan.sql
    assert [hazard.message for hazard in plan.hazards] == [
        "SERVER s is made without its option host",
        "USER MAPPING for postgres on server s is made without its options,"
        " which only a superuser may read",
    ]
    assert pair.branch.rows("select srvoptions from pg_foreign_server") == [(["dbname=d"],)]
    pair.branch.load("alter server s options (add host 'branch')")
    assert (await pair.plan()).is_empty


async def test_a_login_role_comes_over_without_login_and_is_named(pair: Pair) -> None:
    pair.main.load("create role crew login password 'secret'; create role reader")
    plan = await pair.target_becomes_source()
    assert [hazard.message for hazard in plan.hazards] == [
        "ROLE crew can log in on the source and is made NOLOGIN"
    ]
    login = "select rolcanlogin from pg_roles where rolname = 'crew'"
    assert pair.branch.rows(login) == [(False,)]
    pair.branch.load("alter role crew login password 'another'")
    assert (await pair.plan()).is_empty


async def test_settings_that_may_hold_secrets_are_named_and_left(pair: Pair) -> None:
    pair.main.execute(
        f"alter database {pair.main.database} set app.api_key = 'secret'",
        "alter role authenticator set pgrst.jwt_secret = 'secret'",
        "alter role authenticator set pgrst.db_schemas = 'public'",
        "alter role supabase_auth_admin set work_mem = '9MB'",
    )
    plan = await pair.sync()
    pair.main.execute("alter role supabase_auth_admin reset work_mem")
    assert [step.label for step in plan.steps] == ["SETTING pgrst.db_schemas of role authenticator"]
    named = {what for what in plan.unmodelled if what.startswith("setting")}
    assert named == {
        "setting app.api_key of the database",
        "setting pgrst.jwt_secret of authenticator",
    }


async def test_a_role_in_use_beyond_the_plan_is_not_dropped(pair: Pair) -> None:
    pair.branch.load("create role idle; create role used")
    pair.branch.execute("grant select on auth.users to used")
    plan = await pair.plan()
    assert plan.cannot_apply == (
        "ROLE used: objects of the platform, or of another database, still depend on it",
    )
    assert {hazard.name for hazard in plan.hazards} == {"cannot-apply", "data-loss"}
    assert (await pair.plan()).unmodelled == {}
    pair.main.load("create role used")
    pair.main.execute("grant select on auth.users to used")
    plan = await pair.sync()
    assert plan.unmodelled == {"grants to your roles on the platform's objects": 1}


async def test_a_short_look_finds_what_has_no_date(pair: Pair) -> None:
    """Buckets, jobs, roles, memberships and settings, changed one after the other."""
    remembered = await catalog.observe(pair.source, SCOPE)
    for change in CHANGES:
        pair.main.load(change)
        updated = await catalog.observe(pair.source, SCOPE, remembered)
        fresh = await catalog.observe(pair.source, SCOPE)
        assert (updated.digests, updated.fingerprint) == (fresh.digests, fresh.fingerprint), change
        assert updated.unmodelled == fresh.unmodelled, change
        assert (updated.fingerprint, updated.unmodelled) != (
            remembered.fingerprint,
            remembered.unmodelled,
        ), change
        remembered = updated


CHANGES = (
    "insert into storage.buckets (id, name) values ('b', 'b')",
    "update storage.buckets set public = true",
    "create role crew; create table public.t (id int)",
    "alter role crew rename to team",
    "comment on role team is 'x'",
    "grant team to authenticator",
    "alter role team set work_mem = '8MB'",
    "alter role team reset all",
    "revoke team from authenticator",
    JOB.format("select 1"),
    JOB.format("select 2"),
    "select cron.unschedule('nightly')",
    "select cron.schedule('* * * * *', 'select 1')",
    "set storage.allow_delete_query = 'true'; delete from storage.buckets",
    "drop role team",
)
