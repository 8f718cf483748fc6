"""Listed tables become what production has: values, order of tables, circles, sequences."""

from __future__ import annotations

import pytest

from supasync.errors import SourceMoved
from supasync.events import Notice
from tests.integration.rows.conftest import KEY, Rows

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
 'ab', 'x', 'é ü', E'line\nbreak \\ "quoted" (a,b) \t $supasync$ {x} \u2028',
 '00000000-0000-0000-0000-00000000000a', '::1/64', '[1,)', '{[1,2),[5,9)}', '-1234.56',
 '<a b="c">&amp;</a>', '101', '1', 'a:1 b:2', '(1.1,-0)', 4294967295, true),
(1e-20, -0.0000000001, 0.1, 1.1, '', 'null', 'null', 'null', '{}', null, '2026-01-02 03:04:05.678901+00',
 '2026-01-02', 'infinity', '0', '00:00', 'sad', '{}', null, '{}', '', '', '', '', null, null, 'empty',
 '{}', 0, null, '000', '', '', null, 0, false),
(null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
 null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
 null, null, null);
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


def only(table: str, more: str = "") -> str:
    return f'[branches.testing.data."{table}"]\n{more}'


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
