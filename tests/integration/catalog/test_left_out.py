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


LABEL = "set local allow_system_table_mods = on; insert into"


async def test_security_labels_are_counted_by_their_provider(ends: Ends) -> None:
    """No provider is at hand; a look goes by the rows that one would write."""
    await ends.source.run("create table t (a int)")
    state = await ends.observe(ends.source)
    await ends.source.run(
        f"{LABEL} pg_seclabel values ('t'::regclass, 'pg_class'::regclass, 1, 'anon', 'masked')"
    )
    state = await ends.observe(ends.source, state)
    assert state.unmodelled == {"security labels (anon)": 1}
    await ends.source.run(
        f"{LABEL} pg_shseclabel select oid, 'pg_authid'::regclass, 'vault', 'x' from pg_roles"
        " where rolname = 'anon'"
    )
    try:
        for look in (await ends.observe(ends.source, state), await ends.observe(ends.source)):
            assert look.unmodelled == {"security labels (anon)": 1, "security labels (vault)": 1}
    finally:
        await ends.source.run(
            "set local allow_system_table_mods = on;"
            " delete from pg_shseclabel; delete from pg_seclabel"
        )
    assert (await ends.observe(ends.source, state)).unmodelled == {}


async def test_secret_options_of_servers_are_counted_from_memory_too(ends: Ends) -> None:
    await ends.source.run(SERVER)
    state = await ends.observe(ends.source)
    await ends.source.run("alter server s options (api_key 'x')")
    state = await ends.observe(ends.source, state)
    assert state.unmodelled == {"foreign servers with secret options": 1}
    await ends.source.run("create table other ()")
    state = await ends.observe(ends.source, state)
    assert state.unmodelled == {"foreign servers with secret options": 1}
    await ends.source.run("alter server s options (drop api_key)")
    assert (await ends.observe(ends.source, state)).unmodelled == {}


async def test_a_subscription_is_counted_and_left_alone(ends: Ends) -> None:
    await ends.source.run(
        "create subscription s connection 'dbname=nowhere' publication p"
        " with (connect = false, slot_name = none)"
    )
    try:
        plan = await ends.plan()
        assert plan.is_empty
        assert plan.unmodelled == {"subscriptions": 1}
        assert (await ends.observe(ends.target)).unmodelled == {}
    finally:
        await ends.source.run("drop subscription s")
