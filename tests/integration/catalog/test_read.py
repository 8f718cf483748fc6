"""Reading objects in full takes several answers, some of which wait; nothing of that is seen."""

from __future__ import annotations

import asyncio

import pytest

from supasync import catalog
from supasync.catalog.model import Catalog
from supasync.errors import SourceMoved, TargetMoved
from tests.fix_catalog import Ends

WIDE = """
do $$
begin
  for t in 1 .. 16 loop
    execute (select format('create table t%s (%s)', t, string_agg(format('c%s int', c), ','))
      from generate_series(1, 1600) c);
  end loop;
end $$
"""
"""25,600 columns: more answers than are held at a time."""


async def _seen(ends: Ends, *, is_source: bool) -> Catalog:
    await ends.source.run(WIDE)
    state = await ends.observe(ends.source)
    return Catalog(ends.source, state, catalog.scope("all"), is_source=is_source)


async def test_of_many_objects_each_is_read(ends: Ends) -> None:
    seen = await _seen(ends, is_source=True)
    await seen.read(seen.state.addresses)
    assert seen.objects.keys() == seen.state.addresses.keys()
    columns = [id_ for id_ in seen.objects if id_[0] == "column"]
    assert len(columns) == 16 * 1600


@pytest.mark.parametrize("is_source", [True, False])
@pytest.mark.parametrize("table", ["t1", "t16"])
async def test_what_changes_between_two_answers_is_told(
    ends: Ends, table: str, *, is_source: bool
) -> None:
    seen = await _seen(ends, is_source=is_source)
    await ends.source.run(f"comment on column {table}.c7 is 'seven'")
    with pytest.raises(SourceMoved if is_source else TargetMoved, match="while it was read"):
        await seen.read(seen.state.addresses)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert not others


async def test_what_goes_between_two_answers_is_told(ends: Ends) -> None:
    seen = await _seen(ends, is_source=True)
    await ends.source.run("drop table t9")
    with pytest.raises(SourceMoved, match="while it was read"):
        await seen.read(seen.state.addresses)


async def test_a_reading_that_is_cancelled_leaves_nothing_that_runs(ends: Ends) -> None:
    seen = await _seen(ends, is_source=True)
    reading = asyncio.create_task(seen.read(seen.state.addresses))
    while not seen.objects:
        await asyncio.wait({reading}, timeout=0.001)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not asyncio.all_tasks() - {asyncio.current_task()}
    read = len(seen.objects)
    assert 0 < read < 16 * 1600
    await asyncio.sleep(0.2)
    assert len(seen.objects) == read
