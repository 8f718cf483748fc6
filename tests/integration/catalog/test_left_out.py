"""What is not carried: counted, and never read where it is a secret."""

from __future__ import annotations

from supasync import catalog, direct
from tests.fix_catalog import Ends

SERVER = "create foreign data wrapper w; create server s foreign data wrapper w"


def _mapped(options: str) -> str:
    return f"{SERVER}; create user mapping for anon server s options ({options})"


async def test_secret_options_stay_where_they_are(ends: Ends) -> None:
    await ends.source.run(_mapped("\"user\" 'u', password 'production'"))
    await ends.target.run(_mapped("\"user\" 'old', password 'ours'"))
    plan = await ends.plan()
    assert plan.unmodelled == {"user mappings with secret options": 1}
    assert "production" not in plan.sql
    await ends.sync()
    options = "select umoptions::text from pg_user_mapping"
    assert await ends.target.fetch(options) == "{user=u,password=ours}"
    assert (await ends.plan()).is_empty


async def test_a_changed_secret_is_no_change(ends: Ends) -> None:
    await ends.source.run(_mapped("api_key 'a', \"user\" 'u'"))
    before = await ends.observe(ends.source)
    await ends.source.run("alter user mapping for anon server s options (set api_key 'b')")
    after = await ends.observe(ends.source, before)
    assert after.digests == before.digests
    assert after.about["roles"] == before.about["roles"]


async def test_a_role_without_rights_looks_and_says_what_it_cannot_see(ends: Ends) -> None:
    await ends.source.run(_mapped("\"user\" 'u'"))
    plain = direct.Database(f"{ends.source_dsn}?options=-c%20role%3Dauthenticated")
    state = await catalog.observe(plain, catalog.scope("all"))
    assert ("user_mapping", "s", "anon") in state.digests
    assert state.unmodelled == {"user mappings whose options this role may not read": 1}
    assert (await catalog.observe(plain, catalog.scope("all"), state)) == state
