"""Publications: what they publish, and of which tables, columns and rows."""

from __future__ import annotations

from typing import Final

from supasync.parity.aspect import Aspect
from supasync.parity.end import End
from supasync.parity.fact import Fact, Facts

QUERY: Final = """select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'name', p.pubname, 'all', p.puballtables, 'root', p.pubviaroot,
  'operations', pg_catalog.array_remove(array[case when p.pubinsert then 'insert' end,
    case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end,
    case when p.pubtruncate then 'truncate' end], null),
  'tables', (select pg_catalog.json_agg(pg_catalog.json_build_array(
      t.schemaname, t.tablename, t.attnames, t.rowfilter) order by t.schemaname, t.tablename)
    from pg_catalog.pg_publication_tables t where t.pubname = p.pubname))
  order by p.pubname), '[]')::text
from pg_catalog.pg_publication p"""


async def read(end: End) -> Facts:
    facts = {}
    for found in await end.fetch(QUERY):
        tables = found["tables"] or []
        count = f"{'all' if found['all'] else len(tables)} tables"
        compared = [found["all"], found["root"], found["operations"], tables]
        shown = f"{', '.join(found['operations']) or 'nothing'} of {count}"
        facts[found["name"]] = Fact(compared=compared, shown=shown)
    return facts


ASPECT: Final = Aspect(name="publications", permission="database_read", read=read, query=QUERY)
