"""SQL that brings rows of a .csv or .json file into their table.

Each row is an INSERT of its own, so that the one that fails is known by its line. One whose primary
key is there already is updated. Values are read by the input functions of their columns' types:
rows come as records, or JSON, of a temporary table that has those columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from supasync import sql
from supasync.sync.seeding.tabular import Row, Rows

_TOGETHER = 200_000
"""Letters of the rows in one statement: what a call carries is cut between statements."""


def pages(rows: Rows) -> Iterator[Rows]:
    """The rows in the portions of a statement each."""
    page: list[Row] = []
    size = 0
    for row in rows.rows:
        if page and size + len(row.text) > _TOGETHER:
            yield Rows(rows.columns, tuple(page), as_json=rows.as_json)
            page, size = [], 0
        page.append(row)
        size += len(row.text)
    if page:
        yield Rows(rows.columns, tuple(page), as_json=rows.as_json)


def statement(table: tuple[str, str], rows: Rows, marker: int) -> str:
    """One statement. marker: of the first row; those of the others follow."""
    named, columns = sql.ident(*table), ", ".join(map(sql.ident, rows.columns))
    insert = f"insert into {named} ({columns}) overriding system value {_values(rows, marker)}"
    body = f"""
declare
  listed text[] := {sql.text_array(rows.columns)};
  item text; place bigint := {marker}; key text[]; clause text := '';
begin
  create temporary table supasync_rows_{marker} on commit drop as
    select {columns} from {named} with no data;
  select array_agg(a.attname::text order by k.n) into key
    from pg_index i, unnest(i.indkey::int2[]) with ordinality k(number, n), pg_attribute a
    where i.indrelid = {sql.literal(named)}::regclass and i.indisprimary
      and a.attrelid = i.indrelid and a.attnum = k.number;
  if key <@ listed then
    select format(' on conflict (%s) do %s', string_agg(quote_ident(k), ', '), coalesce(
      (select 'update set ' || string_agg(format('%1$I = excluded.%1$I', c), ', ')
        from unnest(listed) c where c <> all (key)), 'nothing'))
      into clause from unnest(key) k;
  end if;
  for item in select e from json_array_elements_text({_array(rows.rows)}::json) e loop
    perform pg_catalog.setval('supasync.seed_position', place);
    execute {sql.literal(insert)} || clause using item;
    place := place + 1;
  end loop;
  {_count_on(named)}
end"""
    return f"do {sql.dollar(body)};\n"


def _values(rows: Rows, marker: int) -> str:
    """A query of the row whose text is $1."""
    form = f"pg_temp.supasync_rows_{marker}"
    if rows.as_json:
        columns = ", ".join(map(sql.ident, rows.columns))
        return f"select {columns} from json_populate_record(null::{form}, $1::json)"
    columns = ", ".join(f"(x.r).{sql.ident(name)}" for name in rows.columns)
    # offset: the text is read once, not once for each column
    return f"select {columns} from (select $1::{form} as r offset 0) x"


def _array(rows: Sequence[Row]) -> str:
    return sql.literal(json.dumps([row.text for row in rows], ensure_ascii=False))


def _count_on(named: str) -> str:
    """Moves sequences beyond the values that rows brought, so that the next one is new."""
    return f"""for item, key in select pg_get_serial_sequence({sql.literal(named)}, c), array[c]
    from unnest(listed) c where pg_get_serial_sequence({sql.literal(named)}, c) is not null loop
    execute format('select setval(%L, m.last) from (select max(%I) as last from {{named}}) m, %s s'
      ' where m.last > s.last_value or m.last = s.last_value and not s.is_called',
      item, key[1], item);
  end loop;""".replace("{named}", named.replace("%", "%%").replace("'", "''"))
