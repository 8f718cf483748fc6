"""`supasync users`, as typed: accounts that are wrong in each way, links, and what users see."""

from __future__ import annotations

import httpx

from .test_sync import configure

CREW = "crew@example.test"
EXPECT = """login = "magic_link"
expect = [{table = "public.users", rows = 1}, {table = "public.admins", rows = 0}]"""


def faults(result) -> dict[str, list[str]]:
    [branch] = result.json["branches"]
    return {user["email"]: user["faults"] for user in branch["users"]}


def test_what_is_wrong_is_listed_and_put_right(synced):
    assert faults(synced("users", "list", "testing", "--json")) == {
        "admin@example.test": [],
        CREW: [],
    }
    synced.sql(
        "testing",
        "update auth.users set email_confirmed_at = null, banned_until = '2999-01-01',"
        " role = 'service_role', raw_app_meta_data = '{\"role\": \"admin\"}'"
        f" where email = '{CREW}'",
    )
    listed = synced("users", "list", "testing", "--json")
    assert listed.code == 8
    [branch] = listed.json["branches"]
    assert [bool(user["remedy"]) for user in branch["users"]] == [False, True]
    told = "; ".join(faults(listed)[CREW])
    for words in ("not confirmed", "banned until", "database role is 'service_role'", "'admin'"):
        assert words in told
    refused = synced("users", "verify", "testing")
    assert refused.code == 8
    assert "users ensure" in refused.out
    assert synced("users", "login", "testing", CREW, "--print-link").code == 8
    ensured = synced("users", "ensure", "testing", "--json")
    assert ensured.code == 0, ensured.out
    actions = {user["email"]: user["action"] for user in ensured.branch("testing")["users"]}
    assert actions == {"admin@example.test": "found", CREW: "repaired"}
    assert synced("users", "list", "testing").code == 0


def test_rows_that_sql_made_and_auth_cannot_use_are_repaired(synced):
    synced.sql(
        "testing",
        "update auth.users set recovery_token = null, instance_id = null, aud = null,"
        f" created_at = null where email = '{CREW}'",
    )
    assert "there is no such user" in synced("users", "list", "testing").out
    synced.sql(
        "testing", "update auth.users set deleted_at = now() where email = 'admin@example.test'"
    )
    ensured = synced("users", "ensure", "testing")
    assert ensured.code == 0, ensured.out
    assert "rows of auth.users that SQL made and Auth could not use: 2, repaired" in ensured.out
    assert synced("users", "verify", "testing").code == 0


def test_a_user_of_raw_sql_gets_its_identity_and_its_address_in_lower_case(synced):
    """As SQL that makes users often does it: with no row in auth.identities."""
    identities = f"""select json_agg(identity_data->>'email')::text from auth.identities
      where user_id = (select id from auth.users where email = '{CREW}')"""
    synced.sql("testing", "delete from auth.identities")
    synced.sql(
        "testing", f"update auth.users set email = 'Crew@Example.test' where email = '{CREW}'"
    )
    listed = faults(synced("users", "list", "testing", "--json"))
    assert "has no row in auth.identities" in "; ".join(listed["admin@example.test"])
    assert "stored as Crew@Example.test" in "; ".join(listed[CREW])
    assert "has no row in auth.identities" in synced("users", "verify", "testing").out
    ensured = synced("users", "ensure", "testing", "--json")
    assert ensured.code == 0, ensured.out
    assert {user["action"] for user in ensured.branch("testing")["users"]} == {"repaired"}
    assert synced.sql("testing", identities) == f'["{CREW}"]'
    synced.sql("testing", TWIN)
    try:
        twins = synced("users", "ensure", "testing")
        shown = synced("users", "list", "testing")
        login = synced("users", "login", "testing", CREW, "--print-link")
    finally:
        synced.sql("testing", "delete from auth.users where email = 'CREW@example.test'")
    assert (twins.code, shown.code, login.code) == (8, 8, 8)
    for told in (shown.out, login.err):
        assert "2 accounts have this e-mail address" in told
        assert "→ Delete all but one" in told and "users ensure" not in told
    assert f"{CREW}: 2 accounts have this e-mail address, and which of them logs" in twins.out
    assert "Delete all but one" in twins.out


TWIN = f"""insert into auth.users (instance_id, id, aud, role, email, email_confirmed_at,
  raw_app_meta_data, confirmation_token, recovery_token, email_change_token_new, email_change,
  created_at, updated_at)
select instance_id, gen_random_uuid(), aud, role, 'CREW@example.test', now(), raw_app_meta_data,
  '', '', '', '', now(), now() from auth.users where email = '{CREW}'"""


def test_a_fresh_link_logs_a_developer_in(synced):
    result = synced("users", "login", "testing", "crew", "--print-link")
    assert result.code == 0, result.err
    opened = httpx.get(result.out.strip(), follow_redirects=False)
    assert "access_token=" in opened.headers["location"]
    used = httpx.get(result.out.strip(), follow_redirects=False)
    assert "access_token=" not in used.headers["location"]
    for name, user, code, words in (
        ("main", CREW, 4, "main is production"),
        ("testing", "nobody@example.test", 2, "No test user is meant by"),
        (CREW, "testing", 2, f"Name the branch first: `supasync users login testing {CREW}`"),
    ):
        refused = synced("users", "login", name, user, "--print-link")
        assert (refused.code, words in refused.err, refused.out) == (code, True, "")


def test_a_link_is_opened_in_the_browser_or_printed(synced, tmp_path):
    """Never both: it is a secret until somebody has used it."""
    opened = tmp_path / "opened"
    for name, code in (("browser", 0), ("broken", 1)):
        synced.write(name, f"#!/bin/sh\nprintf '%s' \"$1\" >> '{opened}'\nexit {code}\n")
        (synced.folder / name).chmod(0o755)
    login = ("users", "login", "testing", "crew")
    result = synced(*login, BROWSER=str(synced.folder / "browser"))
    assert (result.code, result.out) == (0, ""), result.err
    assert f"Opened testing as {CREW} in the browser." in result.err
    landed = httpx.get(opened.read_text(), follow_redirects=False)
    assert "access_token=" in landed.headers["location"]
    opened.unlink()
    printed = synced(*login, "--print-link", BROWSER=str(synced.folder / "browser"))
    assert printed.code == 0, printed.err
    assert "token=" in printed.out and not opened.exists()
    failed = synced(*login, BROWSER=str(synced.folder / "broken"))
    assert (failed.code, failed.out) == (2, "")
    assert "No browser could be started" in failed.err and "--print-link" in failed.err
    assert "token=" not in result.err + failed.err


def test_what_a_user_sees_is_held_against_what_is_expected(synced):
    configure(synced, 'login = "magic_link"', EXPECT)
    good = synced("users", "verify", "testing", "--json")
    assert good.code == 0, good.out
    [crew] = [each for each in good.branch("testing")["users"] if each["email"] == CREW]
    assert [(each["table"], each["found"]) for each in crew["expected"]] == [
        ("public.users", 1),
        ("public.admins", 0),
    ]
    configure(synced, "rows = 1", "rows = 2")
    configure(synced, "public.admins", "public.gone")
    bad = synced("users", "verify", "testing")
    assert bad.code == 8
    assert f"{CREW}: rows of public.users that it sees: 1, expected: 2" in bad.out
    assert "public.gone could not be read: " in bad.out


def test_a_table_that_is_not_as_profiles_says_is_blamed_on_what_is_wrong(synced):
    synced.sql("testing", "alter table public.users rename column is_active to active")
    drifted = synced("users", "verify", "testing")
    synced.sql("testing", "alter table public.users rename column active to is_active")
    assert drifted.code == 8
    assert 'public.users could not be read: column "is_active" does not exist' in drifted.out
    assert "Run `supasync branches sync testing` first" in drifted.out
    assert "If it is, correct [profiles]" in drifted.out
    configure(synced, 'table = "public.users"\n', 'table = "public.users"\nrole_column = "rank"\n')
    mistaken = synced("branches", "sync", "testing")
    assert mistaken.code == 8
    assert "→ Correct [profiles] in the configuration" in mistaken.out
    assert "branches sync" not in mistaken.out


LINKED = """select json_object_agg(u.email, u.account = a.id) from public.users u
  left join auth.users a on a.email = u.email"""
ACCOUNTS = """
alter table public.users add column account uuid unique, add column changed timestamptz;
create function public.stamp() returns trigger language plpgsql as
  'begin new.changed = clock_timestamp(); return new; end';
create trigger stamp before update on public.users for each row execute function public.stamp();
create policy linked on public.users for select to authenticated using (account = auth.uid());
drop policy "own row" on public.users;
insert into public.users (email, role) values ('guest@example.test', 'crew');
"""


def test_a_row_of_the_application_is_linked_to_the_account(synced):
    """Before the user is looked through, and nobody else's row."""
    synced.sql("testing", ACCOUNTS)
    configure(
        synced, 'table = "public.users"\n', 'table = "public.users"\naccount_column = "account"\n'
    )
    configure(synced, 'login = "magic_link"', EXPECT)
    unlinked = synced("users", "verify", "testing")
    assert unlinked.code == 8
    assert "public.users.account is not the id of its account" in unlinked.out
    assert "→ `supasync users ensure testing` links it" in unlinked.out
    ensured = synced("users", "ensure", "testing")
    assert ensured.code == 0, ensured.out
    assert "public.users.account is now the id of the account: 2 rows" in ensured.out + ensured.err
    linked = {"admin@example.test": True, CREW: True, "guest@example.test": None}
    assert synced.sql("testing", LINKED) == linked
    stamps = "select array_agg(changed order by email) from public.users"
    before = synced.sql("testing", stamps)
    assert synced("users", "ensure", "testing").code == 0
    assert synced.sql("testing", stamps) == before, "nothing was to be done"
    synced.sql("testing", "delete from auth.users")
    assert synced("users", "ensure", "testing").code == 0, "as after an account was made again"
    assert synced.sql("testing", LINKED) == linked


def test_a_seed_that_empties_the_link_is_no_fault(synced):
    """It is linked again, and neither check takes the link for rows that are not the seed's."""
    synced.sql("testing", ACCOUNTS)
    configure(
        synced, 'table = "public.users"\n', 'table = "public.users"\naccount_column = "account"\n'
    )
    seeded = synced("seed", "run", "testing", ADMIN_PASSWORD="")
    assert seeded.code == 0, seeded.out
    assert synced.sql("testing", LINKED) == {"admin@example.test": True, CREW: True}
    validated = synced("validate", "testing", "--json")
    checks = {each["check"]: each["result"] for each in validated.json["checks"]}
    assert (checks["seed integrity"], checks["test users"]) == ("Pass", "Pass"), validated.out
    assert synced("seed", "check", "testing").code == 0
    synced.sql(
        "testing",
        "create or replace function public.stamp() returns trigger language plpgsql as"
        " 'begin raise exception $$not today$$; end'",
    )
    refused = synced("seed", "run", "testing")
    assert refused.code == 8, refused.out
    told = "public.users.account could not be set to the id of the account: not today"
    assert told in refused.out and "look at the triggers" in refused.out
    checked = synced("seed", "check", "testing")
    assert (checked.code, told in checked.err) == (8, True), checked.err
    validated = synced("validate", "testing", "--json")
    [seed] = [each for each in validated.json["checks"] if each["check"] == "seed integrity"]
    [finding] = seed["findings"]
    assert (seed["result"], told in finding["message"]) == ("Fail", True)
    assert "look at the triggers" in finding["remedy"]
    synced.sql(
        "testing",
        "create or replace function public.stamp() returns trigger language plpgsql as"
        " 'begin return old; end'",
    )
    kept = synced("users", "ensure", "testing")
    assert kept.code == 8
    assert "is not the id of its account" in kept.out
    assert "is now the id of the account" not in kept.out + kept.err
    assert "Its update was without effect: look at the triggers of public.users" in kept.out
    synced.sql("testing", "alter table public.users rename column account to held")
    drifted = synced("users", "ensure", "testing")
    assert drifted.code == 8
    assert "Run `supasync branches sync testing` first" in drifted.out


def test_a_password_that_is_written_out_is_refused(synced):
    configure(synced, '"env(ADMIN_PASSWORD)"', '"hush-hush"')
    assert synced("users", "list", "testing").code == 0  # of a domain that nobody can own
    configure(synced, 'email = "admin@example.test"', 'email = "admin@team.io"')
    refused = synced("users", "list", "testing")
    assert refused.code == 2
    assert "[test_users[0].password] is written out" in refused.err
    assert "hush-hush" not in refused.err


def test_a_captcha_and_an_expired_link_are_told_apart(synced):
    branch = synced.box.branches["testing"]
    settings = f"{synced.box.api_url}/v1/projects/{branch.ref}/config/auth"
    change = {"security_captcha_enabled": True, "mailer_otp_exp": 1}
    headers = {"authorization": f"Bearer {synced.box.access_token}"}
    httpx.patch(settings, json=change, headers=headers).raise_for_status()
    synced.box.add_fault("POST /auth/v1/verify", delay=1.5)
    try:
        verified = synced("users", "verify", "testing")
    finally:
        synced.box.clear_faults()
        change = {"security_captcha_enabled": False, "mailer_otp_exp": 3600}
        httpx.patch(settings, json=change, headers=headers).raise_for_status()
    assert verified.code == 8, verified.out
    assert "admin@example.test: Auth wants a captcha solved" in verified.out
    assert f"{CREW}: the magic link was expired or used" in verified.out
    assert 'login = "magic_link"' in verified.out and "OTP expiration" in verified.out
