"""Listed tables become what production has: values, order of tables, circles, sequences."""

from __future__ import annotations

import pytest

from supasync.errors import ApplyError, LossRefused, Refused, SourceMoved, SqlError
from supasync.events import Notice
from supasync.sync.data import gathering, reading
from tests.integration.rows.conftest import Rows, only

TYPES = """
create type mood as enum ('sad', 'o''k', 'a,"b"');
create type pair as (a int, b text);
create domain code as varchar(4) check (value <> 'no');
create domain doc as jsonb;
create table public.types (
  id bigint generated always as identity primary key,
  n numeric, n2 numeric(20, 10), f float8, r real, b bytea, j json, jb jsonb, d doc, a text[],
  a2 int[][], ts timestamptz, t timestamp, dt date, iv interval, tm timetz, m mood, ma mood[],
  p pair, pa pair[], c code, ch char(5), vc varchar(5), txt text, u uuid, i inet, rg int4range,
  mr int4multirange, mo money, x xml, bt bit(3), vb varbit, tv tsvector, pt point, o oid,
  bool bool, up text generated always as (upper(txt)) stored
);
"""
VALUES = r"""
insert into public.types (n, n2, f, r, b, j, jb, d, a, a2, ts, t, dt, iv, tm, m, ma, p, pa, c, ch,
  vc, txt, u, i, rg, mr, mo, x, bt, vb, tv, pt, o, bool) values
('NaN', 1.5, 'NaN', '-Infinity', '\x00ff5c22', '{"a":  1.0, "a": 2}', '12345678901234567890.10',
 '"text"', array['', null, 'NULL', 'a,b', '"', '\', ' '], '{{1,2},{3,null}}', 'infinity',
 '-infinity', '0044-03-15 BC', '-1 mon +2 days -03:04:05.678901', '12:00:00+05:30', 'a,"b"',
 '{"o''k","a,\"b\""}', row(1, null), array[row(null, 'x,"y"')::pair, row(2, '')::pair],
 'ab', 'x', 'é ü', E'line\nbreak \\ "quoted" (a,b) \t\v\f\r $supasync$ {x} \u2028\x01\x7f',
 '00000000-0000-0000-0000-00000000000a', '::1/64', '[1,)', '{[1,2),[5,9)}', '-1234.56',
 '<a b="c">&amp;</a>', '101', '1', 'a:1 b:2', '(1.1,-0)', 4294967295, true),
(1e-20, -0.0000000001, 0.1, 1.1, '', 'null', 'null', 'null', '{}', null,
 '2026-01-02 03:04:05.678901+00', '2026-01-02', 'infinity', '0', '00:00', 'sad', '{}', null, '{}',
 '', '', '', '', null, null, 'empty', '{}', 0, null, '000', '', '', null, 0, false);
insert into public.types default values;
"""
TREE = """
create table public.ports (code text primary key, sister text references public.ports);
create table public.ships (id int primary key, home text not null references public.ports,
  captain int);
create table public.crew (id serial primary key, ship int references public.ships,
  boss int references public.crew);
alter table public.ships add foreign key (captain) references public.crew;
"""
TREE_ROWS = """
insert into ports values ('A', null), ('B', 'A'); update ports set sister = 'B' where code = 'A';
insert into ships values (1, 'A', null), (2, 'B', null);
insert into crew (ship, boss) values (1, 1), (2, 1), (null, 3);
update ships set captain = 2;
"""
ALL = '[branches.testing.data]\ntables = ["public.crew", "public.ships", "public.ports"]\n'
CODES = "create table codes (code text primary key, label text)"


async def test_values_of_all_types_survive(rows: Rows) -> None:
    await rows.both(TYPES)
    await rows.main(VALUES)
    done = await rows(only("public.types"))
    assert await rows.same("public.types")
    event = done["public.types"]
    assert (event.rows, event.read, event.written, event.pages) == (3, 3, 3, 1)
    assert "up" not in event.columns
    assert await rows.there("select count(*) from public.types where up is not null") == "2"
    await rows.target.run("insert into public.types (txt) values ('next')")
    assert await rows.there("select max(id) from public.types") == "4"


async def test_a_second_copy_reads_and_writes_nothing(rows: Rows) -> None:
    await rows.both(TYPES)
    await rows.main(VALUES)
    await rows(only("public.types"))
    before = await rows.there("select array_agg(xmin::text || ctid) from public.types")
    done = await rows(only("public.types"))
    assert (done["public.types"].read, done["public.types"].written) == (0, 0)
    assert rows.production.pages == []
    assert await rows.there("select array_agg(xmin::text || ctid) from public.types") == before
    assert await rows.there("select count(*) from supasync.journal where kind = 'data'") == "1"
    await rows.target.run("update public.types set txt = 'by hand' where id = 1")
    done = await rows(only("public.types"))
    assert done["public.types"].written == 3
    assert await rows.same("public.types")


async def test_circles_and_rows_that_refer_to_their_own_table(rows: Rows) -> None:
    await rows.both(TREE)
    await rows.main(TREE_ROWS)
    await rows(ALL)
    for table in ("ports", "ships", "crew"):
        assert await rows.same(table)
    await rows.main("update crew set boss = null; delete from crew where id = 3;")
    done = await rows(ALL)
    assert {name: event.written for name, event in done.items()} == {
        "public.crew": 2, "public.ships": 0, "public.ports": 0
    }  # fmt: skip
    assert await rows.same("crew")


async def test_rows_of_tables_that_are_not_listed_keep_what_they_refer_to(rows: Rows) -> None:
    await rows.both(CODES + "; create table own (code text references codes)")
    await rows.main("insert into codes values ('a', 'from production')")
    await rows.target.run("insert into codes values ('a', 'x'), ('b', 'y')")
    await rows.target.run("insert into own values ('a'), ('b'), (null)")
    listed = only("public.codes")
    with pytest.raises(ApplyError, match=r"public\.own \(code\): 1 of its rows refer to none"):
        await rows(listed)
    assert await rows.there("select string_agg(label, ' ') from codes") == "x y"
    await rows.target.run(
        "create function empty() returns void language sql as 'truncate codes, own'"
    )
    done = await rows(listed, emptying="public.empty")
    assert done["public.codes"].written == 1
    assert "emptied the tables first" in next(
        e.message for e in rows.events if isinstance(e, Notice)
    )
    await rows.target.run("insert into own values ('a')")
    await rows.main("insert into codes values ('c', 'more')")
    await rows(listed)
    assert await rows.there("select count(*) from own") == "1"
    assert await rows.same("codes")


async def test_rows_that_a_limit_leaves_out_are_named(rows: Rows) -> None:
    await rows.both(CODES + "; create table uses (code text references codes)")
    await rows.main(
        "insert into codes values ('b', ''), ('a', ''); insert into uses values ('a'), ('b')"
    )
    listed = only("public.codes", "limit = 1") + only("public.uses")
    with pytest.raises(ApplyError, match=r"public\.uses \(code\): 1 of its rows") as caught:
        await rows(listed)
    assert "limit" in str(caught.value.remedy)
    await rows(only("public.codes", "limit = 1"))
    assert await rows.there("select string_agg(code, '') from codes") == "a"


async def test_triggers_and_rules_do_not_act(rows: Rows) -> None:
    await rows.both(
        f"""{CODES}; create table log (what text);
        create function note() returns trigger language plpgsql as
          $$ begin insert into log values (tg_op); return new; end $$;
        create trigger note after insert or delete on codes for each row execute function note();
        create rule also as on insert to codes do also insert into log values ('rule')"""
    )
    await rows.main("insert into codes values ('a', 'b')")
    await rows.target.run("insert into codes values ('z', ''); truncate log")
    await rows(only("public.codes"))
    assert await rows.same("codes")
    assert await rows.there("select count(*) from log") == "0"
    await rows.target.run("insert into codes values ('own', '')")
    assert await rows.there("select count(*) from log") == "2"
    await rows.both("alter table codes enable always trigger note")
    with pytest.raises(Refused, match=r"public\.codes has note, which would act on each row"):
        await rows(only("public.codes"))


async def test_partitions_are_copied_with_their_table_and_children_are_not(rows: Rows) -> None:
    await rows.both(
        """create table parted (id int primary key, a text) partition by range (id);
        create table parted_1 partition of parted for values from (0) to (10);
        create table parted_2 partition of parted for values from (10) to (20);
        create table parent (id int); create table child (secret text) inherits (parent)"""
    )
    await rows.main(
        "insert into parted values (1, 'x'), (11, 'y'); insert into parent values (1);"
        " insert into child values (2, 'secret')"
    )
    await rows.target.run("insert into child values (3, 'own'); insert into parted values (2, 'z')")
    done = await rows(only("public.parted") + only("public.parent"))
    assert (done["public.parted"].read, done["public.parent"].read) == (2, 1)
    assert await rows.same("parted_2")
    assert await rows.there("select string_agg(secret, '') from child") == "own"
    assert await rows.there("select count(*) from only parent") == "1"


async def test_many_rows_come_in_pages_and_are_staged(rows: Rows, monkeypatch) -> None:
    monkeypatch.setattr(reading, "PAGE_ROWS", 700)
    monkeypatch.setattr(gathering, "INLINE_BYTES", 1000)
    await rows.both("create table keyed (id int primary key, t text); create table plain (t text)")
    await rows.main(
        "insert into keyed select n, repeat('é\"', n % 50) from generate_series(1, 2000) n;"
        " insert into plain select 'twice' from generate_series(1, 1500)"
    )
    done = await rows(only("public.keyed") + only("public.plain"))
    assert [(event.read, event.pages) for event in done.values()] == [(2000, 3), (1500, 3)]
    assert rows.production.pages[1] == "rows public.keyed (id, t) 700 to 1400"
    assert await rows.same("keyed") and await rows.same("plain")
    assert await rows.there("select count(*) from supasync.staging") == "0"


async def test_nothing_stays_staged_when_a_copy_fails(rows: Rows, monkeypatch) -> None:
    monkeypatch.setattr(gathering, "INLINE_BYTES", 1000)
    await rows.both("create table plain (t text)")
    await rows.main("insert into plain select 'real' || n from generate_series(1, 500) n")
    await rows.target.run("alter table plain add constraint none check (t not like 'real%')")
    with pytest.raises(SqlError, match="violates check constraint"):
        await rows(only("public.plain"))
    assert await rows.there("select count(*) from supasync.staging") == "0"


async def test_what_changes_while_it_is_read_is_read_again(rows: Rows, monkeypatch) -> None:
    monkeypatch.setattr(reading, "PAGE_ROWS", 2)
    await rows.both(CODES)
    await rows.main("insert into codes select n, n from generate_series(1, 5) n")
    changes = iter(["delete from codes where code = '1'"])

    async def change(query: str) -> None:
        if " 2 to 4" in query and (sql := next(changes, None)):
            await rows.main(sql)

    rows.production.before = change
    done = await rows(only("public.codes"))
    assert done["public.codes"].read == 4
    assert len([query for query in rows.production.asked if query.startswith("digests")]) == 2
    assert await rows.same("codes")

    await rows.main("update codes set label = 'new'")
    changes = iter(["update codes set label = label || 'x' where code = '5'"] * 99)
    with pytest.raises(SourceMoved, match="changed each time while they were read"):
        await rows(only("public.codes"))
    assert await rows.there("select count(*) from codes") == "4"


async def test_rows_of_the_branch_s_own_go_only_where_loss_is_allowed(rows: Rows) -> None:
    await rows.both(CODES)
    await rows.main("insert into codes values ('a', 'b')")
    await rows(only("public.codes"), may_lose=False)
    await rows.main("update codes set label = 'c'")
    await rows(only("public.codes"), may_lose=False)  # the rows there are an earlier copy's
    await rows.target.run("insert into codes values ('own', '')")
    with pytest.raises(LossRefused, match=r"replaced in public\.codes"):
        await rows(only("public.codes"), may_lose=False)
    assert await rows.there("select count(*) from codes") == "2"


async def test_columns_that_are_not_read_have_their_defaults(rows: Rows) -> None:
    await rows.both("create table t (id int, secret text default 'none', at timestamptz)")
    await rows.main("insert into t values (1, 'secret', 'now')")
    await rows(only("public.t", 'columns = ["id"]'))
    assert await rows.there("select t::text from t") == "(1,none,)"
    assert not [text for text in rows.production.texts if "secret" in text]


async def test_a_branch_with_another_schema_is_refused(rows: Rows) -> None:
    await rows.both(CODES)
    await rows.main("alter table codes add column more int; insert into codes values ('a')")
    with pytest.raises(Refused, match=r"public\.codes is not what production's is"):
        await rows(only("public.codes"))
    await rows.target.run("drop table codes")
    with pytest.raises(Refused, match=r"public\.codes is not what production's is"):
        await rows(only("public.codes"))
