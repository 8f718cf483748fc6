"""`supasync branches sync`: what users keep in the platform's own areas, over the SQL endpoint."""

from __future__ import annotations

from tests.acceptance.conftest import Team

STATE = """
insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true);
create policy "avatars are public" on storage.objects for select using (bucket_id = 'avatars');
select cron.schedule('nightly', '0 3 * * *', 'select net.http_post(''https://a.example'')');
create trigger hook after insert on public.users for each row
  execute function supabase_functions.http_request('https://a.example', 'POST', '{}', '{}', '9');
create function public.on_user() returns trigger language plpgsql as 'begin return new; end';
create trigger on_user after insert on auth.users for each row execute function public.on_user();
alter publication supabase_realtime add table public.users (id, email) where (id > 1);
create role crew login password 'secret';
grant crew to authenticator;
alter role authenticator set pgrst.db_schemas = 'public, api';
alter role authenticator set pgrst.jwt_secret = 'a secret';
"""
FOUND = """select concat_ws(' ',
  (select public from storage.buckets), (select active from cron.job),
  (select tgenabled from pg_trigger where tgname = 'hook'),
  (select count(*) from pg_trigger where tgname = 'on_user'),
  (select rowfilter from pg_publication_tables where tablename = 'users'),
  (select rolcanlogin from pg_roles where rolname = 'crew'),
  pg_has_role('authenticator', 'crew', 'member'),
  (select rolconfig::text like '%public, api%' from pg_roles where rolname = 'authenticator'))"""


def test_state_in_the_platforms_areas_comes_over_disarmed(own_team: Team) -> None:
    own_team.main_sql(STATE)
    result = own_team("branches", "sync", "testing")
    assert result.code == 0, result.out + result.err
    assert "a secret" not in result.out
    assert own_team.sql("testing", FOUND) == "t f D 1 (id > 1) f t t"
    for words in (
        "disarmed: CRON JOB nightly is left inactive",
        "disarmed: TRIGGER public.users.hook is left disabled",
        "disarmed: ROLE crew can log in on the source and is made NOLOGIN",
        "1 in setting pgrst.jwt_secret of authenticator",
    ):
        assert words in result.out
    again = own_team("branches", "status", "--witness", "--json")
    assert again.branch("testing")["verdict"] == "Synced"


def test_what_a_branch_has_of_it_alone_goes(own_team: Team) -> None:
    assert own_team("branches", "sync", "testing").code == 0
    own_team.sql("testing", STATE)
    result = own_team("branches", "diff", "testing", "--json")
    assert result.code == 1, result.err
    hazards = {hazard["name"] for hazard in result.branch("testing")["plan"]["hazards"]}
    assert hazards == {"data-loss"}
    assert own_team("branches", "sync", "testing").code == 0
    back = own_team("branches", "undo", "testing")  # as disarmed as it would come from production
    assert back.code == 0, back.out + back.err
    assert own_team.sql("testing", FOUND) == "t f D 1 (id > 1) f t t"
