"""What would reach out of a branch as production's does comes over, but not armed."""

from __future__ import annotations

from tests.fix_platform import Pair

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
    assert {hazard.name for hazard in plan.hazards} == {"data-loss"}
    pair.branch.execute("truncate storage.objects")
    await pair.target_becomes_source()


async def test_rows_that_nobody_may_read_are_counted(pair: Pair) -> None:
    pair.main.execute("revoke select on cron.job from postgres cascade")
    unread = "cron.job, which may not be read"
    assert unread not in (await pair.plan()).unmodelled  # postgres is in pg_read_all_data
    pair.main.execute("alter role postgres nobypassrls")
    try:
        assert (await pair.plan()).unmodelled[unread] == 1
    finally:
        pair.main.execute("alter role postgres bypassrls")
