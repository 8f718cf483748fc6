"""What is not listed is not read, however it is asked for; what cannot fit is told before."""

from __future__ import annotations

import pytest

from supasync import direct
from supasync.errors import ApplyError, ConfigError, NotProved, ProductionGuard, Refused, SqlError
from supasync.sync.asked import allowed
from supasync.sync.data.asking import Page, Read
from tests.integration.rows.conftest import KEY, Production, Rows, only

SCHEMA = """
create table countries (code text primary key, name text unique);
create table people (id int primary key, email text unique, phone varchar(20), notes text not null,
  age int not null, country text references countries, ref uuid, upper_mail text
  generated always as (upper(email)) stored, at timestamptz not null default now());
create table secrets (person int references people, secret text);
create table kinds (id serial primary key, name text);
create table uses (kind int references kinds);
create view shown as select * from secrets;
create materialized view kept as select * from secrets;
create sequence numbers;
create table parted (id int) partition by list (id);
create table part_1 partition of parted for values in (1);
create foreign data wrapper far; create server far foreign data wrapper far;
create foreign table remote (id int) server far;
create table mixed (id int) partition by list (id);
create foreign table mixed_1 partition of mixed for values in (1) server far;
create table "Countries" (code int);
"""
COUNTRIES = only("public.countries")
PEOPLE = COUNTRIES + "[branches.testing.data.'public.people']\n"
REFUSED = {
    "no such table": (only("public.nothing"), 'data."public.nothing"', "has no table"),
    "a name in capitals": (only("public.PEOPLES"), "data", "has no table public.peoples"),
    "a view": (only("public.shown"), "data", "public.shown is a view"),
    "a materialized view": (only("public.kept"), "data", "is a materialized view"),
    "a sequence": (only("public.numbers"), "data", "is a sequence"),
    "a foreign table": (only("public.remote"), "data", "is a foreign table"),
    "a partition": (only("public.part_1"), "data", "is a partition"),
    "a foreign partition": (only("public.mixed"), "data", "has a partition that is a foreign"),
    "what is referred to": (only("public.secrets"), "data", "person refers to public.people"),
    "no such column": (PEOPLE + 'columns = ["id", "mail"]', "columns[1]", "has no column mail"),
    "a generated column": (
        PEOPLE + 'columns = ["id", "notes", "age", "upper_mail"]', "columns[3]", "generated",
    ),
    "a mask of none": (PEOPLE + 'mask = { mail = "null" }', "mask.mail", "has no column mail"),
    "no default": (PEOPLE + 'columns = ["id", "notes"]', "columns", "age is not read"),
    "null": (PEOPLE + 'mask = { notes = "null" }', "mask.notes", "must not be null"),
    "not unique": (PEOPLE + "mask = { email = { partial = 2 } }", "mask.email", "must be unique"),
    "a constant key": (
        PEOPLE + 'mask = { email = { constant = "x" } }', "mask.email", "must be unique",
    ),
    "no text": (PEOPLE + 'mask = { age = "hash" }' + KEY, "mask.age", "age is integer"),
    "no room": (PEOPLE + 'mask = { phone = "hash" }' + KEY, "mask.phone", "room for 20 letters"),
    "masked otherwise": (
        PEOPLE + 'mask = { country = "hash" }' + KEY, "people", "is masked otherwise",
    ),
    "a key that is not read": (
        only("public.kinds", 'columns = ["name"]') + only("public.uses"), "uses",
        "kind refers to public.kinds.id, which is not read",
    ),
    "nothing is read": (
        only("public.kinds", 'columns = ["name"]\nmask = { name = "null" }'), "kinds",
        "nothing of public.kinds would be read",
    ),
}  # fmt: skip


async def test_what_is_wrong_with_the_list_is_told_before_a_row_is_read(rows: Rows) -> None:
    await rows.both(SCHEMA)
    for case, (listed, key, message) in REFUSED.items():
        with pytest.raises(ConfigError) as caught:
            await rows(listed.replace("}[", "}\n["))
        error = caught.value
        assert message in str(error), case
        assert key in str(error.key), case
        assert error.line and error.file and error.remedy, case
        assert len(rows.production.asked) == 1, case
        assert rows.production.asked[0].startswith("tables "), case
    assert await rows.there("to_regclass('supasync.journal')") is None


@pytest.mark.parametrize(
    "name",
    ["auth.users", "AUTH.users", '"auth"."users"', "vault.secrets", "storage.objects",
     "pg_catalog.pg_authid", "information_schema.tables", "supasync.journal", "cron.job"],
)  # fmt: skip
async def test_the_platform_s_tables_are_refused_by_name(rows: Rows, name: str) -> None:
    with pytest.raises(ConfigError, match="is not yours"):
        await rows(only(name))


async def test_names_are_read_as_postgresql_reads_them(rows: Rows) -> None:
    await rows.both(SCHEMA)
    await rows.main("""insert into countries values ('NO', 'Norway');
        insert into "Countries" values (7)""")
    done = await rows(only("PUBLIC.Countries") + only('public."Countries"'))
    assert {name: event.read for name, event in done.items()} == {
        "public.countries": 1, "public.Countries": 1
    }  # fmt: skip
    await rows(only('public."countries"'))
    with pytest.raises(ProductionGuard, match=r"public\.Countries"):
        allowed(rows.load(only("public.Countries")))(
            Page(
                read=Read(table=("public", "Countries"), columns=(("code", "plain"),)),
                offset=0,
                limit=1,
            ).text()
        )


async def test_what_is_no_table_any_more_is_not_executed(rows: Rows) -> None:
    """Replaced after it was looked at: by a view that would tell."""
    await rows.both("create table codes (code int)")
    await rows.main("insert into codes values (1); create sequence executed")
    await rows.target.run("insert into codes values (2)")
    view = "drop table codes; create view codes as select nextval('executed')::int as code"

    async def replace(query: str) -> None:
        if query.startswith("rows"):
            await rows.main(view)

    rows.production.before = replace
    with pytest.raises(Refused, match=r"main: public\.codes is no table any more"):
        await rows(only("public.codes"))
    assert await rows.production.database.fetch("select is_called::text from executed") == "false"
    assert await rows.there("select code from codes") == "2"


async def test_what_is_no_column_is_not_read(rows: Rows) -> None:
    """PostgreSQL takes `t.row_to_json` for row_to_json(t), which would tell what is masked."""
    await rows.main("create table codes (code text); insert into codes values ('hidden')")
    rows.production.config = rows.load(only("public.codes", 'mask = { code = "null" }'))
    for columns, order in (("row_to_json", "code"), ("ctid", "to_jsonb")):
        read = Read(table=("public", "codes"), columns=((columns, "plain"),), order=(order,))
        found = await rows.production.fetch(Page(read=read, offset=0, limit=9).text())
        assert found == "[]"


async def test_rows_that_policies_hide_are_not_missing_in_silence(
    rows: Rows, make_database, cluster
) -> None:
    url = make_database()
    full = direct.Database(url)
    await full.run(
        "create table codes (code int); insert into codes values (1), (2);"
        " alter table codes enable row level security;"
        " create policy one on codes using (code = 1)"
    )
    cluster.execute(
        "create role reads_some login password 'reads'", "grant pg_read_all_data to reads_some"
    )
    try:
        place = url.rpartition("@")[2]
        rows.production = Production(f"postgresql://reads_some:reads@{place}")
        await rows.target.run("create table codes (code int)")
        with pytest.raises(Refused, match=r"hide rows of public\.codes"):
            await rows(only("public.codes"))
        assert len(rows.production.asked) == 1
        page = Page(
            read=Read(table=("public", "codes"), columns=(("code", "plain"),)), offset=0, limit=9
        )
        with pytest.raises(SqlError, match="row-level security policy"):
            await rows.production.database.fetch(page.text())
    finally:
        cluster.execute("drop role reads_some")


async def test_masks_of_what_is_read_and_what_is_not(rows: Rows) -> None:
    await rows.both(SCHEMA)
    await rows.main(
        """insert into countries values ('NO', 'Norway'), ('DE', 'Germany');
        insert into people (id, email, phone, notes, age, country, ref) values
        (1, 'ann@real.test', '+47 1', 'private', 41, 'NO', '00000000-0000-0000-0000-000000000001'),
        (2, 'bob@real.test', null, 'private', 42, null, null),
        (3, null, '+49 2', 'x', 43, 'DE', '00000000-0000-0000-0000-000000000001')"""
    )
    masked = (
        'mask = { email = "email", phone = "null", notes = { partial = 3 }, '
        'age = { constant = "7" }, ref = "hash" }\n'
    )
    done = await rows(PEOPLE + masked + KEY)
    people = done["public.people"]
    assert people.columns == ("id", "email", "notes", "country", "ref", "at")
    assert people.masked == {
        "email": "email", "phone": "null", "notes": "partial 3", "age": "constant", "ref": "hash"
    }  # fmt: skip
    for text in rows.production.texts[1:]:  # the first asks the catalogs
        assert '"phone"' not in text and '"age"' not in text
        assert "0123456789abcdef" not in text
        for column in ("email", "notes", "ref"):
            assert f'(t."{column}",' not in text and f', t."{column}",' not in text
    rest = "select string_agg(concat_ws('|', id, phone, notes, age, country), ' ' order by id)"
    assert await rows.there(rest + " from people") == "1|pri***|7|NO 2|pri***|7 3|***|7|DE"
    one, two = "select email from people where id = 1", "select email from people where id = 2"
    mails = [str(await rows.there(query)) for query in (one, two)]
    assert all(mail.endswith("@example.com") and len(mail) == 32 for mail in mails)
    assert mails[0] != mails[1]
    assert await rows.there("select count(distinct ref) from people") == "1"
    assert await rows.there("select count(*) from people where ref::text like '00000000%'") == "0"
    again = await rows(PEOPLE + masked + KEY)
    assert again["public.people"].read == 0
    other = await rows(PEOPLE + masked + KEY.replace("0123", "3210"))
    assert other["public.people"].written == 3
    assert await rows.there(one) != mails[0]


async def test_references_stay_equal_where_both_ends_have_one_mask(rows: Rows) -> None:
    await rows.both(
        "create table a (mail text primary key); create table b (mail text references a)"
    )
    await rows.main("insert into a values ('x@y.z'); insert into b values ('x@y.z'), (null)")
    await rows.both("create table c (id int, mail text references a)")
    await rows.main("insert into c values (1, 'x@y.z')")
    for known in ("x@y.z", "gone"):
        told = f'mask = {{ mail = {{ constant = "{known}" }} }}'
        if known == "gone":
            with pytest.raises(ApplyError, match=r"public\.c \(mail\): 1 of its rows"):
                await rows(only("public.a") + only("public.c", told))
        else:
            await rows(only("public.a") + only("public.c", told))
    await rows.target.run("truncate c")
    for mask in ("email", "hash"):
        told = f'mask = {{ mail = "{mask}" }}\n'
        await rows(only("public.a", told) + only("public.b", told) + KEY)
        assert await rows.there("select count(*) from a join b using (mail)") == "1"
        assert await rows.there("select count(*) from a where mail = 'x@y.z'") == "0"


async def test_a_constant_that_does_not_fit_changes_nothing_and_shows_no_value(rows: Rows) -> None:
    await rows.both("create table t (id int, n int check (n < 5), m int)")
    await rows.main("insert into t values (1, 1, 1)")
    for told, message in (
        ('{ n = { constant = "7" } }', 'violates check constraint "t_n_check"'),
        ('{ m = { constant = "hidden" } }', "invalid input syntax for type integer"),
    ):
        with pytest.raises(SqlError) as caught:
            await rows(only("public.t", f"mask = {told}"))
        assert message in str(caught.value)
        assert "hidden" not in str(caught.value)
        assert "mask" in str(caught.value.remedy)
    assert await rows.there("select count(*) from t") == "0"
    assert await rows.there("select count(*) from supasync.journal") == "0"


async def test_a_result_that_is_not_what_was_read_is_rolled_back(rows: Rows) -> None:
    await rows.both("create table t (id int, spare text)")
    await rows.main("insert into t values (1, 'a')")
    await rows.target.run(
        """create function changes() returns trigger language plpgsql as
        $$ begin new.spare := 'other'; return new; end $$;
        create trigger changes before insert on t for each row execute function changes()"""
    )

    async def arm(query: str) -> None:
        if query.startswith("rows"):
            await rows.target.run("alter table t enable always trigger changes")

    rows.production.before = arm
    with pytest.raises(NotProved, match="not be what was read"):
        await rows(only("public.t"))
    assert await rows.there("select count(*) from t") == "0"
